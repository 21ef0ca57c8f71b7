"""The statements of a map as a table for spreadsheets."""

from collections.abc import Iterator, Sequence
from typing import Any

from service.desk.explorer import Row
from service.desk.shares import Shares
from service.exports.cells import as_text

_SHARES = ("agree", "passed", "disagree")
_NAMES = ("agree", "pass", "disagree")


def statement_cells(rows: Sequence[Row], letters: Sequence[str]) -> Iterator[Sequence[Any]]:
    """Yield a line of names and a line for each statement: percentages, with the ends of their 90 % intervals.

    Parameters
    ----------
    letters
        The groups of the map.
    """
    columns = ("n_seen", *(f"{name}_{end}" for name in _NAMES for end in ("percent", "low", "high")))
    head = ["statement", "text", "language", "is_visible", "is_meta", "kinds", "division"]
    for who in ("everybody", *(f"group_{letter}" for letter in letters)):
        head += [f"{who}_{column}" for column in columns]
    yield head
    for row in rows:
        line = [
            as_text(row.id),
            as_text(row.text),
            row.language,
            str(row.is_visible).lower(),
            str(row.is_meta).lower(),
            " ".join(sorted(row.kinds)),
            "" if row.division is None else f"{row.division:.2f}",
            *_cells(row.everybody),
        ]
        for letter in letters:
            line += _cells(row.of(letter))
        yield line


def _cells(shares: Shares) -> list[Any]:
    cells: list[Any] = ["" if shares.n_seen is None else shares.n_seen]
    for name in _SHARES:
        share = getattr(shares, name)
        cells += ["", "", ""] if share is None else [share.percent, share.low, share.high]
    return cells

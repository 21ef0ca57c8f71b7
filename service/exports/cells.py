"""Cells of tables for spreadsheets: what a sender wrote must never run as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What spreadsheets take for the beginning of a formula. Source: OWASP, CSV Injection."""

ROWS_AT_ONCE = 1_000


def as_text(text: str) -> str:
    """Return text that a spreadsheet won't take for a formula: an apostrophe goes before one.

    Examples
    --------
    >>> as_text("=1+1"), as_text("1 + 1")
    ("'=1+1", '1 + 1')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def table(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Yield rows as CSV (RFC 4180 but for its line ends, which are single), some at a time."""
    gathered = io.StringIO()
    writer = csv.writer(gathered, lineterminator="\n")
    for number, row in enumerate(rows, start=1):
        writer.writerow(row)
        if number % ROWS_AT_ONCE == 0:
            yield gathered.getvalue().encode()
            gathered.seek(0)
            gathered.truncate()
    yield gathered.getvalue().encode()

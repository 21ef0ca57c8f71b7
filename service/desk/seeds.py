"""Statements to start with, typed or from a file: what would be added, and what not, and why."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from service.actions.similar_statements import likest
from service.api.fields import MAX_BATCH
from service.api.texts import TextTooLongError, kept_text

_COLUMNS = ("statement", "stelling", "text", "tekst", "comment_text", "comment-body", "comment")
"""What the column with the texts may be called; Polis's own names too."""


@dataclass(frozen=True, slots=True)
class RefusedSeed:
    """A text that can't be added; `why` is the end of a word's key: empty, too-long, same, wrong, too-many."""

    place: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Alike:
    """Two texts that share most of their words; both are added."""

    text: str
    other: str


@dataclass(slots=True)
class CheckedSeeds:
    """What adding these texts would do."""

    added: list[str] = field(default_factory=list)
    refused: list[RefusedSeed] = field(default_factory=list)
    alike: list[Alike] = field(default_factory=list)


def check_seeds(texts: Iterable[str], *, most: int, there: Sequence[str] = ()) -> CheckedSeeds:
    """Return what would come of adding texts, without adding any.

    Parameters
    ----------
    most
        Most characters of a statement.
    there
        The texts of statements that are there already.
    """
    checked = CheckedSeeds()
    known = {_plain(one) for one in there}
    for place, text in enumerate(texts, start=1):
        if not text.strip():
            continue
        kept, why = _kept(text, most=most)
        if kept and _plain(kept) in known:
            why = "same"
        elif kept and len(checked.added) >= MAX_BATCH:
            why = "too-many"
        if kept is None or why:
            checked.refused.append(RefusedSeed(place, text.strip()[:300], why))
            continue
        other = likest(kept, [*checked.added, *there])
        if other is not None:
            checked.alike.append(Alike(kept, other))
        known.add(_plain(kept))
        checked.added.append(kept)
    return checked


def texts_of_file(content: bytes) -> list[str]:
    """Return the texts in a CSV file: its column of statements, or its first; UTF-8, or what Excel writes.

    Examples
    --------
    >>> texts_of_file(b"id;stelling\\r\\n1;Meer bomen.\\r\\n2;Minder auto's; liefst geen.\\r\\n")
    ['Meer bomen.', "Minder auto's"]
    >>> texts_of_file(b"More trees, please.\\nFewer cars.")
    ['More trees, please.', 'Fewer cars.']
    """
    text = _decoded(content)
    first_line = text.lstrip().partition("\n")[0]
    heads = [one.strip().strip('"').casefold() for one in first_line.replace(";", ",").split(",")]
    column = next((heads.index(name) for name in _COLUMNS if name in heads), None)
    if column is None and '"' not in text:
        return text.splitlines()
    delimiter = ";" if first_line.count(";") > first_line.count(",") else ","
    rows = list(csv.reader(io.StringIO(text.lstrip()), delimiter=delimiter))
    found = [row[column or 0] for row in rows if len(row) > (column or 0)]
    return found if column is None else found[1:]


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _kept(text: str, *, most: int) -> tuple[str | None, str]:
    try:
        return kept_text(text, most=most), ""
    except TextTooLongError:
        return None, "too-long"
    except ValueError:
        return None, "wrong"


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".!… ")

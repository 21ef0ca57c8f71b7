"""Cursors of long lists: opaque to clients, so that what is behind them may change."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from service.api.problems import FieldError, ProblemError

Record = TypeVar("Record")

CURSOR_PATTERN = "^[a-h][a-z2-7]{12}$"
"""What every cursor looks like; whatever looks so is one: 63 bits, five to a letter."""

_CURSOR = re.compile(CURSOR_PATTERN.rstrip("$") + r"\Z", re.ASCII)
_DIGITS = "abcdefghijklmnopqrstuvwxyz234567"
_LENGTH = 13


def number_of(cursor: str | None) -> int | None:
    """Return the number that a cursor stands for; nothing for the first page.

    Raises
    ------
    ProblemError
        For a text that this service did not give out.

    Examples
    --------
    >>> number_of(cursor_of(12))
    12
    """
    if cursor is None:
        return None
    if not _CURSOR.match(cursor):
        raise ProblemError(
            "invalid", "one field is not valid", (FieldError("?after", "not a cursor of this list"),)
        )
    number = 0
    for letter in cursor:
        number = number << 5 | _DIGITS.index(letter)
    return number


def cursor_of(number: int) -> str:
    """Return the cursor that stands for a number."""
    return "".join(_DIGITS[number >> 5 * place & 31] for place in reversed(range(_LENGTH)))


def one_page(
    found: Sequence[Record], limit: int, *, number: Callable[[Record], int]
) -> tuple[Sequence[Record], str | None]:
    """Return a page and the cursor of the next one; `found` are up to `limit` + 1 records."""
    if len(found) <= limit:
        return found, None
    return found[:limit], cursor_of(number(found[limit - 1]))

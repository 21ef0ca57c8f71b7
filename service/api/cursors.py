"""Cursors of long lists: opaque to clients, so that what is behind them may change."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from service.api.problems import FieldError, ProblemError

Record = TypeVar("Record")


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
    try:
        number = int(base64.b32decode(cursor.upper() + "=" * (-len(cursor) % 8)).decode("ascii"))
    except (binascii.Error, ValueError):
        number = -1
    if not 0 <= number < 2**63 or cursor_of(number) != cursor:
        raise ProblemError(
            "invalid", "one field is not valid", (FieldError("?after", "not a cursor of this list"),)
        )
    return number


def cursor_of(number: int) -> str:
    """Return the cursor that stands for a number."""
    return base64.b32encode(str(number).encode("ascii")).decode("ascii").rstrip("=").lower()


def one_page(
    found: Sequence[Record], limit: int, *, number: Callable[[Record], int]
) -> tuple[Sequence[Record], str | None]:
    """Return a page and the cursor of the next one; `found` are up to `limit` + 1 records."""
    if len(found) <= limit:
        return found, None
    return found[:limit], cursor_of(number(found[limit - 1]))

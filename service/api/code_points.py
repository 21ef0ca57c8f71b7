"""Which code points texts never hold, and which show nothing: ranges, and parts of a regular expression."""

from collections.abc import Iterable, Iterator

Range = tuple[int, int]
"""The first and the last code point."""

LINE_BREAKS: tuple[Range, ...] = ((0x09, 0x0A), (0x0D, 0x0D))
"""Tab, line feed and carriage return."""

REFUSED: tuple[Range, ...] = (
    (0x00, 0x1F),
    (0x7F, 0x9F),
    (0xFDD0, 0xFDEF),
    (0xFFFE, 0xFFFF),
)
"""Control characters, and what never is a character; what is not assigned yet, or private, may be.

Beyond U+FFFF nothing is refused: schemas can't say so in a way that every ECMAScript reads alike.
"""

INVISIBLE: tuple[Range, ...] = (
    (0x20, 0x20),
    (0xA0, 0xA0),
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x61C, 0x61C),
    (0x115F, 0x1160),
    (0x1680, 0x1680),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x2000, 0x200F),
    (0x2028, 0x202F),
    (0x205F, 0x206F),
    (0x3000, 0x3000),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
"""Blanks, and what shows nothing by itself: Unicode's White_Space and Default_Ignorable_Code_Point."""


def ranges_without(ranges: Iterable[Range], removed: Iterable[Range]) -> tuple[Range, ...]:
    """Return ranges less the code points of others.

    Examples
    --------
    >>> ranges_without([(0, 31)], [(9, 10), (13, 13)])
    ((0, 8), (11, 12), (14, 31))
    """
    kept = tuple(ranges)
    for one in removed:
        kept = tuple(part for given in kept for part in _split(given, one))
    return kept


def _split(given: Range, removed: Range) -> Iterator[Range]:
    if removed[1] < given[0] or given[1] < removed[0]:
        yield given
        return
    if given[0] < removed[0]:
        yield given[0], removed[0] - 1
    if removed[1] < given[1]:
        yield removed[1] + 1, given[1]


def in_schemas(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """Return the ranges that a pattern of a schema may hold: up to U+FFFF.

    Beyond it ECMAScript without its flag `u` sees two code units, and a range of them is no valid pattern.
    """
    return tuple(one for one in ranges if one[1] <= 0xFFFF)


def regex_class(ranges: Iterable[Range]) -> str:
    r"""Return what stands between the brackets of a class, the same to Python and to ECMAScript.

    Beyond U+FFFF they have no way of writing in common, so there the characters stand for themselves.

    Examples
    --------
    >>> regex_class([(0, 31), (173, 173)])
    '\\u0000-\\u001f\\u00ad'
    """
    return "".join(
        _written(first) if first == last else f"{_written(first)}-{_written(last)}" for first, last in ranges
    )


def _written(code_point: int) -> str:
    return f"\\u{code_point:04x}" if code_point <= 0xFFFF else chr(code_point)

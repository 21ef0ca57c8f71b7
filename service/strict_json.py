"""JSON as RFC 7493 (I-JSON) wants it: one meaning for every reader, and no surprise for the machine."""

import json
import math
import re
from collections import Counter
from typing import Any, NoReturn

MAX_DEPTH = 32
"""Deepest nesting of lists and objects accepted; what this API asks for is four deep."""

MAX_WHOLE_NUMBER = 2**53 - 1
"""Largest whole number that every JSON reader holds exactly (RFC 7493, section 2.2)."""

# The closing quote is optional so that a string without end matches too: a pattern that can fail there is
# tried again from every quote inside it, which takes minutes for a mebibyte made for the purpose.
_STRING_OR_BRACKET = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{}]', re.DOTALL)


class StrictJsonError(ValueError):
    """A body that is not strict JSON; the message says what is wrong with it."""


def parse(body: bytes) -> Any:
    """Return what a body says.

    Parameters
    ----------
    body
        UTF-8 text of one JSON value.

    Raises
    ------
    StrictJsonError
        For bytes that are not UTF-8, a byte order mark, text that is not JSON, nesting deeper than
        `MAX_DEPTH`, duplicate keys, NaN and the infinities, whole numbers beyond `MAX_WHOLE_NUMBER`, and lone
        surrogates.

    Examples
    --------
    >>> parse(b'{"vote": 1}')
    {'vote': 1}
    >>> parse(b'{"vote": 1, "vote": -1}')
    Traceback (most recent call last):
    service.strict_json.StrictJsonError: the key 'vote' appears twice in one object
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise StrictJsonError(f"not UTF-8: byte {error.start} can't be read") from None
    _check_depth(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_whole_number,
            parse_float=_fraction,
        )
    except json.JSONDecodeError as error:
        raise StrictJsonError(f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    _check_surrogates(text, value)
    return value


def _check_depth(text: str) -> None:
    # Counted before parsing: the parser gives up on deep nesting with an error of the interpreter.
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        mark = match.group()
        if mark in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise StrictJsonError(f"nested deeper than {MAX_DEPTH} levels")
        elif mark in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise StrictJsonError(f"the key {twice!a:.60} appears twice in one object")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise StrictJsonError(f"{name} is not a JSON number")


def _whole_number(digits: str) -> int:
    # The length first: turning a million digits into a number takes seconds.
    if len(digits) > 17 or abs(int(digits)) > MAX_WHOLE_NUMBER:
        raise StrictJsonError(f"the number {digits:.20} is beyond {MAX_WHOLE_NUMBER}")
    return int(digits)


def _fraction(digits: str) -> float | int:
    value = float(digits)
    # 1 and 1.0 are one number to JSON, and some programs can only write the second.
    if value.is_integer() and abs(value) <= MAX_WHOLE_NUMBER:
        return int(value)
    if not math.isfinite(value):
        raise StrictJsonError(f"the number {digits:.20} is too large")
    return value


def _check_surrogates(text: str, value: Any) -> None:
    # A decoded text holds none; only an escape can bring one in, and writing the value again finds it.
    if "\\u" not in text:
        return
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise StrictJsonError("a lone surrogate is not a character") from None

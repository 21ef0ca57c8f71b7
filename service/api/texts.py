"""What people write: which text is accepted, and the one form it is kept in."""

import unicodedata
from collections.abc import Callable
from typing import Any

import regex

from service.api.code_points import (
    INVISIBLE,
    LINE_BREAKS,
    REFUSED,
    in_schemas,
    ranges_without,
    regex_class,
)

MAX_CLUSTER_LENGTH = 32
"""Most code points in one visible character; Unicode's Stream-Safe format (UAX #15) allows 30 marks."""


class TextTooLongError(ValueError):
    """A text of more characters than may be: as a reader counts them, which no schema can say."""


class NothingShownError(ValueError):
    """A text of nothing but invisible characters, some of them beyond U+FFFF, where no schema can say so."""


_CLUSTER = regex.compile(r"\X")
_SURROGATES = (0xD800, 0xDFFF)
_REFUSED = regex.compile(f"[{regex_class((*REFUSED, _SURROGATES))}]")
_REFUSED_IN_LINES = regex.compile(f"[{regex_class((*ranges_without(REFUSED, LINE_BREAKS), _SURROGATES))}]")
_VISIBLE = regex.compile(f"[^{regex_class((*INVISIBLE, *LINE_BREAKS))}]")


def n_characters(text: str) -> int:
    """Return how many characters a reader sees: extended grapheme clusters (UAX #29).

    Examples
    --------
    >>> n_characters("zoë"), n_characters("👩‍👩‍👧‍👦")
    (3, 1)
    """
    return sum(1 for _ in _CLUSTER.finditer(text))


def kept_text(text: str, *, most: int, lines: bool = False, may_be_empty: bool = False) -> str:
    """Return a text in the form it is kept: NFC, without blanks around it.

    Parameters
    ----------
    text
        What somebody wrote.
    most
        Most characters a reader may see, as `n_characters` counts them.
    lines
        Whether line breaks and tabs are welcome.
    may_be_empty
        Whether a text that shows nothing is welcome.

    Raises
    ------
    ValueError
        For text that is too long (`TextTooLongError`), that shows nothing (`NothingShownError` where the
        schema can't say so), that holds a control character, a code point that never is a character or a lone
        surrogate, or that piles more than `MAX_CLUSTER_LENGTH` code points into one.
    """
    if len(text) > most * MAX_CLUSTER_LENGTH:
        raise ValueError(f"expected at most {most} characters, got far more")
    text = text.replace("\r\n", "\n").replace("\r", "\n") if lines else text
    refused = (_REFUSED_IN_LINES if lines else _REFUSED).search(text)
    if refused:
        raise ValueError(f"the code point U+{ord(refused.group()):04X} is not allowed in text")
    text = unicodedata.normalize("NFC", text).strip()
    if not may_be_empty and not _VISIBLE.search(text):
        is_beyond_schemas = any(character > "\uffff" for character in text)
        raise (NothingShownError if is_beyond_schemas else ValueError)("expected text that shows something")
    _check_clusters(text, most)
    return text


def _check_clusters(text: str, most: int) -> None:
    n_seen = 0
    for match in _CLUSTER.finditer(text):
        n_seen += 1
        if match.end() - match.start() > MAX_CLUSTER_LENGTH:
            raise ValueError(f"one character is made of more than {MAX_CLUSTER_LENGTH} code points")
    if n_seen > most:
        raise TextTooLongError(f"expected at most {most} characters, got {n_seen}")


def text_schema(
    *, most: int, lines: bool = False, may_be_empty: bool = False, description: str = ""
) -> dict[str, Any]:
    """Return the JSON Schema of what `kept_text` takes.

    JSON Schema counts code points, and a reader's character can be several: no text of more code points than
    `maxLength` is taken, and of fewer those with at most so many characters.
    """
    refused = ranges_without(REFUSED, LINE_BREAKS) if lines else REFUSED
    any_text = f"[^{regex_class(refused)}]*"
    blank = in_schemas((*INVISIBLE, *LINE_BREAKS) if lines else INVISIBLE)
    shown = f"[{regex_class(blank)}]*[^{regex_class((*refused, *blank))}]"
    schema: dict[str, Any] = {
        "type": "string",
        "maxLength": most * MAX_CLUSTER_LENGTH,
        "pattern": f"^{any_text}$" if may_be_empty else f"^{shown}{any_text}$",
    }
    if not may_be_empty:
        schema["minLength"] = 1
    counted = f"At most {most} characters as a reader counts them (UAX #29)."
    return {**schema, "description": f"{description} {counted}".strip()}


def keeper(*, most: int, lines: bool = False, may_be_empty: bool = False) -> Callable[[str], str]:
    """Return `kept_text` with its limits filled in, for use as a validator."""

    def keep(text: str) -> str:
        return kept_text(text, most=most, lines=lines, may_be_empty=may_be_empty)

    return keep

"""What people write: which text is accepted, and the one form it is kept in."""

import unicodedata
from collections.abc import Callable

import regex

MAX_CLUSTER_LENGTH = 32
"""Most code points in one visible character; Unicode's Stream-Safe format (UAX #15) allows 30 marks."""

_CLUSTER = regex.compile(r"\X")
_NEVER = frozenset({"Cc", "Cs", "Cn", "Co"})
_INVISIBLE = frozenset("CZM")


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
        For text that shows nothing, is too long, holds a control character, a private or unassigned code
        point or a lone surrogate, or piles more than `MAX_CLUSTER_LENGTH` code points into one character.
    """
    if len(text) > most * MAX_CLUSTER_LENGTH:
        raise ValueError(f"expected at most {most} characters, got far more")
    welcome = "\n\t" if lines else ""
    text = text.replace("\r\n", "\n") if lines else text
    for character in text:
        if unicodedata.category(character) in _NEVER and character not in welcome:
            raise ValueError(f"the code point U+{ord(character):04X} is not allowed in text")
    text = unicodedata.normalize("NFC", text).strip()
    if not may_be_empty and all(unicodedata.category(character)[0] in _INVISIBLE for character in text):
        raise ValueError("expected text that shows something")
    _check_clusters(text, most)
    return text


def _check_clusters(text: str, most: int) -> None:
    n_seen = 0
    for match in _CLUSTER.finditer(text):
        n_seen += 1
        if match.end() - match.start() > MAX_CLUSTER_LENGTH:
            raise ValueError(f"one character is made of more than {MAX_CLUSTER_LENGTH} code points")
    if n_seen > most:
        raise ValueError(f"expected at most {most} characters, got {n_seen}")


def keeper(*, most: int, lines: bool = False, may_be_empty: bool = False) -> Callable[[str], str]:
    """Return `kept_text` with its limits filled in, for use as a validator."""

    def keep(text: str) -> str:
        return kept_text(text, most=most, lines=lines, may_be_empty=may_be_empty)

    return keep

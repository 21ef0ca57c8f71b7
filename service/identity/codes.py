"""One-time voting codes, such as come by post: 65 random bits and a check character, in Crockford's base 32.

A batch's codes are computed from the service's secret and the batch's number, so that nothing readable is
kept and the letters can be printed again until the batch is closed. The store knows keyed hashes only.

*Source*: Crockford, "Base 32" (crockford.com/base32): the alphabet, what is read alike, the check symbol.
"""

import hmac
import re
from collections.abc import Iterator

from clustering.vocabulary import ParticipantId
from service.identity.derived import derived_key
from service.store.records import Conversation

N_CHARACTERS = 13
"""Characters of a code before its check character: 65 bits."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECKS = _ALPHABET + "*~$=U"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_DROPPED = re.compile(r"[\s\-‐‑–.]")


class CodeError(ValueError):
    """What was typed is no code; the message says what to look at."""


def codes_of_batch(
    secret: bytes, conversation: Conversation, batch: int, *, first: int, n_codes: int
) -> Iterator[str]:
    """Yield a batch's codes, as printed, from number `first` on."""
    key = derived_key(secret, "codes", conversation.tenant, conversation.id, str(batch))
    for number in range(first, first + n_codes):
        digest = hmac.digest(key, number.to_bytes(8, "big"), "sha256")
        yield written(int.from_bytes(digest[:9], "big") >> 7)


def written(value: int, *, n_characters: int = N_CHARACTERS) -> str:
    """Return 65 bits, or five for each character, as people read them.

    Examples
    --------
    >>> written(0), written(2**65 - 1)
    ('00000-00000-0000', 'ZZZZZ-ZZZZZ-ZZZQ')
    """
    digits = "".join(_ALPHABET[value >> shift & 31] for shift in range(5 * (n_characters - 1), -1, -5))
    whole = digits + _CHECKS[value % 37]
    return "-".join(whole[start : start + 5] for start in range(0, len(whole), 5))


def plain_characters(typed: str) -> str:
    """Return what was typed without the blanks and hyphens that people put between."""
    return _DROPPED.sub("", typed[:64]).upper()


def value_of(typed: str, *, n_characters: int = N_CHARACTERS) -> int:
    """Return the 65 bits that somebody typed; small letters, blanks, hyphens, O for 0, I and L for 1 are fine.

    Raises
    ------
    CodeError
        When it has another length or other characters, or when the check character shows a typing error.

    Examples
    --------
    >>> value_of("ooooo-ooooo ooii")
    1
    >>> value_of("00000-00000-0010")
    Traceback (most recent call last):
    service.identity.codes.CodeError: this code has a typing error; compare it with your letter
    """
    plain = plain_characters(typed)
    digits, check = plain[:-1].translate(_ALIKE), plain[-1:].translate(_ALIKE)
    if len(digits) != n_characters or set(digits) - _VALUES.keys() or check not in _CHECKS:
        raise CodeError(f"a code has {n_characters + 1} letters and digits; compare it with your letter")
    value = 0
    for character in digits:
        value = value << 5 | _VALUES[character]
    if _CHECKS[value % 37] != check:
        raise CodeError("this code has a typing error; compare it with your letter")
    return value


def code_hash(secret: bytes, conversation: Conversation, value: int) -> bytes:
    """Return what the store knows a code by."""
    key = derived_key(secret, "code hashes", conversation.tenant, conversation.id)
    return hmac.digest(key, value.to_bytes(9, "big"), "sha256")


def participant_of(value: int) -> ParticipantId:
    """Return the id of whoever redeems a code: kept, like every id, only as a keyed hash."""
    return ParticipantId(f"code {value:017x}")

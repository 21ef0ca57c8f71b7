"""Passwords of the desk's people: kept by Argon2id, which makes guessing dear.

*Source*: OWASP's Password Storage Cheat Sheet, its second setting (19 MiB, two passes, one lane): sixteen
people who sign in at once then take 300 MB.
"""

import unicodedata

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerificationError

LEAST_LENGTH = 12
"""Fewest characters of a password; long ones need no other rules (NIST SP 800-63B)."""

MOST_LENGTH = 256

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)


def password_hash(password: str) -> str:
    """Return what is kept of a password."""
    return _HASHER.hash(_plain(password))


def is_password(password: str, kept: str | None) -> bool:
    """Return whether a password is the one that was kept.

    Where there is none to compare with, as much time goes by: who has an account can't be told by a clock.
    """
    try:
        return _HASHER.verify(kept or _hash_of_nobody(), _plain(password)) and bool(kept)
    except VerificationError:
        return False


def is_outdated(kept: str) -> bool:
    """Return whether a hash was made with other settings than today's."""
    return _HASHER.check_needs_rehash(kept)


def is_good(password: str, *, email: str, name: str) -> bool:
    """Return whether a password may be chosen: long enough, and not what everybody would try."""
    plain = _plain(password)
    guesses = {one.casefold() for one in (email, name, email.partition("@")[0] * 2)}
    return (
        LEAST_LENGTH <= len(plain) <= MOST_LENGTH
        and len(set(plain)) >= LEAST_LENGTH // 2
        and plain.casefold() not in guesses
    )


def _plain(password: str) -> str:
    # The same characters typed on another keyboard may come as other code points.
    return unicodedata.normalize("NFKC", password)


_HASH_OF_NOBODY: list[str] = []


def _hash_of_nobody() -> str:
    if not _HASH_OF_NOBODY:
        _HASH_OF_NOBODY.append(_HASHER.hash("nobody's password"))
    return _HASH_OF_NOBODY[0]

"""Codes by which a participant goes on at another device: 45 random bits and a check character.

Shorter than those that come by post, because they live ten minutes and are typed from one screen to another.
Written in the same base 32, and told apart by their length.
"""

import hmac
import secrets

from service.identity.codes import CodeError, plain_characters, value_of, written
from service.identity.derived import derived_key
from service.store.records import Conversation

LIFE_SECONDS = 600
"""How long a code may be redeemed."""

N_CHARACTERS = 9
"""Characters of a code before its check character: 45 bits."""


def fresh_transfer_code() -> str:
    """Return a new code, as people read it."""
    return written(secrets.randbits(5 * N_CHARACTERS), n_characters=N_CHARACTERS)


def is_transfer_code(typed: str) -> bool:
    """Return whether what was typed is as long as such a code."""
    return len(plain_characters(typed)) == N_CHARACTERS + 1


def transfer_code_hash(secret: bytes, conversation: Conversation, typed: str) -> bytes:
    """Return what the store knows a code by.

    Raises
    ------
    CodeError
        When there are other characters in it, or a typing error.
    """
    try:
        value = value_of(typed, n_characters=N_CHARACTERS)
    except CodeError:
        raise CodeError("this code has a typing error; compare it with the other screen") from None
    key = derived_key(secret, "transfer code hashes", conversation.tenant, conversation.id)
    return hmac.digest(key, value.to_bytes(6, "big"), "sha256")

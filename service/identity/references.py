"""What moderators call a participant: a short name that says nothing, and is the same each time."""

import base64
import hmac
from collections.abc import Iterable

from service.identity.derived import derived_key
from service.store.records import Conversation


def reference_of(secret: bytes, conversation: Conversation, participant_number: int) -> str:
    """Return a participant's reference: 12 small letters and digits, another one in each conversation."""
    return _reference(_key(secret, conversation), participant_number)


def number_of_reference(
    secret: bytes, conversation: Conversation, reference: str, *, n_participants: int
) -> int | None:
    """Return the number that a reference stands for; it is looked for, because it can't be computed back."""
    key = _key(secret, conversation)
    for number in range(n_participants):
        if hmac.compare_digest(_reference(key, number), reference):
            return number
    return None


def numbers_of_references(
    secret: bytes, conversation: Conversation, references: Iterable[str], *, n_participants: int
) -> dict[str, int]:
    """Return reference → number of those that somebody has."""
    key, wanted = _key(secret, conversation), set(references)
    found = {}
    for number in range(n_participants):
        reference = _reference(key, number)
        if reference in wanted:
            found[reference] = number
    return found


def _key(secret: bytes, conversation: Conversation) -> bytes:
    return derived_key(secret, "participants' references", conversation.tenant, conversation.id)


def _reference(key: bytes, number: int) -> str:
    digest = hmac.digest(key, number.to_bytes(8, "big"), "sha256")
    return base64.b32encode(digest[:8]).decode()[:12].lower()

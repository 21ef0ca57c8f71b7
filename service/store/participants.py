"""Participants: an id becomes a keyed hash, the hash a number within its conversation."""

import hmac
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, insert, select, update

from service.store.database import Store
from service.store.platform_records import HashedParticipant
from service.store.records import Conversation
from service.store.tables import conversations, participants

HASHES_AT_ONCE = 5_000
"""Most hashes in one question to the database, whose statements have room for some ten thousand values."""


_SELECT_NUMBERS = select(participants.c.id_hash, participants.c.number).where(
    participants.c.conversation == bindparam("here"),
    participants.c.id_hash.in_(bindparam("hashes", expanding=True)),
)


def id_hash(store: Store, conversation: Conversation, participant_id: str | HashedParticipant) -> bytes:
    """Return an id's HMAC-SHA256 over tenant and conversation: without the secret nobody can link two."""
    if isinstance(participant_id, HashedParticipant):
        return participant_id.digest
    # Each part's length goes before it, so that no two triples make the same message.
    parts = [part.encode() for part in (conversation.tenant, conversation.id, participant_id)]
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hmac.digest(store.secret, message, "sha256")


def number_of(
    connection: Connection, store: Store, conversation: Conversation, participant_id: str | HashedParticipant
) -> int | None:
    """Return a participant's number, or None if they never voted here."""
    hashed = id_hash(store, conversation, participant_id)
    return numbers(connection, conversation.number, [hashed]).get(hashed)


def number(store: Store, conversation: Conversation, participant_id: str | HashedParticipant) -> int | None:
    """Return a participant's number, or None if they never voted here."""
    with store.reading() as connection:
        return number_of(connection, store, conversation, participant_id)


def numbers(connection: Connection, conversation_number: int, hashes: Iterable[bytes]) -> dict[bytes, int]:
    """Return the numbers of those hashes that have one."""
    wanted, found = list(hashes), {}
    for start in range(0, len(wanted), HASHES_AT_ONCE):
        given = {"here": conversation_number, "hashes": wanted[start : start + HASHES_AT_ONCE]}
        found.update((bytes(row.id_hash), row.number) for row in connection.execute(_SELECT_NUMBERS, given))
    return found


def add(
    connection: Connection, conversation_number: int, channels: Mapping[bytes, str], *, first: int
) -> dict[bytes, int]:
    """Number hashes that have no number yet, from `first` on, in a locked conversation.

    Parameters
    ----------
    channels
        Hash → by which way they came, "" where nobody said.
    """
    made = {hashed: number for number, hashed in enumerate(channels, start=first)}
    if made:
        rows = [
            {
                "conversation": conversation_number,
                "number": number,
                "id_hash": hashed,
                "channel": channels[hashed],
            }
            for hashed, number in made.items()
        ]
        connection.execute(insert(participants), rows)
        here = conversations.c.number == conversation_number
        connection.execute(update(conversations).where(here).values(n_participants=first + len(made)))
    return made

"""Codes by which a participant goes on at another device: each lives minutes and is redeemed once."""

import time
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from service.store.database import Store
from service.store.platform_records import Assurance, HashedParticipant
from service.store.records import Conversation
from service.store.taking_part_tables import transfer_codes

MOST_LIVE = 3
"""Codes of one participant that may be live at once; a further one ends the oldest."""


@dataclass(frozen=True, slots=True)
class Transferred:
    """Who redeemed a code: the participant it was made for, as sure as they were then."""

    participant: HashedParticipant
    assurance: Assurance


def keep(
    store: Store,
    conversation: Conversation,
    participant: HashedParticipant,
    *,
    code_hash: bytes,
    assurance: Assurance,
    expires_at: float,
) -> None:
    """Keep a code's hash until it ends, in seconds since 1970."""
    row = {
        "conversation": conversation.number,
        "code_hash": code_hash,
        "id_hash": participant.digest,
        "assurance": assurance.value,
        "expires_at": expires_at,
    }
    here = transfer_codes.c.conversation == conversation.number
    mine = here & (transfer_codes.c.id_hash == participant.digest)
    oldest_first = select(transfer_codes.c.code_hash).where(mine).order_by(transfer_codes.c.expires_at)
    with store.writing() as connection:
        connection.execute(delete(transfer_codes).where(transfer_codes.c.expires_at <= time.time()))
        live = connection.execute(oldest_first).scalars().all()
        too_many = live[: max(0, len(live) + 1 - MOST_LIVE)]
        connection.execute(delete(transfer_codes).where(here, transfer_codes.c.code_hash.in_(too_many)))
        connection.execute(insert(transfer_codes).values(row))


def redeem(store: Store, conversation: Conversation, code_hash: bytes) -> Transferred | None:
    """Return whom a live code leads to, and end it; of many tries at once one is told."""
    this = (
        (transfer_codes.c.conversation == conversation.number)
        & (transfer_codes.c.code_hash == code_hash)
        & (transfer_codes.c.expires_at > time.time())
    )
    gone = delete(transfer_codes).where(this).returning(transfer_codes.c.id_hash, transfer_codes.c.assurance)
    with store.writing() as connection:
        row = connection.execute(gone).first()
    return None if row is None else Transferred(HashedParticipant(bytes(row.id_hash)), Assurance(row.assurance))

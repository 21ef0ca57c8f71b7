"""People who leave the map: excluded by a moderator and let back in, or erased at their own wish."""

import logging
import secrets
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text, update

from service.store import map_versions
from service.store import participants as people
from service.store.clock import as_time, now_seconds
from service.store.conversations import lock, log_changes
from service.store.database import BUSY_SECONDS, Store
from service.store.errors import NotFoundError
from service.store.merges import MERGED
from service.store.outside_numbers import forget_name_within
from service.store.platform_records import HashedParticipant, LeftOutParticipant
from service.store.records import Conversation, StatementState
from service.store.tables import (
    about_answers,
    changes,
    conversations,
    current_votes,
    exposures,
    identities,
    left_out_participants,
    participants,
    statements,
    transfer_codes,
    votes,
)
from service.store.votes import WITHDRAWN

AGAIN_SECONDS = 0.01
"""Pause before a write-ahead log that is in use is asked for again."""

_log = logging.getLogger(__name__)

REMOVED = "[removed]"
"""What stands where a statement stood whose writer had everything erased."""

_TEXTS = frozenset({"text", "translations"})


def exclude(store: Store, conversation: Conversation, participant_number: int, *, reason: str) -> int:
    """Leave a participant off the map, votes kept; return the sequence reached.

    Raises
    ------
    NotFoundError
        When nobody has that number, or the participant is off the map already.
    """
    with store.writing() as connection:
        row = lock(connection, conversation.number)
        if not 0 <= participant_number < row["n_participants"]:
            raise NotFoundError(f"no participant {participant_number}")
        if _left_out(connection, conversation, participant_number) is not None:
            raise NotFoundError(f"participant {participant_number} is not on the map")
        _leave_out(connection, conversation, participant_number, is_erased=False, reason=reason)
        told = {"participant": participant_number, "reason": reason}
        return log_changes(connection, conversation.number, [("participant-excluded", told)])


def readmit(store: Store, conversation: Conversation, participant_number: int) -> int:
    """Let an excluded participant back in; return the sequence reached.

    Raises
    ------
    NotFoundError
        When that participant isn't excluded; who was erased can't come back.
    """
    with store.writing() as connection:
        lock(connection, conversation.number)
        if _left_out(connection, conversation, participant_number) is not False:
            raise NotFoundError(f"participant {participant_number} is not excluded")
        here = _here(conversation, participant_number)
        connection.execute(delete(left_out_participants).where(here))
        told = {"participant": participant_number}
        return log_changes(connection, conversation.number, [("participant-readmitted", told)])


def list_excluded(store: Store, conversation: Conversation) -> Sequence[LeftOutParticipant]:
    """Return who is excluded, by number."""
    query = select(left_out_participants).where(
        left_out_participants.c.conversation == conversation.number, ~left_out_participants.c.is_erased
    )
    with store.reading() as connection:
        rows = connection.execute(query.order_by(left_out_participants.c.participant_number)).all()
    return [LeftOutParticipant(row.participant_number, row.reason, as_time(row.made_at)) for row in rows]


def erase(store: Store, conversation: Conversation, participant_id: str | HashedParticipant) -> int | None:
    """Remove everything about a participant: votes of every time, what is known of them, and the way back.

    The number stays taken, with random bytes for a hash: numbers are never used again, and whoever comes back
    with the same id is somebody new.

    Returns
    -------
    int or None
        The sequence reached; None when nothing was kept of them.
    """
    hashed = people.id_hash(store, conversation, participant_id)
    with store.writing() as connection:
        row = lock(connection, conversation.number)
        for table in (identities, exposures, about_answers, transfer_codes):
            theirs = (table.c.conversation == conversation.number) & (table.c.id_hash == hashed)
            connection.execute(delete(table).where(theirs))
        forget_name_within(connection, conversation.number, hashed)
        n_statements = _forget_statements(connection, conversation, hashed)
        number = people.numbers(connection, conversation.number, [hashed]).get(hashed)
        if number is None:
            entries = [("statements-erased", {"n_statements": n_statements})] * bool(n_statements)
            return log_changes(connection, conversation.number, entries) if entries else None
        n_votes = _delete_votes(connection, conversation, number)
        this = (participants.c.conversation == conversation.number) & (participants.c.number == number)
        connection.execute(update(participants).where(this).values(id_hash=secrets.token_bytes(32)))
        here = conversations.c.number == conversation.number
        connection.execute(update(conversations).where(here).values(n_votes=row["n_votes"] - n_votes))
        connection.execute(delete(left_out_participants).where(_here(conversation, number)))
        _leave_out(connection, conversation, number, is_erased=True, reason="")
        map_versions.forget_within(connection, conversation.number, number)
        reached = log_changes(
            connection, conversation.number, [("participant-erased", {"participant": number})]
        )
    _forget_old_pages(store)
    return reached


def _delete_votes(connection: Connection, conversation: Conversation, number: int) -> int:
    """Delete a participant's votes of every time; return how many were current."""
    mine = (current_votes.c.conversation == conversation.number) & (
        current_votes.c.participant_number == number
    )
    counted = select(func.count()).select_from(current_votes).where(mine, current_votes.c.value != WITHDRAWN)
    n_votes = connection.execute(counted).scalar_one()
    connection.execute(delete(current_votes).where(mine))
    lines = (votes.c.conversation == conversation.number) & (votes.c.participant_number == number)
    connection.execute(delete(votes).where(lines))
    return n_votes


def _forget_statements(connection: Connection, conversation: Conversation, author: bytes) -> int:
    """Part statements from who wrote them, and remove the text of those that nobody else has voted on.

    What others voted on stays, without its writer: their votes would say nothing without it.
    """
    mine = (statements.c.conversation == conversation.number) & (statements.c.author_hash == author)
    written = connection.execute(select(statements.c.number, statements.c.id).where(mine)).all()
    for number, statement_id in written:
        voted_on = (
            select(func.count())
            .select_from(current_votes)
            .join(participants, _same_participant())
            .where(
                current_votes.c.conversation == conversation.number,
                current_votes.c.statement_number == number,
                participants.c.id_hash != author,
            )
        )
        altered: dict[str, Any] = {"author_hash": None}
        if connection.execute(voted_on).scalar_one() == 0:
            altered |= {"text": REMOVED, "state": StatementState.HIDDEN.value, "translations": {}}
            _forget_texts(connection, conversation, statement_id)
            _forget_reasons(connection, conversation, statement_id)
        this = (statements.c.conversation == conversation.number) & (statements.c.number == number)
        connection.execute(update(statements).where(this).values(altered))
    return len(written)


def _forget_texts(connection: Connection, conversation: Conversation, statement_id: str) -> None:
    """Remove earlier texts of a statement from the log of changes."""
    here = (changes.c.conversation == conversation.number) & (changes.c.kind == "statement-moderated")
    for sequence, payload in connection.execute(
        select(changes.c.sequence, changes.c.payload).where(here)
    ).all():
        if payload.get("statement") != statement_id:
            continue
        kept = {name: value for name, value in payload.items() if name not in _TEXTS}
        kept["before"] = {name: value for name, value in payload["before"].items() if name not in _TEXTS}
        this = (changes.c.conversation == conversation.number) & (changes.c.sequence == sequence)
        connection.execute(update(changes).where(this).values(payload=kept))


def _forget_reasons(connection: Connection, conversation: Conversation, statement_id: str) -> None:
    """Remove the text of a statement from where it tells what others were merged with."""
    here = (changes.c.conversation == conversation.number) & (changes.c.kind == MERGED)
    for sequence, payload in connection.execute(
        select(changes.c.sequence, changes.c.payload).where(here)
    ).all():
        if payload.get("into") != statement_id:
            continue
        reason = payload.get("reason")
        told = (
            (statements.c.conversation == conversation.number)
            & (statements.c.id == payload.get("statement"))
            & (statements.c.reason == reason)
        )
        connection.execute(update(statements).where(told).values(reason=REMOVED))
        this = (changes.c.conversation == conversation.number) & (changes.c.sequence == sequence)
        connection.execute(update(changes).where(this).values(payload=payload | {"reason": REMOVED}))


def _same_participant():
    return (participants.c.conversation == current_votes.c.conversation) & (
        participants.c.number == current_votes.c.participant_number
    )


def _forget_old_pages(store: Store) -> None:
    """Let SQLite's write-ahead log go, in which deleted rows would stand until it is written over.

    SQLite doesn't wait where another process copies the log, or reads what is in it: it says so, and is
    asked again.
    """
    if not store.is_sqlite:
        return
    deadline = time.monotonic() + BUSY_SECONDS
    with store.engine.connect() as connection:
        while connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).scalar_one():
            if time.monotonic() > deadline:
                _log.warning("the write-ahead log is in use; what was erased leaves it later")
                return
            connection.rollback()
            time.sleep(AGAIN_SECONDS)


def _left_out(connection: Connection, conversation: Conversation, number: int) -> bool | None:
    """Return None for somebody on the map, false for an excluded participant, true for an erased one."""
    query = select(left_out_participants.c.is_erased).where(_here(conversation, number))
    return connection.execute(query).scalar()


def _leave_out(
    connection: Connection, conversation: Conversation, number: int, *, is_erased: bool, reason: str
) -> None:
    row = {
        "conversation": conversation.number,
        "participant_number": number,
        "is_erased": is_erased,
        "reason": reason,
        "made_at": now_seconds(),
    }
    connection.execute(insert(left_out_participants).values(row))


def _here(conversation: Conversation, number: int):
    return (left_out_participants.c.conversation == conversation.number) & (
        left_out_participants.c.participant_number == number
    )

"""Read a whole conversation's votes at once, packed by the database itself.

Row by row through the driver, five million votes take minutes; packed they take a second or two.
Only the worker and the command line import this: it needs numpy.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from clustering.vocabulary import Statement, StatementId
from service.store.database import Store
from service.store.errors import MovedOnError, NotFoundError
from service.store.records import LoadedConversation, StatementState
from service.store.tables import (
    changes,
    conversations,
    left_out_participants,
    participants,
    statements,
    votes,
)
from service.store.votes import WITHDRAWN

# A vote is packed as 4 · statement number + value + 1: two bits for the value, the rest for the statement.
# SQLite packs each participant's votes, which stand together in its table; PostgreSQL, whose rows stand in the
# order of arrival, packs all in one go with the participant in the upper half, and sorting comes after.
_SQLITE = """
    SELECT participant_number, count(*), group_concat(4 * statement_number + value + 1)
    FROM current_votes WHERE conversation = ? GROUP BY participant_number
"""
_POSTGRESQL = """
    SELECT string_agg(int8send(
        participant_number::int8 << 32 | (4 * statement_number + value + 1)::int8
    ), ''::bytea)
    FROM current_votes WHERE conversation = %s
"""


# The log has every vote in the order of the sequence, changed minds included: the last is found afterwards.
_SQLITE_LOG = """
    SELECT group_concat(sequence || ',' || participant_number || ',' || (4 * statement_number + value + 1))
    FROM votes WHERE conversation = ? AND sequence > ? AND sequence <= ?
"""
_POSTGRESQL_LOG = """
    SELECT string_agg(int8send(sequence) || int8send(participant_number::int8) || int8send(
        (4 * statement_number + value + 1)::int8
    ), ''::bytea)
    FROM votes WHERE conversation = %s AND sequence > %s AND sequence <= %s
"""
LINES_AT_ONCE = 500_000
"""Lines of the log read together: what they are packed into is held in memory twice."""


def load(store: Store, conversation_number: int, *, as_of: int | None = None) -> LoadedConversation:
    """Return everything a group map is drawn from, of one moment: the present one unless told.

    Raises
    ------
    NotFoundError
        If there is no such conversation.
    MovedOnError
        If something else than votes has changed after `as_of`.
    """
    with store.reading() as connection:
        here = conversations.c.number == conversation_number
        row = connection.execute(select(conversations).where(here)).mappings().first()
        if row is None:
            raise NotFoundError(f"no conversation with number {conversation_number}")
        sequence = row["sequence"] if as_of is None else min(as_of, row["sequence"])
        is_past = sequence < row["sequence"]
        if is_past and _has_changed(connection, conversation_number, after=sequence):
            raise MovedOnError(f"conversation {conversation_number} is not as it was at {sequence} any more")
        if is_past:
            participant_numbers, packed = _read_log(store, connection, conversation_number, sequence)
        else:
            read = _read_sqlite if store.is_sqlite else _read_postgresql
            participant_numbers, packed = read(connection, conversation_number)
        left_out = _left_out(connection, conversation_number)
        by_number = _statements(connection, conversation_number)
        first_vote = _first_vote(connection, conversation_number)
        seeds = _seeds(connection, conversation_number, before=first_vote)
    # Participants are numbered at their first vote, in the order of the log.
    n_participants = int(participant_numbers.max(initial=-1)) + 1 if is_past else row["n_participants"]
    left_out = left_out[left_out < n_participants]
    counts = (packed & 3) != WITHDRAWN + 1
    if left_out.size:
        counts &= ~np.isin(participant_numbers, left_out)
    if not counts.all():
        participant_numbers, packed = participant_numbers[counts], packed[counts]
    return LoadedConversation(
        sequence=sequence,
        settings=row["settings"],
        statements=by_number,
        participant_numbers=participant_numbers,
        statement_numbers=packed >> 2,
        values=((packed & 3) - 1).astype(np.int8),
        n_participants=n_participants,
        left_out_participants=left_out,
        seeds=seeds,
    )


def first_votes(
    store: Store, conversation_number: int, *, n_participants: int, except_channel: str = "paper"
) -> NDArray[np.int64]:
    """Return when each participant cast their first vote, seconds since 1970; −1 where that says nothing.

    Those of one channel say nothing: paper ballots are all recorded at once.
    """
    query = (
        select(votes.c.participant_number, func.min(votes.c.cast_at))
        .join(
            participants,
            (participants.c.conversation == votes.c.conversation)
            & (participants.c.number == votes.c.participant_number),
        )
        .where(votes.c.conversation == conversation_number, participants.c.channel != except_channel)
        .group_by(votes.c.participant_number)
    )
    first = np.full(n_participants, -1, dtype=np.int64)
    with store.reading() as connection:
        for number, cast_at in connection.execute(query):
            if number < n_participants:
                first[number] = cast_at
    return first


def _left_out(connection: Connection, conversation_number: int) -> NDArray[np.int32]:
    """Return the numbers of participants who were excluded or erased."""
    query = select(left_out_participants.c.participant_number).where(
        left_out_participants.c.conversation == conversation_number
    )
    return np.array(sorted(connection.execute(query).scalars()), dtype=np.int32)


def _has_changed(connection: Connection, conversation_number: int, *, after: int) -> bool:
    later = (changes.c.conversation == conversation_number) & (changes.c.sequence > after)
    return connection.execute(select(changes.c.sequence).where(later).limit(1)).first() is not None


def _first_vote(connection: Connection, conversation_number: int) -> int | None:
    """Return the sequence of the first vote, or None before it."""
    query = select(func.min(votes.c.sequence)).where(votes.c.conversation == conversation_number)
    return connection.execute(query).scalar()


def _seeds(connection: Connection, conversation_number: int, *, before: int | None) -> frozenset[StatementId]:
    """Return the statements that were there before the first vote: the organiser's."""
    query = select(changes.c.payload).where(
        changes.c.conversation == conversation_number, changes.c.kind == "statement-added"
    )
    if before is not None:
        query = query.where(changes.c.sequence < before)
    return frozenset(StatementId(payload["statement"]) for payload in connection.execute(query).scalars())


def _statements(connection: Connection, conversation_number: int) -> list[Statement]:
    """Return the statements by number, in the words of `clustering`."""
    query = (
        select(statements.c.id, statements.c.text, statements.c.state, statements.c.is_meta)
        .where(statements.c.conversation == conversation_number)
        .order_by(statements.c.number)
    )
    return [
        Statement(StatementId(row.id), row.text, row.state != StatementState.VISIBLE, row.is_meta)
        for row in connection.execute(query)
    ]


def _read_sqlite(
    connection: Connection, conversation_number: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return each vote's participant number and the vote packed, by participant."""
    rows = connection.exec_driver_sql(_SQLITE, (conversation_number,)).fetchall()
    if not rows:
        return np.empty(0, np.int32), np.empty(0, np.int32)
    participants = np.fromiter((row[0] for row in rows), dtype=np.int32, count=len(rows))
    sizes = np.fromiter((row[1] for row in rows), dtype=np.int64, count=len(rows))
    packed = np.fromstring(",".join(row[2] for row in rows), dtype=np.int32, sep=",")
    return np.repeat(participants, sizes), packed


def _read_postgresql(
    connection: Connection, conversation_number: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return each vote's participant number and the vote packed, by participant."""
    driver: Any = connection.connection.driver_connection
    with driver.cursor(binary=True) as cursor:
        (together,) = cursor.execute(_POSTGRESQL, (conversation_number,)).fetchone()
    both = np.frombuffer(together or b"", dtype=">i8").astype(np.int64)
    both.sort()
    return (both >> 32).astype(np.int32), both.astype(np.int32)


def _read_log(
    store: Store, connection: Connection, conversation_number: int, as_of: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return each vote's participant number and the vote packed, by participant, as of a sequence."""
    read = _log_sqlite if store.is_sqlite else _log_postgresql
    parts = [
        read(connection, conversation_number, after, min(after + LINES_AT_ONCE, as_of))
        for after in range(0, as_of, LINES_AT_ONCE)
    ]
    lines = np.concatenate([part[np.argsort(part[:, 0])] for part in parts] or [np.empty((0, 3), np.int64)])
    pair = lines[:, 1] << 32 | lines[:, 2] >> 2
    # Of each participant and statement the last line: the first one seen from behind.
    last = len(lines) - 1 - np.unique(pair[::-1], return_index=True)[1]
    return lines[last, 1].astype(np.int32), lines[last, 2].astype(np.int32)


def _log_sqlite(connection: Connection, conversation_number: int, after: int, up_to: int) -> NDArray[np.int64]:
    """Return lines of the log, n × 3: sequence, participant number, vote packed."""
    together = connection.exec_driver_sql(_SQLITE_LOG, (conversation_number, after, up_to)).scalar()
    if not together:
        return np.empty((0, 3), np.int64)
    return np.fromstring(together, dtype=np.int64, sep=",").reshape(-1, 3)


def _log_postgresql(
    connection: Connection, conversation_number: int, after: int, up_to: int
) -> NDArray[np.int64]:
    """Return lines of the log, n × 3: sequence, participant number, vote packed."""
    driver: Any = connection.connection.driver_connection
    with driver.cursor(binary=True) as cursor:
        (together,) = cursor.execute(_POSTGRESQL_LOG, (conversation_number, after, up_to)).fetchone()
    return np.frombuffer(together or b"", dtype=">i8").astype(np.int64).reshape(-1, 3)

"""Read a whole conversation's votes at once, packed by the database itself.

Row by row through the driver, five million votes take minutes; packed they take a second or two.
Only the worker and the command line import this: it needs numpy.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from clustering.vocabulary import Statement, StatementId
from service.store.database import Store
from service.store.errors import NotFoundError
from service.store.records import LoadedConversation, StatementState
from service.store.tables import conversations, left_out_participants, statements
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


def load(store: Store, conversation_number: int) -> LoadedConversation:
    """Return everything a group map is drawn from, of one moment.

    Raises
    ------
    NotFoundError
        If there is no such conversation.
    """
    with store.reading() as connection:
        here = conversations.c.number == conversation_number
        row = connection.execute(select(conversations).where(here)).mappings().first()
        if row is None:
            raise NotFoundError(f"no conversation with number {conversation_number}")
        read = _read_sqlite if store.is_sqlite else _read_postgresql
        participant_numbers, packed = read(connection, conversation_number)
        left_out = _left_out(connection, conversation_number)
        by_number = _statements(connection, conversation_number)
    counts = (packed & 3) != WITHDRAWN + 1
    if left_out.size:
        counts &= ~np.isin(participant_numbers, left_out)
    if not counts.all():
        participant_numbers, packed = participant_numbers[counts], packed[counts]
    return LoadedConversation(
        sequence=row["sequence"],
        settings=row["settings"],
        statements=by_number,
        participant_numbers=participant_numbers,
        statement_numbers=packed >> 2,
        values=((packed & 3) - 1).astype(np.int8),
        n_participants=row["n_participants"],
        left_out_participants=left_out,
    )


def _left_out(connection: Connection, conversation_number: int) -> NDArray[np.int32]:
    """Return the numbers of participants who were excluded or erased."""
    query = select(left_out_participants.c.participant_number).where(
        left_out_participants.c.conversation == conversation_number
    )
    return np.array(sorted(connection.execute(query).scalars()), dtype=np.int32)


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

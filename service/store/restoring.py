"""Write a conversation again as it was: the same numbers, the same sequences, all of it or nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import psycopg
from sqlalchemy import Connection, Table, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from service.store import tenants
from service.store.bulk import insert_rows
from service.store.conversations import create_within
from service.store.database import Store
from service.store.errors import StoreError
from service.store.records import Conversation, NewConversation
from service.store.tables import (
    changes,
    conversations,
    current_votes,
    left_out_participants,
    participants,
    statements,
    votes,
)
from service.store.votes import WITHDRAWN

ROWS_AT_ONCE = 5_000
LINES_SORTED_AT_ONCE = 250_000

# Of each participant and statement the last line counts, a withdrawal too: the pair keeps its row.
_SQLITE_CURRENT = """
    INSERT INTO current_votes (conversation, participant_number, statement_number, value, sequence)
    SELECT conversation, participant_number, statement_number, value, max(sequence)
    FROM votes WHERE conversation = :here AND participant_number >= :first AND participant_number < :first + :n
    GROUP BY participant_number, statement_number
"""
_POSTGRESQL_CURRENT = """
    INSERT INTO current_votes (conversation, participant_number, statement_number, value, sequence)
    SELECT DISTINCT ON (participant_number, statement_number)
        conversation, participant_number, statement_number, value, sequence
    FROM votes WHERE conversation = :here
    ORDER BY participant_number, statement_number, sequence DESC
"""


class RestoringError(StoreError):
    """What was to be restored doesn't fit together; nothing was kept."""


@dataclass(frozen=True, slots=True)
class Restored:
    """Rows to restore, in the order of their tables' columns but for the conversation; read only once."""

    created_at: int
    sequence: int
    n_participants: int
    n_statements: int
    n_votes: int
    statements: Iterable[Mapping[str, Any]]
    participants: Iterable[Sequence[Any]]
    changes: Iterable[Mapping[str, Any]]
    left_out: Iterable[Mapping[str, Any]]
    votes: Iterable[Sequence[int]]


def restore(store: Store, tenant: str, new: NewConversation, restored: Restored) -> Conversation:
    """Keep a conversation as it was elsewhere, or here before; in one transaction.

    Raises
    ------
    AlreadyExistsError
        When its id is taken.
    NotFoundError
        When there is no such tenant.
    RestoringError
        When the rows don't fit together.
    """
    with store.writing() as connection:
        tenants.require(connection, tenant)
        made = create_within(connection, tenant, new)
        try:
            _insert_all(connection, store, made.number, restored)
        except (IntegrityError, psycopg.IntegrityError):
            raise RestoringError("the export names something twice; nothing was kept") from None
        _check_votes(connection, made.number, restored.n_votes)
        names = ("created_at", "sequence", "n_participants", "n_statements", "n_votes")
        reached = {name: getattr(restored, name) for name in names}
        connection.execute(update(conversations).where(conversations.c.number == made.number).values(reached))
    return made


def _insert_all(connection: Connection, store: Store, number: int, restored: Restored) -> None:
    for table, rows in (
        (statements, restored.statements),
        (changes, restored.changes),
        (left_out_participants, restored.left_out),
    ):
        _insert_records(connection, table, number, rows)
    for some in _some_at_a_time(restored.participants):
        insert_rows(connection, store, participants, ((number, *row) for row in some))
    for some in _some_at_a_time(restored.votes):
        insert_rows(connection, store, votes, ((number, *row) for row in some))
    if not store.is_sqlite:
        connection.execute(text(_POSTGRESQL_CURRENT), {"here": number})
        return
    # SQLite may sort in memory, so it is given some participants at a time and reads the log once for each lot.
    n_lots = 1 + restored.sequence // LINES_SORTED_AT_ONCE
    n_each = 1 + restored.n_participants // n_lots
    for first in range(0, restored.n_participants, n_each):
        connection.execute(text(_SQLITE_CURRENT), {"here": number, "first": first, "n": n_each})


def _insert_records(connection: Connection, table: Table, number: int, rows: Iterable[Mapping]) -> None:
    for some in _some_at_a_time(rows):
        connection.execute(insert(table), [{"conversation": number, **row} for row in some])


def _some_at_a_time(rows: Iterable[Any]) -> Iterator[list[Any]]:
    given = iter(rows)
    while some := list(islice(given, ROWS_AT_ONCE)):
        yield some


def _check_votes(connection: Connection, number: int, n_votes: int) -> None:
    counts = (current_votes.c.conversation == number) & (current_votes.c.value != WITHDRAWN)
    counted = select(func.count()).select_from(current_votes).where(counts)
    found = connection.execute(counted).scalar_one()
    if found != n_votes:
        raise RestoringError(
            f"the log makes {found} current votes and {n_votes} were promised; nothing was kept"
        )

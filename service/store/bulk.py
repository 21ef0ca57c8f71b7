"""Write a whole conversation at once: what an import brings, in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Connection, Table, bindparam, func, update

from service.store import participants, statements, tenants
from service.store.clock import now_seconds
from service.store.conversations import create_within
from service.store.database import Store
from service.store.outside_numbers import GivenNumbers, give_within, name_within
from service.store.records import Conversation, NewConversation, NewStatement
from service.store.tables import conversations, current_votes, votes
from service.store.tables import participants as participants_table
from service.store.tables import statements as statements_table


@dataclass(frozen=True, slots=True)
class BulkVotes:
    """Current votes in the order they were cast: who (participant number), on what statement, what, when.

    All four have length n_votes; no participant–statement pair stands twice.
    """

    participant_numbers: Sequence[int]
    statement_numbers: Sequence[int]
    values: Sequence[int]
    cast_at: Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Origin:
    """What a conversation brings from elsewhere beside its votes.

    Attributes
    ----------
    numbers
        How participants and statements were numbered there.
    names
        Length n_participants: what a platform called each; None where that isn't known or isn't kept.
    authors
        Length n_statements: participant number of who wrote each, or None.
    created_at
        Length n_statements: when each was written, in seconds since 1970, or None.
    """

    numbers: GivenNumbers
    names: Sequence[str | None]
    authors: Sequence[int | None]
    created_at: Sequence[int | None]


def create_with_votes(
    store: Store,
    tenant: str,
    new: NewConversation,
    new_statements: list[NewStatement],
    participant_ids: Sequence[str],
    bulk: BulkVotes,
    origin: Origin | None = None,
) -> Conversation:
    """Start a conversation that has statements, participants and votes already; all of it or nothing.

    Parameters
    ----------
    origin
        What else is known of where it comes from.

    Raises
    ------
    AlreadyExistsError
        When a given conversation or statement id is taken.
    NotFoundError
        When there is no such tenant.
    """
    with store.writing() as connection:
        tenants.require(connection, tenant)
        made = create_within(connection, tenant, new)
        if new_statements:
            statements.add_within(connection, made.number, new_statements)
        hashes = (participants.id_hash(store, made, participant_id) for participant_id in participant_ids)
        rows = ((made.number, number, hashed, "") for number, hashed in enumerate(hashes))
        insert_rows(connection, store, participants_table, rows)
        if origin is not None:
            _keep_origin(connection, store, made, participant_ids, origin)
        _insert_votes(connection, store, made.number, bulk, first=len(new_statements) + 1)
        n_votes = len(bulk.values)
        reached = {
            "sequence": len(new_statements) + n_votes,
            "n_participants": len(participant_ids),
            "n_votes": n_votes,
        }
        connection.execute(update(conversations).where(conversations.c.number == made.number).values(reached))
    return made


def _keep_origin(
    connection: Connection, store: Store, made: Conversation, participant_ids: Sequence[str], origin: Origin
) -> None:
    give_within(connection, made.number, origin.numbers)
    named = (
        (participants.id_hash(store, made, participant_id), name)
        for participant_id, name in zip(participant_ids, origin.names, strict=True)
        if name is not None
    )
    name_within(connection, store, made.number, named)
    known = [
        {
            "this": number,
            "who": None if author is None else participants.id_hash(store, made, participant_ids[author]),
            "at": at,
        }
        for number, (author, at) in enumerate(zip(origin.authors, origin.created_at, strict=True))
    ]
    here = (statements_table.c.conversation == made.number) & (statements_table.c.number == bindparam("this"))
    created_at = func.coalesce(bindparam("at", type_=BigInteger), statements_table.c.created_at)
    if known:
        connection.execute(
            update(statements_table).where(here).values(author_hash=bindparam("who"), created_at=created_at),
            known,
        )


def _insert_votes(connection: Connection, store: Store, number: int, bulk: BulkVotes, *, first: int) -> None:
    """Write the log from sequence `first` on, and the current votes."""
    now = now_seconds()
    cells = list(zip(bulk.participant_numbers, bulk.statement_numbers, bulk.values, bulk.cast_at, strict=True))
    lines = (
        (number, sequence, who, what, value, now if when is None else when)
        for sequence, (who, what, value, when) in enumerate(cells, start=first)
    )
    insert_rows(connection, store, votes, lines)
    # In the order of the table's own key, so that SQLite appends instead of looking for each row's place.
    current = sorted(
        (number, who, what, value, sequence, None)
        for sequence, (who, what, value, _) in enumerate(cells, start=first)
    )
    insert_rows(connection, store, current_votes, current)


def insert_rows(connection: Connection, store: Store, table: Table, rows: Iterable[tuple]) -> None:
    """Write rows, given in the order of the table's columns, by the fastest way the database has."""
    names = [column.name for column in table.columns]
    if store.is_sqlite:
        written = list(rows)
        if written:
            marks = ", ".join("?" * len(names))
            # The names are this program's own.
            into = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
            connection.exec_driver_sql(into, written)
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)

"""Numbers that tools made for another service know participants and statements by.

Inside, participants and statements are numbered from 0 in the order they came, and no number is used twice.
That order is the outside number too, unless a conversation was brought from elsewhere: then those who came with
it keep the numbers they had, and everybody after them gets the next ones. Written once, with the conversation.
"""

from array import array
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from service.store.database import Store
from service.store.outside_tables import (
    named_participants,
    outside_numberings,
    outside_participants,
    outside_statements,
)
from service.store.records import Conversation
from service.store.tables import participants

MOST_KEPT = 64
"""Numberings that a process keeps in memory."""


@dataclass(frozen=True, slots=True)
class GivenNumbers:
    """The numbers that participants and statements come with, in the order of the store's own."""

    participants: Sequence[int]
    statements: Sequence[int]


@dataclass(frozen=True)
class Series:
    """One kind of outside numbers: those given, then every following one."""

    given: array = field(default_factory=lambda: array("q"))
    following: int = 0

    def outside(self, number: int) -> int:
        """Return the outside number of one of ours."""
        n_given = len(self.given)
        return self.given[number] if number < n_given else self.following + number - n_given

    def inside(self, outside_number: int) -> int | None:
        """Return our number for an outside one; None for one that nobody had or will have."""
        if outside_number >= self.following:
            return len(self.given) + outside_number - self.following
        return self._positions.get(outside_number)

    @cached_property
    def _positions(self) -> dict[int, int]:
        return {outside: number for number, outside in enumerate(self.given)}


@dataclass(frozen=True)
class Numbering:
    """How one conversation's participants and statements are numbered outside."""

    participants: Series = field(default_factory=Series)
    statements: Series = field(default_factory=Series)


class NumberingBook:
    """Remembers numberings, which never change. One per process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[int, Numbering] = OrderedDict()
        self._lock = Lock()

    def of(self, conversation: Conversation) -> Numbering:
        """Return a conversation's numbering."""
        with self._lock:
            if conversation.number in self._known:
                self._known.move_to_end(conversation.number)
                return self._known[conversation.number]
        found = read(self._store, conversation.number)
        with self._lock:
            self._known[conversation.number] = found
            while len(self._known) > MOST_KEPT:
                self._known.popitem(last=False)
        return found


def give_within(connection: Connection, conversation_number: int, numbers: GivenNumbers) -> None:
    """Keep the numbers that came with a conversation, in the transaction that makes it."""
    connection.execute(
        insert(outside_numberings).values(
            conversation=conversation_number,
            n_participants=len(numbers.participants),
            next_participant=max(numbers.participants, default=-1) + 1,
            n_statements=len(numbers.statements),
            next_statement=max(numbers.statements, default=-1) + 1,
        )
    )
    for table, column, given in (
        (outside_participants, "participant_number", numbers.participants),
        (outside_statements, "statement_number", numbers.statements),
    ):
        rows = [
            {"conversation": conversation_number, column: number, "outside_number": outside}
            for number, outside in enumerate(given)
        ]
        if rows:
            connection.execute(insert(table), rows)


def read(store: Store, conversation_number: int) -> Numbering:
    """Return a conversation's numbering."""
    with store.reading() as connection:
        here = outside_numberings.c.conversation == conversation_number
        row = connection.execute(select(outside_numberings).where(here)).first()
        if row is None:
            return Numbering()
        return Numbering(
            _series(connection, outside_participants, conversation_number, row.next_participant),
            _series(connection, outside_statements, conversation_number, row.next_statement),
        )


def _series(connection: Connection, table: Any, conversation_number: int, following: int) -> Series:
    query = (
        select(table.c.outside_number)
        .where(table.c.conversation == conversation_number)
        .order_by(table.primary_key.columns.values()[1])
    )
    return Series(array("q", connection.execute(query).scalars()), following)


def name_within(
    connection: Connection, store: Store, conversation_number: int, names: Iterable[tuple[bytes, str]]
) -> None:
    """Keep what a platform calls participants, under the keyed hashes that their votes are under."""
    rows = [{"conversation": conversation_number, "id_hash": hashed, "name": name} for hashed, name in names]
    if rows:
        new = (sqlite if store.is_sqlite else postgresql).insert(named_participants)
        connection.execute(new.on_conflict_do_nothing(), rows)


def name(store: Store, conversation: Conversation, id_hash: bytes, called: str) -> None:
    """Keep what a platform calls one participant, unless it is kept already."""
    this = (named_participants.c.conversation == conversation.number) & (
        named_participants.c.id_hash == id_hash
    )
    with store.reading() as connection:
        if connection.execute(select(named_participants.c.name).where(this)).first() is not None:
            return
    with store.writing() as connection:
        name_within(connection, store, conversation.number, [(id_hash, called)])


def names(store: Store, conversation: Conversation) -> list[tuple[int, str]]:
    """Return number and name of the participants whose name is kept and who voted, by number."""
    same = (participants.c.conversation == named_participants.c.conversation) & (
        participants.c.id_hash == named_participants.c.id_hash
    )
    query = (
        select(participants.c.number, named_participants.c.name)
        .join(named_participants, same)
        .where(participants.c.conversation == conversation.number)
        .order_by(participants.c.number)
    )
    with store.reading() as connection:
        return [(row.number, row.name) for row in connection.execute(query)]


def forget_name_within(connection: Connection, conversation_number: int, id_hash: bytes) -> None:
    """Remove what a platform called a participant."""
    this = (named_participants.c.conversation == conversation_number) & (
        named_participants.c.id_hash == id_hash
    )
    connection.execute(delete(named_participants).where(this))

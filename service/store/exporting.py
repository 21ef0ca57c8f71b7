"""Read a whole conversation piece by piece, all of one moment, in bounded memory.

Votes come in ranges of the log or of participants, packed by the database itself: row by row through the driver
five million votes take minutes.
"""

import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, select

from service.store.clock import as_time
from service.store.conversations import conversation_of
from service.store.database import Store
from service.store.errors import NotFoundError
from service.store.records import PLACE_BYTES, Conversation, LoggedChange, StatementRecord, VoteCounts
from service.store.statements import statement_of
from service.store.tables import (
    changes,
    conversations,
    current_votes,
    group_maps,
    left_out_participants,
    participants,
    statements,
    votes,
)
from service.store.votes import WITHDRAWN

LINES_AT_ONCE = 50_000
"""Lines of the log read together, as one text."""
VOTES_AT_ONCE = 10_000
"""Votes read together as records, which take ten times as much room."""
ROWS_AT_ONCE = 2_000
"""Rows of the smaller tables read together."""

_PLACE = struct.Struct("<ddb")
_NOT_PLACED = -1

# The database writes the lines of the log itself, in the order of the sequence.
_LINE = (
    "sequence {0} ',' {0} participant_number {0} ',' {0} statement_number {0} ',' {0} value {0} ',' {0} cast_at"
)
_SQLITE_LOG = f"""
    SELECT count(*), group_concat({_LINE.format("||")}, char(10))
    FROM (SELECT * FROM votes WHERE conversation = ? AND sequence > ? AND sequence <= ? ORDER BY sequence)
"""  # noqa: S608 (the names are this program's own)
_POSTGRESQL_LOG = f"""
    SELECT count(*), string_agg({_LINE.format("||")}, chr(10) ORDER BY sequence)
    FROM votes WHERE conversation = %s AND sequence > %s AND sequence <= %s
"""  # noqa: S608 (as above)


# Many short questions: compiling each, and starting workers for it, took longer than answering it.
_SHORT_QUESTIONS = ("SET LOCAL jit = off", "SET LOCAL max_parallel_workers_per_gather = 0")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody off the map: excluded with a reason, or erased."""

    participant_number: int
    is_erased: bool
    reason: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class MapStamp:
    """Which map was published last, and everybody's place and group on it, as `NewGroupMap.places` has them."""

    method_version: int
    sequence: int
    result_hash: str
    places: bytes

    def group_of(self, participant_number: int) -> int:
        """Return the index of a participant's group; negative without one."""
        return self._cell(participant_number)[2]

    def place_of(self, participant_number: int) -> tuple[float, float] | None:
        """Return where a participant stands; nothing for who isn't placed."""
        x, y, group = self._cell(participant_number)
        return None if group == _NOT_PLACED else (x, y)

    def _cell(self, participant_number: int) -> tuple[float, float, int]:
        at = participant_number * PLACE_BYTES
        return _PLACE.unpack_from(self.places, at) if at < len(self.places) else (0.0, 0.0, _NOT_PLACED)


@dataclass(frozen=True, slots=True)
class CastVote:
    """A current vote and when it was cast, in seconds since 1970."""

    participant_number: int
    statement_number: int
    value: int
    cast_at: int


@dataclass(frozen=True, slots=True)
class Ballot:
    """One participant's current votes: (statement number, value) by statement number."""

    participant_number: int
    votes: Sequence[tuple[int, int]]


class Reading:
    """A conversation as it was at one moment; everything large is read as it is asked for."""

    def __init__(self, connection: Connection, row: RowMapping, *, is_sqlite: bool) -> None:
        self._connection = connection
        self._is_sqlite = is_sqlite
        self.conversation: Conversation = conversation_of(row)
        self.counts = VoteCounts(
            *(row[name] for name in ("n_participants", "n_statements", "n_votes", "sequence"))
        )

    @property
    def _here(self) -> int:
        return self.conversation.number

    def statements(self) -> list[tuple[StatementRecord, bytes | None]]:
        """Return all statements by number, each with the hash of whoever wrote it."""
        query = select(statements).where(statements.c.conversation == self._here).order_by(statements.c.number)
        rows = self._connection.execute(query).mappings()
        return [(statement_of(row), None if row["author_hash"] is None else bytes(row["author_hash"]))
                for row in rows]  # fmt: skip

    def left_out(self) -> list[LeftOut]:
        """Return who is off the map, by number."""
        table = left_out_participants
        query = select(table).where(table.c.conversation == self._here).order_by(table.c.participant_number)
        return [
            LeftOut(row.participant_number, row.is_erased, row.reason, as_time(row.made_at))
            for row in self._connection.execute(query)
        ]

    def published_map(self) -> MapStamp | None:
        """Return which map was published last."""
        names = ("method_version", "sequence", "result_hash", "places")
        query = select(*(group_maps.c[name] for name in names)).where(group_maps.c.conversation == self._here)
        row = self._connection.execute(query).first()
        if row is None:
            return None
        return MapStamp(row.method_version, row.sequence, row.result_hash, bytes(row.places))

    def participants(self) -> Iterator[Sequence[tuple[int, bytes, str]]]:
        """Yield participants' numbers, hashes and channels, by number, some at a time."""
        query = select(participants.c.number, participants.c.id_hash, participants.c.channel).where(
            participants.c.conversation == self._here
        )
        for first in range(0, self.counts.n_participants, ROWS_AT_ONCE):
            these = participants.c.number.between(first, first + ROWS_AT_ONCE - 1)
            rows = self._connection.execute(query.where(these).order_by(participants.c.number))
            yield [(row.number, bytes(row.id_hash), row.channel) for row in rows]

    def changes(self) -> Iterator[Sequence[LoggedChange]]:
        """Yield what was changed apart from votes, by sequence, some at a time."""
        query = select(changes).where(changes.c.conversation == self._here).order_by(changes.c.sequence)
        after = 0
        while True:
            rows = self._connection.execute(query.where(changes.c.sequence > after).limit(ROWS_AT_ONCE)).all()
            if not rows:
                return
            yield [LoggedChange(row.sequence, row.kind, row.payload, as_time(row.made_at)) for row in rows]
            after = rows[-1].sequence

    def log_lines(self) -> Iterator[tuple[int, str]]:
        """Yield the log as CSV without its header, some lines at a time, and how many they are.

        The columns: sequence, participant number, statement number, value, seconds since 1970.
        """
        query = _SQLITE_LOG if self._is_sqlite else _POSTGRESQL_LOG
        for after in range(0, self.counts.sequence, LINES_AT_ONCE):
            given = (self._here, after, after + LINES_AT_ONCE)
            n_lines, lines = self._connection.exec_driver_sql(query, given).one()
            if n_lines:
                yield n_lines, f"{lines}\n"

    def cast_votes(self) -> Iterator[Sequence[CastVote]]:
        """Yield current votes in the order they were cast, some at a time."""
        same = (
            (current_votes.c.conversation == votes.c.conversation)
            & (current_votes.c.participant_number == votes.c.participant_number)
            & (current_votes.c.statement_number == votes.c.statement_number)
            & (current_votes.c.sequence == votes.c.sequence)
        )
        names = ("participant_number", "statement_number", "value", "cast_at")
        query = (
            select(*(votes.c[name] for name in names))
            .join(current_votes, same)
            .where(votes.c.conversation == self._here, votes.c.value != WITHDRAWN)
            .order_by(votes.c.sequence)
        )
        for after in range(0, self.counts.sequence, VOTES_AT_ONCE):
            these = (votes.c.sequence > after) & (votes.c.sequence <= after + VOTES_AT_ONCE)
            yield [CastVote(*row) for row in self._connection.execute(query.where(these))]

    def votes_by_statement(self) -> Iterator[CastVote]:
        """Yield current votes by statement number, then by participant number."""
        same = (current_votes.c.conversation == votes.c.conversation) & (
            current_votes.c.sequence == votes.c.sequence
        )
        query = (
            select(current_votes.c.participant_number, current_votes.c.statement_number,
                   current_votes.c.value, votes.c.cast_at)
            .join(votes, same)
            .where(current_votes.c.conversation == self._here, current_votes.c.value != WITHDRAWN)
            .order_by(current_votes.c.statement_number, current_votes.c.participant_number)
        )  # fmt: skip
        for row in self._connection.execute(query, execution_options={"yield_per": VOTES_AT_ONCE}):
            yield CastVote(*row)

    def ballots(self, numbers: Sequence[int] | None = None) -> Iterator[Ballot]:
        """Yield the ballots of those who have a current vote: by number, or of the given numbers in turn."""
        wanted = range(self.counts.n_participants) if numbers is None else numbers
        at_once = self._participants_at_once()
        for first in range(0, len(wanted), at_once):
            these = list(wanted[first : first + at_once])
            found = self._ballots_of(these, is_range=numbers is None)
            yield from (found[number] for number in these if number in found)

    def last_cast(self, numbers: Sequence[int]) -> dict[int, tuple[int, int]]:
        """Return when each of these cast the first and the last of their current votes, in seconds."""
        query = (
            select(current_votes.c.participant_number, func.min(votes.c.cast_at), func.max(votes.c.cast_at))
            .join(votes, (votes.c.conversation == current_votes.c.conversation)
                  & (votes.c.sequence == current_votes.c.sequence))
            .where(
                current_votes.c.conversation == self._here,
                current_votes.c.participant_number.in_(numbers),
                current_votes.c.value != WITHDRAWN,
            )
            .group_by(current_votes.c.participant_number)
        )  # fmt: skip
        return {number: (first, last) for number, first, last in self._connection.execute(query)}

    def _participants_at_once(self) -> int:
        """Return how many participants have about `VOTES_AT_ONCE` votes together."""
        per_participant = max(1, self.counts.n_votes // max(1, self.counts.n_participants))
        return max(1, min(VOTES_AT_ONCE // per_participant, ROWS_AT_ONCE))

    def _ballots_of(self, numbers: Sequence[int], *, is_range: bool) -> dict[int, Ballot]:
        packed = 4 * current_votes.c.statement_number + current_votes.c.value + 1
        together = func.group_concat(packed) if self._is_sqlite else func.array_agg(packed)
        who = current_votes.c.participant_number
        query = select(who, together).where(
            current_votes.c.conversation == self._here,
            who.between(numbers[0], numbers[-1]) if is_range else who.in_(numbers),
            current_votes.c.value != WITHDRAWN,
        )
        return {
            number: Ballot(number, _unpacked(cells))
            for number, cells in self._connection.execute(query.group_by(who))
        }


@contextmanager
def reading(store: Store, conversation: Conversation) -> Iterator[Reading]:
    """Yield a conversation to be read at one moment.

    Raises
    ------
    NotFoundError
        If it has gone.
    """
    with store.reading() as connection:
        query = select(conversations).where(conversations.c.number == conversation.number)
        row = connection.execute(query).mappings().first()
        if row is None:
            raise NotFoundError(f"no conversation {conversation.id}")
        for setting in () if store.is_sqlite else _SHORT_QUESTIONS:
            connection.exec_driver_sql(setting)
        yield Reading(connection, row, is_sqlite=store.is_sqlite)


def _unpacked(cells: str | Sequence[int]) -> list[tuple[int, int]]:
    """Return (statement number, value) by statement number, as they were packed in the query."""
    numbers = map(int, cells.split(",")) if isinstance(cells, str) else cells
    return [(number >> 2, (number & 3) - 1) for number in sorted(numbers)]

"""Paper ballots: a batch is typed in twice, compared, and recorded whole or not at all."""

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import orjson
from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from clustering.vocabulary import ParticipantId, StatementId, VoteValue
from service.store.clock import as_time, now_seconds
from service.store.conversations import lock, log_changes
from service.store.database import Store
from service.store.errors import NotFoundError, StoreError
from service.store.records import Conversation, NewVote, RefusedVote
from service.store.tables import ballot_batches
from service.store.votes import record_within


@dataclass(frozen=True, slots=True)
class BallotEntry:
    """A batch of ballots as one operator typed it in.

    Attributes
    ----------
    ballots
        Ballot's number as written on it → statement → vote.
    is_double
        Whether a second operator types it in too before it counts.
    """

    batch: str
    operator: str
    channel: str
    ballots: dict[str, dict[str, int]]
    is_double: bool = True

    def written(self) -> bytes:
        """Return the ballots in one form, whatever the order in which they were typed in."""
        return orjson.dumps(self.ballots, option=orjson.OPT_SORT_KEYS)

    def votes(self) -> list[tuple[str, str, NewVote]]:
        """Return ballot, statement and the vote to record, in order."""
        return [
            (ballot, statement, self._vote(ballot, statement, value))
            for ballot, marks in self.ballots.items()
            for statement, value in marks.items()
        ]

    def _vote(self, ballot: str, statement: str, value: int) -> NewVote:
        # Kept, like every id, only as a keyed hash.
        who = ParticipantId(f"ballot {len(self.batch)} {self.batch} {ballot}")
        return NewVote(who, StatementId(statement), VoteValue(value), channel=self.channel)


@dataclass(frozen=True, slots=True)
class BallotBatch:
    """A batch of ballots as kept: waiting for the second entry, or recorded."""

    id: str
    operator: str
    is_recorded: bool
    n_ballots: int
    n_votes: int
    made_at: datetime
    recorded_at: datetime | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two entries of a batch differ; a vote that wasn't typed in is None."""

    ballot: str
    statement: str
    first: int | None
    second: int | None


@dataclass(frozen=True, slots=True)
class RefusedMark:
    """A vote on a ballot that can't be recorded."""

    ballot: str
    statement: str
    refused: RefusedVote


@dataclass(eq=False)
class EntriesDifferError(StoreError):
    """Two operators typed in different things; nothing was recorded."""

    differences: Sequence[Difference]


@dataclass(eq=False)
class MarksRefusedError(StoreError):
    """Some votes of a batch can't be recorded; so none was."""

    marks: Sequence[RefusedMark] = field(default_factory=tuple)


class RecordedBeforeError(StoreError):
    """Another content was recorded under this batch's id."""


def enter(store: Store, conversation: Conversation, entry: BallotEntry) -> BallotBatch:
    """Keep an operator's entry, or record the batch when it is the second of two equal ones.

    The same entry again changes nothing. An operator who corrects a batch that isn't recorded yet replaces
    their own entry.

    Raises
    ------
    EntriesDifferError
        When another operator's entry differs; it stays as it was.
    MarksRefusedError
        When a vote can't be recorded: an unknown or hidden statement, a closed conversation.
    RecordedBeforeError
        When the batch was recorded with other votes.
    """
    written = entry.written()
    digest = hashlib.sha256(written).digest()
    with store.writing() as connection:
        lock(connection, conversation.number)
        known = _read(connection, conversation, entry.batch)
        if known is not None and known["is_recorded"]:
            if known["entry_hash"] != digest:
                raise RecordedBeforeError(f"batch {entry.batch} was recorded with other votes")
            return _batch(known)
        if known is not None and known["operator"] != entry.operator and known["entry_hash"] != digest:
            raise EntriesDifferError(differences(orjson.loads(zlib.decompress(known["entry"])), entry.ballots))
        is_agreed = known is not None and known["operator"] != entry.operator
        row = {
            "conversation": conversation.number,
            "id": entry.batch,
            "operator": entry.operator,
            "is_recorded": is_agreed or not entry.is_double,
            "n_ballots": len(entry.ballots),
            "n_votes": sum(map(len, entry.ballots.values())),
            "entry_hash": digest,
            "entry": None,
            "made_at": now_seconds() if known is None else known["made_at"],
            "recorded_at": None,
        }
        _record(connection, store, conversation, entry, is_kept=row["is_recorded"])
        if row["is_recorded"]:
            operators = sorted({entry.operator} | ({known["operator"]} if known is not None else set()))
            told = {"batch": entry.batch, "operators": operators, "n_ballots": row["n_ballots"]}
            log_changes(connection, conversation.number, [("ballots-recorded", told)])
            row["recorded_at"] = now_seconds()
        else:
            row["entry"] = zlib.compress(written)
        _replace(connection, conversation, row)
        kept = _read(connection, conversation, entry.batch)
    assert kept is not None  # noqa: S101 - it was written above.
    return _batch(kept)


def list_batches(store: Store, conversation: Conversation) -> list[BallotBatch]:
    """Return a conversation's batches, by when they were first typed in."""
    query = select(ballot_batches).where(ballot_batches.c.conversation == conversation.number)
    with store.reading() as connection:
        rows = connection.execute(query.order_by(ballot_batches.c.made_at, ballot_batches.c.id)).mappings()
        return [_batch(row) for row in rows]


def forget(store: Store, conversation: Conversation, batch: str) -> None:
    """Forget an entry that isn't recorded yet.

    Raises
    ------
    NotFoundError
        When there is no such entry.
    RecordedBeforeError
        When its votes count already.
    """
    with store.writing() as connection:
        lock(connection, conversation.number)
        known = _read(connection, conversation, batch)
        if known is None:
            raise NotFoundError("no such batch")
        if known["is_recorded"]:
            raise RecordedBeforeError("the votes of this batch count already; exclude its ballots instead")
        connection.execute(delete(ballot_batches).where(_this(conversation, batch)))


def differences(first: dict[str, dict[str, int]], second: dict[str, dict[str, int]]) -> list[Difference]:
    """Return where two entries differ, by ballot and statement.

    Examples
    --------
    >>> differences({"1": {"trees": 1}}, {"1": {"trees": -1}})
    [Difference(ballot='1', statement='trees', first=1, second=-1)]
    """
    found = []
    for ballot in sorted(first.keys() | second.keys()):
        one, other = first.get(ballot, {}), second.get(ballot, {})
        found += [
            Difference(ballot, statement, one.get(statement), other.get(statement))
            for statement in sorted(one.keys() | other.keys())
            if one.get(statement) != other.get(statement)
        ]
    return found


def _record(
    connection: Connection, store: Store, conversation: Conversation, entry: BallotEntry, *, is_kept: bool
) -> None:
    """Record all votes of an entry, or only look whether that would be possible."""
    wanted = entry.votes()
    with connection.begin_nested() as attempt:
        answers = record_within(connection, store, conversation, [vote for _, _, vote in wanted])
        refused = tuple(
            RefusedMark(ballot, statement, answer)
            for (ballot, statement, _), answer in zip(wanted, answers, strict=True)
            if isinstance(answer, RefusedVote)
        )
        if refused:
            raise MarksRefusedError(refused)
        if not is_kept:
            attempt.rollback()


def _replace(connection: Connection, conversation: Conversation, row: dict) -> None:
    this = _this(conversation, row["id"])
    if connection.execute(update(ballot_batches).where(this).values(row)).rowcount == 0:
        connection.execute(insert(ballot_batches).values(row))


def _read(connection: Connection, conversation: Conversation, batch: str) -> RowMapping | None:
    return connection.execute(select(ballot_batches).where(_this(conversation, batch))).mappings().first()


def _this(conversation: Conversation, batch: str):
    return (ballot_batches.c.conversation == conversation.number) & (ballot_batches.c.id == batch)


def _batch(row: RowMapping) -> BallotBatch:
    return BallotBatch(
        id=row["id"],
        operator=row["operator"],
        is_recorded=row["is_recorded"],
        n_ballots=row["n_ballots"],
        n_votes=row["n_votes"],
        made_at=as_time(row["made_at"]),
        recorded_at=None if row["recorded_at"] is None else as_time(row["recorded_at"]),
    )

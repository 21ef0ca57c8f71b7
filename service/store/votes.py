"""The vote log: record votes, read one's own."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, bindparam, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from clustering.vocabulary import StatementId, VoteValue
from service.store import participants
from service.store.clock import as_time, now_seconds
from service.store.conversations import lock
from service.store.database import Store
from service.store.errors import NotFoundError
from service.store.phases import asks_for_votes
from service.store.platform_records import HashedParticipant
from service.store.records import (
    Conversation,
    NewVote,
    OwnVote,
    RecordedVote,
    Refusal,
    RefusedVote,
    StatementState,
    VoteCounts,
)
from service.store.tables import conversations, current_votes, statements, votes

Answer = RecordedVote | RefusedVote

PAIRS_AT_ONCE = 500
"""Most participant–statement pairs in one question to the database."""

WITHDRAWN = 2
"""What a line holds that takes a vote back; the pair keeps its row, so that a late retry can't undo that."""


def _upsert(dialect: Any) -> Any:
    """Return the statement that makes votes the current ones."""
    new = dialect.insert(current_votes)
    return new.on_conflict_do_update(
        index_elements=["conversation", "participant_number", "statement_number"],
        set_={name: new.excluded[name] for name in ("value", "sequence", "client_sequence")},
    )


# Made once: building these for every vote took longer than running them.
_SELECT_STATEMENTS = select(statements.c.id, statements.c.number, statements.c.state).where(
    statements.c.conversation == bindparam("here"), statements.c.id.in_(bindparam("ids", expanding=True))
)
_PAIR = tuple_(current_votes.c.participant_number, current_votes.c.statement_number)
_SELECT_CURRENT = select(
    current_votes.c.participant_number,
    current_votes.c.statement_number,
    current_votes.c.value,
    current_votes.c.sequence,
    current_votes.c.client_sequence,
).where(current_votes.c.conversation == bindparam("here"), _PAIR.in_(bindparam("pairs", expanding=True)))
_SELECT_COUNTS = select(
    *(conversations.c[name] for name in ("n_participants", "n_statements", "n_votes", "sequence"))
).where(conversations.c.number == bindparam("here"))
_INSERT_LINES = insert(votes)
_UPSERT_CURRENT = {"sqlite": _upsert(sqlite), "postgresql": _upsert(postgresql)}
_UPDATE_REACHED = (
    update(conversations)
    .where(conversations.c.number == bindparam("here"))
    .values(sequence=bindparam("reached"), n_votes=bindparam("counted"))
)


def record(store: Store, conversation: Conversation, new_votes: Sequence[NewVote]) -> list[Answer]:
    """Record votes in one transaction and answer each, in order; a refusal doesn't stop the others.

    A vote equal to the participant's current one on that statement writes nothing and is answered with the
    sequence it has already.

    Raises
    ------
    NotFoundError
        If the conversation has gone.
    StoreUnavailableError
        If the votes can't be known to be kept; casting them again is safe.
    """
    return record_all(store, [(conversation, new_votes)])[0]


def record_all(store: Store, batches: Sequence[tuple[Conversation, Sequence[NewVote]]]) -> list[list[Answer]]:
    """Record several conversations' votes in one transaction, so that they share one flush to disk."""
    answers: list[list[Answer]] = [[] for _ in batches]
    with store.writing() as connection:
        # Everybody locks in the order of numbers, so that nobody waits in a circle.
        for place in sorted(range(len(batches)), key=lambda place: batches[place][0].number):
            conversation, new_votes = batches[place]
            answers[place] = record_within(connection, store, conversation, new_votes)
    return answers


def own_votes(
    store: Store, conversation: Conversation, participant_id: str | HashedParticipant
) -> list[OwnVote]:
    """Return a participant's current votes, by statement number."""
    with store.reading() as connection:
        number = participants.number_of(connection, store, conversation, participant_id)
        if number is None:
            return []
        here = current_votes.c.conversation == conversation.number
        query = (
            select(statements.c.id, current_votes.c.value, current_votes.c.sequence, votes.c.cast_at)
            .join(statements, and_(here, _same(statements, "number", "statement_number")))
            .join(votes, and_(here, _same(votes, "sequence", "sequence")))
            .where(here, current_votes.c.participant_number == number, current_votes.c.value != WITHDRAWN)
            .order_by(current_votes.c.statement_number)
        )
        return [
            OwnVote(StatementId(id_text), VoteValue(value), sequence, as_time(cast_at))
            for id_text, value, sequence, cast_at in connection.execute(query)
        ]


def counts(store: Store, conversation: Conversation) -> VoteCounts:
    """Return how much the conversation holds now."""
    with store.reading() as connection:
        row = connection.execute(_SELECT_COUNTS, {"here": conversation.number}).first()
    if row is None:
        raise NotFoundError(f"no conversation {conversation.id}")
    return VoteCounts(*row)


@dataclass(frozen=True, slots=True)
class _Current:
    """A participant's current vote on a statement, or that they took it back."""

    value: int
    sequence: int
    client_sequence: int | None

    def is_newer_than(self, vote: NewVote) -> bool:
        """Return whether an act arrives too late: the same device has acted on this statement since."""
        if vote.client_sequence is None or self.client_sequence is None:
            return False
        return vote.client_sequence < self.client_sequence


@dataclass
class _Batch:
    """One conversation's votes on their way into the log, under its lock."""

    row: RowMapping
    statement_numbers: dict[str, int]
    hidden: set[str]
    current: dict[tuple[int, int], _Current] = field(default_factory=dict)
    lines: list[dict] = field(default_factory=list)
    touched: set[tuple[int, int]] = field(default_factory=set)
    n_votes_more: int = 0
    is_time_to_vote: bool = True

    def refusal(self, vote: NewVote) -> RefusedVote | None:
        """Return why this vote can't be taken, if it can't."""
        if not self.row["is_open"]:
            return RefusedVote(Refusal.CONVERSATION_CLOSED)
        if not self.is_time_to_vote:
            return RefusedVote(Refusal.NOT_NOW)
        if vote.statement in self.hidden:
            return RefusedVote(Refusal.HIDDEN_STATEMENT)
        if vote.statement not in self.statement_numbers:
            return RefusedVote(Refusal.UNKNOWN_STATEMENT)
        return None

    def take(self, pair: tuple[int, int], vote: NewVote, cast_at: int) -> RecordedVote:
        """Put a vote in the log unless it is the current one already; a later vote of the batch sees it."""
        known = self.current.get(pair)
        value = WITHDRAWN if vote.value is None else int(vote.value)
        before = WITHDRAWN if known is None else known.value
        reached = self.row["sequence"] if known is None else known.sequence
        if known is not None and known.is_newer_than(vote):
            return RecordedVote(reached, is_new_line=False, is_superseded=True)
        client_sequence = _later(vote.client_sequence, None if known is None else known.client_sequence)
        if before == value:
            self._note(pair, known or _Current(value, reached, None), client_sequence)
            return RecordedVote(reached, is_new_line=False)
        self.n_votes_more += (before == WITHDRAWN) - (value == WITHDRAWN)
        sequence = self.row["sequence"] + len(self.lines) + 1
        self.current[pair] = _Current(value, sequence, client_sequence)
        self.lines.append(
            {"conversation": self.row["number"], "sequence": sequence, "participant_number": pair[0],
             "statement_number": pair[1], "value": value, "cast_at": cast_at}
        )  # fmt: skip
        return RecordedVote(sequence, is_new_line=True)

    def _note(self, pair: tuple[int, int], known: "_Current", client_sequence: int | None) -> None:
        """Remember how far a device is although nothing changed: an older act may still be on its way."""
        if client_sequence != known.client_sequence:
            self.current[pair] = _Current(known.value, known.sequence, client_sequence)
            self.touched.add(pair)


def record_within(
    connection: Connection, store: Store, conversation: Conversation, new_votes: Sequence[NewVote]
) -> list[Answer]:
    """Record one conversation's votes in a transaction that may hold more, as `record` does."""
    row = lock(connection, conversation.number)
    batch = _Batch(row, *_statements_voted_on(connection, conversation.number, new_votes))
    # Asked while the conversation is locked: what is acknowledged was cast in time, and is counted.
    batch.is_time_to_vote = asks_for_votes(row["settings"], now=time.time())
    answers: list[Answer | None] = [batch.refusal(vote) for vote in new_votes]
    taken = [place for place, answer in enumerate(answers) if answer is None]
    people = [participants.id_hash(store, conversation, new_votes[place].participant) for place in taken]
    numbers = participants.numbers(connection, conversation.number, set(people))
    newcomers: dict[bytes, str] = {}
    for hashed, place in zip(people, taken, strict=True):
        if hashed not in numbers and _is_an_act(new_votes[place]):
            newcomers.setdefault(hashed, new_votes[place].channel)
    pairs = {(numbers[hashed], batch.statement_numbers[new_votes[place].statement])
             for hashed, place in zip(people, taken, strict=True) if hashed in numbers}  # fmt: skip
    batch.current = _current(connection, conversation.number, sorted(pairs))
    numbers |= participants.add(connection, conversation.number, newcomers, first=row["n_participants"])
    cast_at = now_seconds()
    for hashed, place in zip(people, taken, strict=True):
        if hashed not in numbers:
            answers[place] = RecordedVote(row["sequence"], is_new_line=False)
            continue
        pair = numbers[hashed], batch.statement_numbers[new_votes[place].statement]
        answers[place] = batch.take(pair, new_votes[place], cast_at)
    _append(connection, store, batch)
    return [answer for answer in answers if answer is not None]


def _statements_voted_on(
    connection: Connection, conversation_number: int, new_votes: Sequence[NewVote]
) -> tuple[dict[str, int], set[str]]:
    """Return the numbers of the visible statements voted on, and the ids of those not visible."""
    wanted = {"here": conversation_number, "ids": list({vote.statement for vote in new_votes})}
    visible, hidden = {}, set()
    for id_text, number, state in connection.execute(_SELECT_STATEMENTS, wanted):
        if state == StatementState.VISIBLE:
            visible[id_text] = number
        else:
            hidden.add(id_text)
    return visible, hidden


def _current(
    connection: Connection, conversation_number: int, pairs: list[tuple[int, int]]
) -> dict[tuple[int, int], _Current]:
    """Return (participant, statement) → current vote for those pairs that have one."""
    found = {}
    for start in range(0, len(pairs), PAIRS_AT_ONCE):
        wanted = {"here": conversation_number, "pairs": pairs[start : start + PAIRS_AT_ONCE]}
        found.update(
            ((one, other), _Current(*rest)) for one, other, *rest in connection.execute(_SELECT_CURRENT, wanted)
        )
    return found


def _is_an_act(vote: NewVote) -> bool:
    """Return whether something has to be kept even of somebody who never voted here."""
    return vote.value is not None or vote.client_sequence is not None


def _later(one: int | None, other: int | None) -> int | None:
    known = [value for value in (one, other) if value is not None]
    return max(known, default=None)


def _append(connection: Connection, store: Store, batch: _Batch) -> None:
    """Write a batch's lines, the current votes they make, and the sequence they reach."""
    if batch.lines:
        connection.execute(_INSERT_LINES, batch.lines)
        reached = {"here": batch.row["number"], "reached": batch.lines[-1]["sequence"]}
        connection.execute(_UPDATE_REACHED, reached | {"counted": batch.row["n_votes"] + batch.n_votes_more})
    pairs = {(line["participant_number"], line["statement_number"]) for line in batch.lines} | batch.touched
    if pairs:
        kept = [
            {
                "conversation": batch.row["number"],
                "participant_number": pair[0],
                "statement_number": pair[1],
                "value": batch.current[pair].value,
                "sequence": batch.current[pair].sequence,
                "client_sequence": batch.current[pair].client_sequence,
            }
            for pair in sorted(pairs)
        ]
        connection.execute(_UPSERT_CURRENT["sqlite" if store.is_sqlite else "postgresql"], kept)


def _same(table, column: str, current: str):
    """Return the condition that a table's row belongs to the current vote's."""
    return and_(
        table.c.conversation == current_votes.c.conversation, table.c[column] == current_votes.c[current]
    )

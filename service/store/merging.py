"""Two statements that say the same become one: votes on the merged one are copied to the one that is kept.

The copies are ordinary lines of the log: those right before the change `statement-merged`, which says how many
they are. So they can always be told from votes that people cast themselves, in an export too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, func, insert, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from service.store.clock import as_time, now_seconds
from service.store.conversations import lock, log_changes
from service.store.database import Store
from service.store.errors import NotFoundError, StoreError
from service.store.merges import MERGED, UNMERGED, Merge, entries_within, standing, standing_of
from service.store.records import Conversation, StatementState
from service.store.tables import conversations, current_votes, statements, votes
from service.store.votes import WITHDRAWN


@dataclass(frozen=True, slots=True)
class Parted:
    """A merge that was taken back, the sequence reached, and how many copies were withdrawn."""

    merge: Merge
    sequence: int
    n_withdrawn: int


class MergeRefusal(StrEnum):
    """Why two statements aren't merged, or a merge isn't taken back."""

    SAME = "same"
    OTHER_KIND = "other-kind"
    NOT_SHOWN = "not-shown"
    MERGED_ALREADY = "merged-already"
    MERGED_ON = "merged-on"


@dataclass(eq=False)
class MergeRefusedError(StoreError):
    """These statements aren't merged, or not parted; nothing was changed."""

    reason: MergeRefusal

    def __str__(self) -> str:
        return _TOLD[self.reason]


_TOLD = {
    MergeRefusal.SAME: "a statement can't be merged with itself",
    MergeRefusal.OTHER_KIND: "one of the two is about people themselves (is_meta) and the other isn't",
    MergeRefusal.NOT_SHOWN: "the statement to keep isn't shown: show it first",
    MergeRefusal.MERGED_ALREADY: "the statement is merged already; take that merge back first",
    MergeRefusal.MERGED_ON: "the kept statement was itself merged since; take that merge back first",
}


def merge(
    store: Store, conversation: Conversation, merged: str, kept: str, *, reason: str
) -> tuple[Merge, bool]:
    """Hide a statement and copy its votes to another, for everybody who has no vote on that one.

    Who voted on both keeps the vote on the one that is kept. A copy says when the vote was cast. It is one
    transaction, in which the database copies the votes by itself.

    Parameters
    ----------
    reason
        What whoever wrote the merged statement reads.

    Returns
    -------
    tuple
        The merge, and whether it is new: the same one again changes nothing.

    Raises
    ------
    MergeRefusedError
        When they can't be merged; it says why.
    NotFoundError
        When the conversation lacks one of them.
    """
    with store.writing() as connection:
        row = lock(connection, conversation.number)
        out, into = (_statement(connection, conversation, one) for one in (merged, kept))
        before = standing_of(entries_within(connection, conversation), out["id"])
        if before is not None and before.kept == into["id"] and out["state"] == StatementState.HIDDEN:
            return before, False
        _check(out, into, before)
        n_copied = _append(connection, store, row, _copies(row, out["number"], into["number"]))
        _recount(connection, row, n_lines=n_copied, n_more=n_copied)
        altered = {"state": StatementState.HIDDEN.value, "reason": reason}
        _alter(connection, conversation, out["id"], altered)
        told = {"statement": out["id"], "into": into["id"], "n_copied": n_copied, **altered}
        told["before"] = {name: out[name] for name in altered}
        sequence = log_changes(connection, conversation.number, [(MERGED, told)])
    return Merge(sequence, out["id"], into["id"], n_copied, as_time(now_seconds())), True


def undo(store: Store, conversation: Conversation, sequence: int) -> Parted:
    """Take a merge back: copies that nobody changed since are withdrawn, the statement stands as it stood.

    Raises
    ------
    MergeRefusedError
        When the kept statement was merged into another since.
    NotFoundError
        When no merge of this sequence stands.
    """
    with store.writing() as connection:
        row = lock(connection, conversation.number)
        entries = entries_within(connection, conversation)
        found = next((one for one in standing(entries) if one.sequence == sequence), None)
        if found is None:
            raise NotFoundError(f"no merge {sequence} stands in this conversation")
        later = standing_of(entries, found.kept)
        if later is not None and later.sequence > sequence:
            raise MergeRefusedError(MergeRefusal.MERGED_ON)
        into = _statement(connection, conversation, found.kept)["number"]
        n_withdrawn = _append(connection, store, row, _withdrawals(row, into, found))
        _recount(connection, row, n_lines=n_withdrawn, n_more=-n_withdrawn)
        back = _back(connection, conversation, entries[sequence])
        told = {"statement": found.merged, "into": found.kept, "merge": sequence, "n_withdrawn": n_withdrawn}
        reached = log_changes(connection, conversation.number, [(UNMERGED, told | back)])
    return Parted(found, reached, n_withdrawn)


def _statement(connection: Connection, conversation: Conversation, statement_id: str) -> RowMapping:
    this = (statements.c.conversation == conversation.number) & (statements.c.id == statement_id)
    row = connection.execute(select(statements).where(this)).mappings().first()
    if row is None:
        raise NotFoundError(f"no statement {statement_id!r:.60} in this conversation")
    return row


def _check(out: RowMapping, into: RowMapping, before: Merge | None) -> None:
    if out["id"] == into["id"]:
        raise MergeRefusedError(MergeRefusal.SAME)
    if out["is_meta"] != into["is_meta"]:
        raise MergeRefusedError(MergeRefusal.OTHER_KIND)
    if before is not None:
        raise MergeRefusedError(MergeRefusal.MERGED_ALREADY)
    if into["state"] != StatementState.VISIBLE:
        raise MergeRefusedError(MergeRefusal.NOT_SHOWN)


def _copies(row: RowMapping, out: int, into: int) -> Any:
    """Return the question for votes to copy: current ones on `out` of those who have none on `into`."""
    theirs, there = current_votes.alias("theirs"), current_votes.alias("there")
    same_person = and_(
        there.c.conversation == theirs.c.conversation,
        there.c.participant_number == theirs.c.participant_number,
        there.c.statement_number == into,
    )
    cast = and_(votes.c.conversation == theirs.c.conversation, votes.c.sequence == theirs.c.sequence)
    return (
        select(*_line(row, theirs, into, value=theirs.c.value, cast_at=votes.c.cast_at))
        .join_from(theirs, votes, cast)
        .outerjoin(there, same_person)
        .where(
            theirs.c.conversation == row["number"],
            theirs.c.statement_number == out,
            theirs.c.value != WITHDRAWN,
            or_(there.c.value.is_(None), there.c.value == WITHDRAWN),
        )
    )


def _withdrawals(row: RowMapping, into: int, found: Merge) -> Any:
    """Return the question for copies that are still what their people's votes are."""
    line = _line(row, current_votes, into, value=literal(WITHDRAWN), cast_at=literal(now_seconds()))
    return select(*line).where(
        current_votes.c.conversation == row["number"],
        current_votes.c.statement_number == into,
        current_votes.c.sequence.between(found.sequence - found.n_copied, found.sequence - 1),
        current_votes.c.value != WITHDRAWN,
    )


def _line(row: RowMapping, theirs: Any, into: int, *, value: Any, cast_at: Any) -> Sequence[Any]:
    """Return the columns of new lines of the log, numbered on from the conversation's sequence."""
    place = func.row_number().over(order_by=theirs.c.participant_number)
    return (
        literal(row["number"]).label("conversation"),
        (literal(row["sequence"]) + place).label("sequence"),
        theirs.c.participant_number,
        literal(into).label("statement_number"),
        value.label("value"),
        cast_at.label("cast_at"),
    )


def _append(connection: Connection, store: Store, row: RowMapping, lines: Any) -> int:
    """Write lines of the log and make them the current votes; return how many they are.

    How far each device is stays known: an older act that is still on its way is late as before.
    """
    columns = ["conversation", "sequence", "participant_number", "statement_number", "value", "cast_at"]
    appended = insert(votes).from_select(columns, lines)
    n_lines = connection.execute(appended.execution_options(preserve_rowcount=True)).rowcount
    if not n_lines:
        return 0
    kept = ["conversation", "participant_number", "statement_number", "value", "sequence"]
    new = select(*(votes.c[name] for name in kept)).where(
        votes.c.conversation == row["number"],
        votes.c.sequence.between(row["sequence"] + 1, row["sequence"] + n_lines),
    )
    upsert = (sqlite if store.is_sqlite else postgresql).insert(current_votes).from_select(kept, new)
    connection.execute(
        upsert.on_conflict_do_update(
            index_elements=["conversation", "participant_number", "statement_number"],
            set_={name: upsert.excluded[name] for name in ("value", "sequence")},
        )
    )
    return n_lines


def _recount(connection: Connection, row: RowMapping, *, n_lines: int, n_more: int) -> None:
    reached = {"sequence": row["sequence"] + n_lines, "n_votes": row["n_votes"] + n_more}
    connection.execute(update(conversations).where(conversations.c.number == row["number"]).values(reached))


def _alter(connection: Connection, conversation: Conversation, statement_id: str, altered: Mapping) -> None:
    this = (statements.c.conversation == conversation.number) & (statements.c.id == statement_id)
    connection.execute(update(statements).where(this).values(dict(altered)))


def _back(connection: Connection, conversation: Conversation, entry: RowMapping) -> dict[str, Any]:
    """Give the merged statement back what it was, as far as nobody decided on it since; return what changed."""
    payload = entry["payload"]
    now = _statement(connection, conversation, payload["statement"])
    altered = {
        name: was
        for name, was in payload["before"].items()
        if name in {"state", "reason"} and now[name] == payload.get(name)
    }
    if altered:
        _alter(connection, conversation, now["id"], altered)
    return altered | {"before": {name: now[name] for name in altered}}

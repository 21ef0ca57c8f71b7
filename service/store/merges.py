"""Which statements were merged into which, as the log of changes tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from clustering.vocabulary import StatementId
from service.store.clock import as_time
from service.store.database import Store
from service.store.records import Conversation
from service.store.tables import changes

MERGED = "statement-merged"
UNMERGED = "statement-unmerged"
"""What the log of changes calls a merge, and that one was taken back."""


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge as the log tells it.

    Attributes
    ----------
    sequence
        Where it stands in the log; it is named by it.
    n_copied
        Votes that were copied: the log's lines right before `sequence`.
    """

    sequence: int
    merged: StatementId
    kept: StatementId
    n_copied: int
    made_at: datetime


_SELECT = (
    select(changes.c.sequence, changes.c.kind, changes.c.payload, changes.c.made_at)
    .where(changes.c.kind.in_([MERGED, UNMERGED]))
    .order_by(changes.c.sequence)
)


def list_standing(store: Store, conversation: Conversation) -> list[Merge]:
    """Return the merges that weren't taken back, oldest first."""
    with store.reading() as connection:
        return standing(entries_within(connection, conversation))


def copied_lines(connection: Connection, conversation_number: int) -> list[tuple[int, int]]:
    """Return the first and last sequence of lines of the log that merges wrote, in either direction."""
    query = _SELECT.where(changes.c.conversation == conversation_number)
    found = []
    for row in connection.execute(query):
        n_lines = _whole(row.payload.get("n_copied" if row.kind == MERGED else "n_withdrawn"))
        if n_lines:
            found.append((row.sequence - n_lines, row.sequence - 1))
    return found


def standing(entries: Mapping[int, RowMapping]) -> list[Merge]:
    """Return the merges among the log's entries that none of them takes back, oldest first."""
    gone = {_whole(row["payload"].get("merge")) for row in entries.values() if row["kind"] == UNMERGED}
    return [
        Merge(
            sequence=sequence,
            merged=StatementId(str(row["payload"].get("statement"))),
            kept=StatementId(str(row["payload"].get("into"))),
            n_copied=_whole(row["payload"].get("n_copied")),
            made_at=as_time(row["made_at"]),
        )
        for sequence, row in entries.items()
        if row["kind"] == MERGED and sequence not in gone
    ]


def standing_of(entries: Mapping[int, RowMapping], statement_id: str) -> Merge | None:
    """Return the merge of this statement that stands, if one does."""
    return next((one for one in standing(entries) if one.merged == statement_id), None)


def entries_within(connection: Connection, conversation: Conversation) -> dict[int, RowMapping]:
    """Return sequence → entry of the log, of merges and what took them back."""
    rows = connection.execute(_SELECT.where(changes.c.conversation == conversation.number)).mappings()
    return {row["sequence"]: row for row in rows}


def _whole(value: Any) -> int:
    """Return a number of the log; an import may hold anything there."""
    return value if isinstance(value, int) and value >= 0 else 0

"""A moderator takes decisions back: what stood before stands again, then a new map is asked for."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from clustering.vocabulary import StatementId
from service.actions.merge_statements import part_statements
from service.map_requests import MapRequests
from service.store import conversations, statements
from service.store.database import Store
from service.store.errors import NotFoundError
from service.store.merges import MERGED
from service.store.merging import MergeRefusedError
from service.store.records import Conversation, StatementChange, StatementRecord, StatementState

MODERATED = "statement-moderated"
"""What the log of changes calls a decision on a statement."""


def undo_moderation(
    store: Store, map_requests: MapRequests, conversation: Conversation, sequences: Sequence[int]
) -> list[StatementRecord]:
    """Return the statements that are as they were before these changes, merges among them.

    What somebody has decided since stays: of a statement only that comes back which still is as the change
    left it. A merge stays whose kept statement was merged on.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    logged = conversations.logged(store, conversation, sequences)
    parted = _parted(store, map_requests, conversation, [one.sequence for one in logged if one.kind == MERGED])
    entries = [one for one in logged if one.kind == MODERATED]
    ids = [StatementId(one.payload["statement"]) for one in entries]
    now = statements.by_ids(store, conversation, ids)
    wanted = []
    for entry, statement_id in zip(reversed(entries), reversed(ids), strict=True):
        back = _back(entry.payload, now.get(statement_id))
        if back:
            wanted.append(StatementChange(statement_id, **back))
    if not wanted:
        return parted
    changed = statements.moderate_all(store, conversation, wanted)
    map_requests.ask_at_once(conversation.number)
    return [*parted, *changed]


def _parted(
    store: Store, map_requests: MapRequests, conversation: Conversation, sequences: Sequence[int]
) -> list[StatementRecord]:
    """Take merges back, the latest first; return the statements that are on their own again."""
    ids = []
    for sequence in reversed(sequences):
        with suppress(MergeRefusedError, NotFoundError):
            ids.append(part_statements(store, map_requests, conversation, sequence).merge.merged)
    found = statements.by_ids(store, conversation, ids)
    return [found[one] for one in ids]


def _back(payload: Mapping[str, Any], statement: StatementRecord | None) -> dict[str, Any]:
    """Return which fields get back what they were."""
    if statement is None:
        return {}
    # Texts of somebody who was erased since are in the log no more.
    back = {
        name: was
        for name, was in payload["before"].items()
        if name in payload and getattr(statement, name) == payload[name]
    }
    if "state" in back:
        back["state"] = StatementState(back["state"])
    return back

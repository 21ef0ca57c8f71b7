"""Statements: add, list, moderate."""

from service.store.database import Store
from service.store.records import Conversation, NewStatement, StatementRecord, StatementState


def add(store: Store, conversation: Conversation, new: list[NewStatement]) -> list[StatementRecord]:
    """Add all or none; raises `AlreadyExistsError` naming an id that is taken."""
    raise NotImplementedError


def list_all(
    store: Store, conversation: Conversation, *, after: int | None = None, limit: int | None = None
) -> list[StatementRecord]:
    """Return statements in any state by number, those after number `after`; all of them without a limit."""
    raise NotImplementedError


def moderate(
    store: Store,
    conversation: Conversation,
    statement_id: str,
    *,
    state: StatementState | None = None,
    is_meta: bool | None = None,
) -> StatementRecord:
    """Change a statement's state; the sequence moves if anything changed. Raises `NotFoundError`."""
    raise NotImplementedError

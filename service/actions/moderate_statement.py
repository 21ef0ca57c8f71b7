"""A moderator decides on a statement: the decision is kept, then a new map is asked for."""

from service.map_requests import MapRequests
from service.store import statements
from service.store.database import Store
from service.store.records import Conversation, StatementRecord, StatementState


def moderate_statement(
    store: Store,
    map_requests: MapRequests,
    conversation: Conversation,
    statement_id: str,
    *,
    state: StatementState | None,
    is_meta: bool | None,
) -> StatementRecord:
    """Change a statement's state, or whether it is about the conversation itself, and ask for a new map.

    Raises
    ------
    NotFoundError
        When the conversation has no such statement.
    StoreUnavailableError
        When the store does not answer.
    """
    statement = statements.moderate(store, conversation, statement_id, state=state, is_meta=is_meta)
    map_requests.ask(conversation.number)
    return statement

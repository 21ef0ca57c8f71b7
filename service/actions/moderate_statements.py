"""A moderator decides on statements: the decisions are kept, all or none, then a new map is asked for."""

from collections.abc import Sequence

from service.map_requests import MapRequests
from service.store import statements
from service.store.database import Store
from service.store.records import Conversation, StatementChange, StatementRecord


def moderate_statements(
    store: Store, map_requests: MapRequests, conversation: Conversation, wanted: Sequence[StatementChange]
) -> list[StatementRecord]:
    """Change statements and ask for a new map.

    Raises
    ------
    NotFoundError
        When the conversation lacks one of them; nothing is changed then.
    StoreUnavailableError
        When the store does not answer.
    """
    changed = statements.moderate_all(store, conversation, wanted)
    map_requests.ask_at_once(conversation.number)
    return changed

"""Statements are added: they are kept, all or none, then a new map is asked for."""

from service.map_requests import MapRequests
from service.store import statements
from service.store.database import Store
from service.store.records import Conversation, NewStatement, StatementRecord


def add_statements(
    store: Store, map_requests: MapRequests, conversation: Conversation, new: list[NewStatement]
) -> list[StatementRecord]:
    """Add statements and ask for a new map, which lists them even before anybody votes.

    Raises
    ------
    AlreadyExistsError
        When an id is taken; nothing is added then.
    StoreUnavailableError
        When the store does not answer.
    """
    added = statements.add(store, conversation, new)
    map_requests.ask(conversation.number)
    return added

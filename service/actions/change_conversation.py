"""A conversation's words or settings change: they are kept, then a new map is asked for."""

from typing import Any

from service.map_requests import MapRequests
from service.store import conversations
from service.store.database import Store
from service.store.records import Conversation


def change_conversation(
    store: Store, map_requests: MapRequests, conversation: Conversation, changes: dict[str, Any]
) -> Conversation:
    """Change what is given, and ask for a new map when the change could alter it.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    changed = conversations.change(store, conversation, **changes)
    if changed.sequence != conversation.sequence:
        map_requests.ask_at_once(conversation.number)
    return changed

"""Participants are left off the map, or let back in; then a new map is asked for."""

from collections.abc import Sequence

from service.map_requests import MapRequests
from service.store import leaving
from service.store.database import Store
from service.store.errors import NotFoundError
from service.store.records import Conversation


def exclude_participants(
    store: Store,
    map_requests: MapRequests,
    conversation: Conversation,
    participant_numbers: Sequence[int],
    *,
    reason: str,
) -> int:
    """Leave participants off the map, votes kept; return how many weren't off it already.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    n_excluded = 0
    for number in participant_numbers:
        try:
            leaving.exclude(store, conversation, number, reason=reason)
        except NotFoundError:
            continue
        n_excluded += 1
    if n_excluded:
        map_requests.ask_at_once(conversation.number)
    return n_excluded


def readmit_participant(
    store: Store, map_requests: MapRequests, conversation: Conversation, participant_number: int
) -> None:
    """Let an excluded participant back in.

    Raises
    ------
    NotFoundError
        When they aren't excluded.
    """
    leaving.readmit(store, conversation, participant_number)
    map_requests.ask_at_once(conversation.number)

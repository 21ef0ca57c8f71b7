"""An operator types in a batch of paper ballots: it is kept or recorded, then a new map is asked for."""

from service.map_requests import MapRequests
from service.store import ballots
from service.store.ballots import BallotBatch, BallotEntry
from service.store.database import Store
from service.store.records import Conversation


def enter_ballots(
    store: Store, map_requests: MapRequests, conversation: Conversation, entry: BallotEntry
) -> BallotBatch:
    """Keep an operator's entry, or record the batch when it is the second of two equal ones.

    Raises
    ------
    EntriesDifferError, MarksRefusedError, RecordedBeforeError
        As `ballots.enter`; nothing is recorded then.
    StoreUnavailableError
        When the store does not answer.
    """
    kept = ballots.enter(store, conversation, entry)
    if kept.is_recorded:
        map_requests.ask(conversation.number)
    return kept

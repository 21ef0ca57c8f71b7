"""A platform hands in many votes: they are kept together, then one new map is asked for."""

from collections.abc import Sequence

from service.map_requests import MapRequests
from service.store import votes as vote_log
from service.store.database import Store
from service.store.records import Conversation, NewVote, RecordedVote, RefusedVote


def cast_votes(
    store: Store, map_requests: MapRequests, conversation: Conversation, votes: Sequence[NewVote]
) -> list[RecordedVote | RefusedVote]:
    """Record votes in one transaction and answer each, in order; a refused vote doesn't stop the others.

    Raises
    ------
    StoreUnavailableError
        When it can't be known whether the votes were kept; handing them in again is safe.
    """
    answers = vote_log.record(store, conversation, votes)
    if any(isinstance(answer, RecordedVote) and answer.is_new_line for answer in answers):
        map_requests.ask(conversation.number)
    return answers

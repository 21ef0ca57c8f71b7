"""Somebody votes: the vote is kept, then a new map is asked for."""

from service.map_requests import MapRequests
from service.store.committer import VoteCommitter
from service.store.records import Conversation, NewVote, RecordedVote, RefusedVote


def cast_vote(
    committer: VoteCommitter, map_requests: MapRequests, conversation: Conversation, vote: NewVote
) -> RecordedVote | RefusedVote:
    """Record one vote and ask for a new map; the answer comes after the commit, and never waits for the map.

    Raises
    ------
    StoreUnavailableError
        When it can't be known whether the vote was kept; casting it again is safe.
    """
    answer = committer.record(conversation, vote)
    if isinstance(answer, RecordedVote) and answer.is_new_line:
        map_requests.ask(conversation.number)
    return answer

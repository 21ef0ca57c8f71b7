"""The vote log: record votes, read one's own."""

from collections.abc import Sequence

from service.store.database import Store
from service.store.records import Conversation, NewVote, OwnVote, RecordedVote, RefusedVote, VoteCounts


def record(store: Store, conversation: Conversation, votes: Sequence[NewVote]) -> list[RecordedVote | RefusedVote]:
    """Record votes in one transaction and answer each, in order; a refusal doesn't stop the others."""
    raise NotImplementedError


def own_votes(store: Store, conversation: Conversation, participant_id: str) -> list[OwnVote]:
    """Return a participant's current votes, by statement number."""
    raise NotImplementedError


def counts(store: Store, conversation: Conversation) -> VoteCounts:
    """Return how much the conversation holds now."""
    raise NotImplementedError

"""Commit single votes together, so that one conversation isn't held to one vote per disk flush."""

from service.store.database import Store
from service.store.records import Conversation, NewVote, RecordedVote, RefusedVote


class VoteCommitter:
    """Takes votes from many threads and answers each after the commit that holds it. One per process."""

    def __init__(self, store: Store) -> None:
        raise NotImplementedError

    def record(self, conversation: Conversation, vote: NewVote) -> RecordedVote | RefusedVote:
        """Record one vote; raises `StoreUnavailableError` when it can't be known to be kept."""
        raise NotImplementedError

    def close(self) -> None:
        """Commit what waits, then stop."""
        raise NotImplementedError

"""Commit single votes together, so that one conversation isn't held to one vote per flush to disk.

A database flushes to disk at every commit, some milliseconds; under a conversation's lock that would hold it
to a few hundred votes a second. Here request threads hand in their votes, one thread commits all that wait in
one transaction, and every request is answered after the commit that holds its vote. While it commits, the
next votes gather: nobody waits longer than two commits.
"""

import queue
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, field

from service.store import votes
from service.store.database import Store
from service.store.errors import StoreError, StoreUnavailableError
from service.store.records import Conversation, NewVote, RecordedVote, RefusedVote

MOST_TOGETHER = 500
"""Most votes in one commit: keeps a conversation's lock well below a second."""

MOST_WAITING = 2_000
"""Most votes waiting; more than that is more than the disk can do, and the rest is told so at once."""

ANSWER_WITHIN_SECONDS = 15.0
"""After this a vote's fate is unknown to whoever cast it."""


@dataclass(frozen=True)
class _Waiting:
    """A vote in the queue, and where its answer goes."""

    conversation: Conversation
    vote: NewVote
    answer: Future = field(default_factory=Future)


class VoteCommitter:
    """Takes votes from many threads and answers each after the commit that holds it. One per process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: queue.Queue[_Waiting | None] = queue.Queue(MOST_WAITING)
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def record(self, conversation: Conversation, vote: NewVote) -> RecordedVote | RefusedVote:
        """Record one vote.

        Raises
        ------
        StoreUnavailableError
            When it can't be known to be kept; casting it again is safe.
        """
        self._start()
        waiting = _Waiting(conversation, vote)
        try:
            self._waiting.put_nowait(waiting)
        except queue.Full:
            raise StoreUnavailableError("too many votes are waiting to be kept; try again shortly") from None
        try:
            return waiting.answer.result(ANSWER_WITHIN_SECONDS)
        except FutureTimeoutError:
            raise StoreUnavailableError("the vote could not be kept in time; try again") from None

    def close(self) -> None:
        """Commit what waits, then stop."""
        with self._starting:
            self._is_closed = True
            thread = self._thread
        if thread is not None:
            self._waiting.put(None)
            thread.join(ANSWER_WITHIN_SECONDS)

    def _start(self) -> None:
        """Start the committing thread at the first vote: a thread made earlier would not survive a fork."""
        with self._starting:
            if self._is_closed:
                raise StoreUnavailableError("the service is stopping; try again shortly")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="vote-committer", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        """Commit what waits until told to stop."""
        while (first := self._waiting.get()) is not None:
            together, is_last = self._gather(first)
            self._commit(together)
            if is_last:
                return

    def _gather(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        """Return everything that waits now, and whether the order to stop was among it."""
        together = [first]
        while len(together) < MOST_TOGETHER:
            try:
                following = self._waiting.get_nowait()
            except queue.Empty:
                break
            if following is None:
                return together, True
            together.append(following)
        return together, False

    def _commit(self, together: list[_Waiting]) -> None:
        """Commit votes by conversation and answer them."""
        by_conversation: dict[int, list[_Waiting]] = {}
        for waiting in together:
            by_conversation.setdefault(waiting.conversation.number, []).append(waiting)
        groups = list(by_conversation.values())
        try:
            self._record(groups)
        except StoreUnavailableError as error:
            # The commit may have happened: once more could write a change of mind twice.
            for group in groups:
                self._fail(group, error)
        except Exception as error:
            # Nothing was committed. One conversation's trouble must not be another's: each again on its own.
            if len(groups) == 1:
                self._fail(groups[0], error)
                return
            for group in groups:
                self._commit(group)

    def _record(self, groups: list[list[_Waiting]]) -> None:
        """Commit groups in one transaction, then answer."""
        batches = [(group[0].conversation, [waiting.vote for waiting in group]) for group in groups]
        for group, answers in zip(groups, votes.record_all(self._store, batches), strict=True):
            for waiting, answer in zip(group, answers, strict=True):
                waiting.answer.set_result(answer)

    def _fail(self, group: list[_Waiting], error: Exception) -> None:
        """Tell everybody of a group that their vote isn't known to be kept."""
        known = (
            error
            if isinstance(error, StoreError)
            else StoreUnavailableError(f"unexpected: {type(error).__name__}")
        )
        if known is not error:
            known.__cause__ = error
        for waiting in group:
            waiting.answer.set_exception(known)

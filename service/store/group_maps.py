"""Group maps: publish if newer, read, and know which are behind."""

from datetime import datetime

from service.store.database import Store
from service.store.records import Conversation, MapAttempt, MapReading, Place, PresentedBefore, PublishedMap


def publish(store: Store, published: PublishedMap) -> bool:
    """Publish a map unless one as new is there already; return whether it was published."""
    raise NotImplementedError


def read(store: Store, conversation: Conversation) -> MapReading | None:
    """Return the published map, or None before the first."""
    raise NotImplementedError


def own_place(store: Store, conversation: Conversation, participant_id: str) -> Place | None:
    """Return where a participant stands on the published map; None when not placed."""
    raise NotImplementedError


def priorities(store: Store, conversation: Conversation) -> dict[str, float]:
    """Return statement id → priority of being shown next; empty before the first map."""
    raise NotImplementedError


def presented(store: Store, conversation_number: int) -> PresentedBefore | None:
    """Return what people saw last, for the worker."""
    raise NotImplementedError


def stale(store: Store, *, method_version: int, now: datetime) -> list[int]:
    """Return the numbers of conversations whose log is ahead of their map and that may be tried now."""
    raise NotImplementedError


def begin_attempt(store: Store, conversation_number: int, *, now: datetime) -> MapAttempt | None:
    """Count a try before it starts, or return None while an earlier one has its pause."""
    raise NotImplementedError


def fail_attempt(store: Store, conversation_number: int, *, error: str) -> None:
    """Keep what went wrong, for people to see."""
    raise NotImplementedError


def forget_attempts(store: Store, conversation_number: int) -> None:
    """Start counting anew, after a success."""
    raise NotImplementedError

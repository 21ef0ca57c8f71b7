"""Hold an attempt while it lasts, so that no other worker does the same or counts it as failed."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from service.store.attempts import AT_MAPS, FIRST_PAUSE_SECONDS, Attempted, hold_attempt
from service.store.database import Store
from service.store.errors import StoreError
from service.store.records import MapAttempt

HOLD_SECONDS = FIRST_PAUSE_SECONDS / 3
"""How often the attempt's pause is moved on: two may fail before anybody thinks that it was killed."""

_log = logging.getLogger(__name__)


@contextmanager
def held(
    store: Store,
    conversation_number: int,
    attempt: MapAttempt,
    *,
    at: Attempted = AT_MAPS,
    every_seconds: float = HOLD_SECONDS,
) -> Iterator[None]:
    """Move an attempt's pause on until its work is done; quick work writes nothing."""
    is_done = threading.Event()

    def hold() -> None:
        while not is_done.wait(every_seconds):
            try:
                now = datetime.now(UTC)
                hold_attempt(store, conversation_number, n_attempts=attempt.n_attempts, now=now, at=at)
            except StoreError as error:
                _log.warning("conversation %d: its attempt is not held: %s", conversation_number, error)

    holder = threading.Thread(target=hold, name="attempt-holder", daemon=True)
    holder.start()
    try:
        yield
    finally:
        is_done.set()
        holder.join()

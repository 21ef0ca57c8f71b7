"""Ask again for every conversation whose map is behind: whatever the queue lost is repaired here."""

import logging
import signal
import threading
from datetime import UTC, datetime

from clustering.settings import METHOD_VERSION
from service.lifetime import die_with_parent
from service.map_requests import MapRequests
from service.settings import Settings
from service.store import attempts
from service.store.database import Store, open_store
from service.store.errors import StoreError

_log = logging.getLogger(__name__)


def sweep(store: Store, requests: MapRequests, *, now: datetime) -> list[int]:
    """Ask for the maps that are behind and that no job waits for already; return which.

    Raises
    ------
    ConnectionError
        When the queue can't be reached.
    StoreUnavailableError
        When the store can't.
    """
    behind = attempts.stale(store, method_version=METHOD_VERSION, now=now)
    if not behind:
        return []
    waiting = requests.waiting()
    return [number for number in behind if number not in waiting and requests.ask_again(number)]


def main() -> None:
    """Sweep until told to stop."""
    settings = Settings()
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
    die_with_parent()
    is_stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: is_stopping.set())
    store = open_store(settings.database_url, secret=b"")
    requests = MapRequests(settings.redis_url, job_timeout_seconds=settings.job_timeout_seconds)
    while not is_stopping.wait(settings.sweep_seconds):
        try:
            sweep(store, requests, now=datetime.now(UTC))
        except (ConnectionError, StoreError) as error:
            _log.warning("%s; trying again", error)
    store.close()


if __name__ == "__main__":
    main()

"""Ask again for every map that is behind, and every assessment that is due: what the queue lost is repaired."""

import logging
import signal
import threading
from datetime import UTC, datetime

from clustering.settings import METHOD_VERSION
from service.lifetime import die_with_parent
from service.map_requests import AssessmentRequests, MapRequests
from service.settings import Settings
from service.store import assessments, attempts
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
    return _asked(requests, attempts.stale(store, method_version=METHOD_VERSION, now=now))


def sweep_assessments(store: Store, requests: AssessmentRequests, *, now: datetime) -> list[int]:
    """Ask for the assessments that are due and that no job waits for already; return of which conversations.

    Raises
    ------
    ConnectionError, StoreUnavailableError
        As `sweep`.
    """
    return _asked(requests, assessments.due(store, method_version=METHOD_VERSION, now=now))


def _asked(requests: MapRequests, wanted: list[int]) -> list[int]:
    if not wanted:
        return []
    waiting = requests.waiting()
    return [number for number in wanted if number not in waiting and requests.ask_again(number)]


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
    to_assessor = AssessmentRequests(
        settings.redis_url, job_timeout_seconds=settings.assessment_timeout_seconds
    )
    while not is_stopping.wait(settings.sweep_seconds):
        try:
            sweep(store, requests, now=datetime.now(UTC))
            sweep_assessments(store, to_assessor, now=datetime.now(UTC))
        except (ConnectionError, StoreError) as error:
            _log.warning("%s; trying again", error)
    store.close()


if __name__ == "__main__":
    main()

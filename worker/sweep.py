"""Ask again for what the queue lost: maps behind their votes, assessments due, analyses not begun."""

import logging
import signal
import threading
from datetime import UTC, datetime

from clustering.settings import METHOD_VERSION
from service.lifetime import die_with_parent
from service.map_requests import AnalysisRequests, AssessmentRequests, MapRequests
from service.settings import Settings
from service.store import analysis_jobs, assessments, attempts
from service.store.database import Store, open_store
from service.store.errors import StoreError

_log = logging.getLogger(__name__)


def sweep(store: Store, requests: MapRequests, *, now: datetime) -> list[int]:
    """Ask for the maps that are behind, don't rest, and that no job waits for already; return which.

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


def sweep_analyses(
    store: Store, requests: AnalysisRequests, *, now: datetime, limit_seconds: float
) -> list[int]:
    """Forget analyses past their time, and ask for those that nobody has begun; return which.

    Raises
    ------
    ConnectionError, StoreUnavailableError
        As `sweep`.
    """
    analysis_jobs.forget_old(store, now=now.timestamp(), limit_seconds=limit_seconds)
    return _asked(requests, analysis_jobs.waiting(store, now=now.timestamp()))


def _asked(requests: MapRequests, wanted: list[int]) -> list[int]:
    if not wanted:
        return []
    waiting = requests.waiting()
    return [
        number
        for number in wanted
        if number not in waiting and not requests.is_resting(number) and requests.ask_again(number)
    ]


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
    limit = settings.analysis_timeout_seconds
    for_analyses = AnalysisRequests(settings.redis_url, job_timeout_seconds=limit)
    while not is_stopping.wait(settings.sweep_seconds):
        try:
            sweep(store, requests, now=datetime.now(UTC))
            sweep_assessments(store, to_assessor, now=datetime.now(UTC))
            sweep_analyses(store, for_analyses, now=datetime.now(UTC), limit_seconds=limit)
            store.settle()
        except (ConnectionError, StoreError) as error:
            _log.warning("%s; trying again", error)
    store.close()


if __name__ == "__main__":
    main()

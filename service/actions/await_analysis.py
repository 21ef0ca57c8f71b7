"""An analysis is asked for, and waited for as long as a request may take; then it goes on by itself."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from service.map_requests import AnalysisRequests
from service.store import analysis_jobs
from service.store.analysis_records import AnalysisJob, NewAnalysis
from service.store.database import Store

WAIT_SECONDS = 5.0
"""How long a request waits for what it asked for: callers often wait for ten, and a busy machine adds to it."""

LOOK_SECONDS = (0.02, 0.25)
"""Pause between two looks, the first and the longest."""

MOST_WAITING = 4
"""Requests of one process that wait at the same time; the others are told at once where to look."""


@dataclass(frozen=True)
class WaitingRoom:
    """Room for requests that wait, so that they never take all threads from those who vote."""

    seats: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(MOST_WAITING))


class TooManyAnalysesError(Exception):
    """The tenant has as many analyses under way as it may have."""


def await_analysis(
    store: Store,
    requests: AnalysisRequests,
    room: WaitingRoom,
    new: NewAnalysis,
    pieces: Iterable[bytes] = (),
    *,
    seconds: float = WAIT_SECONDS,
) -> AnalysisJob:
    """Ask for an analysis; return it when it has ended, or when it takes longer than a request may wait.

    Parameters
    ----------
    pieces
        What it is to be made of.
    seconds
        How long to wait at most.

    Raises
    ------
    TooManyAnalysesError
        When the tenant has too many under way.
    StoreUnavailableError
        When the store does not answer.
    """
    job = analysis_jobs.add(store, new, pieces)
    if job is None:
        raise TooManyAnalysesError
    is_asked = requests.ask(job.number)
    if not is_asked or seconds <= 0 or not room.seats.acquire(blocking=False):
        return job
    try:
        return _awaited(store, job, until=time.monotonic() + seconds)
    finally:
        room.seats.release()


def _awaited(store: Store, job: AnalysisJob, *, until: float) -> AnalysisJob:
    pause, longest = LOOK_SECONDS
    while time.monotonic() < until:
        time.sleep(pause)
        pause = min(1.5 * pause, longest)
        found = analysis_jobs.read(store, job.number)
        if found is None:
            return job
        job = found
        if job.has_ended:
            break
    return job

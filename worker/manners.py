"""What the workers leave to whoever answers people: their turn on the processors, and pauses."""

import contextlib
import os
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LARGE = 300_000
"""Changes, most of them votes, from which on a conversation rests: up to there a map takes half a second."""

REST_SHARE = 9.0
"""A larger conversation rests nine times as long as its map took: that leaves it a tenth of a processor.

While its map is written every vote waits, and while it is drawn every answer waits a little longer."""

LONGEST_REST_SECONDS = 20.0
"""Erasure is to be seen within a minute: a rest, a round of the sweep, two drawings of fifteen seconds."""


def step_back(niceness: int) -> None:
    """Let others go first: those who vote, and whoever has just been waiting for something.

    Parameters
    ----------
    niceness
        From 0 to 19: how far behind.

    Raises
    ------
    Nothing.
    """
    os.nice(niceness)
    if hasattr(os, "SCHED_BATCH"):
        # It computes without a pause; whoever wakes up next to it needn't wait for the end of its turn. Some
        # systems let nobody choose.
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def behind_others(work: Callable[[], T], *, niceness: int) -> T:
    """Return what some work returns, done so that others go first, and only that work.

    Afterwards the caller is as quick as before: whoever publishes a map holds the store's lock meanwhile, and
    votes wait for it. A process can't take its niceness back; on Linux a thread has its own.

    Parameters
    ----------
    niceness
        From 0 to 19: how far behind.

    Raises
    ------
    Exception
        Whatever the work raised. A signal that interrupts the caller leaves the work to end by itself.
    """
    if sys.platform != "linux":
        return work()
    came: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            # A process that stands further back already may not come forward, and needn't.
            with contextlib.suppress(OSError):
                behind = max(niceness, os.getpriority(os.PRIO_PROCESS, 0))
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), behind)
            came.append(work())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run, name="behind-others", daemon=True)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return came[0]


def rest_seconds(spent_seconds: float, *, n_changes: int) -> float:
    """Return how long a conversation rests after a map took so much processor time; small ones don't.

    Without it the votes of a lively large conversation keep a whole processor drawing, which the answers to
    those votes would need.

    Parameters
    ----------
    spent_seconds
        Of the processors, so that other work on a busy machine doesn't count.
    n_changes
        The sequence that the map reached.

    Raises
    ------
    Nothing.

    Examples
    --------
    >>> [rest_seconds(spent, n_changes=2_000_000) for spent in (0.5, 2.0, 60.0)]
    [4.5, 18.0, 20.0]
    >>> rest_seconds(2.0, n_changes=1_000)
    0.0
    """
    return 0.0 if n_changes < LARGE else min(REST_SHARE * spent_seconds, LONGEST_REST_SECONDS)

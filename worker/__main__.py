"""Redraw maps as the queue asks."""

import sys

import worker.jobs  # noqa: F401 - loaded once here, so that no fork has to.
from clustering.warm_up import warm_up
from service.map_requests import QUEUE
from worker.listening import listen
from worker.manners import step_back


def main() -> int:
    """Work until told to stop."""
    # Drawing a map steps back further by itself: see `worker.jobs.NICENESS`.
    step_back(0)
    return listen(QUEUE, name="worker", warm_up=warm_up)


if __name__ == "__main__":
    sys.exit(main())

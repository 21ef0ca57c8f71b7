"""Redraw maps as the queue asks."""

import sys

import worker.jobs  # noqa: F401 - loaded once here, so that no fork has to.
from service.map_requests import QUEUE
from worker.listening import listen

NICENESS = 5
"""People who vote go before people who look: on a busy machine a map may come later, an answer may not."""

if __name__ == "__main__":
    sys.exit(listen(QUEUE, niceness=NICENESS, name="worker"))

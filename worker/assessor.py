"""Judge how sure maps are as the queue asks: a process beside the worker, so that no map waits for it."""

import sys

import worker.assessing  # noqa: F401 - loaded once here, so that no fork has to.
from service.map_requests import ASSESSMENT_QUEUE
from worker.listening import listen

NICENESS = 15
"""Behind whoever votes, and behind the worker that redraws maps."""

if __name__ == "__main__":
    sys.exit(listen(ASSESSMENT_QUEUE, niceness=NICENESS, name="assessor"))

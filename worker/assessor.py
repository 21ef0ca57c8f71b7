"""Judge how sure maps are as the queue asks: a process beside the worker, so that no map waits for it."""

import os
import sys

NICENESS = 15
"""Behind whoever votes, and behind the worker that redraws maps."""


def main() -> int:
    """Work until told to stop."""
    # Before the numerics are loaded, which takes seconds: the worker that starts at the same time goes first.
    os.nice(NICENESS)
    import worker.assessing  # noqa: F401 - loaded once here, so that no fork has to.
    from clustering.warm_up import warm_up_certainty
    from service.map_requests import ASSESSMENT_QUEUE
    from worker.listening import listen

    return listen(ASSESSMENT_QUEUE, name="assessor", warm_up=warm_up_certainty)


if __name__ == "__main__":
    sys.exit(main())

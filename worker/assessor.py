"""Judge how sure maps are, and make analyses that are asked for alone: no conversation's map waits for it."""

import sys

from worker.manners import step_back

NICENESS = 19
"""Behind whoever votes, and behind the worker that redraws maps."""


def main() -> int:
    """Work until told to stop."""
    # Before the numerics are loaded, which takes seconds: the worker that starts at the same time goes first.
    step_back(NICENESS)
    import worker.analysing
    import worker.assessing  # noqa: F401 - both loaded once here, so that no fork has to.
    from clustering.warm_up import warm_up_certainty
    from service.map_requests import ANALYSIS_QUEUE, ASSESSMENT_QUEUE
    from worker.listening import listen

    return listen(ANALYSIS_QUEUE, ASSESSMENT_QUEUE, name="assessor", warm_up=warm_up_certainty)


if __name__ == "__main__":
    sys.exit(main())

"""What workers leave to others: only the drawing is behind, not what comes after it."""

import os
import sys
import threading

import pytest

from worker.manners import behind_others


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has priorities of threads")
def test_only_the_work_is_behind():
    def niceness():
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    before = niceness()
    assert behind_others(niceness, niceness=min(19, before + 7)) == min(19, before + 7)
    assert niceness() == before


def test_what_goes_wrong_is_told_where_it_is_waited_for():
    with pytest.raises(ZeroDivisionError):
        behind_others(lambda: 1 // 0, niceness=19)

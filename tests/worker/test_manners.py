"""What workers leave to others: only the drawing is behind, not what comes after it."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from worker.manners import behind_others

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has priorities of threads")
def test_only_the_work_is_behind():
    def niceness():
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    before = niceness()
    assert behind_others(niceness, niceness=min(19, before + 7)) == min(19, before + 7)
    assert niceness() == before


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has priorities of threads")
def test_who_stands_further_back_already_stays_there():
    # In a process of its own: nobody may come forward again.
    script = (
        "import os, threading; from worker.manners import behind_others; os.nice(15);"
        "own = lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id());"
        "print(own(), behind_others(own, niceness=10), own())"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    before, during, after = map(int, told.stdout.split())
    assert before == during == after >= 15


def test_what_goes_wrong_is_told_where_it_is_waited_for():
    with pytest.raises(ZeroDivisionError):
        behind_others(lambda: 1 // 0, niceness=19)

"""Processes that don't outlive the one that started them, even when that one is killed."""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_LOOK_SECONDS = 1.0


def die_with_parent() -> None:
    """Have this process killed when its parent ends, however the parent ends.

    On Linux the kernel does it; elsewhere a thread looks who the parent is, once a second.
    """
    if sys.platform == "linux":
        _ask_kernel(_libc())
    else:
        threading.Thread(target=_watch, args=(os.getppid(),), name="parent-watch", daemon=True).start()


def dying_with_parent() -> Callable[[], None]:
    """Return what a child runs between fork and exec, so that it is killed when its parent ends.

    For programs that aren't ours. It does nothing but two system calls there, and on Linux only.
    """
    if sys.platform != "linux":
        return lambda: None
    libc, parent = _libc(), os.getpid()

    def prepare() -> None:
        _ask_kernel(libc)
        if os.getppid() != parent:
            os._exit(1)  # The parent ended before the kernel was asked.

    return prepare


def _libc() -> ctypes.CDLL:
    """Return the C library, found before any fork."""
    return ctypes.CDLL(None, use_errno=True)


def _ask_kernel(libc: ctypes.CDLL) -> None:
    """Ask Linux for SIGKILL when the parent ends."""
    libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


def _watch(parent: int) -> None:
    """End this process when it has another parent than before."""
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os._exit(1)

"""One thread for the numeric libraries, so that sums round alike on every machine."""

from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[Any]:
    """Return a context in which the numeric libraries split no sum over threads.

    Raises
    ------
    Nothing.
    """
    return _numeric_libraries().limit(limits=1)


@cache
def _numeric_libraries() -> ThreadpoolController:
    return ThreadpoolController()

"""Run a kernel over all rows: cut into the same parts always, several at once where it pays."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

N_PARTS = 16
"""Parts that rows are cut into, whatever the number of threads, so that sums round alike."""
WORTH_THREADS = 300_000
"""Votes or places from which a second thread gains more than starting it costs (0.1 ms)."""


def over_rows(kernel: Callable[..., None], n_rows: int, out: NDArray, *arguments: Any, work: int) -> None:
    """Let a kernel write its rows of `out`.

    Parameters
    ----------
    kernel
        Called with first row, last row, `out` and the arguments; writes only its own rows.
    n_rows
        Rows in all.
    work
        Votes or places to be gone through.

    Raises
    ------
    Nothing of its own.

    Notes
    -----
    *Source*: own, docs/decisions/0006-compiled-loops.md.
    """
    _run(lambda _, first, last: kernel(first, last, out, *arguments), n_rows, work)


def summed_over_rows(
    kernel: Callable[..., None], n_rows: int, shape: tuple[int, ...], *arguments: Any, work: int
) -> NDArray[np.float64]:
    """Return what a kernel adds up over all rows, of this shape: part by part, then the parts in order.

    Parameters
    ----------
    kernel
        Called with first row, last row, an array of zeros and the arguments; adds to the array.
    n_rows, shape
        Rows in all; shape of the sum.
    work
        Votes or places to be gone through.

    Raises
    ------
    Nothing of its own.

    Notes
    -----
    *Source*: own, docs/decisions/0006-compiled-loops.md.
    """
    n_parts = min(N_PARTS, max(n_rows, 1))
    partial = np.zeros((n_parts, *shape))
    _run(lambda part, first, last: kernel(first, last, partial[part], *arguments), n_rows, work)
    total = partial[0]
    for part in range(1, n_parts):
        total += partial[part]
    return total


def _run(call: Callable[[int, int, int], None], n_rows: int, work: int) -> None:
    n_parts = min(N_PARTS, max(n_rows, 1))
    bounds = [(part, part * n_rows // n_parts, (part + 1) * n_rows // n_parts) for part in range(n_parts)]
    n_threads = min(numba.config.NUMBA_NUM_THREADS, n_parts)  # type: ignore[attr-defined]
    if work < WORTH_THREADS or n_threads == 1:
        for bound in bounds:
            call(*bound)
        return
    # A pool of its own for every call: threads kept for later would be missing in a forked process.
    with ThreadPoolExecutor(n_threads) as pool:
        for done in [pool.submit(call, *bound) for bound in bounds]:
            done.result()

"""A random choice of people, where all of them would take too long."""

import numpy as np
from numpy.typing import NDArray


def some_rows(n_rows: int, n_kept: int, *, seed: int) -> NDArray[np.intp]:
    """Return so many rows of those there are, chosen at random, in order; all, if they are not more.

    Parameters
    ----------
    n_rows
        Rows there are.
    n_kept
        Rows wanted.
    seed
        Of the choice.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: sampling without replacement, `numpy.random.Generator.choice`.
    """
    if n_rows <= n_kept:
        return np.arange(n_rows)
    rng = np.random.Generator(np.random.PCG64([seed, n_kept]))
    return np.sort(rng.choice(n_rows, size=n_kept, replace=False))

"""Shares of people and how far they stand from chance, element by element."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from clustering.settings import PRIOR_SUCCESSES, PRIOR_TRIALS

Floats = NDArray[np.float64]


def smoothed_share(n_successes: ArrayLike, n_trials: ArrayLike) -> Floats:
    """Return the share (s + 1) / (n + 2), 0 … 1, of the arguments' common shape.

    Nobody asked gives ½.

    Raises
    ------
    ValueError
        If the shapes can't be broadcast.

    Notes
    -----
    *Source*: Laplace's rule of succession; Polis, repness.clj `:pa` (commit 2679ba7f).

    Examples
    --------
    >>> smoothed_share([0, 3], [0, 3]).tolist()
    [0.5, 0.8]
    """
    return (np.asarray(n_successes) + PRIOR_SUCCESSES) / (np.asarray(n_trials) + PRIOR_TRIALS)


def share_z(n_successes: ArrayLike, n_trials: ArrayLike) -> Floats:
    """Return how many standard errors a share stands above one half.

    2 √(n + 1) · ((s + 1) / (n + 1) − ½), of the arguments' common shape. Nobody asked gives 1.

    Raises
    ------
    ValueError
        If the shapes can't be broadcast.

    Notes
    -----
    *Source*: Polis, math/src/polismath/math/stats.clj `prop-test` (commit 2679ba7f).
    """
    trials = np.asarray(n_trials) + 1.0
    return 2.0 * np.sqrt(trials) * ((np.asarray(n_successes) + 1.0) / trials - 0.5)


def difference_z(
    n_successes: ArrayLike, n_trials: ArrayLike, other_successes: ArrayLike, other_trials: ArrayLike
) -> Floats:
    """Return how many standard errors one share stands above another (two-proportion z, all counts + 1).

    With s and n each raised by one: (p₁ − p₂) / √(p (1 − p) (1/n₁ + 1/n₂)), p the pooled share. Where the
    pooled share is 1 there is no difference to see and the answer is 0.

    Raises
    ------
    ValueError
        If the shapes can't be broadcast.

    Notes
    -----
    *Source*: Polis, math/src/polismath/math/stats.clj `two-prop-test` (commit 2679ba7f).
    """
    s1, n1, s2, n2 = (
        np.asarray(count) + 1.0 for count in (n_successes, n_trials, other_successes, other_trials)
    )
    pooled = (s1 + s2) / (n1 + n2)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (s1 / n1 - s2 / n2) / np.sqrt(pooled * (1.0 - pooled) * (1.0 / n1 + 1.0 / n2))
    return np.where(pooled == 1.0, 0.0, z)

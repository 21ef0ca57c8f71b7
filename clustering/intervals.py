"""How far a share, or the difference of two, may be from what was counted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from clustering.settings import INTERVAL_LEVEL

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Interval:
    """Shares, or differences of shares, with their lower and upper ends; arrays of one shape."""

    share: Floats
    low: Floats
    high: Floats


def share_quantile(n_successes: ArrayLike, n_trials: ArrayLike, *, level: float) -> Floats:
    """Return the share that the true one exceeds with a chance of 1 − level, 0 … 1.

    A quantile of Beta(s + 1, n − s + 1), what s of n votes leave of knowing nothing. Nobody asked gives
    the level.

    Raises
    ------
    ValueError
        If the shapes can't be broadcast.

    Notes
    -----
    *Source*: Bayes (1763) with a uniform prior; `scipy.special.betaincinv`.
    """
    s, n = np.asarray(n_successes, dtype=np.float64), np.asarray(n_trials, dtype=np.float64)
    return np.asarray(special.betaincinv(s + 1, n - s + 1, level), dtype=np.float64)


def share_interval(n_successes: ArrayLike, n_trials: ArrayLike, *, level: float = INTERVAL_LEVEL) -> Interval:
    """Return shares with their central interval of Beta(s + 1, n − s + 1).

    The share itself is s / n, or ½ where nobody was asked. It is the posterior's mode, and always inside.

    Raises
    ------
    ValueError
        If the shapes can't be broadcast.

    Notes
    -----
    *Source*: as `share_quantile`. Where nobody or everybody said yes the central interval would leave out
    the share itself, so it is widened to it.
    """
    s, n = np.asarray(n_successes, dtype=np.float64), np.asarray(n_trials, dtype=np.float64)
    share = np.divide(s, n, out=np.full(np.broadcast(s, n).shape, 0.5), where=n > 0)
    low = share_quantile(s, n, level=(1 - level) / 2)
    high = share_quantile(s, n, level=(1 + level) / 2)
    return Interval(share, np.minimum(low, share), np.maximum(high, share))


def difference_interval(one: Interval, other: Interval) -> Interval:
    """Return the difference of independent shares, −1 … 1, with its interval.

    Raises
    ------
    ValueError
        If the shapes can't be broadcast.

    Notes
    -----
    *Source*: Newcombe (1998), method 10, with Beta instead of Wilson intervals: the ends of the two
    intervals are combined by squares.
    """
    difference = one.share - other.share
    down = np.hypot(one.share - one.low, other.high - other.share)
    up = np.hypot(one.high - one.share, other.share - other.low)
    return Interval(difference, difference - down, difference + up)

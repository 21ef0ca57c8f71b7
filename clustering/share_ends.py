"""The 90 % interval of one share without arrays: for pages of a service that never loads the arithmetic."""

import math
from functools import lru_cache

from clustering.settings import INTERVAL_LEVEL

Z_90 = 1.6448536269514722
"""The standard normal distribution's quantile of 0.95."""

_LEAST_TRIALS, _MOST_SKEWNESS = 100, 0.1
"""From so many trials on, and up to so much skewness, the expansion is as good as the quantile itself."""

_ROUNDS, _CLOSE, _TINY = 200, 1e-6, 1e-300


@lru_cache(maxsize=65_536)
def share_ends(n_successes: float, n_trials: float) -> tuple[float, float]:
    """Return both ends of the central 90 % interval of Beta(s + 1, n − s + 1), widened to the share s / n.

    Parameters
    ----------
    n_successes, n_trials
        0 ≤ n_successes ≤ n_trials, n_trials > 0; weighed ones as their effective number.

    Raises
    ------
    ValueError
        When nobody was asked, or more said yes than were asked.

    Notes
    -----
    *Source*: what `clustering.intervals.share_interval` computes, to within 10⁻⁴; a test compares them. Where
    many were asked, Cornish and Fisher (1938), else Newton's method on the incomplete beta function.

    Examples
    --------
    >>> low, high = share_ends(8, 10)
    >>> round(low, 3), round(high, 3)
    (0.53, 0.921)
    """
    if not 0 <= n_successes <= n_trials or n_trials <= 0:
        raise ValueError(f"expected 0 to {n_trials} of more than 0, got {n_successes}")
    a, b, share = n_successes + 1.0, n_trials - n_successes + 1.0, n_successes / n_trials
    return min(_quantile(a, b, -1), share), max(_quantile(a, b, 1), share)


def difference_ends(
    n_successes: float, n_trials: float, n_other_successes: float, n_other_trials: float
) -> tuple[float, float, float]:
    """Return the difference of two independent shares, −1 … 1, and the ends of its 90 % interval.

    Raises
    ------
    ValueError
        As for `share_ends`, of either.

    Notes
    -----
    *Source*: as `clustering.intervals.difference_interval`, Newcombe (1998), method 10; a test compares them.
    """
    share, other = n_successes / n_trials, n_other_successes / n_other_trials
    low, high = share_ends(n_successes, n_trials)
    other_low, other_high = share_ends(n_other_successes, n_other_trials)
    difference = share - other
    down, up = math.hypot(share - low, other_high - other), math.hypot(high - share, other - other_low)
    return difference, difference - down, difference + up


def _quantile(a: float, b: float, side: int) -> float:
    """Return the lower (−1) or upper (1) end of the middle 90 % of Beta(a, b)."""
    n = a + b
    skewness = 2 * (b - a) * math.sqrt(n + 1) / ((n + 2) * math.sqrt(a * b))
    start = _expanded(a, b, side * Z_90, skewness)
    if n >= _LEAST_TRIALS and abs(skewness) <= _MOST_SKEWNESS:
        return start
    return _solved(a, b, (1 + side * INTERVAL_LEVEL) / 2, start)


def _expanded(a: float, b: float, z: float, skewness: float) -> float:
    """Return the quantile of Beta(a, b) that the normal one, z, is moved to by skewness and kurtosis."""
    n = a + b
    spread = math.sqrt(a * b / (n + 1)) / n
    kurtosis = 6 * ((a - b) ** 2 * (n + 1) - a * b * (n + 2)) / (a * b * (n + 2) * (n + 3))
    moved = z + skewness * (z * z - 1) / 6 + kurtosis * (z**3 - 3 * z) / 24
    return a / n + spread * (moved - skewness**2 * (2 * z**3 - 5 * z) / 36)


def _solved(a: float, b: float, level: float, start: float) -> float:
    """Return where Beta(a, b) reaches a level, by Newton's method between bounds that only come closer."""
    low, high = 0.0, 1.0
    x = start if 0 < start < 1 else a / (a + b)
    log_scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    for _ in range(_ROUNDS):
        above = _reached(a, b, x, log_scale) - level
        low, high = (low, x) if above > 0 else (x, high)
        density = math.exp(log_scale + (a - 1) * math.log(x) + (b - 1) * math.log1p(-x))
        following = x - above / density if density > _TINY else -1.0
        if not low < following < high:
            following = (low + high) / 2
        if abs(following - x) < _CLOSE:
            return following
        x = following
    return x


def _reached(a: float, b: float, x: float, log_scale: float) -> float:
    """Return how much of Beta(a, b) lies below x, 0 < x < 1.

    *Source*: the continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz's method.
    """
    if x > (a + 1) / (a + b + 2):
        return 1 - _reached(b, a, 1 - x, log_scale)
    front = math.exp(log_scale + a * math.log(x) + b * math.log1p(-x)) / a
    c, d = 1.0, 1 / _not_nought(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, 10_000):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _not_nought(1 + step * d)
            c = _not_nought(1 + step / c)
            found *= c * d
        if abs(c * d - 1) < 1e-10:
            break
    return front * found


def _not_nought(value: float) -> float:
    return value if abs(value) > _TINY else _TINY

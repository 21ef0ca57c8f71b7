"""How people are spread along a line, behind the error of measuring each: in any shape, or with one peak."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from clustering.settings import (
    ANY_DENSITY_ROUNDS,
    DENSITY_POINTS,
    DENSITY_ROUNDS,
    DENSITY_SPLIT_ROUNDS,
    DENSITY_SPLITS,
)

Floats = NDArray[np.float64]

_ANY_SHAPE = -2
_BEST_PEAK = -1


@dataclass(frozen=True, eq=False)
class Density:
    """Shares of people on the points of a grid.

    Attributes
    ----------
    points
        Length n_points, evenly spaced.
    shares
        Length n_points, sum 1.
    log_likelihood
        Of everybody's votes, up to a constant that is the same for all densities of the same people.
    """

    points: Floats
    shares: Floats
    log_likelihood: float

    def drawn(self, n: int, *, rng: np.random.Generator) -> Floats:
        """Return places of n people from the density, even within each grid cell."""
        at = np.searchsorted(np.cumsum(self.shares), rng.random(n) * self.shares.sum(), side="right")
        step = self.points[1] - self.points[0]
        return self.points[np.minimum(at, len(self.points) - 1)] + step * (rng.random(n) - 0.5)


def density_grid(precision: Floats, information: Floats) -> Floats:
    """Return grid points that cover where people can be, length 91.

    From the lowest to the highest mean place under a normal distribution fitted to all people, and half of
    that distribution's standard deviation beyond on either side.

    Parameters
    ----------
    precision, information
        Length n_people: each one's likelihood is exp(information·t − precision·t² / 2).

    Returns
    -------
    ndarray
        For nobody, or if nobody's votes say anything, from −1 to 1.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: EM for a normal mean and variance under measurement error, Dempster, Laird and Rubin (1977).
    """
    if not np.any(precision > 0):
        return np.linspace(-1.0, 1.0, DENSITY_POINTS)
    centre = float(information.sum() / precision.sum())
    variance = float(np.mean((information / np.maximum(precision, np.median(precision)) - centre) ** 2)) or 1.0
    means = information
    for _ in range(50):
        spread = 1.0 / (precision + 1.0 / variance)
        means = (information + centre / variance) * spread
        centre = float(means.mean())
        variance = max(float(np.mean((means - centre) ** 2 + spread)), 1e-12)
    margin = np.sqrt(variance) / 2
    return np.linspace(means.min() - margin, means.max() + margin, DENSITY_POINTS)


def any_density(precision: Floats, information: Floats, points: Floats) -> Density:
    """Return the spread of people that EM reaches in 15 rounds from an even one, of whatever shape.

    Parameters
    ----------
    precision, information
        Length n_people: each one's likelihood is exp(information·t − precision·t² / 2).
    points
        Length n_points.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: nonparametric maximum likelihood, Kiefer and Wolfowitz (1956), by EM on a grid, Laird (1978).
    Differs in stopping after 15 rounds, for the votes as for the simulations they are compared with: the
    likeliest density of all is a few spikes, and fits errors as well as people.
    """
    by_person, by_point = _likelihoods(precision, information, points)
    even = np.full(len(points), 1.0 / len(points))
    return Density(points, *_climbed(by_person, by_point, even, _ANY_SHAPE, ANY_DENSITY_ROUNDS))


def one_peaked_density(precision: Floats, information: Floats, points: Floats) -> Density:
    """Return the likeliest spread of people that rises up to one peak and falls after it.

    Tried from 15 places of the peak; the two likeliest go on with the peak free to move.

    Parameters
    ----------
    precision, information
        Length n_people: each one's likelihood is exp(information·t − precision·t² / 2).
    points
        Length n_points.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: EM as above; its maximisation step is the isotonic regression of the expected counts on either
    side of the peak, which is the multinomial maximum likelihood: Barlow, Bartholomew, Bremner and Brunk
    (1972), Statistical Inference under Order Restrictions, sections 1.2 and 2.2.
    """
    by_person, by_point = _likelihoods(precision, information, points)
    even = np.full(len(points), 1.0 / len(points))
    splits = np.unique(np.linspace(0, len(points), DENSITY_SPLITS).round().astype(int))
    tried = [_climbed(by_person, by_point, even, int(split), DENSITY_SPLIT_ROUNDS) for split in splits]
    tried.sort(key=lambda found: -found[1])
    climbed = [_climbed(by_person, by_point, shares, _BEST_PEAK, DENSITY_ROUNDS) for shares, _ in tried[:2]]
    return Density(points, *max(climbed, key=lambda found: found[1]))


def one_peak(counts: Floats) -> Floats:
    """Return the likeliest multinomial shares with one peak, given counts; same length, sum that of the counts.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: pool adjacent violators; Barlow et al. (1972), section 1.2, on either side of the best peak.

    Examples
    --------
    >>> one_peak(np.array([1.0, 4.0, 2.0, 5.0, 1.0])).tolist()
    [1.0, 3.0, 3.0, 5.0, 1.0]
    """
    fitted = np.empty_like(counts)
    _fit_peak(counts, _best_split(counts), fitted)
    return fitted


def _likelihoods(precision: Floats, information: Floats, points: Floats) -> tuple[Floats, Floats]:
    """Return each person's likelihood at each point, largest 1: n_people × n_points, and its transpose."""
    logs = information[:, None] * points - precision[:, None] * (points * points / 2)
    logs -= logs.max(axis=1, keepdims=True)
    by_person = np.exp(logs)
    return by_person, np.ascontiguousarray(by_person.T)


@njit(cache=True, nogil=True)
def _climbed(by_person, by_point, start, split, n_rounds):
    """Return shares after so many EM rounds from a start, and their log-likelihood.

    Split: grid point where a rising left side ends, or one of _ANY_SHAPE, _BEST_PEAK. Sums run over people or
    points in a fixed order, so that results don't depend on the processor's vector length.
    """
    n_people, n_points = by_person.shape
    shares = start.copy()
    density = np.empty(n_people)
    counts = np.empty(n_points)
    for _ in range(n_rounds if n_people else 0):
        _add_up(by_point, shares, density)
        counts[:] = 0.0
        for i in range(n_people):
            weight = 1.0 / density[i]
            for j in range(n_points):
                counts[j] += weight * by_person[i, j]
        for j in range(n_points):
            counts[j] *= shares[j] / n_people
        if split == _ANY_SHAPE:
            shares[:] = counts
        else:
            _fit_peak(counts, _best_split(counts) if split == _BEST_PEAK else split, shares)
    _add_up(by_point, shares, density)
    return shares, np.log(density).sum()


@njit(cache=True, nogil=True)
def _add_up(by_point, shares, density):
    """Write each person's likelihood under the shares into density."""
    density[:] = 0.0
    for j in range(shares.size):
        share = shares[j]
        if share > 0.0:
            for i in range(density.size):
                density[i] += share * by_point[j, i]


@njit(cache=True, nogil=True)
def _pooled(counts, first, step, length, totals, lengths, logs):
    """Pool adjacent violators into a rising sequence, read from `first` by `step`; return how many pools.

    Writes each pool's total and length, and into logs[n] the log-likelihood of the first n counts.
    """
    n_pools = 0
    log = 0.0
    logs[0] = 0.0
    for at in range(length):
        total, size = counts[first + step * at], 1
        while n_pools and totals[n_pools - 1] * size > total * lengths[n_pools - 1]:
            n_pools -= 1
            log -= _log_part(totals[n_pools], lengths[n_pools])
            total += totals[n_pools]
            size += lengths[n_pools]
        totals[n_pools], lengths[n_pools] = total, size
        n_pools += 1
        log += _log_part(total, size)
        logs[at + 1] = log
    return n_pools


@njit(cache=True, nogil=True)
def _log_part(total, length):
    return total * np.log(total / length) if total > 0.0 else 0.0


@njit(cache=True, nogil=True)
def _best_split(counts):
    """Return how many points belong to the rising side of the likeliest shares with one peak."""
    n = counts.size
    totals, lengths = np.empty(n), np.empty(n, np.int64)
    rising, falling = np.empty(n + 1), np.empty(n + 1)
    _pooled(counts, 0, 1, n, totals, lengths, rising)
    _pooled(counts, n - 1, -1, n, totals, lengths, falling)
    best = 0
    for split in range(1, n + 1):
        if rising[split] + falling[n - split] > rising[best] + falling[n - best]:
            best = split
    return best


@njit(cache=True, nogil=True)
def _fit_peak(counts, split, fitted):
    """Write the likeliest shares that rise over the first `split` points and fall over the rest."""
    n = counts.size
    totals, lengths, logs = np.empty(n), np.empty(n, np.int64), np.empty(n + 1)
    at = 0
    for pool in range(_pooled(counts, 0, 1, split, totals, lengths, logs)):
        fitted[at : at + lengths[pool]] = totals[pool] / lengths[pool]
        at += lengths[pool]
    end = n
    for pool in range(_pooled(counts, n - 1, -1, n - split, totals, lengths, logs)):
        fitted[end - lengths[pool] : end] = totals[pool] / lengths[pool]
        end -= lengths[pool]

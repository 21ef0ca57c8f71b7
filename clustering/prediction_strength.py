"""Whether a division into groups comes back in people it was not made from: prediction strength."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from clustering.kmeans import best_of_starts, collapse
from clustering.sampling import some_rows
from clustering.settings import PREDICTION_HALVES, RESAMPLED_PEOPLE, RESAMPLED_STARTS

Floats = NDArray[np.float64]
Labels = NDArray[np.intp]


def prediction_strength(places: Floats, *, n_groups: Iterable[int], seed: int) -> dict[int, float]:
    """Return, for each number of groups, how well half of the people foretell the division of the other half.

    The people are halved at random ten times. Either half is divided by itself; then each pair of people of
    one group is looked up in the division that the other half would have made. The share of pairs still
    together, in the group where it is smallest, averaged over both halves and all ten halvings, is the
    prediction strength.

    Parameters
    ----------
    places
        n_placed × 2, kept as they are: people are resampled, not the statements that place them.
    n_groups
        Numbers of groups to judge; one group always has strength 1.
    seed
        Of the halves and the k-means++ starts.

    Returns
    -------
    dict of int to float
        0 … 1. A half with a group of one person, or with fewer different places than groups, counts as 0; so
        nobody, one person, and everybody on one place give 0 for two groups or more.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: Tibshirani and Walther (2005), Cluster Validation by Prediction Strength, section 2. Differs
    from it in letting either half foretell the other, and beyond 2,000 people in halving a random choice of so
    many.
    """
    sampled = places[some_rows(len(places), RESAMPLED_PEOPLE, seed=seed)]
    return {k: 1.0 if k == 1 else _strength(sampled, k, seed=seed) for k in n_groups}


def nearest(places: Floats, centres: Floats) -> Labels:
    """Return the nearest centre of each place, length n_places; the first of equally near ones.

    Raises
    ------
    ValueError
        If there is no centre.

    Notes
    -----
    *Source*: the assignment step of Lloyd (1982).
    """
    away = places[:, None, :] - centres[None, :, :]
    return np.argmin((away * away).sum(axis=2), axis=1)


def smallest_share_together(labels: Labels, foretold: Labels, *, n_groups: int) -> float:
    """Return the share of pairs of one group that are foretold to be together, in the group where it is least.

    Parameters
    ----------
    labels
        Group of each person, 0 … n_groups − 1.
    foretold
        Group that somebody else's division puts them in, 0 … n_groups − 1.
    n_groups
        A group with fewer than two people has no pair and counts as 0.

    Raises
    ------
    IndexError
        If a label is out of range.

    Notes
    -----
    *Source*: Tibshirani and Walther (2005), equation 2: min over groups of Σ D[C(train), test] / (n (n − 1)).

    Examples
    --------
    >>> smallest_share_together(np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 1]), n_groups=2)
    0.3333333333333333
    """
    both = np.zeros((n_groups, n_groups))
    np.add.at(both, (labels, foretold), 1.0)
    sizes = both.sum(axis=1)
    pairs = sizes * (sizes - 1)
    together = (both * (both - 1)).sum(axis=1)
    return float(np.min(np.where(pairs > 0, together / np.maximum(pairs, 1), 0.0)))


def _strength(places: Floats, k: int, *, seed: int) -> float:
    strengths = []
    for halving in range(PREDICTION_HALVES):
        rng = np.random.Generator(np.random.PCG64([seed, k, halving]))
        order = rng.permutation(len(places))
        halves = [places[np.sort(order[: len(places) // 2])], places[np.sort(order[len(places) // 2 :])]]
        centres = [_centres(half, k, rng) for half in halves]
        for own, other in ((0, 1), (1, 0)):
            by_own, by_other = centres[own], centres[other]
            if by_own is None or by_other is None:
                strengths.append(0.0)
                continue
            labels, foretold = nearest(halves[own], by_own), nearest(halves[own], by_other)
            strengths.append(smallest_share_together(labels, foretold, n_groups=k))
    return float(np.mean(strengths))


def _centres(places: Floats, k: int, rng: np.random.Generator) -> Floats | None:
    points, _ = collapse(places)
    return best_of_starts(points, k, rng=rng, n_starts=RESAMPLED_STARTS) if len(points.weights) >= k else None

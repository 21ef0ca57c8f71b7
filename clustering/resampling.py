"""Whether each group is found again when other people might have come: the bootstrap."""

import numpy as np
from numpy.typing import NDArray

from clustering.errors import ShapeError
from clustering.kmeans import best_of_starts, collapse
from clustering.prediction_strength import nearest
from clustering.sampling import some_rows
from clustering.settings import BOOTSTRAP_RESAMPLES, RESAMPLED_PEOPLE, RESAMPLED_STARTS

Floats = NDArray[np.float64]


def group_recovery(
    places: Floats,
    labels: NDArray[np.integer],
    *,
    n_groups: int,
    seed: int,
    n_resamples: int = BOOTSTRAP_RESAMPLES,
) -> Floats:
    """Return how well each group is found again in people drawn anew, length n_groups, 0 … 1.

    As many people as there are are drawn with replacement and divided into as many groups. Each group is
    compared, among the people drawn, with the new group most like it: shared people / people in either
    (Jaccard). The mean over all draws is its recovery. 0.5 and less: dissolved; 0.75 and more: found again.

    Parameters
    ----------
    places
        n_placed × 2, kept as they are.
    labels
        Length n_placed, 0 … n_groups − 1.
    n_groups
        Groups to find; one group gives 1.
    seed
        Of the draws and the k-means++ starts.
    n_resamples
        Draws.

    Returns
    -------
    ndarray
        A group of which nobody was drawn, and a draw with fewer different places than groups, counts as 0.

    Raises
    ------
    ShapeError
        When there isn't one label per place.

    Notes
    -----
    *Source*: Hennig (2007), Cluster-wise assessment of cluster stability, section 3.1, scheme "bootstrap".
    Beyond 2,000 people a random choice of so many.
    """
    if labels.shape != (len(places),):
        raise ShapeError(f"labels: expected ({len(places)},), got {labels.shape}")
    rows = some_rows(len(places), RESAMPLED_PEOPLE, seed=seed)
    kept, own = places[rows], labels[rows]
    total = np.zeros(n_groups)
    for draw in range(n_resamples):
        rng = np.random.Generator(np.random.PCG64([seed, n_groups, draw]))
        total += _once(kept, own, n_groups, rng)
    return total / max(n_resamples, 1)


def likeness(one: NDArray[np.integer], other: NDArray[np.integer], *, n_groups: int) -> Floats:
    """Return, for each group of one division, the Jaccard similarity of the group most like it in the other.

    Parameters
    ----------
    one, other
        Group of each person, 0 … n_groups − 1.
    n_groups
        Of either.

    Returns
    -------
    ndarray, length n_groups; 0 for a group without people.

    Raises
    ------
    IndexError
        If a label is out of range.

    Notes
    -----
    *Source*: Jaccard (1901); Hennig (2007), section 3.1.

    Examples
    --------
    >>> likeness(np.array([0, 0, 0, 1]), np.array([1, 1, 0, 0]), n_groups=2).round(2).tolist()
    [0.67, 0.5]
    """
    shared = np.zeros((n_groups, n_groups))
    np.add.at(shared, (one, other), 1.0)
    either = shared.sum(axis=1)[:, None] + shared.sum(axis=0) - shared
    return np.max(np.divide(shared, either, out=np.zeros_like(shared), where=either > 0), axis=1)


def _once(places: Floats, labels: NDArray[np.integer], n_groups: int, rng: np.random.Generator) -> Floats:
    drawn = np.sort(rng.integers(0, max(len(places), 1), size=len(places)))
    points, _ = collapse(places[drawn])
    if len(points.weights) < n_groups:
        return np.zeros(n_groups)
    centres = best_of_starts(points, n_groups, rng=rng, n_starts=RESAMPLED_STARTS)
    who = np.unique(drawn)
    return likeness(labels[who], nearest(places[who], centres), n_groups=n_groups)

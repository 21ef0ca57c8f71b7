"""How clearly people stand with their own group rather than with the next: the silhouette."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clustering.kernels import distances_to_all
from clustering.kmeans import Points
from clustering.parts import over_rows

CHUNK = 1_024
"""Rows of the distance matrix held at once: 1,024 × 4,000 distances are 33 MB."""


def mean_silhouette(points: Points, labellings: Sequence[NDArray[np.integer]]) -> list[float]:
    """Return the mean silhouette of each labelling over all people, −1 … 1.

    A person's silhouette is (b − a) / max(a, b): a is the mean distance to the others of the own group, b the
    mean distance to the nearest other group; it is 0 for somebody alone in a group.

    Parameters
    ----------
    points
        n_points different places; a weight of w counts as w people on one place, and a group of one person's
        weight or less as a person alone.
    labellings
        Each of length n_points, groups 0 … k−1. One group only gives 0.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: Rousseeuw (1987), Silhouettes, equation 1. The distances are computed once for all labellings.
    """
    if not labellings:
        return []
    members = [_members(points, labels) for labels in labellings]
    totals = [0.0] * len(labellings)
    for start in range(0, len(points.weights), CHUNK):
        rows = slice(start, start + CHUNK)
        near = points.places[rows]
        distances = np.empty((len(near), len(points.places)))
        over_rows(distances_to_all, len(near), distances, near, points.places, work=distances.size)
        summed = distances @ np.hstack(members)
        splits = np.cumsum([member.shape[1] for member in members])[:-1]
        for which, part in enumerate(np.split(summed, splits, axis=1)):
            sizes = members[which].sum(axis=0)
            values = _silhouettes(part, sizes, labellings[which][rows])
            totals[which] += float(values @ points.weights[rows])
    return [total / float(points.weights.sum()) for total in totals]


def _members(points: Points, labels: NDArray[np.integer]) -> NDArray[np.float64]:
    member = np.zeros((len(labels), int(labels.max()) + 1))
    member[np.arange(len(labels)), labels] = points.weights
    return member


def _silhouettes(
    summed: NDArray[np.float64], sizes: NDArray[np.float64], labels: NDArray[np.integer]
) -> NDArray[np.float64]:
    """Return silhouettes from summed distances to each group (n_rows × k) and the groups' sizes."""
    rows = np.arange(len(labels))
    others = sizes[labels] - 1
    own = summed[rows, labels] / np.where(others > 1e-9, others, 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = summed / sizes
    means[rows, labels] = np.inf
    means[:, sizes == 0] = np.inf
    nearest = means.min(axis=1)
    scale = np.maximum(own, nearest)
    known = (others > 1e-9) & np.isfinite(nearest) & (scale > 0)
    return np.where(known, (nearest - own) / np.where(known, scale, 1.0), 0.0)

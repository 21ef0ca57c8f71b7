"""How clearly people stand with their own group rather than with the next: the silhouette."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from clustering.kmeans import Points
from clustering.model_loops import distances_to_classes
from clustering.parts import over_rows


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
    *Source*: Rousseeuw (1987), Silhouettes, equation 1. Every distance is computed once: people whom
    all labellings keep together are one class, and a group is some of the classes.
    """
    if not labellings:
        return []
    joint, class_of = np.unique(np.column_stack(labellings), axis=0, return_inverse=True)
    class_of = class_of.reshape(-1)
    summed = _summed_distances(points, class_of, len(joint))
    sizes = np.bincount(class_of, points.weights, minlength=len(joint))
    means = []
    for labels, of_class in zip(labellings, joint.T, strict=True):
        member = np.eye(int(labels.max(initial=0)) + 1)[of_class]
        values = _silhouettes(summed @ member, sizes @ member, labels)
        means.append(float(values @ points.weights) / float(points.weights.sum()))
    return means


def _summed_distances(points: Points, class_of: NDArray[np.intp], n_classes: int) -> NDArray[np.float64]:
    """Return each place's summed distances to the people of each class, n_points × n_classes."""
    order = np.argsort(class_of, kind="stable")
    starts = np.searchsorted(class_of[order], np.arange(n_classes + 1))
    x, y = np.ascontiguousarray(points.places[order].T)
    summed = np.empty((len(order), n_classes))
    arguments = (points.places, x, y, points.weights[order], starts)
    over_rows(distances_to_classes, len(order), summed, *arguments, work=len(order) ** 2)
    return summed


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

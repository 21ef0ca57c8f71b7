"""Polis's own road to the groups: k-means over a hundred base clusters, from the first different rows.

Kept for comparison with recorded Polis results. It depends on the order of participants, as Polis does; the
`classic` method doesn't.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustering.grouping import Grouping, largest_n_groups
from clustering.kmeans import Points
from clustering.settings import (
    MIN_GROUPS,
    STRICT_BASE_CLUSTERS,
    STRICT_BASE_ITERATIONS,
    STRICT_CENTRE_TOLERANCE,
    STRICT_GROUP_ITERATIONS,
)
from clustering.silhouette import mean_silhouette
from clustering.vote_matrix import VoteMatrix

Floats = NDArray[np.float64]
Labels = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Clusters:
    """Clusters and who is in them: labels (n_points) and centres (n_clusters × 2)."""

    labels: Labels
    centres: Floats


def in_order_of_first_vote(matrix: VoteMatrix) -> NDArray[np.intp]:
    """Return the rows as Polis reads them: by the first statement voted on, then by row.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: Polis, math/src/polismath/components/postgres.clj `conv-poll`: votes in order of statement, then
    participant.
    """
    first = np.full(matrix.n_participants, matrix.n_statements)
    has_voted = matrix.votes_per_participant > 0
    first[has_voted] = matrix.votes.indices[matrix.votes.indptr[:-1][has_voted]]
    return np.argsort(first, kind="stable")


def base_clusters(places: Floats) -> Clusters:
    """Return at most a hundred small clusters of the placed participants.

    Parameters
    ----------
    places
        n_placed × 2, in Polis's row order; the first hundred different rows are the first centres.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: Polis, math/src/polismath/math/clusters.clj `kmeans`, `init-clusters` (commit 314d5325).
    """
    return _kmeans(places, np.ones(len(places)), STRICT_BASE_CLUSTERS, STRICT_BASE_ITERATIONS)


def group_clusterings(centres: Floats, sizes: NDArray[np.integer]) -> list[tuple[Clusters, float]]:
    """Return for each number of groups the clusters of base clusters, with their mean silhouette.

    Parameters
    ----------
    centres, sizes
        n_base × 2 places of the base clusters, and how many people each holds (n_base).

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: Polis, conversation.clj `:group-clusterings`, `:group-clusterings-silhouettes` (commit
    19af6644): base clusters weigh by size in the means, but not in the silhouette.
    """
    n_different = len(np.unique(centres, axis=0)) if len(centres) else 0
    counts = range(MIN_GROUPS, largest_n_groups(len(centres), n_different) + 1)
    found = [_kmeans(centres, sizes.astype(np.float64), k, STRICT_GROUP_ITERATIONS) for k in counts]
    unweighted = Points(centres, np.ones(len(centres)))
    scores = mean_silhouette(unweighted, [clusters.labels for clusters in found])
    return list(zip(found, scores, strict=True))


def strict_groupings(places: Floats) -> list[Grouping]:
    """Return Polis's grouping of the placed participants for each number of groups, fewest first.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: Polis, conversation.clj (commit 19af6644), from scratch: without earlier clusters to start from.
    """
    base = base_clusters(places)
    sizes = np.bincount(base.labels, minlength=len(base.centres))
    return [
        _as_grouping(places, clusters.labels[base.labels], clusters.centres, silhouette)
        for clusters, silhouette in group_clusterings(base.centres, sizes)
    ]


def _as_grouping(places: Floats, labels: Labels, centres: Floats, silhouette: float) -> Grouping:
    order = np.lexsort((centres[:, 1], centres[:, 0], -np.bincount(labels, minlength=len(centres))))
    rank = np.argsort(order).astype(np.int8)
    spread = float(((places - centres[labels]) ** 2).sum())
    return Grouping(rank[labels], centres[order], spread, silhouette)


def _kmeans(places: Floats, weights: Floats, k: int, max_iterations: int) -> Clusters:
    """Return k-means from the first k different rows; stops once no sorted centre moves 0.01 or more."""
    _, first = np.unique(places, axis=0, return_index=True)
    clusters = Clusters(np.zeros(len(places), np.intp), places[np.sort(first)[:k]])
    # The published loop makes one step more than its limit says.
    for _ in range(max_iterations + 1):
        stepped = _step(places, weights, clusters.centres)
        is_same = _is_same(clusters.centres, stepped.centres)
        clusters = stepped
        if is_same:
            break
    return clusters


def _step(places: Floats, weights: Floats, centres: Floats) -> Clusters:
    distances = np.sqrt(((places[:, None] - centres[None]) ** 2).sum(axis=2))
    # Of equally near centres Clojure's `min-key` takes the last.
    nearest = distances.shape[1] - 1 - np.argmin(distances[:, ::-1], axis=1)
    kept, labels = np.unique(nearest, return_inverse=True)
    total = np.bincount(labels, weights, minlength=len(kept))
    sums = [np.bincount(labels, weights * places[:, axis], minlength=len(kept)) for axis in (0, 1)]
    return Clusters(labels.reshape(-1), np.column_stack(sums) / total[:, None])


def _is_same(before: Floats, after: Floats) -> bool:
    first, second = (centres[np.lexsort((centres[:, 1], centres[:, 0]))] for centres in (before, after))
    n = min(len(first), len(second))
    moved = np.sqrt(((first[:n] - second[:n]) ** 2).sum(axis=1))
    return bool((moved < STRICT_CENTRE_TOLERANCE).all())

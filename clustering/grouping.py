"""Opinion groups: the best division of the placed participants into k groups, for every k considered."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from clustering.kmeans import Division, Points, best_of_starts, collapse, settled
from clustering.settings import (
    ALWAYS_COLLAPSED,
    EXACT_UP_TO,
    FINE_GRID_CELLS,
    GRID_CELLS,
    KMEANS_MAX_ITERATIONS,
    MAX_GROUPS,
    MIN_GROUPS,
    PLACED_PER_EXTRA_GROUP,
    POLISH_ITERATIONS,
    START_GRID_CELLS,
)
from clustering.silhouette import mean_silhouette

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Grouping:
    """One way to divide the placed participants.

    Attributes
    ----------
    labels
        Group of each placed participant, length n_placed; 0 is the largest group, then by size.
    centres
        n_groups × 2.
    spread
        Sum of squared distances to the own group's centre: the k-means objective.
    silhouette
        Mean silhouette, −1 … 1; 0 where there is one group only.
    """

    labels: NDArray[np.int8]
    centres: Floats
    spread: float
    silhouette: float

    @property
    def n_groups(self) -> int:
        """Number of groups."""
        return len(self.centres)


def candidate_groupings(
    places: Floats,
    *,
    seed: int,
    also: int | None = None,
    only: int | None = None,
    weights: Floats | None = None,
    near: Mapping[int, Floats] | None = None,
) -> list[Grouping]:
    """Return the best grouping found for each number of groups considered, fewest first.

    Two groups at least and five at most, one more for every twelve people, and never more than there are
    different places.

    Parameters
    ----------
    places
        n_placed × 2, in ballot order.
    seed
        Of the k-means++ starts.
    also
        A number of groups to add to those considered.
    only
        The one number of groups to consider.
    weights
        Length n_placed, positive: how many people each counts for. One each by default.
    near
        Centres thought to be near, k × 2 by number of groups: beyond 3,000 different places they save the
        search for a start; fewer are quickly divided anew.

    Returns
    -------
    list of Grouping
        Empty when all stand on one place. People on equal places are in the same group always.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: method of Polis, conversation.clj `max-k-fn` and `:group-clusterings` (commit 19af6644).
    Differs from it in dividing the participants themselves, not 100 base clusters of them, from twenty
    k-means++ starts (Arthur and Vassilvitskii 2007) to convergence.
    """
    points, place_of = _points(places, weights)
    counts = range(MIN_GROUPS, largest_n_groups(len(places), len(points.weights)) + 1)
    asked = {only} if only else {*counts, *([also] if also else [])}
    wanted = sorted(asked & set(range(1, len(points.weights) + 1)))
    grids = _Grids.of(points)
    found = [_divided(points, grids, k, seed=seed, near=(near or {}).get(k)) for k in wanted]
    silhouettes = mean_silhouette(grids.coarse, [grids.carried(division) for division in found])
    return [
        _by_size(division, place_of, silhouette)
        for division, silhouette in zip(found, silhouettes, strict=True)
    ]


def _points(places: Floats, weights: Floats | None) -> tuple[Points, NDArray[np.intp]]:
    """Return the different places; of very many people each place as it is, which saves sorting them."""
    if len(places) <= ALWAYS_COLLAPSED:
        return collapse(places, weights)
    each = np.ones(len(places)) if weights is None else weights
    return Points(places, each), np.arange(len(places))


def largest_n_groups(n_placed: int, n_different_places: int) -> int:
    """Return the most groups considered: 2 + ⌊n / 12⌋, at most five and at most one per different place.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: Polis, conversation.clj `max-k-fn` (commit 19af6644).
    """
    return min(MAX_GROUPS, MIN_GROUPS + n_placed // PLACED_PER_EXTRA_GROUP, n_different_places)


def chosen(candidates: list[Grouping], *, n_groups: int | None) -> Grouping | None:
    """Return the grouping with the highest silhouette, or the one with this number of groups.

    Of equal silhouettes the larger number of groups wins, as in Polis. None where there is none to choose.

    Raises
    ------
    Nothing.
    """
    if n_groups is not None:
        return next((grouping for grouping in candidates if grouping.n_groups == n_groups), None)
    eligible = [grouping for grouping in candidates if grouping.n_groups >= MIN_GROUPS]
    return max(eligible, key=lambda grouping: (grouping.silhouette, grouping.n_groups), default=None)


@dataclass(frozen=True, eq=False)
class _Grids:
    """The places on ever coarser grids, or thrice themselves where they are few.

    The best start is sought on `for_starts`, brought to rest on `fine` and polished on all places; silhouettes
    are taken on `coarse`.
    """

    fine: Points
    coarse: Points

    @cached_property
    def for_starts(self) -> Points:
        # Made when it is asked for: a map that starts from an earlier one seeks no starts.
        is_grid = self.fine.cell_of is not None
        return on_grid(self.fine, n_cells=START_GRID_CELLS) if is_grid else self.fine

    @classmethod
    def of(cls, points: Points) -> "_Grids":
        if len(points.weights) <= EXACT_UP_TO:
            return cls(points, points)
        fine = on_grid(points, n_cells=FINE_GRID_CELLS)
        return cls(fine, on_grid(fine, n_cells=GRID_CELLS))

    def carried(self, division: Division) -> NDArray[np.int8]:
        """Return the label of each coarse point: that of the last of its fine points (they seldom differ)."""
        if self.coarse.cell_of is None:
            return division.labels
        carried = np.zeros(len(self.coarse.weights), dtype=np.int8)
        carried[self.coarse.cell_of] = settled(self.fine, division.centres, max_iterations=0).labels
        return carried


def _divided(points: Points, grids: _Grids, k: int, *, seed: int, near: Floats | None) -> Division:
    if near is not None and len(points.weights) > EXACT_UP_TO:
        centres = settled(grids.fine, near, max_iterations=KMEANS_MAX_ITERATIONS).centres
        division = settled(points, centres, max_iterations=POLISH_ITERATIONS)
        if np.bincount(division.labels, minlength=k).all():
            return division
    centres = best_of_starts(grids.for_starts, k, rng=np.random.Generator(np.random.PCG64([seed, k])))
    if grids.fine is points:
        return settled(points, centres, max_iterations=0)
    centres = settled(grids.fine, centres, max_iterations=KMEANS_MAX_ITERATIONS).centres
    return settled(points, centres, max_iterations=POLISH_ITERATIONS)


def on_grid(points: Points, *, n_cells: int) -> Points:
    """Return the cells of a square grid as weighted points at the mean of what they hold.

    Parameters
    ----------
    points
        n_points.
    n_cells
        Cells across the wider axis between its 0.1 % and 99.9 % quantiles; outliers get cells of their own.

    Returns
    -------
    Points
        With `cell_of`, length n_points.

    Raises
    ------
    Nothing.
    """
    low, high = np.quantile(points.places, [0.001, 0.999], axis=0)
    side = max(float((high - low).max()) / n_cells, np.finfo(float).tiny)
    # Outliers share the outermost cells, so that one far-off place can't make the grid huge.
    cell = np.clip(np.floor((points.places - low) / side), -n_cells, 3 * n_cells).astype(np.int64)
    cell -= cell.min(axis=0)
    key = cell[:, 0] * (cell[:, 1].max() + 1) + cell[:, 1]
    is_used = np.bincount(key) > 0
    cell_of = (np.cumsum(is_used) - 1)[key]
    weights = np.bincount(cell_of, points.weights).astype(np.float64)
    sums = [np.bincount(cell_of, points.weights * points.places[:, axis]) for axis in (0, 1)]
    return Points(np.column_stack(sums) / weights[:, None], weights, cell_of)


def _by_size(division: Division, place_of: NDArray[np.intp], silhouette: float) -> Grouping:
    """Return the grouping with groups in order of size in people, then of their centre."""
    labels, centres = division.labels, division.centres
    sizes = np.bincount(labels[place_of], minlength=len(centres))
    order = np.lexsort((centres[:, 1], centres[:, 0], -sizes))
    rank = np.empty(len(order), dtype=np.int8)
    rank[order] = np.arange(len(order), dtype=np.int8)
    return Grouping(rank[labels][place_of], centres[order], division.spread, silhouette)

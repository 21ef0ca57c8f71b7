"""Weighted k-means in the plane, from many starts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustering.kernels import nearest_centre, settle_starts
from clustering.parts import over_rows, summed_over_rows
from clustering.settings import KMEANS_MAX_ITERATIONS, KMEANS_STARTS

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Points:
    """Different places and how many people stand on each.

    Attributes
    ----------
    places
        n_points × 2.
    weights
        Length n_points, people on each; positive.
    cell_of
        For points that stand for others: which of these each of the others went into; else None.
    """

    places: Floats
    weights: Floats
    cell_of: NDArray[np.intp] | None = None


@dataclass(frozen=True, eq=False)
class Division:
    """Where k-means came to rest.

    Attributes
    ----------
    labels
        Nearest centre of each point, length n_points.
    centres
        k × 2.
    spread
        Weighted sum of squared distances to the nearest centre.
    """

    labels: NDArray[np.int8]
    centres: Floats
    spread: float


def collapse(places: Floats, weights: Floats | None = None) -> tuple[Points, NDArray[np.intp]]:
    """Return the different places with their weights, and for each participant the place it stands on.

    Parameters
    ----------
    places
        n_participants × 2.
    weights
        Length n_participants, positive; how many people each counts for. One each by default.

    Raises
    ------
    ValueError
        If there isn't one weight per participant.

    Examples
    --------
    >>> points, place_of = collapse(np.array([[0., 1.], [2., 0.], [0., 1.]]))
    >>> points.weights.tolist(), place_of.tolist()
    ([2.0, 1.0], [0, 1, 0])
    """
    if not len(places):
        return Points(np.zeros((0, 2)), np.zeros(0)), np.zeros(0, dtype=np.intp)
    order = np.lexsort((places[:, 1], places[:, 0]))
    is_new = np.append(True, np.any(places[order][1:] != places[order][:-1], axis=1))
    place_of = np.empty(len(places), dtype=np.intp)
    place_of[order] = np.cumsum(is_new) - 1
    return Points(places[order][is_new], np.bincount(place_of, weights).astype(np.float64)), place_of


def best_of_starts(
    points: Points, k: int, *, rng: np.random.Generator, n_starts: int = KMEANS_STARTS
) -> Floats:
    """Return the centres with the smallest spread among several k-means++ starts, k × 2.

    Parameters
    ----------
    points
        At least k different places.
    k
        Number of groups.
    rng
        Gives the starts.
    n_starts
        Twenty by default; where only the usual best is needed, as in resamples, fewer do.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: Arthur and Vassilvitskii (2007), k-means++, in its greedy form; Lloyd (1982).
    """
    starts = _seedings(points, k, rng, n_starts)
    spreads = np.empty(len(starts))
    arguments = (starts, points.places, points.weights, KMEANS_MAX_ITERATIONS)
    over_rows(settle_starts, len(starts), spreads, *arguments, work=100 * len(points.weights))
    return starts[int(np.argmin(spreads))]


def settled(points: Points, start: Floats, *, max_iterations: int) -> Division:
    """Return the division a start leads to: assign to the nearest centre, move the centres, until it rests.

    Parameters
    ----------
    points
        n_points different places with weights.
    start
        k × 2. A centre that loses all its people stays where it is.
    max_iterations
        Moves of the centres at most; 0 only assigns.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: Lloyd (1982).
    """
    centres = start.copy()
    labels = np.full(len(points.weights), -1, np.int8)
    for iteration in range(max_iterations + 1):
        arguments = (points.places, points.weights, centres, labels)
        shape = (len(centres) + 1, 3)
        sums = summed_over_rows(nearest_centre, len(labels), shape, *arguments, work=len(labels))
        (spread, n_changed, _), sums = sums[-1], sums[:-1]
        if not n_changed or iteration == max_iterations:
            return Division(labels, centres, float(spread))
        has_people = sums[:, 0] > 0
        centres[has_people] = sums[has_people, 1:] / sums[has_people, :1]
    raise AssertionError("the last iteration returns")


def _seedings(points: Points, k: int, rng: np.random.Generator, n_starts: int) -> Floats:
    """Return greedy k-means++ centres, n_starts × k × 2.

    Each next centre is the best of a few drawn in proportion to their squared distance from the centres so
    far: the one that leaves the smallest spread.
    """
    n_tries = 2 + int(np.log(k))
    centres = np.empty((n_starts, k, 2))
    squared = np.ones((n_starts, len(points.weights)))
    for centre in range(k):
        chance = np.cumsum(squared * points.weights, axis=1)
        best = np.full(n_starts, np.inf)
        left = squared.copy()
        for _ in range(n_tries if centre else 1):
            place = points.places[_drawn(chance, rng)]
            distance = _squared_distance(points.places, place)
            if centre:
                np.minimum(distance, squared, out=distance)
            spread = distance @ points.weights
            is_better = spread < best
            best[is_better], left[is_better] = spread[is_better], distance[is_better]
            centres[is_better, centre] = place[is_better]
        squared = left
    return centres


def _drawn(chance: Floats, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return one point per start, drawn from cumulative chances (n_starts × n_points)."""
    draw = rng.random(len(chance)) * chance[:, -1]
    return np.minimum((chance <= draw[:, None]).sum(axis=1), chance.shape[1] - 1)


def _squared_distance(places: Floats, centre: Floats) -> Floats:
    """Return n_starts × n_points squared distances to one centre of each start."""
    across = places[:, 0] - centre[:, :1]
    up = places[:, 1] - centre[:, 1:]
    return across * across + up * up

"""Weighted k-means in the plane, from many starts at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
    """Where k-means came to rest from each start.

    Attributes
    ----------
    labels
        n_starts × n_points.
    centres
        n_starts × k × 2.
    spreads
        Length n_starts: weighted sum of squared distances to the nearest centre.
    """

    labels: NDArray[np.intp]
    centres: Floats
    spreads: Floats


def collapse(places: Floats) -> tuple[Points, NDArray[np.intp]]:
    """Return the different places with their weights, and for each participant the place it stands on.

    Raises
    ------
    Nothing.

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
    return Points(places[order][is_new], np.bincount(place_of).astype(np.float64)), place_of


def best_of_starts(points: Points, k: int, *, rng: np.random.Generator) -> Floats:
    """Return the centres with the smallest spread among twenty k-means++ starts, k × 2.

    Parameters
    ----------
    points
        At least k different places.
    k
        Number of groups.
    rng
        Gives the starts.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: Arthur and Vassilvitskii (2007), k-means++, in its greedy form; Lloyd (1982).
    """
    starts = _seedings(points, k, rng)
    division = lloyd(points, starts, max_iterations=KMEANS_MAX_ITERATIONS)
    return division.centres[int(np.argmin(division.spreads))]


def lloyd(points: Points, starts: Floats, *, max_iterations: int) -> Division:
    """Return the division every start leads to: assign to the nearest centre, move centres, until it rests.

    Parameters
    ----------
    points
        n_points different places with weights.
    starts
        n_starts × k × 2. A centre that loses all its people stays where it is.
    max_iterations
        Moves of the centres at most; 0 only assigns.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: Lloyd (1982). All starts are advanced together, because one NumPy call over twenty starts costs
    little more than over one; a start that rests leaves the batch.
    """
    centres = starts.copy()
    labels, squared = _nearest(points.places, centres)
    moving = np.arange(len(starts))
    for _ in range(max_iterations):
        centres[moving] = _moved(points, labels[moving], centres[moving])
        now, distance = _nearest(points.places, centres[moving])
        has_changed = np.any(now != labels[moving], axis=1)
        labels[moving], squared[moving] = now, distance
        moving = moving[has_changed]
        if not moving.size:
            break
    return Division(labels, centres, squared @ points.weights)


def _seedings(points: Points, k: int, rng: np.random.Generator) -> Floats:
    """Return greedy k-means++ centres, n_starts × k × 2.

    Each next centre is the best of a few drawn in proportion to their squared distance from the centres so
    far: the one that leaves the smallest spread.
    """
    n_tries = 2 + int(np.log(k))
    centres = np.empty((KMEANS_STARTS, k, 2))
    squared = np.ones((KMEANS_STARTS, len(points.weights)))
    for centre in range(k):
        chance = np.cumsum(squared * points.weights, axis=1)
        best = np.full(KMEANS_STARTS, np.inf)
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


def _nearest(places: Floats, centres: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Return the nearest centre of each point (the first of equally near ones) and its squared distance."""
    smallest = _squared_distance(places, centres[:, 0])
    label = np.zeros(smallest.shape, dtype=np.intp)
    for centre in range(1, centres.shape[1]):
        distance = _squared_distance(places, centres[:, centre])
        np.copyto(label, centre, where=distance < smallest)
        np.minimum(smallest, distance, out=smallest)
    return label, smallest


def _moved(points: Points, labels: NDArray[np.intp], centres: Floats) -> Floats:
    """Return each centre at the weighted mean of its people, n_starts × k × 2."""
    n_starts, k = centres.shape[:2]
    moved = centres.copy()
    across, up = points.weights * points.places[:, 0], points.weights * points.places[:, 1]
    for start in range(n_starts):
        total, x, y = (
            np.bincount(labels[start], amounts, minlength=k) for amounts in (points.weights, across, up)
        )
        np.divide(x, total, out=moved[start, :, 0], where=total > 0)
        np.divide(y, total, out=moved[start, :, 1], where=total > 0)
    return moved

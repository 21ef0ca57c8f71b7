"""People in parts of neighbours, each of ten or more: what is shown of a map, and never less."""

import numpy as np
from numpy.typing import NDArray

from clustering.settings import BUBBLE_SIZE, MAX_BUBBLES

Floats = NDArray[np.float64]


def bubble_size(n_placed: int) -> int:
    """Return how many people a bubble holds at least: ten, more on a map of many.

    Raises
    ------
    Nothing.
    """
    return max(BUBBLE_SIZE, -(-n_placed // MAX_BUBBLES))


def halved(places: Floats, *, smallest: int) -> list[NDArray[np.intp]]:
    """Return people in parts of neighbours: halved along the wider axis while both halves hold `smallest`.

    Parameters
    ----------
    places
        n_members × 2, at least one.
    smallest
        People in a part, at least, where there are as many.

    Returns
    -------
    list of ndarray
        Positions in `places`; every position in exactly one part.

    Raises
    ------
    Nothing.
    """
    done: list[NDArray[np.intp]] = []
    waiting = [np.arange(len(places))]
    while waiting:
        members = waiting.pop()
        if len(members) < 2 * smallest:
            done.append(members)
            continue
        here = places[members]
        wide = int(np.argmax(np.ptp(here, axis=0)))
        ordered = members[np.lexsort((here[:, 1 - wide], here[:, wide]))]
        waiting += [ordered[len(ordered) // 2 :], ordered[: len(ordered) // 2]]
    return done

"""How a group is drawn without showing a single person: bubbles of people, and an outline around them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from clustering.halving import bubble_size, halved
from clustering.settings import SMALLEST_GROUP_SHOWN

Floats = NDArray[np.float64]
__all__ = ["Bubble", "bubble_size", "bubbles", "halved", "outline"]
CIRCLE_POINTS = 12


@dataclass(frozen=True, slots=True)
class Bubble:
    """Some people near each other: their mean place, how many, and their root-mean-square distance from it."""

    x: float
    y: float
    n_participants: int
    radius: float


def bubbles(places: Floats, *, smallest: int) -> list[Bubble]:
    """Return the people of one group in bubbles of at least `smallest`, by halving along the wider axis.

    Parameters
    ----------
    places
        n_members × 2.
    smallest
        People in a bubble, at least. A group between five and this is one bubble; below five, none.

    Raises
    ------
    Nothing.
    """
    if len(places) < SMALLEST_GROUP_SHOWN:
        return []
    return [_bubble(places[members]) for members in halved(places, smallest=smallest)]


def _bubble(members: Floats) -> Bubble:
    x, y = members.mean(axis=0)
    radius = np.sqrt(((members - (x, y)) ** 2).sum(axis=1).mean())
    return Bubble(float(x), float(y), len(members), float(radius))


def outline(group_bubbles: list[Bubble], *, margin: float) -> Floats:
    """Return the convex outline around circles about the bubbles, n_corners × 2, counter-clockwise.

    Made of bubbles only, so that no corner tells where one person stands.

    Parameters
    ----------
    group_bubbles
        Of one group; none gives an empty outline.
    margin
        Smallest radius of a circle, in map units, positive.

    Raises
    ------
    Nothing.
    """
    if not group_bubbles:
        return np.zeros((0, 2))
    angles = np.arange(CIRCLE_POINTS) * (2 * np.pi / CIRCLE_POINTS)
    circle = np.column_stack((np.cos(angles), np.sin(angles)))
    rims = [np.array([bubble.x, bubble.y]) + max(bubble.radius, margin) * circle for bubble in group_bubbles]
    points = np.vstack(rims)
    return points[ConvexHull(points).vertices]

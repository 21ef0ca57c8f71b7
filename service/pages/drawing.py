"""The group map as a drawing: soft hulls, bubbles of people, and a label at each group's centre; or a cloud.

Coordinates of the drawing run right and down; one unit of the map is equally long both ways.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

WIDTH = 480
"""Width of the drawing in its own units; its text is sized for a phone 320 pixels wide."""

MARGIN = 26
LOWEST, HIGHEST = 0.55, 1.05
"""Least and greatest height of the drawing, as a share of its width."""

BUBBLE_SHARE = 0.06
"""Share of the drawing that all bubbles together cover; each covers as much as its part of the people."""

MAX_RADIUS = 15

LEAST_IN_A_CLOUD = 5
"""Bubbles that a cloud is drawn of at least; two far apart would look like groups, where there are none."""

LABEL_WIDTH, LABEL_HEIGHT = 106, 62

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Circle:
    """A bubble of people."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class DrawnGroup:
    """One group of the drawing.

    Attributes
    ----------
    letter
        Its letter.
    hull
        An SVG path around it; empty when there is nothing to show.
    circles
        Its bubbles.
    x, y
        Where its label stands.
    """

    letter: str
    hull: str
    circles: tuple[Circle, ...]
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Frame:
    """How places of the map become points of the drawing."""

    left: float
    top: float
    scale: float
    x_offset: float
    y_offset: float

    def point(self, place: Sequence[float]) -> Point:
        """Return where a place is drawn; up on the map is up in the drawing."""
        x = self.x_offset + (place[0] - self.left) * self.scale
        return round(x, 1), round(self.y_offset + (self.top - place[1]) * self.scale, 1)


@dataclass(frozen=True, slots=True)
class Drawing:
    """The drawing: its size and its groups, or the cloud of everybody where there are none.

    `frame` says where each place of the map is drawn.
    """

    width: int
    height: int
    frame: Frame
    groups: tuple[DrawnGroup, ...]
    cloud: tuple[Circle, ...] = ()


def drawing_of(groups: Sequence[Mapping[str, Any]]) -> Drawing | None:
    """Return the drawing of a map's groups; nothing when no group is large enough to show.

    Parameters
    ----------
    groups
        The `groups` of the public document. Those of fewer than five people have no place in it.
    """
    shown = [group for group in groups if group["centre"] is not None and group["bubbles"]]
    places = [place for group in shown for place in (*group["outline"], group["centre"])]
    if not places:
        return None
    frame, height = _frame(places)
    n_people = sum(bubble["n_participants"] for group in shown for bubble in group["bubbles"])
    area = BUBBLE_SHARE * WIDTH * height / n_people
    drawn = [_drawn(group, frame, area) for group in shown]
    return Drawing(WIDTH, height, frame, tuple(_apart(drawn, height)))


def cloud_of(bubbles: Sequence[Mapping[str, Any]]) -> Drawing | None:
    """Return the drawing of people without groups; nothing when there are fewer than five bubbles.

    Parameters
    ----------
    bubbles
        The `bubbles` of the public document.
    """
    if len(bubbles) < LEAST_IN_A_CLOUD:
        return None
    frame, height = _frame([(one["x"], one["y"]) for one in bubbles])
    area = BUBBLE_SHARE * WIDTH * height / sum(one["n_participants"] for one in bubbles)
    return Drawing(WIDTH, height, frame, (), tuple(_circle(one, frame, area) for one in bubbles))


def _frame(places: Sequence[Sequence[float]]) -> tuple[Frame, int]:
    left, right = min(place[0] for place in places), max(place[0] for place in places)
    bottom, top = min(place[1] for place in places), max(place[1] for place in places)
    inner = WIDTH - 2 * MARGIN
    across, along = max(right - left, 1e-9), max(top - bottom, 1e-9)
    scale = min(inner / across, (WIDTH * HIGHEST - 2 * MARGIN) / along)
    height = max(WIDTH * LOWEST, along * scale + 2 * MARGIN)
    x_offset, y_offset = (WIDTH - across * scale) / 2, (height - along * scale) / 2
    return Frame(left, top, scale, x_offset, y_offset), round(height)


def _drawn(group: Mapping[str, Any], frame: Frame, area: float) -> DrawnGroup:
    x, y = frame.point(group["centre"])
    # Of a group that is one bubble the hull says it all.
    shown = group["bubbles"] if len(group["bubbles"]) > 1 else []
    circles = [_circle(bubble, frame, area) for bubble in shown]
    hull = smooth([frame.point(one) for one in group["outline"]])
    return DrawnGroup(group["group"], hull, tuple(circles), x, y)


def _circle(bubble: Mapping[str, Any], frame: Frame, area: float) -> Circle:
    radius = min(MAX_RADIUS, math.sqrt(bubble["n_participants"] * area / math.pi))
    return Circle(*frame.point((bubble["x"], bubble["y"])), round(radius, 1))


def smooth(corners: Sequence[Point]) -> str:
    """Return a closed SVG path that rounds every corner off: through the middles of the sides.

    Examples
    --------
    >>> smooth([(0, 0), (2, 0), (2, 2)])
    'M1 0Q2 0 2 1Q2 2 1 1Q0 0 1 0Z'
    """
    if len(corners) < 3:
        return ""
    turns = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in turns]
    path = f"M{_at(middles[0])}"
    for (_, corner), middle in zip(turns, [*middles[1:], middles[0]], strict=True):
        path += f"Q{_at(corner)} {_at(middle)}"
    return path + "Z"


def _at(point: Point) -> str:
    return f"{point[0]:.4g} {point[1]:.4g}"


def _apart(groups: list[DrawnGroup], height: int) -> list[DrawnGroup]:
    """Return the groups with labels that neither overlap nor leave the drawing, close to where they were."""
    for _ in range(60):
        for i, one in enumerate(groups):
            for j, other in enumerate(groups[:i]):
                groups[i], groups[j] = _pushed(one, other)
                one = groups[i]
        groups = [_inside(one, height) for one in groups]
    return groups


def _pushed(one: DrawnGroup, other: DrawnGroup) -> tuple[DrawnGroup, DrawnGroup]:
    x_overlap = LABEL_WIDTH - abs(one.x - other.x)
    y_overlap = LABEL_HEIGHT - abs(one.y - other.y)
    if x_overlap <= 0 or y_overlap <= 0:
        return one, other
    if y_overlap <= x_overlap:
        step = (y_overlap / 2 + 0.5) * (1 if one.y >= other.y else -1)
        return replace(one, y=one.y + step), replace(other, y=other.y - step)
    step = (x_overlap / 2 + 0.5) * (1 if one.x >= other.x else -1)
    return replace(one, x=one.x + step), replace(other, x=other.x - step)


def _inside(one: DrawnGroup, height: int) -> DrawnGroup:
    x = min(max(one.x, LABEL_WIDTH / 2), WIDTH - LABEL_WIDTH / 2)
    y = min(max(one.y, LABEL_HEIGHT / 2), height - LABEL_HEIGHT / 2)
    return replace(one, x=round(x, 1), y=round(y, 1))

"""Figures for notebooks and reports, each in one line, its finding as its title; for who installed matplotlib.

They draw what was computed and compute nothing that anybody decides on. People are drawn in bubbles of ten or
more, as everywhere.
"""

import numpy as np

from clustering.assessment import Assessment
from clustering.certainty_plots import certainty_figure, crowds_figure, membership_figure
from clustering.drawing import (
    BODY,
    EVERYBODY,
    LOOKS,
    MUTED,
    SMALL,
    WIDTH,
    Look,
    Picture,
    rounded_outline,
    tinted,
    wrapped,
)
from clustering.findings import has_no_pattern, is_doubted, map_finding, text_of
from clustering.group_map import GroupMap
from clustering.outlines import Bubble, bubble_size, bubbles, outline
from clustering.statement_plots import common_ground_figure, statement_bars

__all__ = [
    "certainty_figure",
    "common_ground_figure",
    "crowds_figure",
    "group_map_figure",
    "membership_figure",
    "statement_bars",
]

_MAP = np.array([5.3, 5.0])
"""Room for the map, across and down, in inches."""
_SIDE = 1.75
"""Width of the sentences left and right of it."""


def group_map_figure(
    group_map: GroupMap, *, assessed: Assessment | None = None, title: str | None = None
) -> Picture:
    """Return the map: groups with letter, shape and size, people in bubbles, axes explained by statements.

    Parameters
    ----------
    group_map
        Of any outcome; without groups it is a cloud.
    assessed
        How far the map can be trusted. Where no groups come back, none are drawn.
    title
        Instead of the finding.
    """
    has_groups = group_map.n_groups > 0 and not is_doubted(assessed)
    labels = group_map.labels[group_map.is_placed] if has_groups else np.zeros(group_map.is_placed.sum(), int)
    places = group_map.places[group_map.is_placed]
    smallest = bubble_size(len(places))
    groups = [bubbles(places[labels == group], smallest=smallest) for group in range(labels.max(initial=0) + 1)]
    note = (
        f"{len(places):,} people are placed by their votes; near means alike. "
        f"Every mark is a bubble of {smallest} people or more. Who agrees with a sentence at an edge stands "
        "nearer to it."
    )
    high = _MAP[1] + 1.3
    picture = Picture(title=title or map_finding(group_map, assessed), note=note, height=high)
    middle = np.array([WIDTH / 2, picture.top + high / 2])
    scale = _scale(groups)
    looks = LOOKS if has_groups else (EVERYBODY,)
    drawn = [[_moved(bubble, scale, middle) for bubble in group] for group in groups]
    if has_groups:
        for look, group in zip(looks, drawn, strict=False):
            _area(picture, look, group)
    for look, group in zip(looks, drawn, strict=False):
        sizes = np.array([bubble.n_participants for bubble in group])
        areas = 70.0 * sizes / smallest
        picture.mark([b.x for b in group], [b.y for b in group], look, area=areas, faint=True)
    if has_groups:
        for look, group in zip(looks, drawn, strict=False):
            _name(picture, look, group)
    # Axes through votes that don't hang together stand for nothing.
    if not has_no_pattern(assessed):
        _ends(picture, group_map, middle)
    return picture


def _scale(groups: list[list[Bubble]]) -> tuple[np.ndarray, float]:
    """Return the middle of all bubbles and how many inches a unit of the map is: the same along both axes."""
    rims = np.vstack([np.zeros((0, 2)), *(outline(group, margin=1e-9) for group in groups)])
    if not len(rims):
        return np.zeros(2), 1.0
    low, high = rims.min(axis=0), rims.max(axis=0)
    return (low + high) / 2, float((_MAP / np.maximum(high - low, 1e-9)).min())


def _moved(bubble: Bubble, scale: tuple[np.ndarray, float], middle: np.ndarray) -> Bubble:
    """Return a bubble where it stands on paper, in inches, y downwards."""
    centre, inches = scale
    x = middle[0] + inches * (bubble.x - centre[0])
    y = middle[1] - inches * (bubble.y - centre[1])
    return Bubble(float(x), float(y), bubble.n_participants, bubble.radius * inches)


def _area(picture: Picture, look: Look, group: list[Bubble]) -> None:
    corners = outline(group, margin=0.15)
    if len(corners):
        soft = rounded_outline(corners)
        picture.paper.fill(soft[:, 0], soft[:, 1], facecolor=tinted(look.colour, 0.13), linewidth=0, zorder=1)
        edge = {"color": tinted(look.colour, 0.45), "linewidth": 1.0, "zorder": 2}
        closed = np.vstack((soft, soft[:1]))
        picture.line(closed[:, 0], closed[:, 1], **edge)


def _name(picture: Picture, look: Look, group: list[Bubble]) -> None:
    """Write a group's letter and size at its centre, over everything."""
    sizes = np.array([bubble.n_participants for bubble in group])
    if not sizes.size:
        return
    x = float(sizes @ [bubble.x for bubble in group] / sizes.sum())
    y = float(sizes @ [bubble.y for bubble in group] / sizes.sum())
    drawn = {"align": "center", "halo": True, "colour": look.colour, "weight": "bold"}
    picture.write(x, y - 0.32, look.letter, size=26, **drawn)
    picture.write(x, y + 0.12, f"{sizes.sum():,} people", size=BODY, **drawn)


def _ends(picture: Picture, group_map: GroupMap, middle: np.ndarray) -> None:
    """Write at each end of both axes the statement that stretches it most."""
    pull = group_map.statement_places
    if not pull.any():
        return
    beside, along = _SIDE, 5.6
    for axis, sign in ((0, -1), (0, 1), (1, -1), (1, 1)):
        strongest = int(np.argmax(sign * pull[:, axis]))
        if sign * pull[strongest, axis] <= 0:
            continue
        text = f"“{text_of(group_map, strongest)}”"
        lines = wrapped(text, beside if axis == 0 else along, SMALL, at_most=9 if axis == 0 else 2)
        high = len(lines) * SMALL * 1.4 / 72
        if axis == 0:
            x, align = (0.0, "left") if sign < 0 else (WIDTH, "right")
            picture.write(x, middle[1] - high / 2, lines, size=SMALL, colour=MUTED, align=align)
        else:
            y = middle[1] - _MAP[1] / 2 - 0.2 - high if sign > 0 else middle[1] + _MAP[1] / 2 + 0.2
            picture.write(middle[0], y, lines, size=SMALL, colour=MUTED, align="center")

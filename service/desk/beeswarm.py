"""A beeswarm: every statement a dot, from what people share on the left to what divides them on the right."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.desk.explorer import CONSENSUS, DIVIDING, UNSURE, Row

WIDTH, RADIUS = 720, 6.0
MARGIN = 14.0
LEAST_HEIGHT = 90


@dataclass(frozen=True, slots=True)
class Dot:
    """A statement in the drawing, and the kind that gives it its look."""

    x: float
    y: float
    kind: str
    row: Row


@dataclass(frozen=True, slots=True)
class Beeswarm:
    """The drawing; what divides 0 % stands at `left`, what divides 100 % at `right`."""

    width: int
    height: int
    left: float
    right: float
    dots: tuple[Dot, ...]


def beeswarm(rows: Sequence[Row]) -> Beeswarm | None:
    """Return the drawing of the statements that enough people voted on; nothing of fewer than two.

    Dots stand at their own division and are moved up or down only, as little as keeps them apart.
    """
    shown = [(one, one.division) for one in rows if one.division is not None]
    if len(shown) < 2:
        return None
    inner = WIDTH - 2 * MARGIN
    places: list[tuple[float, float]] = []
    dots = []
    # Those with most votes are placed first, and stand in the middle.
    for row, division in sorted(shown, key=lambda one: -(one[0].everybody.n_seen or 0)):
        x = MARGIN + inner * division
        y = _free(x, places)
        places.append((x, y))
        dots.append((x, y, row))
    lowest, highest = min(y for _, y in places), max(y for _, y in places)
    height = max(LEAST_HEIGHT, highest - lowest + 2 * MARGIN)
    middle = height / 2 - (highest + lowest) / 2
    return Beeswarm(
        WIDTH,
        round(height),
        MARGIN,
        WIDTH - MARGIN,
        tuple(Dot(round(x, 1), round(y + middle, 1), _kind(row), row) for x, y, row in dots),
    )


def _free(x: float, places: Sequence[tuple[float, float]]) -> float:
    """Return the height closest to the middle at which a dot touches no other."""
    apart = 2 * RADIUS + 1
    near = [(x - there, y) for there, y in places if abs(x - there) < apart]
    candidates = [0.0]
    for across, y in near:
        reach = (apart**2 - across**2) ** 0.5
        candidates += [y + reach, y - reach]
    # A hair's breadth is allowed, so that a dot may touch the one it was moved away from.
    free = (
        candidate
        for candidate in sorted(candidates, key=abs)
        if all(across**2 + (candidate - y) ** 2 >= apart**2 - 1e-6 for across, y in near)
    )
    return next(free)


def _kind(row: Row) -> str:
    for kind in (DIVIDING, CONSENSUS, UNSURE):
        if kind in row.kinds:
            return kind
    return "other"

"""What people in a part of the map have in common: counted on the server, of whole bubbles of people only.

A part is made of the bubbles that the map shows, so that no two parts differ by one person or a few.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clustering.share_ends import difference_ends, share_ends
from service.desk.shares import Share
from service.pages.bars import FEW_VOTES
from service.pages.drawing import Frame, Point
from service.store import area_votes, group_maps
from service.store.database import Store
from service.store.records import PLACE_BYTES, Conversation, StatementRecord, StatementState

LEAST_PEOPLE = 5
"""People in a part of the map below which nothing is told of them, or of the others."""

NO_PLACE = -1
"""The group's number of somebody who isn't on the map."""

MOST_LISTED = 10
_VALUES = {"agree": 1, "disagree": -1}


@dataclass(frozen=True, slots=True)
class AreaStatement:
    """What the people of an area say of a statement, and the others.

    Attributes
    ----------
    direction
        `agree` or `disagree`: what the shares are of.
    inside, n_inside, others, n_others
        The shares, of how many votes.
    difference
        Inside minus others, in percentage points.
    """

    statement: StatementRecord
    direction: str
    inside: Share
    n_inside: int
    others: Share
    n_others: int
    difference: Share


@dataclass(frozen=True, slots=True)
class Area:
    """What is known of the people in a part of the map.

    Attributes
    ----------
    n_people, n_others
        People in it, and on the map elsewhere; nothing for either when one of them is too few to tell.
    differing
        Statements on which they differ from all others, for sure and most first.
    alike
        Statements of which it is sure that more than half of them say the same; most first.
    n_compared
        Statements with enough votes of both.
    """

    n_people: int | None
    n_others: int | None
    differing: tuple[AreaStatement, ...] = ()
    alike: tuple[AreaStatement, ...] = ()
    n_compared: int = 0


def area(
    store: Store,
    conversation: Conversation,
    records: Sequence[StatementRecord],
    *,
    frame: Frame,
    corners: Sequence[Point],
) -> Area:
    """Return what the people of the newest map have in common whose bubbles stand within corners.

    Parameters
    ----------
    records
        The conversation's statements; those that are hidden or about itself aren't told of.
    frame
        How places of the map become points of its drawing.
    corners
        Of the area, in the drawing's own units.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    numbers, n_placed = _people_within(store, conversation, frame, corners)
    n_others = n_placed - len(numbers)
    if len(numbers) < LEAST_PEOPLE or n_others < LEAST_PEOPLE:
        return Area(None, None)
    inside, others = area_votes.counted(store, conversation, numbers)
    told = [
        one
        for record in records
        if record.state is StatementState.VISIBLE and not record.is_meta
        for one in _both_ways(record, inside, others)
    ]
    differing = sorted((one for one in told if _is_sure(one)), key=lambda one: -abs(one.difference.percent))
    alike = sorted((one for one in told if one.inside.low > 50), key=lambda one: -one.inside.low)
    return Area(
        len(numbers),
        n_others,
        _each_once(differing),
        _each_once(alike),
        len({one.statement.id for one in told}),
    )


def is_within(point: Point, corners: Sequence[Point]) -> bool:
    """Return whether a point is inside a closed line through corners, by how often a ray crosses it.

    Examples
    --------
    >>> is_within((1, 1), [(0, 0), (2, 0), (2, 2), (0, 2)]), is_within((3, 1), [(0, 0), (2, 0), (2, 2), (0, 2)])
    (True, False)
    """
    x, y = point
    is_in = False
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], *corners[:1]], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            is_in = not is_in
    return is_in


def _people_within(
    store: Store, conversation: Conversation, frame: Frame, corners: Sequence[Point]
) -> tuple[list[int], int]:
    """Return the numbers of the people whose bubbles stand in an area, and how many are on the map."""
    # Loaded here: only who asks for an area needs arrays.
    import numpy as np

    from clustering.halving import bubble_size, halved

    presented = group_maps.presented(store, conversation.number)
    if presented is None:
        return [], 0
    rows = np.frombuffer(presented.places, dtype=[("x", "<f8"), ("y", "<f8"), ("group", "i1")])
    assert rows.itemsize == PLACE_BYTES  # noqa: S101 - the store says so.
    everywhere = np.column_stack((rows["x"], rows["y"]))
    # On a map without groups everybody has the same number, which isn't that of somebody who has no place.
    groups = np.unique(rows["group"][rows["group"] != NO_PLACE])
    placed = [np.flatnonzero(rows["group"] == group) for group in groups]
    n_placed = sum(len(one) for one in placed)
    found: list[int] = []
    for members in placed:
        if len(members) < LEAST_PEOPLE:
            continue
        for part in halved(everywhere[members], smallest=bubble_size(n_placed)):
            centre = everywhere[members[part]].mean(axis=0)
            if is_within(frame.point((float(centre[0]), float(centre[1]))), corners):
                found += members[part].tolist()
    return sorted(found), n_placed


def _both_ways(
    record: StatementRecord, inside: Mapping[tuple[int, int], int], others: Mapping[tuple[int, int], int]
) -> list[AreaStatement]:
    """Return a statement by how many agree and by how many disagree; nothing where few voted on it."""
    n_inside, n_others = _n_votes(record, inside), _n_votes(record, others)
    if n_inside < FEW_VOTES or n_others < FEW_VOTES:
        return []
    found = []
    for direction, value in _VALUES.items():
        here, there = inside.get((record.number, value), 0), others.get((record.number, value), 0)
        found.append(
            AreaStatement(
                record,
                direction,
                _share(here / n_inside, *share_ends(here, n_inside)),
                n_inside,
                _share(there / n_others, *share_ends(there, n_others)),
                n_others,
                _share(*difference_ends(here, n_inside, there, n_others)),
            )
        )
    return found


def _n_votes(record: StatementRecord, counts: Mapping[tuple[int, int], int]) -> int:
    return sum(counts.get((record.number, value), 0) for value in (-1, 0, 1))


def _share(share: float, low: float, high: float) -> Share:
    return Share(round(100 * share), round(100 * low), round(100 * high))


def _is_sure(one: AreaStatement) -> bool:
    return one.difference.low > 0 or one.difference.high < 0


def _each_once(found: Sequence[AreaStatement]) -> tuple[AreaStatement, ...]:
    """Return each statement in the direction that came first; the first few."""
    seen: Counter[str] = Counter()
    kept = []
    for one in found:
        seen[one.statement.id] += 1
        if seen[one.statement.id] == 1:
            kept.append(one)
    return tuple(kept[:MOST_LISTED])

"""Keep the picture still: the map people see is the canonical one, turned and lettered like the one before.

A thin, recorded layer: it never changes who is near whom, and the record says what it did.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import orthogonal_procrustes
from scipy.optimize import linear_sum_assignment

from clustering.errors import ShapeError
from clustering.events import GroupEvent, group_events
from clustering.group_map import GroupMap, spread_labels
from clustering.grouping import Grouping, chosen
from clustering.judgements import Judgements, judgements
from clustering.settings import SMALLEST_GROUP_SHOWN, STEADY_VOTES_MIN, STEADY_VOTES_SHARE
from clustering.vocabulary import GROUP_LETTERS, Outcome
from clustering.written_form import View, document_of, rounded

Floats = NDArray[np.float64]
PLACE = np.dtype([("x", "<f8"), ("y", "<f8"), ("group", "i1")])
"""One participant's place as kept: two coordinates and the group's position in the alphabet, or one of two:"""
NOT_PLACED = -1
WITHOUT_GROUP = -2
"""On the map, which shows no groups."""


_DRAWN = {Outcome.READY, Outcome.NO_STRUCTURE}


class Before(Protocol):
    """What people saw last: the record and the places of an earlier `PresentedMap`."""

    @property
    def presentation(self) -> bytes:
        """JSON of `PresentedMap.presentation_document`."""
        ...

    @property
    def places(self) -> bytes:
        """`PresentedMap.places_bytes`."""
        ...


@dataclass(frozen=True, eq=False)
class PresentedMap:
    """A group map as people see it.

    Attributes
    ----------
    canonical
        What it is drawn from.
    grouping, judged
        The grouping shown; another number of groups than the canonical one while a change is awaited.
    turn
        2 × 2 orthogonal: canonical places are multiplied by it.
    letters
        The letter of each group of `grouping`.
    steadying
        The number of groups that is winning and since how many votes, or None.
    events
        What became of the groups since the map before; nothing on the first one.
    """

    canonical: GroupMap
    grouping: Grouping | None
    judged: Judgements
    turn: Floats
    letters: str
    steadying: Mapping[str, int] | None
    events: Sequence[GroupEvent] = ()

    @property
    def outcome(self) -> Outcome:
        """What people see: groups, or a cloud of everybody, may be kept while a change is awaited."""
        if self.canonical.outcome not in _DRAWN:
            return self.canonical.outcome
        return Outcome.NO_STRUCTURE if self.grouping is None else Outcome.READY

    def to_document(self) -> dict[str, Any]:
        """Return the public written form: small groups keep their figures to themselves."""
        view = View(self.grouping, self.judged, self.turn, self.letters, smallest_group=SMALLEST_GROUP_SHOWN)
        return {
            **document_of(self.canonical, view),
            "outcome": self.outcome.value,
            "result_hash": self.canonical.result_hash,
            "presentation": self.presentation_document(),
        }

    def presentation_document(self) -> dict[str, Any]:
        """Return the record of what was done to the canonical map, and what the next one needs."""
        return {
            "outcome": self.outcome.value,
            "settings": self.canonical.settings.to_document(),
            "axes": rounded(self.turn).tolist(),
            "letters": dict(zip(GROUP_LETTERS, self.letters, strict=False)),
            "n_groups": 0 if self.grouping is None else self.grouping.n_groups,
            "n_groups_canonical": self.canonical.n_groups,
            "steadying": None if self.steadying is None else dict(self.steadying),
            "events": [event.to_document() for event in self.events],
        }

    def places_bytes(self) -> bytes:
        """Return everybody's place in the order of the data that came in: 17 bytes a participant."""
        places = np.zeros(self.canonical.matrix.n_participants, dtype=PLACE)
        turned = self.canonical.as_given(self.canonical.places) @ self.turn
        places["x"], places["y"] = turned[:, 0], turned[:, 1]
        labels = self.canonical.as_given(spread_labels(self.grouping, self.canonical.is_placed))
        places["group"] = _lettered(labels, self.letters)
        if self.grouping is None and self.outcome in _DRAWN:
            places["group"][self.canonical.as_given(self.canonical.is_placed)] = WITHOUT_GROUP
        return places.tobytes()

    def priorities(self) -> dict[str, float]:
        """Return how often each statement is to be shown, by statement id."""
        ids = (statement.id for statement in self.canonical.matrix.statements)
        return dict(zip(ids, rounded(self.judged.priorities).tolist(), strict=True))


def present(group_map: GroupMap, before: Before | None = None) -> PresentedMap:
    """Return the map as people see it, kept as still as the new votes allow.

    Three things are aligned to what was shown before: the axes are turned (Procrustes) so that people move
    least; groups keep the letter of the group they share most people with (Hungarian matching); and another
    number of groups, or none where there were some, is shown only once it has won while the votes grew by 15 %
    (20 at least). What became of each group is recorded.

    Parameters
    ----------
    group_map
        The canonical map. Row i of the data it came from is the same participant as in `before`.
    before
        What was shown before, or None.

    Raises
    ------
    ShapeError
        If the places of `before` are damaged.

    Notes
    -----
    *Source*: orthogonal Procrustes, Schönemann (1966); assignment, Kuhn (1955). Polis keeps only the number
    of groups, for four updates (conversation.clj `:group-k-smoother`), and lets axes flip. New settings are
    followed at once.
    """
    record = {} if before is None else json.loads(before.presentation)
    places = None if before is None else _places_before(before.places)
    grouping, steadying = _steadied(group_map, record)
    judged = group_map.judged if grouping is group_map.grouping else _judged(group_map, grouping)
    labels = group_map.as_given(spread_labels(grouping, group_map.is_placed))
    letters = _letters(labels, 0 if grouping is None else grouping.n_groups, places)
    return PresentedMap(
        canonical=group_map,
        grouping=grouping,
        judged=judged,
        turn=_turn(group_map, places),
        letters=letters,
        steadying=steadying,
        events=() if places is None else _events(_lettered(labels, letters), places["group"]),
    )


def _places_before(places: bytes) -> NDArray:
    if len(places) % PLACE.itemsize:
        raise ShapeError(f"places: expected a multiple of {PLACE.itemsize} bytes, got {len(places)}")
    return np.frombuffer(places, dtype=PLACE)


def _judged(group_map: GroupMap, grouping: Grouping | None) -> Judgements:
    labels = spread_labels(grouping, group_map.is_placed)
    n_groups = 0 if grouping is None else grouping.n_groups
    return judgements(group_map.matrix, labels, n_groups=n_groups, extremity=group_map.extremity)


def _steadied(group_map: GroupMap, record: Mapping[str, Any]) -> tuple[Grouping | None, dict[str, int] | None]:
    """Return the grouping to show and, while another number of groups is winning, since when."""
    shown, winner = record.get("n_groups", 0), group_map.n_groups
    kept = chosen(group_map.candidates, n_groups=shown) if shown else None
    # Everybody without groups is kept too, where it was shown because no division came back.
    is_there = kept is not None or (record.get("outcome") == Outcome.NO_STRUCTURE and group_map.candidates)
    settings = group_map.settings
    is_asked = settings.n_groups is not None or record.get("settings") != settings.to_document()
    if not is_there or shown == winner or is_asked:
        return group_map.grouping, None
    n_votes = group_map.matrix.n_votes
    earlier = record.get("steadying") or {}
    since = earlier["since_votes"] if earlier.get("n_groups") == winner else n_votes
    if n_votes - since >= max(STEADY_VOTES_MIN, STEADY_VOTES_SHARE * since):
        return group_map.grouping, None
    return kept, {"n_groups": winner, "since_votes": since}


def _turn(group_map: GroupMap, before: NDArray | None) -> Floats:
    """Return the turn (or mirroring) that moves people least from where they were shown."""
    if before is None:
        return np.eye(2)
    n_shared = min(len(before), group_map.matrix.n_participants)
    is_shared = group_map.as_given(group_map.is_placed)[:n_shared] & (before["group"][:n_shared] != NOT_PLACED)
    now = group_map.as_given(group_map.places)[:n_shared][is_shared]
    then = np.column_stack((before["x"], before["y"]))[:n_shared][is_shared]
    if not np.any(now) or not np.any(then):
        return np.eye(2)
    return np.asarray(orthogonal_procrustes(now, then)[0], dtype=np.float64)


def _letters(labels: NDArray[np.int8], n_groups: int, before: NDArray | None) -> str:
    """Return a letter per group: that of the earlier group it shares most people with, else a free one."""
    if before is None or not n_groups:
        return GROUP_LETTERS[:n_groups]
    n_shared = min(len(before), len(labels))
    then, now = before["group"][:n_shared], labels[:n_shared]
    both = (then >= 0) & (now >= 0)
    overlap = np.zeros((n_groups, len(GROUP_LETTERS)))
    np.add.at(overlap, (now[both], then[both]), 1)
    # A group that shares nobody with any earlier one takes the first letter that is free.
    overlap -= np.arange(len(GROUP_LETTERS)) * 1e-6
    _, letter = linear_sum_assignment(-overlap)
    return "".join(GROUP_LETTERS[at] for at in letter)


def _lettered(labels: NDArray[np.int8], letters: str) -> NDArray[np.int8]:
    """Return each participant's group as its letter's position in the alphabet, or that they have none."""
    return np.array([GROUP_LETTERS.index(letter) for letter in letters] + [NOT_PLACED], dtype=np.int8)[labels]


def _events(now: NDArray[np.int8], before: NDArray[np.int8]) -> list[GroupEvent]:
    """Return the events, people who came since having had no group."""
    then = np.full(now.shape, -1, dtype=np.int8)
    n_shared = min(len(then), len(before))
    then[:n_shared] = before[:n_shared]
    return group_events(then, now)

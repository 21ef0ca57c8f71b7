"""What became of each opinion group since the map before: by the people that are in both."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from clustering.errors import ShapeError
from clustering.settings import EVENT_MAIN_SHARE, EVENT_PART_SHARE
from clustering.vocabulary import GROUP_LETTERS

EventKind = Literal["continued", "split", "merged", "new", "gone"]


@dataclass(frozen=True, slots=True)
class GroupEvent:
    """One thing that happened to opinion groups between two maps.

    Attributes
    ----------
    event
        `continued`: most of one group's people are most of another's. `split`: a group's people are the larger
        part of two or more groups. `merged`: most of two or more groups' people are in one. `new`: none of
        these led to the group. `gone`: none of these led away from it.
    before, now
        Letters of the groups concerned, as shown then and now, in alphabetical order.
    """

    event: EventKind
    before: tuple[str, ...]
    now: tuple[str, ...]

    def to_document(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {**asdict(self), "before": list(self.before), "now": list(self.now)}


def group_events(before: NDArray[np.integer], now: NDArray[np.integer]) -> list[GroupEvent]:
    """Return what became of the groups, each group before and each now named at least once.

    Parameters
    ----------
    before, now
        Length n_participants: each participant's group as its position in the alphabet, −1 for none. Only
        people with a group both times count. Nobody shared: all earlier groups are gone and all others new.

    Returns
    -------
    list of GroupEvent
        Merged, split, continued, new, gone, each kind in alphabetical order.

    Raises
    ------
    ShapeError
        If the lengths differ.

    Notes
    -----
    *Source*: own; after the transitions of MONIC (Spiliopoulou et al. 2006).

    Examples
    --------
    >>> [one.event for one in group_events(np.array([0, 0, 1, 1]), np.array([0, 0, 0, 0]))]
    ['merged']
    """
    if before.shape != now.shape:
        raise ShapeError(f"groups: expected as many people before as now, got {before.shape} and {now.shape}")
    shared = np.zeros((len(GROUP_LETTERS), len(GROUP_LETTERS)))
    both = (before >= 0) & (now >= 0)
    np.add.at(shared, (before[both], now[both]), 1)
    goes = shared / np.maximum(shared.sum(axis=1, keepdims=True), 1)
    comes = shared / np.maximum(shared.sum(axis=0, keepdims=True), 1)
    merged = {n: _at_least(goes[:, n], EVENT_MAIN_SHARE) for n in range(len(GROUP_LETTERS))}
    merged = {n: origins for n, origins in merged.items() if len(origins) > 1}
    is_part = (goes >= EVENT_PART_SHARE) & (comes >= EVENT_MAIN_SHARE)
    split = {b: np.flatnonzero(is_part[b]).tolist() for b in range(len(GROUP_LETTERS))}
    split = {b: parts for b, parts in split.items() if len(parts) > 1}
    events = [_event("merged", origins, [n]) for n, origins in merged.items()]
    events += [_event("split", [b], parts) for b, parts in split.items()]
    events += [
        _event("continued", [b], [n])
        for b, n in np.argwhere((goes >= EVENT_MAIN_SHARE) & (comes >= EVENT_MAIN_SHARE)).tolist()
        if b not in split and n not in merged
    ]
    named_before = {letter for event in events for letter in event.before}
    named_now = {letter for event in events for letter in event.now}
    events += [_event("new", [], [n]) for n in _groups(now) if GROUP_LETTERS[n] not in named_now]
    return events + [_event("gone", [b], []) for b in _groups(before) if GROUP_LETTERS[b] not in named_before]


def _at_least(shares: NDArray[np.float64], least: float) -> list[int]:
    return np.flatnonzero(shares >= least).tolist()


def _groups(labels: NDArray[np.integer]) -> list[int]:
    return np.unique(labels[labels >= 0]).tolist()


def _event(kind: EventKind, before: list[int], now: list[int]) -> GroupEvent:
    return GroupEvent(kind, tuple(GROUP_LETTERS[b] for b in before), tuple(GROUP_LETTERS[n] for n in now))

"""What differs between two maps of one conversation: what became of the groups, and which shares moved."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clustering.errors import ShapeError
from clustering.events import group_events
from clustering.settings import DECIMALS, SMALLEST_GROUP_SHOWN
from clustering.vocabulary import GROUP_LETTERS

SHARE_MOVED = 0.02
"""Change of a share from which it is told: two of a hundred people."""


def differences(
    before: Mapping[str, Any],
    now: Mapping[str, Any],
    *,
    groups_before: NDArray[np.integer],
    groups_now: NDArray[np.integer],
) -> dict[str, Any]:
    """Return what differs between two maps, as plain JSON values.

    Parameters
    ----------
    before, now
        Two written maps with their groups lettered alike, as `PresentedMap.to_document` writes them.
    groups_before, groups_now
        Length n_participants: each participant's group as its position in the alphabet, negative for none.
        Somebody who came later, or isn't on one of the maps, has none there.

    Returns
    -------
    dict
        `n_participants`, `n_votes`, `n_placed`, `n_groups`: `before` and `now`. `events`: what became of the
        groups. `moves`: how many people went from which group to which, to the nearest five, so that nobody's
        move can be computed from the sizes of the groups; fewer than five are left out. `statements`: those
        whose share of agree or disagree moved by two hundredths or more, among everybody or in a group with
        the same letter both times; the one that moved most is first. Shares of fewer than five people aren't
        told.

    Raises
    ------
    ShapeError
        If the lengths differ.

    Notes
    -----
    *Source*: own; the events are those of `clustering.events`.

    Examples
    --------
    >>> empty = {"n_participants": 0, "n_votes": 0, "n_placed": 0, "n_groups": 0, "statements": []}
    >>> differences(empty, empty, groups_before=np.zeros(0, int), groups_now=np.zeros(0, int))["events"]
    []
    """
    if groups_before.shape != groups_now.shape:
        raise ShapeError(
            f"groups: expected as many people before as now, got {groups_before.shape} and {groups_now.shape}"
        )
    counts = ("n_participants", "n_votes", "n_placed", "n_groups")
    return {
        **{name: {"before": before[name], "now": now[name]} for name in counts},
        "events": [event.to_document() for event in group_events(groups_before, groups_now)],
        "moves": _moves(groups_before, groups_now),
        "statements": _statements(before, now),
    }


def _moves(before: NDArray[np.integer], now: NDArray[np.integer]) -> list[dict[str, Any]]:
    """Return how many people with a group both times went from which to which."""
    both = (before >= 0) & (now >= 0)
    shared = np.zeros((len(GROUP_LETTERS), len(GROUP_LETTERS)), dtype=int)
    np.add.at(shared, (before[both], now[both]), 1)
    return [
        {
            "before": GROUP_LETTERS[b],
            "now": GROUP_LETTERS[n],
            "n_participants": _to_fives(int(shared[b, n])),
        }
        for b, n in np.argwhere(shared >= SMALLEST_GROUP_SHOWN).tolist()
    ]


def _to_fives(n_people: int) -> int:
    return SMALLEST_GROUP_SHOWN * round(n_people / SMALLEST_GROUP_SHOWN)


def _statements(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    earlier = {entry["statement"]: entry for entry in before["statements"]}
    told = []
    for entry in now["statements"]:
        known = earlier.get(entry["statement"])
        if known is None:
            continue
        pairs: list[tuple[str | None, Any, Any]] = [(None, known, entry)]
        pairs += [
            (letter, known["groups"][letter], entry["groups"][letter])
            for letter in sorted(known["groups"].keys() & entry["groups"].keys())
        ]
        told += [
            {"statement": entry["statement"], "group": letter, **moved}
            for letter, was, counted in pairs
            if (moved := _moved(was, counted)) is not None
        ]
    return sorted(told, key=lambda one: -_size(one))


def _moved(was: Mapping[str, Any], counted: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a statement's shares before and now; None where too few saw it, or too little moved."""
    if min(was["n_seen"] or 0, counted["n_seen"] or 0) < SMALLEST_GROUP_SHOWN:
        return None
    shares = {
        side: {
            "before": round(was[f"n_{side}"] / was["n_seen"], DECIMALS),
            "now": round(counted[f"n_{side}"] / counted["n_seen"], DECIMALS),
        }
        for side in ("agree", "disagree")
    }
    return shares if _size(shares) >= SHARE_MOVED else None


def _size(shares: Mapping[str, Any]) -> float:
    return max(abs(shares[side]["now"] - shares[side]["before"]) for side in ("agree", "disagree"))

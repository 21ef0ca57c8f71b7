"""What Polis's `math/pca2` shows of a map that people see, and what of it may be shown to everybody."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from clustering.exchange.pca2 import Pca2Numbers, pca2_document
from clustering.group_map import GroupMap
from clustering.settings import SMALLEST_GROUP_SHOWN
from clustering.steadiness import PresentedMap
from clustering.vocabulary import GROUP_LETTERS


def shown_document(
    shown: PresentedMap, *, pids: Mapping[str, int], tids: Mapping[str, int], math_tick: int, last_vote_ms: int
) -> dict[str, Any]:
    """Return the map that people see as Polis's API would answer it; group 0 is the one lettered A.

    Parameters
    ----------
    shown
        The map as it is kept still.
    pids, tids
        What Polis's tools call participants, by name, and statements, by id.
    math_tick, last_vote_ms
        As in `pca2_document`.

    Raises
    ------
    KeyError
        If somebody or something has no number.
    """
    gids = [GROUP_LETTERS.index(letter) for letter in shown.letters]
    numbers = Pca2Numbers(pids, tids, gids)
    return pca2_document(_as_shown(shown), math_tick=math_tick, last_vote_ms=last_vote_ms, numbers=numbers)


def public_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a `pca2` document tells of nobody: the same keys and types, groups in place of people.

    Base clusters are the groups themselves, without members; nobody is counted by name. Groups of fewer than
    five people keep their votes and their representative statements to themselves.

    Raises
    ------
    Nothing.
    """
    votes = {gid: _of_group(group) for gid, group in document["group-votes"].items()}
    centres = {cluster["id"]: cluster["center"] for cluster in document["group-clusters"]}
    gids = sorted(centres)
    small = {gid for gid in gids if _is_small(document["group-votes"][str(gid)])}
    nothing = {"A": 0, "D": 0, "S": 0}
    return dict(document) | {
        "in-conv": [],
        "user-vote-counts": {},
        "group-votes": votes,
        "repness": {gid: [] if int(gid) in small else entries for gid, entries in document["repness"].items()},
        "base-clusters": {
            "id": gids,
            "members": [[] for _ in gids],
            "x": [centres[gid][0] for gid in gids],
            "y": [centres[gid][1] for gid in gids],
            "count": [votes[str(gid)]["n-members"] for gid in gids],
        },
        "group-clusters": [{"id": gid, "center": centres[gid], "members": [gid]} for gid in gids],
        "votes-base": {
            str(tid): {
                side: [votes[str(gid)]["votes"].get(str(tid), nothing)[side] for gid in gids]
                for side in nothing
            }
            for tid in document["tids"]
        },
    }


def _as_shown(shown: PresentedMap) -> GroupMap:
    """Return the canonical map with the grouping that is shown, turned as it is shown."""
    canonical, turn = shown.canonical, shown.turn
    grouping = shown.grouping
    if grouping is not None:
        grouping = replace(grouping, centres=grouping.centres @ turn)
    axes = canonical.axes
    return replace(
        canonical,
        axes=replace(axes, components=turn.T @ axes.components),
        places=canonical.places @ turn,
        statement_places=canonical.statement_places @ turn,
        grouping=grouping,
        judged=shown.judged,
    )


def _is_small(group: Mapping[str, Any]) -> bool:
    return group["n-members"] < SMALLEST_GROUP_SHOWN


def _of_group(group: Mapping[str, Any]) -> dict[str, Any]:
    if not _is_small(group):
        return dict(group)
    nothing = {tid: {"A": 0, "D": 0, "S": 0} for tid in group["votes"]}
    return {"id": group["id"], "n-members": 0, "votes": nothing}

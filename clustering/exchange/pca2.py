"""Write a group map in the shape and sign of Polis's `math/pca2` answer.

There agree is −1 and everybody hangs from a base cluster. `classic` has no base clusters, so they are made
inside the groups: neighbours, about a hundred parts in all, one person each on a map of up to a hundred.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clustering.consensus import ConsensusStatement
from clustering.group_map import GroupMap
from clustering.outlines import halved
from clustering.representativeness import RepresentativeStatement
from clustering.settings import STRICT_BASE_CLUSTERS
from clustering.strict import base_clusters
from clustering.tallies import Tallies, tallies
from clustering.vocabulary import natural_key


@dataclass(frozen=True, eq=False)
class _Bases:
    """Base clusters: members (rows of the matrix), centres (n_base × 2) and the group of each (n_base)."""

    members: list[NDArray[np.intp]]
    centres: NDArray[np.float64]
    groups: NDArray[np.int8]


@dataclass(frozen=True)
class Pca2Numbers:
    """What Polis's tools call whom: by name of participant, by id of statement, and of each group in turn."""

    pids: Mapping[str, int]
    tids: Mapping[str, int]
    gids: Sequence[int]


def pca2_document(
    group_map: GroupMap, *, math_tick: int = 0, last_vote_ms: int = 0, numbers: Pca2Numbers | None = None
) -> dict[str, Any]:
    """Return the map as Polis's API would answer it.

    Parameters
    ----------
    group_map
        The map.
    math_tick
        Counts versions in Polis; here the sequence.
    last_vote_ms
        Time of the latest vote, milliseconds since 1970.
    numbers
        What everything is called. Without them an id that is a whole number is that number; where one isn't,
        all are replaced by their position in natural order.

    Returns
    -------
    dict
        Every key of Polis's answer. Places are those of the map; axes and centre are turned with the sign, so
        that `votes · comps` in Polis's sign still gives them.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: Polis, math/src/polismath/math/conversation.clj and conv_man.clj `prep-main` (commit 19af6644).
    """
    matrix, judged = group_map.matrix, group_map.judged
    exists = np.flatnonzero(matrix.votes_per_statement > 0)
    ids = [str(one.id) for one in matrix.statements]
    statement_numbers = _numbers(ids) if numbers is None else [numbers.tids[one] for one in ids]
    names = [str(name) for name in matrix.participants]
    people = _numbers(names) if numbers is None else [numbers.pids[name] for name in names]
    gids = range(group_map.n_groups) if numbers is None else numbers.gids
    bases = _bases(group_map)
    tids = [statement_numbers[j] for j in exists]
    return {
        "n": int(np.count_nonzero(matrix.votes_per_participant)),
        "n-cmts": len(exists),
        "tids": tids,
        "mod-in": sorted(
            statement_numbers[j] for j, one in enumerate(matrix.statements) if not one.is_moderated_out
        ),
        "mod-out": [statement_numbers[j] for j in np.flatnonzero(matrix.is_left_out)],
        "meta-tids": [statement_numbers[j] for j, s in enumerate(matrix.statements) if s.is_meta],
        "in-conv": sorted(people[row] for row in np.flatnonzero(group_map.is_placed)),
        "user-vote-counts": {
            str(people[row]): int(n) for row, n in enumerate(matrix.votes_per_participant) if n
        },
        "pca": {
            "center": (-group_map.axes.centre[exists] + 0.0).tolist(),
            "comps": (-group_map.axes.components[:, exists] + 0.0).tolist(),
            "comment-projection": group_map.statement_places[exists].T.tolist(),
            "comment-extremity": group_map.extremity[exists].tolist(),
        },
        "base-clusters": {
            "id": list(range(len(bases.members))),
            "members": [sorted(people[row] for row in members) for members in bases.members],
            "x": bases.centres[:, 0].tolist(),
            "y": bases.centres[:, 1].tolist(),
            "count": [len(members) for members in bases.members],
        },
        "group-clusters": _group_clusters(group_map, bases, gids),
        "votes-base": _votes_base(group_map, bases, exists, tids),
        "group-votes": _group_votes(group_map, exists, tids, gids),
        "repness": {
            str(gid): [_repness(statement, statement_numbers) for statement in statements]
            for gid, statements in sorted(zip(gids, judged.representative, strict=True))
        },
        "consensus": {
            side: [_consensus(statement, statement_numbers) for statement in getattr(judged.consensus, side)]
            for side in ("agree", "disagree")
        },
        "group-aware-consensus": _by_tid(
            tids, judged.group_aware_consensus[exists] if group_map.n_groups else []
        ),
        "comment-priorities": _by_tid(tids, judged.priorities[exists]),
        "lastVoteTimestamp": last_vote_ms,
        "lastModTimestamp": None,
        "math_tick": math_tick,
    }


def _numbers(names: Sequence[str]) -> list[int]:
    """Return whole numbers for names: their own if every name is one, else positions in natural order."""
    keys = [natural_key(name) for name in names]
    if all(key[0] == 0 for key in keys):
        return [key[1] for key in keys]
    rank = {key: position for position, key in enumerate(sorted(keys))}
    return [rank[key] for key in keys]


def _by_tid(tids: Sequence[int], values: Any) -> dict[str, float]:
    return {str(tid): float(value) for tid, value in zip(tids, values, strict=False)}


def _bases(group_map: GroupMap) -> _Bases:
    placed = np.flatnonzero(group_map.is_placed)
    if group_map.grouping is None or not placed.size:
        return _Bases([], np.zeros((0, 2)), np.zeros(0, np.int8))
    places = group_map.places[placed]
    if group_map.settings.method == "strict":
        clusters = base_clusters(places)
        parts = [np.flatnonzero(clusters.labels == base) for base in range(len(clusters.centres))]
    else:
        smallest = -(-len(placed) // STRICT_BASE_CLUSTERS)
        groups = (np.flatnonzero(group_map.grouping.labels == g) for g in range(group_map.n_groups))
        parts = [members[part] for members in groups for part in halved(places[members], smallest=smallest)]
    centres = np.array([places[part].mean(axis=0) for part in parts])
    return _Bases(
        [placed[part] for part in parts], centres, np.array([group_map.grouping.labels[p[0]] for p in parts])
    )


def _group_clusters(group_map: GroupMap, bases: _Bases, gids: Sequence[int]) -> list[dict[str, Any]]:
    if group_map.grouping is None:
        return []
    made = [
        {"id": gid, "center": centre.tolist(), "members": np.flatnonzero(bases.groups == group).tolist()}
        for group, (gid, centre) in enumerate(zip(gids, group_map.grouping.centres, strict=True))
    ]
    return sorted(made, key=lambda one: one["id"])


def _votes_base(
    group_map: GroupMap, bases: _Bases, exists: NDArray[np.intp], tids: Sequence[int]
) -> dict[str, dict[str, list[int]]]:
    labels = np.full(group_map.matrix.n_participants, -1)
    for base, members in enumerate(bases.members):
        labels[members] = base
    counts = tallies(group_map.matrix, labels, n_groups=len(bases.members))
    return {str(tid): _ads(counts, slice(None), j) for tid, j in zip(tids, exists, strict=True)}


def _group_votes(
    group_map: GroupMap, exists: NDArray[np.intp], tids: Sequence[int], gids: Sequence[int]
) -> dict[str, Any]:
    counts = group_map.judged.groups
    return {
        str(gid): {
            "id": gid,
            "n-members": int(np.count_nonzero(group_map.labels == group)),
            "votes": {str(tid): _ads(counts, group, j) for tid, j in zip(tids, exists, strict=True)},
        }
        for gid, group in sorted(zip(gids, range(group_map.n_groups), strict=True))
    }


def _ads(counts: Tallies, group: int | slice, j: int) -> dict[str, Any]:
    return {
        "A": counts.n_agree[group, j].tolist(),
        "D": counts.n_disagree[group, j].tolist(),
        "S": counts.n_seen[group, j].tolist(),
    }


def _repness(statement: RepresentativeStatement, numbers: Sequence[int]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "tid": numbers[statement.statement],
        "n-success": statement.n_success,
        "n-trials": statement.n_seen,
        "p-success": statement.share,
        "p-test": statement.share_z,
        "repness": statement.representativeness,
        "repness-test": statement.representativeness_z,
        "repful-for": statement.direction,
    }
    if statement.is_best_agree:
        entry |= {"best-agree": True, "n-agree": statement.n_success}
    return entry


def _consensus(statement: ConsensusStatement, numbers: Sequence[int]) -> dict[str, Any]:
    return {
        "tid": numbers[statement.statement],
        "n-success": statement.n_success,
        "n-trials": statement.n_seen,
        "p-success": statement.share,
        "p-test": statement.share_z,
    }

"""The one written form of a group map: plain JSON values, canonical or as presented."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clustering.errors import NotCanonicalError
from clustering.group_map import GroupMap
from clustering.grouping import Grouping
from clustering.judgements import Judgements
from clustering.outlines import Bubble, bubble_size, bubbles, outline
from clustering.representativeness import RepresentativeStatement
from clustering.settings import AXIS_END_STATEMENTS, DECIMALS, ENGINE_VERSION, METHOD_VERSION
from clustering.tallies import Tallies
from clustering.vocabulary import GROUP_LETTERS, Outcome

Floats = NDArray[np.float64]
OUTLINE_MARGIN = 0.03
"""Smallest radius around a bubble, as a share of the map's radius."""


@dataclass(frozen=True, eq=False)
class View:
    """How a group map is looked at: which grouping, turned how, lettered how, and for whom.

    Attributes
    ----------
    grouping, judged
        The grouping shown and what is said of statements given it.
    turn
        2 × 2 orthogonal: places are multiplied by it.
    letters
        The letter of each group of the grouping.
    smallest_group
        Groups with fewer people keep their size, outline and counts to themselves, and so do fewer people of a
        group who saw a statement; 0 shows all.
    """

    grouping: Grouping | None
    judged: Judgements
    turn: Floats
    letters: Sequence[str]
    smallest_group: int


def canonical_document(group_map: GroupMap) -> dict[str, Any]:
    """Return the canonical written form, with `result_hash` over all of it but the engine's version.

    Raises
    ------
    NotCanonicalError
        If the map started from an earlier one: what is published must not depend on the maps before it.
    """
    if not group_map.is_canonical:
        raise NotCanonicalError(
            "written form: expected a canonical map, got one that started from an earlier map; "
            "compute it without `start` to write, hash or publish it"
        )
    view = View(group_map.grouping, group_map.judged, np.eye(2), GROUP_LETTERS, smallest_group=0)
    document = document_of(group_map, view)
    document["result_hash"] = hash_of(document)
    return document


def hash_of(document: dict[str, Any]) -> str:
    """Return the SHA-256 of a canonical document without `result_hash`, `engine_version` and `assessment`.

    Anybody can do this: keys sorted, no spaces, UTF-8.

    Raises
    ------
    ValueError
        If the document holds a NaN or an infinity, which no map does.
    """
    apart = {"result_hash", "engine_version", "assessment"}
    hashed = {key: value for key, value in document.items() if key not in apart}
    text = json.dumps(hashed, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return f"sha256:{sha256(text.encode()).hexdigest()}"


def document_of(group_map: GroupMap, view: View) -> dict[str, Any]:
    """Return the written form of a map as looked at; the digest of places is always the canonical one.

    Raises
    ------
    Nothing.
    """
    matrix, settings = group_map.matrix, group_map.settings
    n_groups = 0 if view.grouping is None else view.grouping.n_groups
    return {
        "outcome": group_map.outcome.value,
        "missing": dict(group_map.missing) or None,
        "method": settings.method,
        "method_version": METHOD_VERSION,
        "engine_version": ENGINE_VERSION,
        "seed": settings.seed,
        "settings": settings.to_document(),
        "input_hash": group_map.input_digest,
        "places_hash": _places_hash(group_map),
        "n_participants": int(np.count_nonzero(matrix.votes_per_participant)),
        "n_placed": int(group_map.is_placed.sum()),
        "n_statements": matrix.n_statements,
        "n_statements_counted": group_map.n_statements_counted,
        "n_votes": matrix.n_votes,
        "n_groups": n_groups,
        "candidates": [
            {"n_groups": c.n_groups, "silhouette": _number(c.silhouette), "spread": _number(c.spread)}
            for c in group_map.candidates
        ],
        "axes": _axes(group_map, view),
        "groups": _groups(group_map, view),
        "bubbles": _cloud(group_map, view),
        "statements": _statements(group_map, view),
        "consensus": _consensus(group_map, view),
    }


def rounded(values: Floats) -> Floats:
    """Return values at ten decimals, without negative zeros.

    Raises
    ------
    Nothing.
    """
    return np.round(values, DECIMALS) + 0.0


def _number(value: float) -> float:
    return round(float(value), DECIMALS) + 0.0


def _places_hash(group_map: GroupMap) -> str:
    digest = sha256(np.ascontiguousarray(rounded(group_map.places), dtype="<f8").data)
    digest.update(np.ascontiguousarray(group_map.labels).data)
    return f"sha256:{digest.hexdigest()}"


def _axes(group_map: GroupMap, view: View) -> list[dict[str, Any]]:
    """Return each axis with its share of the variance and the statements that stretch either end."""
    shares = np.diag(view.turn.T @ np.diag(group_map.axes.variance_shares) @ view.turn)
    pull = rounded(group_map.statement_places @ view.turn)
    ids = [statement.id for statement in group_map.matrix.statements]
    return [
        {
            "variance_share": _number(shares[axis]),
            "low": [ids[j] for j in _ends(pull[:, axis])],
            "high": [ids[j] for j in _ends(-pull[:, axis])],
        }
        for axis in (0, 1)
    ]


def _ends(pull: Floats) -> list[int]:
    return [int(j) for j in np.argsort(pull, kind="stable")[:AXIS_END_STATEMENTS] if pull[j] < 0]


def _groups(group_map: GroupMap, view: View) -> list[dict[str, Any]]:
    if view.grouping is None:
        return []
    placed = group_map.places[group_map.is_placed] @ view.turn
    smallest = bubble_size(len(placed))
    margin = OUTLINE_MARGIN * float(np.abs(placed).max()) or 1.0
    shown = [
        _group(view, group, placed[view.grouping.labels == group], smallest, margin, group_map)
        for group in range(view.grouping.n_groups)
    ]
    return sorted(shown, key=lambda group: group["group"])


def _cloud(group_map: GroupMap, view: View) -> list[dict[str, Any]]:
    """Return the bubbles of everybody placed, where they are looked at without groups."""
    if view.grouping is not None or group_map.outcome not in {Outcome.READY, Outcome.NO_STRUCTURE}:
        return []
    placed = group_map.places[group_map.is_placed] @ view.turn
    smallest = bubble_size(len(placed))
    return [_bubble(bubble) for bubble in bubbles(placed, smallest=smallest)] if len(placed) >= smallest else []


def _bubble(bubble: Bubble) -> dict[str, Any]:
    return {
        "x": _number(bubble.x),
        "y": _number(bubble.y),
        "n_participants": bubble.n_participants,
        "radius": _number(bubble.radius),
    }


def _group(
    view: View, group: int, members: Floats, smallest: int, margin: float, group_map: GroupMap
) -> dict[str, Any]:
    is_shown = len(members) >= view.smallest_group
    drawn = bubbles(members, smallest=smallest) if is_shown else []
    return {
        "group": view.letters[group],
        "n_participants": len(members) if is_shown else None,
        "centre": rounded(members.mean(axis=0)).tolist() if is_shown else None,
        "bubbles": [_bubble(bubble) for bubble in drawn],
        "outline": rounded(outline(drawn, margin=margin)).tolist(),
        "representative_statements": [
            _representative(statement, view.judged.groups, group, group_map)
            for statement in (view.judged.representative[group] if is_shown else [])
            if statement.n_seen >= view.smallest_group
        ],
    }


def _representative(
    statement: RepresentativeStatement, counts: Tallies, group: int, group_map: GroupMap
) -> dict[str, Any]:
    j = statement.statement
    return {
        "statement": group_map.matrix.statements[j].id,
        "direction": statement.direction,
        "is_best_agree": statement.is_best_agree,
        **_counts(counts, group, j),
        "share": _number(statement.share),
        "share_z": _number(statement.share_z),
        "representativeness": _number(statement.representativeness),
        "representativeness_z": _number(statement.representativeness_z),
    }


def _counts(counts: Tallies, group: int, j: int) -> dict[str, int]:
    return {
        "n_agree": int(counts.n_agree[group, j]),
        "n_disagree": int(counts.n_disagree[group, j]),
        "n_pass": int(counts.n_seen[group, j] - counts.n_agree[group, j] - counts.n_disagree[group, j]),
        "n_seen": int(counts.n_seen[group, j]),
    }


_HIDDEN_COUNTS = dict.fromkeys(("n_agree", "n_disagree", "n_pass", "n_seen"))


def _statements(group_map: GroupMap, view: View) -> list[dict[str, Any]]:
    judged = view.judged
    places = rounded(group_map.statement_places @ view.turn).tolist()
    extremity = rounded(group_map.extremity).tolist()
    priorities = rounded(judged.priorities).tolist()
    shared = rounded(judged.group_aware_consensus).tolist()
    sizes = np.zeros(0) if view.grouping is None else np.bincount(view.grouping.labels)
    by_letter = sorted((view.letters[group], group) for group in range(len(sizes)))
    return [
        {
            "statement": statement.id,
            "is_moderated_out": statement.is_moderated_out,
            "is_meta": statement.is_meta,
            **_counts(judged.everybody, 0, j),
            "groups": {
                letter: _counts(judged.groups, group, j)
                if sizes[group] >= view.smallest_group
                and (
                    judged.groups.n_seen[group, j] >= view.smallest_group or not judged.groups.n_seen[group, j]
                )
                else dict(_HIDDEN_COUNTS)
                for letter, group in by_letter
            },
            "place": places[j],
            "extremity": extremity[j],
            "group_aware_consensus": shared[j] if shared else None,
            "priority": priorities[j],
        }
        for j, statement in enumerate(group_map.matrix.statements)
    ]


def _consensus(group_map: GroupMap, view: View) -> dict[str, list[dict[str, Any]]]:
    return {
        side: [
            {
                "statement": group_map.matrix.statements[shared.statement].id,
                **_counts(view.judged.everybody, 0, shared.statement),
                "share": _number(shared.share),
                "share_z": _number(shared.share_z),
            }
            for shared in getattr(view.judged.consensus, side)
        ]
        for side in ("agree", "disagree")
    }

"""How far a group map can be trusted: its certainty, and the statements that can be believed.

Made apart from the map and after it, because it takes seconds; it says of which map it speaks.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from clustering.cross_fitting import CrossFitted, cross_fitted_statements
from clustering.group_map import GroupMap
from clustering.grouping import Grouping
from clustering.intervals import share_interval
from clustering.judgements import Judgements
from clustering.pipeline import regrouped
from clustering.settings import DECIMALS, SMALLEST_GROUP_SHOWN
from clustering.shared_ground import SharedGround, shared_ground
from clustering.stability import Certainty, assess
from clustering.vocabulary import GROUP_LETTERS, Outcome


@dataclass(frozen=True, eq=False)
class Assessment:
    """What can be believed of a map.

    Attributes
    ----------
    group_map
        The map it speaks of.
    grouping, judged
        The division it speaks of, the canonical one or the one people see, and its counts.
    certainty
        How sure the groups are; None where there is no map to judge.
    representative
        Per group, the statements that mark it out by groups made without them.
    ground
        What is shared, divides and leaves people unsure.
    """

    group_map: GroupMap
    grouping: Grouping | None
    judged: Judgements
    certainty: Certainty | None
    representative: list[list[CrossFitted]]
    ground: SharedGround

    def to_document(
        self, *, letters: Sequence[str] = GROUP_LETTERS, smallest: int = SMALLEST_GROUP_SHOWN
    ) -> dict[str, Any]:
        """Return the written form: plain JSON values; nothing rests on fewer than `smallest` people of a group.

        Parameters
        ----------
        letters
            The letter of each group of the grouping.
        smallest
            People of a group who saw a statement below which it isn't named.
        """
        ids = [statement.id for statement in self.group_map.matrix.statements]
        counts = self.judged.groups
        representative = {
            letters[group]: [
                {**_named(found, ids), **_share(counts, group, found)}
                for found in statements
                if counts.n_seen[group, found.statement] >= smallest
            ]
            for group, statements in enumerate(self.representative)
        }
        document = {
            "result_hash": self.group_map.result_hash,
            "certainty": None if self.certainty is None else self.certainty.to_document(),
            "representative_statements": dict(sorted(representative.items())),
            "shared_by_all_groups": [
                {**_named(s, ids), "worst_group": letters[s.worst_group]} for s in self.ground.by_all_groups
            ],
            "shared_by_most_people": [
                {key: value for key, value in _named(s, ids).items() if key != "worst_group"}
                for s in self.ground.by_most_people
            ],
            "dividing": [
                {**_named(s, ids), "most": letters[s.most], "least": letters[s.least]}
                for s in self.ground.dividing
            ],
            "unsure": [_named(s, ids) for s in self.ground.unsure],
        }
        return _rounded(document)


def assessment(
    group_map: GroupMap,
    *,
    grouping: Grouping | None = None,
    judged: Judgements | None = None,
    thorough: bool = True,
) -> Assessment:
    """Return how far a map can be trusted.

    Parameters
    ----------
    group_map
        The canonical map.
    grouping, judged
        Those people see, where they differ from the canonical ones.
    thorough
        Whether to make the figures that take seconds too.

    Raises
    ------
    Nothing: a map without groups is assessed as one.

    Notes
    -----
    *Source*: of each figure, in its module.
    """
    shown = group_map.grouping if grouping is None else grouping
    counted = group_map.judged if judged is None else judged
    matrix = group_map.matrix
    sizes = np.zeros(0, int) if shown is None else np.bincount(shown.labels, minlength=shown.n_groups)
    return Assessment(
        group_map=group_map,
        grouping=shown,
        judged=counted,
        certainty=_certainty(group_map, thorough=thorough),
        representative=_representative(group_map, shown),
        ground=shared_ground(counted.groups, counted.everybody, sizes=sizes, is_left_out=matrix.is_left_out),
    )


def _certainty(group_map: GroupMap, *, thorough: bool) -> Certainty | None:
    if group_map.outcome not in {Outcome.READY, Outcome.NO_STRUCTURE} or group_map.settings.method == "strict":
        return None
    placed = np.flatnonzero(group_map.is_placed)
    covariances = group_map.covariances
    return assess(
        group_map.places[placed],
        covariances=None if covariances is None else covariances[placed],
        matrix=group_map.matrix.rows(placed),
        candidates=group_map.candidates,
        seed=group_map.settings.seed,
        n_groups=group_map.settings.n_groups,
        thorough=thorough,
        weights=group_map.weights[placed],
    )


def _representative(group_map: GroupMap, shown: Grouping | None) -> list[list[CrossFitted]]:
    if shown is None:
        return []
    return cross_fitted_statements(
        group_map.matrix,
        shown,
        group_map.is_placed,
        regroup=lambda votes: regrouped(group_map, votes, n_groups=shown.n_groups),
        seed=group_map.settings.seed,
    )


def _named(found: Any, ids: Sequence[str]) -> dict[str, Any]:
    return {**asdict(found), "statement": ids[found.statement]}


def _share(counts: Any, group: int, found: CrossFitted) -> dict[str, Any]:
    """Return the group's count for the side it takes, with its share and interval."""
    n = (counts.n_agree if found.direction == "agree" else counts.n_disagree)[group, found.statement]
    seen = counts.n_seen[group, found.statement]
    interval = share_interval(n, seen)
    return {
        "n_people": int(n),
        "n_seen": int(seen),
        "share": float(interval.share),
        "low": float(interval.low),
        "high": float(interval.high),
    }


def _rounded(value: Any) -> Any:
    """Return plain values with every fraction at ten decimals."""
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return round(value, DECIMALS) + 0.0 if isinstance(value, float) else value

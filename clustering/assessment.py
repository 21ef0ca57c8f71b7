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
from clustering.representativeness import Direction
from clustering.settings import MODALITY_SIMULATIONS, SMALLEST_GROUP_SHOWN
from clustering.shared_ground import SharedGround, shared_ground
from clustering.stability import Certainty, assess, rounded_numbers
from clustering.vocabulary import GROUP_LETTERS, Outcome

MEMBERSHIP = np.dtype([("group", "i1"), ("hundredths", "u1")])
"""What is kept of one participant: the group's position in the alphabet, −1 for none, and its probability."""


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
        How sure the groups are; None for `strict`, whose groups aren't looked for in this way.
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
            People of a group, or of it who saw a statement, below which nothing is told of them.
        """
        return rounded_numbers(_Writing(self, letters, smallest).document())

    def membership_bytes(self, *, letters: Sequence[str] = GROUP_LETTERS) -> bytes:
        """Return everybody's group and its probability in the order of the data that came in: 2 bytes each."""
        group_map, sure = self.group_map, self.certainty
        known = np.zeros(group_map.matrix.n_participants, dtype=MEMBERSHIP)
        known["group"] = -1
        if self.grouping is not None and sure is not None and sure.probabilities.shape[1]:
            placed = np.flatnonzero(group_map.is_placed)
            at = np.array([GROUP_LETTERS.index(letter) for letter in letters], dtype=np.int8)
            known["group"][placed] = at[self.grouping.labels]
            # Downwards, so that nobody is told to be surer than they are; the little is for binary fractions.
            known["hundredths"][placed] = np.floor(100 * sure.membership + 1e-9)
        return group_map.as_given(known).tobytes()


@dataclass(frozen=True, eq=False)
class _Writing:
    """An assessment being written: with which letters, and from how many people on."""

    of: Assessment
    letters: Sequence[str]
    smallest: int

    def document(self) -> dict[str, Any]:
        ground = self.of.ground
        return {
            "result_hash": self.of.group_map.result_hash,
            "certainty": self._certainty(),
            "groups": self._groups(),
            "representative_statements": dict(sorted(self._representative().items())),
            "shared_by_all_groups": [
                {
                    **self._named(shared),
                    "worst_group": self.letters[shared.worst_group],
                    "groups": self._shares(shared.statement, shared.direction),
                }
                for shared in ground.by_all_groups
            ],
            "shared_by_most_people": [
                {key: value for key, value in self._among_all(shared).items() if key != "worst_group"}
                for shared in ground.by_most_people
            ],
            "dividing": [
                {
                    **self._named(dividing),
                    "most": self.letters[dividing.most],
                    "least": self.letters[dividing.least],
                    "groups": self._shares(dividing.statement, "agree"),
                }
                for dividing in ground.dividing
            ],
            "unsure": [self._among_all(unsure) for unsure in ground.unsure],
        }

    def _certainty(self) -> dict[str, Any] | None:
        """Return the figures of certainty; what each group has of its own stands with the groups."""
        if self.of.certainty is None:
            return None
        told = self.of.certainty.to_document()
        del told["recovery"]
        for candidate in told["candidates"]:
            candidate["sizes"] = [self._told(size) for size in candidate["sizes"]]
        n_in_between = 0 if self.of.grouping is None else told["n_in_between"]
        return told | {"n_in_between": self._told(n_in_between)}

    def _told(self, n_people: int) -> int | None:
        """Return a number of people, or nothing where there are too few to tell; nobody at all can be told."""
        return n_people if n_people >= self.smallest or not n_people else None

    def _groups(self) -> list[dict[str, Any]]:
        """Return of each group how many it has, how surely it is found again, and what few of it have seen."""
        if self.of.grouping is None:
            return []
        sizes = np.bincount(self.of.grouping.labels, minlength=self.of.grouping.n_groups)
        recovery = None if self.of.certainty is None else self.of.certainty.recovery
        is_left_out = self.of.group_map.matrix.is_left_out
        told = [
            {
                "group": self.letters[group],
                "n_participants": self._told(int(size)),
                "recovery": recovery[group] if recovery and size >= self.smallest else None,
                "seen_by_few": [
                    self._ids[j]
                    for j in np.flatnonzero(self.of.ground.is_seen_by_few[group] & ~is_left_out)
                    if size >= self.smallest
                ],
            }
            for group, size in enumerate(sizes)
        ]
        return sorted(told, key=lambda one: one["group"])

    def _representative(self) -> dict[str, list[dict[str, Any]]]:
        seen = self.of.judged.groups.n_seen
        return {
            self.letters[group]: [
                {**self._named(found), **self._share(group, found.statement, found.direction)}
                for found in statements
                if seen[group, found.statement] >= self.smallest
            ]
            for group, statements in enumerate(self.of.representative)
        }

    @property
    def _ids(self) -> list[str]:
        return [statement.id for statement in self.of.group_map.matrix.statements]

    def _named(self, found: Any) -> dict[str, Any]:
        return {**asdict(found), "statement": self._ids[found.statement]}

    def _among_all(self, found: Any) -> dict[str, Any]:
        """Return what was found of everybody together, with how many people saw it."""
        return {**self._named(found), "n_seen": int(self.of.judged.everybody.n_seen[0, found.statement])}

    def _shares(self, statement: int, direction: Direction) -> list[dict[str, Any]]:
        """Return of each group, by letter, its share for a side; those of whom few saw it are left out."""
        n_groups, seen = len(self.of.representative), self.of.judged.groups.n_seen
        told = [
            {"group": self.letters[group], **self._share(group, statement, direction)}
            for group in range(n_groups)
            if seen[group, statement] >= max(self.smallest, 1)
        ]
        return sorted(told, key=lambda one: one["group"])

    def _share(self, group: int, statement: int, direction: Direction) -> dict[str, Any]:
        """Return a group's count for a side, with its share and interval."""
        counts = self.of.judged.groups
        n = (counts.n_agree if direction == "agree" else counts.n_disagree)[group, statement]
        seen = counts.n_seen[group, statement]
        interval = share_interval(n, seen)
        return {
            "n_people": int(n),
            "n_seen": int(seen),
            "share": float(interval.share),
            "low": float(interval.low),
            "high": float(interval.high),
        }


def assessment(
    group_map: GroupMap,
    *,
    grouping: Grouping | None = None,
    judged: Judgements | None = None,
    thorough: bool = True,
    n_simulations: int = MODALITY_SIMULATIONS,
) -> Assessment:
    """Return how far a map can be trusted.

    Parameters
    ----------
    group_map
        The canonical map.
    grouping, judged
        Those people see: a grouping, or None where they see none, and the counts given it. Without counts, the
        canonical ones.
    thorough
        Whether to make the figures that take seconds too.
    n_simulations
        Of the test for more than one crowd; fewer are quicker, and their p-value is coarser.

    Raises
    ------
    Nothing: a map without groups is assessed as one.

    Notes
    -----
    *Source*: of each figure, in its module.
    """
    shown = group_map.grouping if judged is None else grouping
    counted = group_map.judged if judged is None else judged
    matrix = group_map.matrix
    sizes = np.zeros(0, int) if shown is None else np.bincount(shown.labels, minlength=shown.n_groups)
    return Assessment(
        group_map=group_map,
        grouping=shown,
        judged=counted,
        certainty=_certainty(group_map, shown, thorough=thorough, n_simulations=n_simulations),
        representative=_representative(group_map, shown),
        ground=shared_ground(counted.groups, counted.everybody, sizes=sizes, is_left_out=matrix.is_left_out),
    )


def _certainty(
    group_map: GroupMap, shown: Grouping | None, *, thorough: bool, n_simulations: int
) -> Certainty | None:
    if group_map.outcome is Outcome.FAILED or group_map.settings.method == "strict":
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
        shown=shown,
        thorough=thorough,
        weights=group_map.weights[placed],
        n_simulations=n_simulations,
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

"""How sure the map is: every figure of certainty, and the one verdict they add up to."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clustering.coordination import equal_ballot_sets
from clustering.eligibility import votes_needed
from clustering.errors import ShapeError
from clustering.group_choice import GroupChoice, group_choice
from clustering.grouping import Grouping
from clustering.measurement import Measurement, measured_by_model, measured_by_votes
from clustering.membership import membership_probabilities
from clustering.modality import Modality, modality
from clustering.prediction_strength import prediction_strength
from clustering.resampling import group_recovery
from clustering.settings import (
    DECIMALS,
    MEMBERSHIP_SURE,
    MIN_PLACED_TO_JUDGE,
    MIN_STATEMENTS,
    MODALITY_SIMULATIONS,
    SIGNIFICANCE_LEVEL,
    VALLEY_AT_MOST,
)
from clustering.shared_pattern import SharedPattern, shared_pattern
from clustering.threads import one_thread
from clustering.vocabulary import ChoiceReason, Verdict
from clustering.vote_matrix import VoteMatrix

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Certainty:
    """How sure a map is.

    Attributes
    ----------
    verdict
        What can be said of the conversation's groups. Without the thorough part it claims at most leanings.
    missing
        What it would take to say more, for `not enough votes yet`; else empty.
    choice
        The number of groups to report, every number considered, and the reason.
    probabilities
        n_placed × n_groups: how likely each person belongs to each group of the division judged; no columns
        for none.
    membership
        Length n_placed: probability of the group that division puts the person in; no group gives 0.
    is_thorough
        Whether the following were looked at.
    shared_pattern
        Whether votes hang together, or None.
    modality
        Whether people stand in more than one crowd, or None; None too where votes don't hang together.
    recovery
        Per group of the division judged, how well it is found again in people drawn anew, 0 … 1; or None.
    """

    verdict: Verdict
    missing: Mapping[str, int]
    choice: GroupChoice
    probabilities: Floats
    membership: Floats
    is_thorough: bool
    shared_pattern: SharedPattern | None
    modality: Modality | None
    recovery: tuple[float, ...] | None

    @property
    def is_in_between(self) -> NDArray[np.bool_]:
        """Who stands between groups: less than 0.8 sure of the own one; nobody where there are none."""
        return (self.membership < MEMBERSHIP_SURE) & (self.probabilities.shape[1] > 0)

    def to_document(self) -> dict[str, Any]:
        """Return the written form: plain JSON values, numbers rounded to ten decimals, nobody's own figures."""
        crowds = self.modality
        return rounded_numbers(
            {
                "verdict": self.verdict.value,
                "missing": dict(self.missing) or None,
                "n_groups": self.choice.n_groups,
                "reason": self.choice.reason.value,
                "candidates": [asdict(score) for score in self.choice.candidates],
                "n_in_between": int(self.is_in_between.sum()),
                "is_thorough": self.is_thorough,
                "shared_pattern": None if self.shared_pattern is None else asdict(self.shared_pattern),
                "modality": None if crowds is None else {**asdict(crowds), "axis": crowds.axis.tolist()},
                "recovery": None if self.recovery is None else list(self.recovery),
            }
        )


def assess(
    positions: Floats,
    *,
    covariances: Floats | None,
    matrix: VoteMatrix,
    candidates: Sequence[Grouping],
    seed: int,
    n_groups: int | None = None,
    shown: Grouping | None = None,
    thorough: bool = True,
    weights: Floats | None = None,
    n_simulations: int = MODALITY_SIMULATIONS,
) -> Certainty:
    """Return how sure the map of these people is.

    Parameters
    ----------
    positions
        n_placed × 2, in ballot order.
    covariances
        n_placed × 2 × 2, those of the ideal-point model; None for places without, as those of `classic`.
    matrix
        Votes of the placed people, n_placed × n_statements.
    candidates
        The best division for every number of groups considered.
    seed
        Of every random choice.
    n_groups
        A number of groups that was asked for, or None to choose.
    shown
        The division that people see, whose membership and recovery are wanted; by default the one chosen here.
    thorough
        Whether to look at what takes seconds too: shared pattern, modality, recovery. The number of groups
        never depends on it.
    weights
        Length n_placed, how many people each counts for; one each by default. Copies of one ballot, which
        share a weight, are looked at as one person; they still have their probabilities.
    n_simulations
        Of the test for more than one crowd; fewer are quicker, and their p-value is coarser.

    Raises
    ------
    ShapeError
        When positions, covariances, votes and labels aren't of the same people.

    Notes
    -----
    *Source*: of each figure, in its module; the verdict's rule is in docs/certainty.md.
    """
    _check(positions, matrix, candidates, shown)
    counted = _counted(matrix, weights)
    missing = _missing(matrix, len(counted))
    if missing:
        return _too_early(len(positions), missing, candidates, n_groups=n_groups, shown=shown)
    measurement = measurement_of_places(positions, covariances, matrix)
    with one_thread():
        strengths = prediction_strength(
            positions[counted], n_groups=[c.n_groups for c in candidates], seed=seed
        )
        choice = group_choice(candidates, strengths, n_groups=n_groups, counted=counted)
        grouping = shown or next((c for c in candidates if c.n_groups == choice.n_groups), None)
        chances, membership = _memberships(measurement, grouping, counted, seed)
        pattern, crowds, recovery = None, None, None
        if thorough:
            pattern = shared_pattern(matrix.rows(counted), seed=seed)
            recovery = _recovery(positions, grouping, counted, seed)
            crowds = _crowds(measurement.of_rows(counted), pattern, seed, n_simulations)
    by_rule = group_choice(candidates, strengths, counted=counted)
    said = verdict(by_rule, pattern, crowds)
    return Certainty(said, {}, choice, chances, membership, thorough, pattern, crowds, recovery)


def verdict(choice: GroupChoice, pattern: SharedPattern | None, crowds: Modality | None) -> Verdict:
    """Return what can be said of a conversation's groups.

    Parameters
    ----------
    choice
        By the rule, not as asked for: the verdict is on the conversation.
    pattern, crowds
        None where not looked at, or where nothing divides.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: docs/certainty.md, "The verdict".
    """
    if pattern is not None and pattern.p_value > SIGNIFICANCE_LEVEL:
        return Verdict.NO_SHARED_PATTERN
    if not choice.n_groups:
        return Verdict.NO_STABLE_GROUPS
    if crowds is not None and crowds.p_value <= SIGNIFICANCE_LEVEL and crowds.valley_depth <= VALLEY_AT_MOST:
        return Verdict.DISTINCT_GROUPS
    return Verdict.SPECTRUM


def _check(
    positions: Floats, matrix: VoteMatrix, candidates: Sequence[Grouping], shown: Grouping | None
) -> None:
    if positions.shape != (matrix.n_participants, 2):
        raise ShapeError(
            f"positions: expected ({matrix.n_participants}, 2) as the votes, got {positions.shape}"
        )
    for candidate in (*candidates, *([] if shown is None else [shown])):
        if candidate.labels.shape != (len(positions),):
            raise ShapeError(f"labels: expected ({len(positions)},), got {candidate.labels.shape}")


def _counted(matrix: VoteMatrix, weights: Floats | None) -> NDArray[np.intp]:
    """Return the rows of everybody who counts whole, and of one of each set of copies, in order."""
    if weights is None:
        return np.arange(matrix.n_participants)
    copies = np.flatnonzero(weights < 1)
    first = copies[np.unique(equal_ballot_sets(matrix)[copies], return_index=True)[1]]
    return np.sort(np.concatenate((np.flatnonzero(weights >= 1), first)))


def _missing(matrix: VoteMatrix, n_people: int) -> dict[str, int]:
    """Return what it takes before anything is judged."""
    n_statements = _n_counted(matrix)
    missing = {}
    if n_people < MIN_PLACED_TO_JUDGE:
        missing["participants"] = MIN_PLACED_TO_JUDGE - n_people
        missing["votes_each"] = max(votes_needed(matrix), 1)
    if n_statements < MIN_STATEMENTS:
        missing["statements"] = MIN_STATEMENTS - n_statements
    return missing


def _n_counted(matrix: VoteMatrix) -> int:
    return int(np.count_nonzero((matrix.votes_per_statement > 0) & ~matrix.is_left_out))


def _too_early(
    n_placed: int,
    missing: dict[str, int],
    candidates: Sequence[Grouping],
    *,
    n_groups: int | None,
    shown: Grouping | None,
) -> Certainty:
    """Return the answer before there is enough to judge: no groups, unless they were asked for."""
    asked_for = next((c for c in candidates if c.n_groups == n_groups), None)
    reason = ChoiceReason.NOT_LOOKED_FOR if asked_for is None else ChoiceReason.ASKED_FOR
    grouping = shown or asked_for
    k = 0 if grouping is None else grouping.n_groups
    # Nothing is known of anybody's membership: every group is as likely as the others.
    return Certainty(
        verdict=Verdict.NOT_ENOUGH_VOTES,
        missing=missing,
        choice=GroupChoice(0 if asked_for is None else asked_for.n_groups, reason, ()),
        probabilities=np.full((n_placed, k), 1 / max(k, 1)),
        membership=np.full(n_placed, 1 / k if k else 0.0),
        is_thorough=False,
        shared_pattern=None,
        modality=None,
        recovery=None,
    )


def measurement_of_places(positions: Floats, covariances: Floats | None, matrix: VoteMatrix) -> Measurement:
    """Return how precisely people are placed: by the model's covariances or, without them, by their votes.

    Parameters
    ----------
    positions, covariances
        n_placed × 2, and n_placed × 2 × 2 or None.
    matrix
        Votes of the placed people.

    Raises
    ------
    ShapeError
        If they aren't of the same people.

    Notes
    -----
    *Source*: as `measured_by_model` and `measured_by_votes`; the noise of a vote is the mean variance of the
    votes on a statement.
    """
    if covariances is not None:
        return measured_by_model(positions, covariances)
    counted = matrix.votes[:, ~matrix.is_left_out]
    n_seen = np.maximum(np.bincount(counted.indices, minlength=counted.shape[1]), 1)
    total = np.bincount(counted.indices, counted.data, minlength=counted.shape[1])
    squares = np.bincount(counted.indices, np.abs(counted.data), minlength=counted.shape[1])
    noise = float((squares - total**2 / n_seen).sum()) / max(counted.nnz, 1)
    return measured_by_votes(positions, np.diff(counted.indptr), n_statements=_n_counted(matrix), noise=noise)


def _memberships(
    measurement: Measurement, grouping: Grouping | None, counted: NDArray[np.intp], seed: int
) -> tuple[Floats, Floats]:
    n = len(measurement.information)
    if grouping is None:
        return np.zeros((n, 0)), np.zeros(n)
    k, labels = grouping.n_groups, grouping.labels
    chances = membership_probabilities(measurement, labels, n_groups=k, seed=seed, counted=counted)
    return chances, chances[np.arange(n), labels]


def _crowds(measurement: Measurement, pattern: SharedPattern, seed: int, n_simulations: int) -> Modality | None:
    """Return the test for more than one crowd, for places that stand for something shared.

    Without a pattern the axes follow the heaviest voters, who then look like a crowd of their own.
    """
    if pattern.p_value > SIGNIFICANCE_LEVEL:
        return None
    return modality(measurement, seed=seed, n_simulations=n_simulations)


def _recovery(
    positions: Floats, grouping: Grouping | None, counted: NDArray[np.intp], seed: int
) -> tuple[float, ...]:
    if grouping is None:
        return ()
    k, labels = grouping.n_groups, grouping.labels
    return tuple(group_recovery(positions[counted], labels[counted], n_groups=k, seed=seed).tolist())


def rounded_numbers(value: Any) -> Any:
    """Return plain values with every fraction at ten decimals, without negative zeros.

    Raises
    ------
    Nothing: what is no number stays as it is.
    """
    if isinstance(value, dict):
        return {key: rounded_numbers(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [rounded_numbers(inner) for inner in value]
    return round(value, DECIMALS) + 0.0 if isinstance(value, float) else value

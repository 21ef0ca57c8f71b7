"""How many opinion groups to report, with every number considered and the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustering.grouping import Grouping
from clustering.settings import (
    MIN_GROUPS,
    PREDICTION_STRENGTH_NEEDED,
    SMALLEST_GROUP,
    SMALLEST_GROUP_SHARE,
)
from clustering.vocabulary import ChoiceReason


@dataclass(frozen=True, slots=True)
class CandidateScore:
    """What speaks for one number of groups.

    Attributes
    ----------
    n_groups
        The number.
    silhouette
        How clearly people stand with their own group, −1 … 1.
    prediction_strength
        How well half of the people foretell the division of the other half, 0 … 1.
    sizes
        People per group who count, largest first.
    comes_back
        Whether the prediction strength is at least 0.8.
    is_large_enough
        Whether every group has at least five people and 3 % of all placed.
    """

    n_groups: int
    silhouette: float
    prediction_strength: float
    sizes: tuple[int, ...]
    comes_back: bool
    is_large_enough: bool

    @property
    def is_reportable(self) -> bool:
        """Whether this number of groups may be reported."""
        return self.n_groups >= MIN_GROUPS and self.comes_back and self.is_large_enough


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """The number of groups to report.

    Attributes
    ----------
    n_groups
        0 for none, 1 only where asked for.
    reason
        Why.
    candidates
        Scores of every number considered, fewest groups first.
    """

    n_groups: int
    reason: ChoiceReason
    candidates: tuple[CandidateScore, ...]

    def score(self, n_groups: int) -> CandidateScore | None:
        """Return the scores of a number of groups, or None if it wasn't considered."""
        return next((score for score in self.candidates if score.n_groups == n_groups), None)


def group_choice(
    candidates: Sequence[Grouping],
    strengths: Mapping[int, float],
    *,
    n_groups: int | None = None,
    counted: NDArray[np.intp] | None = None,
) -> GroupChoice:
    """Return how many groups to report.

    The division with the highest silhouette, if it comes back in random halves of the people and its groups are
    large enough; else the largest smaller number of groups that does; else none.

    Parameters
    ----------
    candidates
        One division per number of groups considered; none where all stand on one place.
    strengths
        Prediction strength by number of groups.
    n_groups
        A number that was asked for, whatever speaks for it; None to choose.
    counted
        Rows of the people who count for a group's size, where copies of one ballot count once; all by default.

    Raises
    ------
    KeyError
        If a candidate has no prediction strength.

    Notes
    -----
    *Source*: gate of Tibshirani and Walther (2005), section 3, and sizes as in `settings`, after the silhouette
    of Rousseeuw (1987). Of equal silhouettes the larger number of groups comes first, as in Polis.
    """
    scores = tuple(_score(candidate, strengths[candidate.n_groups], counted) for candidate in candidates)
    if n_groups is not None:
        is_there = any(score.n_groups == n_groups for score in scores)
        reason = ChoiceReason.ASKED_FOR if is_there else ChoiceReason.NOT_POSSIBLE
        return GroupChoice(n_groups if is_there else 0, reason, scores)
    groupings = [score for score in scores if score.n_groups >= MIN_GROUPS]
    if not groupings:
        return GroupChoice(0, ChoiceReason.NOT_LOOKED_FOR, scores)
    clearest = max(groupings, key=lambda score: (score.silhouette, score.n_groups))
    if clearest.is_reportable:
        return GroupChoice(clearest.n_groups, ChoiceReason.CLEAREST, scores)
    fewer = [s.n_groups for s in groupings if s.is_reportable and s.n_groups < clearest.n_groups]
    if fewer:
        return GroupChoice(max(fewer), ChoiceReason.FEWER_COME_BACK, scores)
    return GroupChoice(0, ChoiceReason.NONE_COMES_BACK, scores)


def _score(candidate: Grouping, strength: float, counted: NDArray[np.intp] | None) -> CandidateScore:
    labels = candidate.labels if counted is None else candidate.labels[counted]
    sizes = np.sort(np.bincount(labels, minlength=candidate.n_groups))[::-1]
    smallest = max(SMALLEST_GROUP, SMALLEST_GROUP_SHARE * len(labels))
    return CandidateScore(
        n_groups=candidate.n_groups,
        silhouette=candidate.silhouette,
        prediction_strength=strength,
        sizes=tuple(sizes.tolist()),
        comes_back=strength >= PREDICTION_STRENGTH_NEEDED,
        is_large_enough=bool(sizes[-1] >= smallest),
    )

"""How many opinion groups to report, with every number considered and the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from clustering.grouping import Grouping
from clustering.prediction_strength import prediction_strength
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
    clearest, *fewer = _in_turn(groupings)
    if clearest.is_reportable:
        return GroupChoice(clearest.n_groups, ChoiceReason.CLEAREST, scores)
    reported = next((score.n_groups for score in fewer if score.is_reportable), 0)
    return GroupChoice(
        reported, ChoiceReason.FEWER_COME_BACK if reported else ChoiceReason.NONE_COMES_BACK, scores
    )


def reported_grouping(
    candidates: Sequence[Grouping],
    places: NDArray[np.float64],
    *,
    seed: int,
    counted: NDArray[np.intp] | None = None,
    known: Mapping[int, float] | None = None,
) -> tuple[Grouping | None, dict[int, float]]:
    """Return the division that `group_choice` reports, None for none, and the strengths that it looked at.

    It looks no further than it must.

    Parameters
    ----------
    candidates
        One division of these people per number of groups considered.
    places
        n_placed × 2, in ballot order.
    seed
        Of the halves.
    counted
        Rows of the people who count, where copies of one ballot count once; all by default.
    known
        Prediction strengths by number of groups that needn't be looked at again; none by default.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: as `group_choice`.
    """
    kept = places if counted is None else places[counted]
    known, strengths = known or {}, dict[int, float]()
    for candidate in _in_turn([c for c in candidates if c.n_groups >= MIN_GROUPS]):
        # The sizes are at hand; the strength takes twenty divisions of half of the people.
        if _is_large_enough(_sizes(candidate, counted)):
            k = candidate.n_groups
            strengths |= {k: known[k]} if k in known else prediction_strength(kept, n_groups=[k], seed=seed)
            if strengths[k] >= PREDICTION_STRENGTH_NEEDED:
                return candidate, strengths
    return None, strengths


_Scored = TypeVar("_Scored", CandidateScore, Grouping)


def _in_turn(groupings: Sequence[_Scored]) -> list[_Scored]:
    """Return the clearest division, then those into fewer groups, most groups first."""
    turn = sorted(groupings, key=lambda grouping: -grouping.n_groups)
    if not turn:
        return []
    clearest = max(turn, key=lambda grouping: (grouping.silhouette, grouping.n_groups))
    return turn[turn.index(clearest) :]


def _score(candidate: Grouping, strength: float, counted: NDArray[np.intp] | None) -> CandidateScore:
    sizes = _sizes(candidate, counted)
    return CandidateScore(
        n_groups=candidate.n_groups,
        silhouette=candidate.silhouette,
        prediction_strength=strength,
        sizes=tuple(sizes.tolist()),
        comes_back=strength >= PREDICTION_STRENGTH_NEEDED,
        is_large_enough=_is_large_enough(sizes),
    )


def _sizes(candidate: Grouping, counted: NDArray[np.intp] | None) -> NDArray[np.intp]:
    """Return how many people of each group count, largest first."""
    labels = candidate.labels if counted is None else candidate.labels[counted]
    return np.sort(np.bincount(labels, minlength=candidate.n_groups))[::-1]


def _is_large_enough(sizes: NDArray[np.intp]) -> bool:
    return bool(sizes[-1] >= max(SMALLEST_GROUP, SMALLEST_GROUP_SHARE * sizes.sum()))

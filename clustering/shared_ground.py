"""What all groups share, what most people share, what divides, and what leaves people unsure; with bounds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustering.intervals import Interval, difference_interval, share_interval, share_quantile
from clustering.representativeness import Direction
from clustering.settings import BOUND_LEVEL, N_LISTED, SEEN_BY_FEW, VETO_GROUP_SHARE
from clustering.tallies import Tallies

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shared:
    """A statement that groups or people share.

    Attributes
    ----------
    statement
        Its column.
    direction
        Whether they share agreeing or disagreeing.
    share, low, high
        Of the worst group, or of all people, with the 90 % interval.
    bound
        The share is higher than this with nine chances in ten; statements are ordered by it.
    worst_group
        The group with the lowest bound; −1 where all people were counted together.
    """

    statement: int
    direction: Direction
    share: float
    low: float
    high: float
    bound: float
    worst_group: int


@dataclass(frozen=True, slots=True)
class Dividing:
    """A statement that divides: the groups furthest apart in agreeing, and their gap with its 90 % interval."""

    statement: int
    most: int
    least: int
    gap: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Unsure:
    """A statement many pass on: share of passes with its 90 % interval."""

    statement: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class SharedGround:
    """Four lists, strongest first, and where nothing is claimed.

    Attributes
    ----------
    by_all_groups, by_most_people, dividing, unsure
        At most ten statements each; empty where nothing is sure enough.
    is_seen_by_few
        n_groups × n_statements: fewer than ten people of the group saw it, so nothing is claimed of the group.
    """

    by_all_groups: list[Shared]
    by_most_people: list[Shared]
    dividing: list[Dividing]
    unsure: list[Unsure]
    is_seen_by_few: NDArray[np.bool_]


def shared_ground(
    groups: Tallies, everybody: Tallies, *, sizes: NDArray[np.integer], is_left_out: NDArray[np.bool_]
) -> SharedGround:
    """Return what is shared, what divides and what leaves people unsure.

    Parameters
    ----------
    groups, everybody
        n_groups × n_statements and 1 × n_statements.
    sizes
        People in each group, length n_groups.
    is_left_out
        Length n_statements: statements not to name.

    Raises
    ------
    ValueError
        If the shapes don't fit.

    Notes
    -----
    *Source*: own, docs/method.md; intervals of `intervals.share_interval`. Passes stay in the denominator.
    """
    few = groups.n_seen < SEEN_BY_FEW
    has_say = sizes >= VETO_GROUP_SHARE * max(sizes.sum(), 1)
    named = ~is_left_out
    return SharedGround(
        by_all_groups=_by_all_groups(groups, few, has_say, named) if has_say.any() else [],
        by_most_people=_by_most_people(everybody, named & (everybody.n_seen[0] >= SEEN_BY_FEW)),
        dividing=_dividing(groups, few | ~has_say[:, None], named) if has_say.sum() > 1 else [],
        unsure=_unsure(everybody, named & (everybody.n_seen[0] >= SEEN_BY_FEW)),
        is_seen_by_few=few,
    )


def _sides(counts: Tallies) -> list[tuple[Direction, NDArray[np.int64]]]:
    return [("agree", counts.n_agree), ("disagree", counts.n_disagree)]


def _by_all_groups(
    groups: Tallies, few: NDArray[np.bool_], has_say: NDArray[np.bool_], named: NDArray[np.bool_]
) -> list[Shared]:
    found = []
    # A group that few of have seen it with can't be said to share it.
    known = named & ~few[has_say].any(axis=0)
    for direction, n in _sides(groups):
        bound = share_quantile(n, groups.n_seen, level=BOUND_LEVEL)
        worst = np.where(has_say[:, None], bound, np.inf).argmin(axis=0)
        columns = np.arange(len(worst))
        interval = share_interval(n[worst, columns], groups.n_seen[worst, columns])
        found += _listed(direction, interval, bound[worst, columns], worst, known)
    return sorted(found, key=lambda shared: -shared.bound)[:N_LISTED]


def _by_most_people(everybody: Tallies, named: NDArray[np.bool_]) -> list[Shared]:
    found = []
    for direction, n in _sides(everybody):
        bound = share_quantile(n[0], everybody.n_seen[0], level=BOUND_LEVEL)
        nobody = np.full(bound.shape, -1)
        found += _listed(direction, share_interval(n[0], everybody.n_seen[0]), bound, nobody, named)
    return sorted(found, key=lambda shared: -shared.bound)[:N_LISTED]


def _listed(
    direction: Direction, interval: Interval, bound: Floats, worst: NDArray[np.intp], known: NDArray[np.bool_]
) -> list[Shared]:
    return [
        Shared(
            statement=int(j),
            direction=direction,
            share=float(interval.share[j]),
            low=float(interval.low[j]),
            high=float(interval.high[j]),
            bound=float(bound[j]),
            worst_group=int(worst[j]),
        )
        for j in np.flatnonzero(known & (bound > 0.5))
    ]


def _dividing(groups: Tallies, unknown: NDArray[np.bool_], named: NDArray[np.bool_]) -> list[Dividing]:
    interval = share_interval(groups.n_agree, groups.n_seen)
    columns = np.arange(groups.n_seen.shape[1])
    most = np.where(unknown, -np.inf, interval.share).argmax(axis=0)
    least = np.where(unknown, np.inf, interval.share).argmin(axis=0)
    gap = difference_interval(_of(interval, most, columns), _of(interval, least, columns))
    is_sure = named & ((~unknown).sum(axis=0) > 1) & (gap.low > 0)
    order = sorted(np.flatnonzero(is_sure), key=lambda j: -gap.share[j])[:N_LISTED]
    return [
        Dividing(
            int(j), int(most[j]), int(least[j]), float(gap.share[j]), float(gap.low[j]), float(gap.high[j])
        )
        for j in order
    ]


def _of(interval: Interval, groups: NDArray[np.intp], columns: NDArray[np.intp]) -> Interval:
    return Interval(
        interval.share[groups, columns], interval.low[groups, columns], interval.high[groups, columns]
    )


def _unsure(everybody: Tallies, named: NDArray[np.bool_]) -> list[Unsure]:
    """Return the statements passed on more than the average one, surely so, most first."""
    n_pass, n_seen = everybody.n_pass[0], everybody.n_seen[0]
    interval = share_interval(n_pass, n_seen)
    usual = n_pass[named].sum() / max(n_seen[named].sum(), 1)
    order = sorted(np.flatnonzero(named & (interval.low > usual)), key=lambda j: -interval.low[j])[:N_LISTED]
    return [
        Unsure(int(j), float(interval.share[j]), float(interval.low[j]), float(interval.high[j])) for j in order
    ]

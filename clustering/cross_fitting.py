"""Representative statements that can be believed: judged by groups that the statement itself had no part in.

Groups are made so that they differ on the statements at hand; testing the same statements for differences finds
them in pure noise. So the statements are cut into five parts, and each part is tested with groups made
from the other four.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.special import ndtr

from clustering.false_discovery import adjusted_p_values
from clustering.grouping import Grouping
from clustering.representativeness import Direction, side_scores
from clustering.settings import FALSE_DISCOVERY_RATE, N_FOLDS, N_REPRESENTATIVE
from clustering.tallies import Tallies, tallies
from clustering.vote_matrix import VoteMatrix

Floats = NDArray[np.float64]
Regroup = Callable[[VoteMatrix], Grouping | None]


@dataclass(frozen=True, slots=True)
class CrossFitted:
    """A statement that marks a group out, by groups it had no part in.

    Attributes
    ----------
    statement
        Its column.
    direction
        Whether the group stands out by agreeing or by disagreeing.
    q_value
        The false-discovery rate at which it would just be named, 0 … 1.
    rank
        The product of scores it is ordered by.
    """

    statement: int
    direction: Direction
    q_value: float
    rank: float


def cross_fitted_statements(
    matrix: VoteMatrix, grouping: Grouping, is_placed: NDArray[np.bool_], *, regroup: Regroup, seed: int
) -> list[list[CrossFitted]]:
    """Return per group the statements that mark it out, at most five; often fewer, and none in noise.

    Parameters
    ----------
    matrix
        n_participants × n_statements.
    grouping
        Of the placed participants.
    is_placed
        Length n_participants.
    regroup
        Makes the same number of groups of the same placed participants from fewer statements; None where
        it can't.
    seed
        Of the parts.

    Raises
    ------
    ShapeError
        When the labels don't fit the matrix.

    Notes
    -----
    *Source*: cross-fitting after Chernozhukov et al. (2018); the tests are Polis's two z tests
    (repness.clj), both of which must hold, so p is the larger; Benjamini and Hochberg (1995) over group ×
    statement × direction.
    """
    n_groups = grouping.n_groups
    if n_groups < 2:
        return [[] for _ in range(n_groups)]
    counts = _held_out_counts(matrix, grouping, is_placed, regroup=regroup, seed=seed)
    sides = [side_scores(counts.n_agree, counts.n_seen), side_scores(counts.n_disagree, counts.n_seen)]
    p = np.stack([np.maximum(ndtr(-side.ratio_z), ndtr(-side.share_z)) for side in sides])
    p[:, counts.n_seen == 0] = np.nan
    p[:, :, matrix.is_left_out] = np.nan
    q = adjusted_p_values(p)
    rank = np.stack([side.rank for side in sides])
    return [_named(q[:, group], rank[:, group]) for group in range(n_groups)]


def _named(q: Floats, rank: Floats) -> list[CrossFitted]:
    """Return the believed statements of one group (2 × n_statements: agree, disagree), strongest first."""
    directions: Sequence[Direction] = ("agree", "disagree")
    believed = np.argwhere(np.nan_to_num(q, nan=1.0) <= FALSE_DISCOVERY_RATE)
    found = [
        CrossFitted(int(j), directions[side], float(q[side, j]), float(rank[side, j])) for side, j in believed
    ]
    return sorted(found, key=lambda statement: -statement.rank)[:N_REPRESENTATIVE]


def _held_out_counts(
    matrix: VoteMatrix, grouping: Grouping, is_placed: NDArray[np.bool_], *, regroup: Regroup, seed: int
) -> Tallies:
    """Return each statement's counts in the groups made without it, n_groups × n_statements."""
    fold = _folds(matrix, seed)
    shape = (grouping.n_groups, matrix.n_statements)
    n_agree, n_disagree, n_seen = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    for part in range(N_FOLDS):
        held_out = np.flatnonzero(fold == part)
        others = regroup(matrix.columns(np.flatnonzero(fold != part))) if held_out.size else None
        if others is None or others.n_groups != grouping.n_groups:
            continue
        labels = np.full(matrix.n_participants, -1, dtype=np.int8)
        labels[is_placed] = _matched(others, grouping)[others.labels]
        counts = tallies(matrix.columns(held_out), labels, n_groups=grouping.n_groups)
        n_agree[:, held_out], n_disagree[:, held_out] = counts.n_agree, counts.n_disagree
        n_seen[:, held_out] = counts.n_seen
    return Tallies(n_agree, n_disagree, n_seen)


def _folds(matrix: VoteMatrix, seed: int) -> NDArray[np.intp]:
    """Return the part of each statement; statements that take part in the map are spread evenly."""
    rng = np.random.Generator(np.random.PCG64([seed, N_FOLDS]))
    fold = np.zeros(matrix.n_statements, dtype=np.intp)
    taking_part = np.flatnonzero(~matrix.is_left_out)
    fold[rng.permutation(taking_part)] = np.arange(taking_part.size) % N_FOLDS
    return fold


def _matched(others: Grouping, grouping: Grouping) -> NDArray[np.int8]:
    """Return for each of the other groups the group it shares most people with, one to one."""
    overlap = np.zeros((others.n_groups, grouping.n_groups))
    np.add.at(overlap, (others.labels, grouping.labels), 1)
    return linear_sum_assignment(-overlap)[1].astype(np.int8)

"""Whether votes hang together: the axis' share against a dense decomposition, and votes without a pattern."""

import numpy as np
import pytest

from clustering.shared_pattern import shared_pattern
from clustering.vocabulary import Statement
from clustering.vote_matrix import VoteMatrix


def _matrix(votes, *, hidden=()):
    """Return a vote matrix of a dense array, NaN for not seen."""
    rows, columns = np.nonzero(~np.isnan(votes))
    return VoteMatrix.from_arrays(
        participants=range(votes.shape[0]),
        statements=[Statement(str(at), is_moderated_out=at in hidden) for at in range(votes.shape[1])],
        participant_index=rows,
        statement_index=columns,
        values=votes[rows, columns].astype(int),
    )


def _independent(n, n_statements, *, seed):
    rng = np.random.default_rng(seed)
    votes = np.where(rng.random((n, n_statements)) < rng.uniform(0.2, 0.9, n_statements), 1.0, -1.0)
    votes[rng.random(votes.shape) < 0.1] = 0
    votes[rng.random(votes.shape) < 0.3] = np.nan
    return votes


@pytest.mark.parametrize("n_statements", [8, 75])
def test_the_share_is_that_of_the_dense_decomposition(n_statements):
    votes = _independent(60, n_statements, seed=1)
    filled = np.nan_to_num(votes - np.nanmean(votes, axis=0))
    values = np.linalg.svd(filled, compute_uv=False) ** 2
    found = shared_pattern(_matrix(votes), seed=0)
    # The sparse iteration stops at a relative 1e-6.
    assert found.variance_share == pytest.approx(values[0] / values.sum(), rel=1e-5)


def test_statements_left_out_count_for_nothing():
    votes = _independent(60, 12, seed=2)
    with_hidden = shared_pattern(_matrix(votes, hidden={3, 7}), seed=0)
    without = shared_pattern(_matrix(np.delete(votes, [3, 7], axis=1)), seed=0)
    assert with_hidden == without


def test_camps_share_a_pattern(two_camps):
    found = shared_pattern(two_camps(100, 20, seed=3), seed=0)
    assert found.p_value == 1 / 40
    assert found.variance_share > 2 * found.permuted_share


def test_independent_votes_are_seldom_taken_for_a_pattern():
    p_values = [
        shared_pattern(_matrix(_independent(80, 20, seed=seed)), seed=seed).p_value for seed in range(40)
    ]
    # Two of forty are expected at 5 %; seven or more would come up once in three hundred times.
    assert sum(p <= 0.05 for p in p_values) < 7
    assert np.mean(p_values) == pytest.approx(0.5, abs=0.15)


def test_permuted_votes_keep_each_statement_s_counts_and_audience():
    """Two statements seen by different people can hang together in no way: nothing is permuted across."""
    votes = np.full((40, 2), np.nan)
    votes[:20, 0] = np.tile([1, -1], 10)
    votes[20:, 1] = np.tile([1, -1], 10)
    found = shared_pattern(_matrix(votes), seed=0)
    assert found.variance_share == pytest.approx(0.5)
    assert found.permuted_share == pytest.approx(0.5)
    assert found.p_value == 1.0


@pytest.mark.parametrize(
    "votes",
    [np.zeros((0, 0)), np.zeros((0, 4)), np.ones((1, 4)), np.ones((9, 4)), np.full((5, 3), np.nan)],
    ids=["nothing", "nobody", "one person", "all agree", "no votes"],
)
def test_where_nobody_differs_there_is_no_pattern(votes):
    found = shared_pattern(_matrix(votes), seed=0)
    assert (found.variance_share, found.permuted_share, found.p_value) == (0.0, 0.0, 1.0)


def test_one_statement_is_no_pattern_and_the_seed_decides():
    assert shared_pattern(_matrix(np.array([[1.0], [-1.0], [1.0]])), seed=0).p_value == 1.0
    matrix = _matrix(_independent(50, 15, seed=4))
    assert shared_pattern(matrix, seed=1) == shared_pattern(matrix, seed=1)
    assert shared_pattern(matrix, seed=1).permuted_share != shared_pattern(matrix, seed=2).permuted_share

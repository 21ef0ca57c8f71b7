"""Equal ballots, by comparing each with each; and what copies weigh."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustering.coordination import ballot_weights, counts_once, equal_ballot_sets
from clustering.vocabulary import Statement
from clustering.vote_matrix import VoteMatrix

BALLOTS = st.lists(st.tuples(*[st.sampled_from([9, 0, 1])] * 3), max_size=12)


def _matrix(dense):
    """Return the matrix of a dense array, 9 where unseen."""
    rows, columns = np.nonzero(dense != 9)
    return VoteMatrix.from_arrays(
        participants=[f"p{row}" for row in range(len(dense))],
        statements=[Statement(str(column)) for column in range(dense.shape[1])],
        participant_index=rows,
        statement_index=columns,
        values=dense[rows, columns],
    )


@given(BALLOTS)
def test_sets_are_those_of_comparing_each_with_each(ballots):
    sets = equal_ballot_sets(_matrix(np.array(ballots, int).reshape(-1, 3)))
    different = list(dict.fromkeys(ballots))
    assert sets.tolist() == [different.index(ballot) for ballot in ballots]


def _copies(n_votes, n_copies):
    """Return copies of one ballot, and two people of their own with as many votes."""
    dense = np.full((n_copies + 2, 12), 9)
    dense[:, :n_votes] = 1
    dense[-2, 0], dense[-1, 1] = -1, 0
    return _matrix(dense)


@pytest.mark.parametrize(("n_votes", "share"), [(9, 1.0), (10, 0.25), (12, 0.25)])
def test_copies_of_ten_votes_or_more_count_for_one_together(n_votes, share):
    matrix = _copies(n_votes, 4)
    weights = ballot_weights(matrix)
    assert weights.tolist() == [share] * 4 + [1.0, 1.0]
    counts = counts_once(matrix, weights).tolist()
    assert counts == ([True] * 6 if share == 1 else [True, False, False, False, True, True])


def test_of_two_sets_of_copies_the_first_of_each_counts():
    dense = np.tile(np.where(np.arange(5)[:, None] % 2, 1, -1), (1, 10))
    weights = ballot_weights(_matrix(dense))
    assert weights == pytest.approx([1 / 3, 1 / 2, 1 / 3, 1 / 2, 1 / 3])
    assert counts_once(_matrix(dense), weights).tolist() == [True, True, False, False, False]


def test_nobody_and_the_silent():
    assert ballot_weights(_matrix(np.zeros((0, 3), int))).tolist() == []
    silent = _matrix(np.full((3, 3), 9))
    assert equal_ballot_sets(silent).tolist() == [0, 0, 0]
    assert ballot_weights(silent).tolist() == [1.0, 1.0, 1.0]

"""Who is placed: seven votes, or all statements there are; up to fifteen people in any case."""

import numpy as np
import pytest

from clustering.eligibility import is_placed, votes_needed
from clustering.vocabulary import Statement
from clustering.vote_matrix import VoteMatrix


def _matrix(n_votes, *, n_statements=20):
    """Return a matrix in which person i has voted on the first n_votes[i] statements."""
    rows = np.repeat(np.arange(len(n_votes)), n_votes)
    columns = np.concatenate([np.arange(n) for n in n_votes]) if n_votes else np.zeros(0)
    return VoteMatrix.from_arrays(
        participants=[f"p{row}" for row in range(len(n_votes))],
        statements=[Statement(str(column)) for column in range(n_statements)],
        participant_index=rows.astype(int),
        statement_index=columns.astype(int),
        values=np.ones(len(rows), int),
    )


@pytest.mark.parametrize(("most", "needed"), [(0, 0), (1, 1), (6, 6), (7, 7), (8, 7), (20, 7)])
def test_seven_votes_or_as_many_as_there_are_statements_with_votes(most, needed):
    assert votes_needed(_matrix([most])) == needed


def test_seven_votes_place_and_six_do_not_once_there_are_fifteen():
    assert is_placed(_matrix([7] * 15 + [6, 8, 0])).tolist() == [True] * 15 + [False, True, False]


@pytest.mark.parametrize("exactly", [False, True])
def test_below_fifteen_the_most_active_others_join(exactly):
    n_votes = [9] * 12 + [6, 5, 4, 3, 2]
    placed = is_placed(_matrix(n_votes), exactly=exactly)
    assert placed.tolist() == [True] * 15 + [False] * 2


def test_of_equally_active_ones_all_join_or_exactly_the_earlier_ones():
    n_votes = [9] * 13 + [3] * 4 + [1]
    assert np.flatnonzero(~is_placed(_matrix(n_votes))).tolist() == [17]
    assert np.flatnonzero(~is_placed(_matrix(n_votes), exactly=True)).tolist() == [15, 16, 17]


@pytest.mark.parametrize("exactly", [False, True])
@pytest.mark.parametrize("n_votes", [[], [0], [0] * 20, [3, 0], [1], [20] + [0] * 14])
def test_nobody_without_a_vote_is_placed(n_votes, exactly):
    assert is_placed(_matrix(n_votes), exactly=exactly).tolist() == [n > 0 for n in n_votes]


def test_hundred_who_voted_on_the_only_three_statements_are_placed():
    assert is_placed(_matrix([3] * 99 + [2], n_statements=3)).tolist() == [True] * 99 + [False]

"""A statement left out of the map counts as passed in the ideal-point model, as in the axes."""

import numpy as np
import pytest

from clustering.ideal_fit import ideal_points
from clustering.ideal_point import IdealPointModel
from clustering.vocabulary import Statement
from clustering.vote_matrix import VoteMatrix


def _matrix(dense, *, left_out=()):
    """Return the matrix of a dense array, 9 where unseen."""
    rows, columns = np.nonzero(dense != 9)
    return VoteMatrix.from_arrays(
        participants=[f"p{row}" for row in range(len(dense))],
        statements=[Statement(str(j), is_meta=j in left_out) for j in range(dense.shape[1])],
        participant_index=rows,
        statement_index=columns,
        values=dense[rows, columns],
    )


@pytest.fixture
def dense(two_camps):
    cast = two_camps(60, 14, seed=3).votes.tocoo()
    votes = np.full((60, 14), 9)
    votes[cast.row, cast.col] = cast.data
    return votes


def _fitted(matrix, places, weights):
    return ideal_points(matrix, weights=weights, classic_places=places)


def test_left_out_is_as_passed_by_who_saw_it(dense):
    places, weights = np.random.default_rng(0).normal(size=(60, 2)), np.ones(60)
    passed = dense.copy()
    passed[:, [1, 6]] = np.where(passed[:, [1, 6]] == 9, 9, 0)
    ours, theirs = (
        _fitted(matrix, places, weights) for matrix in (_matrix(dense, left_out=(1, 6)), _matrix(passed))
    )
    assert np.array_equal(ours.positions, theirs.positions)
    assert np.array_equal(ours.loadings, theirs.loadings)
    assert not ours.loadings[[1, 6]].any()
    assert ours.easiness[[1, 6]].tolist() == [0.0, 0.0]


def test_it_starts_from_the_places_in_their_standard_deviations(dense):
    places, weights = np.random.default_rng(1).normal(size=(60, 2)) * [5.0, 0.1], np.linspace(0.5, 1, 60)
    matrix = _matrix(dense)
    ours = _fitted(matrix, places, weights)
    plain = IdealPointModel().fit(matrix.votes, sample_weight=weights, start=places / places.std(axis=0))
    assert np.array_equal(ours.positions, plain.positions_)
    # Along an axis on which all stand alike there is nothing to divide by.
    flat = places * [1.0, 0.0]
    assert np.isfinite(_fitted(matrix, flat, weights).positions).all()


def test_four_opinions_say_nothing_of_places_and_five_do():
    rng = np.random.default_rng(2)
    dense = np.where(rng.random((40, 12)) < 0.5, 1, -1)
    dense[:, 10:] = 9
    dense[:4, 10], dense[:5, 11] = [1, -1, 1, 1], [1, -1, 1, 1, 1]
    model = IdealPointModel().fit(_matrix(dense).votes)
    assert not model.loadings_[10].any()
    assert model.loadings_[11].all()
    # Of the one that says nothing only its share is known: log-odds of (3 + 1) / (4 + 2).
    assert model.easiness_[10] == pytest.approx(np.log(2))


def test_who_has_fewer_than_seven_votes_shapes_no_statement_or_fewer_than_there_are():
    rng = np.random.default_rng(3)
    dense = np.where(rng.random((30, 12)) < 0.5, 1, -1)
    few, enough = np.full((1, 12), 9), np.full((1, 12), 9)
    few[0, :6], enough[0, :7] = 1, 1
    alone, *others = (
        IdealPointModel().fit(_matrix(np.vstack(rows)).votes).easiness_
        for rows in ((dense,), (dense, few), (dense, enough))
    )
    # Their opinions still count in the statements' shares, from which the easiness starts.
    assert np.abs(others[1] - alone).max() > 0.01
    weightless = IdealPointModel().fit(_matrix(np.vstack((dense, enough))).votes, sample_weight=[1] * 30 + [0])
    assert weightless.easiness_ == pytest.approx(alone)
    five = np.where(rng.random((30, 5)) < 0.5, 1, -1)
    assert IdealPointModel().fit(_matrix(five).votes).loadings_.any()

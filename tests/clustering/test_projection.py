"""Axes and places against a dense eigenvalue decomposition and against what they mean."""

import numpy as np
import pytest

from clustering.projection import Axes, participant_places, principal_axes, statement_places
from clustering.vocabulary import Statement
from clustering.vote_matrix import VoteMatrix


def _matrix(dense, *, left_out=()):
    """Return the matrix of a dense array, 9 where unseen."""
    rows, columns = np.nonzero(dense != 9)
    return VoteMatrix.from_arrays(
        participants=[f"p{row}" for row in range(len(dense))],
        statements=[Statement(str(j), is_moderated_out=j in left_out) for j in range(dense.shape[1])],
        participant_index=rows,
        statement_index=columns,
        values=dense[rows, columns],
    )


def _votes(n_people=50, n_statements=8, *, seed=0):
    rng = np.random.default_rng(seed)
    leaning = rng.normal(size=(n_people, 1)) * np.linspace(2, -1, n_statements)
    dense = np.sign(np.round(leaning + rng.normal(size=leaning.shape))).astype(int)
    dense[rng.random(dense.shape) < 0.3] = 9
    return dense


def _filled(dense, weights):
    """Return the votes less their statement's weighted mean, 0 where unseen, and the means."""
    is_seen = dense != 9
    means = np.array([np.average(dense[s, j], weights=weights[s]) for j, s in enumerate(is_seen.T)])
    return np.where(is_seen, dense - means, 0.0), means


@pytest.mark.parametrize("weighted", [False, True])
def test_axes_are_the_eigenvectors_of_the_mean_filled_covariance(weighted):
    dense = _votes()
    weights = np.random.default_rng(1).uniform(0.1, 2, len(dense)) if weighted else np.ones(len(dense))
    axes = principal_axes(_matrix(dense), weights=weights if weighted else None)
    centred, means = _filled(dense, weights)
    values, vectors = np.linalg.eigh(centred.T @ np.diag(weights) @ centred)
    assert axes.centre == pytest.approx(means)
    assert axes.variance_shares == pytest.approx(values[::-1][:2] / values.sum(), rel=1e-9)
    for axis in (0, 1):
        own = axes.components[axis]
        assert abs(own @ vectors[:, -1 - axis]) == pytest.approx(1.0, abs=1e-9)
        assert own[np.argmax(np.abs(own))] > 0


def test_statements_left_out_are_as_if_everybody_passed():
    dense = _votes()
    passed = dense.copy()
    passed[:, [2, 5]] = 0
    ours = principal_axes(_matrix(dense, left_out=(2, 5)))
    theirs = principal_axes(_matrix(passed))
    assert ours.centre == pytest.approx(theirs.centre)
    assert ours.components == pytest.approx(theirs.components, abs=1e-9)
    assert ours.variance_shares == pytest.approx(theirs.variance_shares)
    assert not ours.centre[[2, 5]].any()
    assert ours.components[:, [2, 5]] == pytest.approx(np.zeros((2, 2)), abs=1e-12)
    places = participant_places(_matrix(dense, left_out=(2, 5)), ours)
    assert places == pytest.approx(participant_places(_matrix(passed), theirs), abs=1e-9)


def test_a_place_is_the_stretched_sum_of_deviations_times_loadings():
    dense = _votes(20, 6, seed=3)
    dense[4], dense[:, 5] = 9, 9
    axes = Axes(
        np.linspace(-0.5, 0.5, 6), np.random.default_rng(2).normal(size=(2, 6)), np.zeros(2), np.zeros((6, 4))
    )
    places = participant_places(_matrix(dense), axes)
    for row, votes in enumerate(dense):
        seen = np.flatnonzero(votes != 9)
        expected = axes.components[:, seen] @ (votes[seen] - axes.centre[seen])
        # Five statements have votes.
        assert places[row] == pytest.approx(expected * np.sqrt(5 / max(len(seen), 1)))
    assert places[4].tolist() == [0.0, 0.0]


def test_a_statement_stands_where_somebody_would_who_agreed_with_it_alone():
    dense = _votes(30, 6, seed=4)
    axes = principal_axes(_matrix(dense))
    alone = np.where(np.eye(6, dtype=bool), 1, 9)
    with_them = _matrix(np.vstack((dense, alone)))
    assert statement_places(_matrix(dense), axes) == pytest.approx(participant_places(with_them, axes)[30:])


@pytest.mark.parametrize(
    "dense",
    [np.full((3, 4), 9), np.tile([1, -1, 0, 1], (5, 1)), np.array([[1, -1, 1, 9]]), np.zeros((4, 4), int)],
)
def test_where_nobody_differs_there_are_no_axes(dense):
    matrix = _matrix(dense)
    axes = principal_axes(matrix)
    assert not axes.components.any()
    assert axes.variance_shares.tolist() == [0.0, 0.0]
    assert not participant_places(matrix, axes).any()


def test_votes_that_differ_on_one_line_leave_the_second_axis_empty():
    dense = np.outer([1, 1, 1, -1, -1], [1, -1, 1])
    axes = principal_axes(_matrix(dense))
    assert axes.components[0] == pytest.approx(np.array([1, -1, 1]) / np.sqrt(3))
    assert not axes.components[1].any()
    assert axes.variance_shares == pytest.approx([1.0, 0.0])


def test_each_axis_points_up_by_its_own_largest_loading():
    """The second axis is one statement alone, so its largest loading is larger than any of the first."""
    rng = np.random.default_rng(0)
    leaning = rng.normal(size=(400, 1)) * np.array([-0.7, 2.0, 2.0, 2.0, 0.0])
    found = principal_axes(_matrix(np.where(rng.normal(size=leaning.shape) < leaning, 1, -1))).components
    assert np.abs(found[0]).max() < 0.7 < 0.9 < np.abs(found[1]).max()
    assert found[0] @ [-1, 1, 1, 1, 0] > 1.5
    assert found[1][4] > 0.9


def test_of_equal_loadings_the_first_points_up():
    dense = np.outer([1, 1, 1, -1, -1], [-1, 1, 1])
    assert principal_axes(_matrix(dense)).components[0] == pytest.approx(np.array([1, -1, -1]) / np.sqrt(3))

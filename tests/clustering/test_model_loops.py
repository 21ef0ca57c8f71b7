"""The loops of the ideal-point model against dense linear algebra, a general solver and hand-made cases."""

import numpy as np
import pytest
from scipy import optimize
from scipy.spatial.distance import cdist
from scipy.special import expit

from clustering import model_loops

N_PEOPLE, N_STATEMENTS = 9, 14
TOLERANCE = 1e-6
"""The table of the logistic function is exact to 2·10⁻⁸, and fourteen votes add up."""


@pytest.fixture
def votes():
    """Return CSR parts of random agrees (1) and disagrees (0) with which cells they fill; one row is empty."""
    rng = np.random.default_rng(0)
    is_cast = rng.random((N_PEOPLE, N_STATEMENTS)) < 0.7
    is_cast[3] = False
    agrees = rng.integers(0, 2, (N_PEOPLE, N_STATEMENTS))
    indptr = np.concatenate(([0], np.cumsum(is_cast.sum(axis=1)))).astype(np.int32)
    indices = np.nonzero(is_cast)[1].astype(np.int32)
    return is_cast, agrees, (indptr, indices, agrees[is_cast].astype(np.int8))


@pytest.fixture
def pulls():
    return np.random.default_rng(1).normal(size=(N_STATEMENTS, 3))


def _places(seed=2):
    return np.random.default_rng(seed).normal(size=(N_PEOPLE, 2))


def _newton(place, pulls, agrees, *, least=0.0):
    """Return the Newton step of one person from the gradient and Hessian written with matrices."""
    w = pulls[:, :2]
    chance = expit(pulls[:, 2] + w @ place)
    gradient = w.T @ (agrees - chance) - place
    weight = np.maximum(chance * (1 - chance), least)
    return np.linalg.solve(np.eye(2) + w.T @ np.diag(weight) @ w, gradient)


def test_one_step_is_newton_s(votes, pulls):
    is_cast, agrees, parts = votes
    places, rows = _places(), np.array([5, 0, 3, 8])
    moved = places.copy()
    model_loops.person_step(1, 4, moved, rows, *parts, pulls, 1, 1e9, 1e-9, 0.0)
    for row in range(N_PEOPLE):
        step = _newton(places[row], pulls[is_cast[row]], agrees[row, is_cast[row]])
        # The first of the rows belongs to another part.
        expected = places[row] + step if row in (0, 3, 8) else places[row]
        assert moved[row] == pytest.approx(expected, abs=TOLERANCE)
    assert moved[3] == pytest.approx([0.0, 0.0], abs=1e-12)


def test_many_steps_lead_to_the_mode(votes, pulls):
    is_cast, agrees, parts = votes
    places = _places()
    model_loops.person_step(0, N_PEOPLE, places, np.arange(N_PEOPLE), *parts, pulls, 25, 1.5, 1e-9, 1e-3)
    for row in range(N_PEOPLE):
        own, said = pulls[is_cast[row]], 2 * agrees[row, is_cast[row]] - 1

        def minus_log_posterior(place, own=own, said=said):
            return np.logaddexp(0, -said * (own[:, 2] + own[:, :2] @ place)).sum() + place @ place / 2

        best = optimize.minimize(minus_log_posterior, np.zeros(2), tol=1e-12).x
        assert places[row] == pytest.approx(best, abs=2e-5)


def test_a_longer_step_is_cut_to_the_longest_in_its_own_direction(votes, pulls):
    is_cast, agrees, parts = votes
    places = _places() * 1.5
    moved = places.copy()
    model_loops.person_step(0, N_PEOPLE, moved, np.arange(N_PEOPLE), *parts, pulls, 1, 0.5, 1e-9, 0.0)
    for row in range(N_PEOPLE):
        step = _newton(places[row], pulls[is_cast[row]], agrees[row, is_cast[row]])
        shorter = min(1.0, 0.5 / np.hypot(*step))
        assert moved[row] - places[row] == pytest.approx(step * shorter, abs=TOLERANCE)


def test_a_sure_vote_has_the_least_weight_that_is_let():
    """Somebody at 0 disagrees with what nearly all agree with: 1/(1 + least·w²) of the slope w."""
    pulls, places = np.array([[2.0, 0.0, 12.0]]), np.zeros((1, 2))
    parts = (np.array([0, 1], np.int32), np.array([0], np.int32), np.array([0], np.int8))
    model_loops.person_step(0, 1, places, np.array([0]), *parts, pulls, 1, 1e9, 1e-9, 0.25)
    assert places[0] == pytest.approx([-2.0 / (1 + 0.25 * 4), 0.0], abs=1e-4)


def test_sums_of_the_statements_are_gradient_and_curvature(votes, pulls):
    is_cast, agrees, parts = votes
    places, weights = _places(), np.linspace(0.2, 2, N_PEOPLE)
    rows, sums, unmoved = np.array([0, 2, 3, 7, 8]), np.zeros((N_STATEMENTS, model_loops.N_SUMS)), places.copy()
    model_loops.person_step_and_sums(1, 5, sums, places, rows, *parts, weights, pulls, 0, 1.5, 1e-9, 0.1)
    assert np.array_equal(places, unmoved)
    design = np.column_stack((places, np.ones(N_PEOPLE)))
    for j in range(N_STATEMENTS):
        who = [row for row in (2, 3, 7, 8) if is_cast[row, j]]
        chance = expit(design[who] @ pulls[j])
        gradient = design[who].T @ (weights[who] * (agrees[who, j] - chance))
        weight = weights[who] * np.maximum(chance * (1 - chance), 0.1)
        hessian = design[who].T @ np.diag(weight) @ design[who]
        expected = [*gradient, *hessian[[0, 0, 1, 0, 1, 2], [0, 1, 1, 2, 2, 2]]]
        assert sums[j] == pytest.approx([*expected, 0, 0, 0], abs=TOLERANCE)


def test_people_move_before_their_votes_are_added_up(votes, pulls):
    _, _, parts = votes
    rows, weights = np.arange(N_PEOPLE), np.ones(N_PEOPLE)
    first, apart = _places(), _places()
    sums, after = np.zeros((2, N_STATEMENTS, model_loops.N_SUMS))
    model_loops.person_step_and_sums(0, N_PEOPLE, sums, first, rows, *parts, weights, pulls, 2, 1.5, 1e-9, 1e-3)
    model_loops.person_step(0, N_PEOPLE, apart, rows, *parts, pulls, 2, 1.5, 1e-9, 1e-3)
    model_loops.person_step_and_sums(
        0, N_PEOPLE, after, apart, rows, *parts, weights, pulls, 0, 1.5, 1e-9, 1e-3
    )
    assert np.allclose(first, apart, atol=1e-12)
    assert np.allclose(sums, after, atol=1e-12)


def test_a_statement_s_step_solves_the_linear_system(pulls):
    rng = np.random.default_rng(3)
    prior, precision = rng.normal(size=3), np.array([4.0, 2.0, 0.3])
    half = rng.normal(size=(N_STATEMENTS, 3, 5))
    hessian, gradient = half @ half.transpose(0, 2, 1), rng.normal(size=(N_STATEMENTS, 3))
    sums = np.zeros((N_STATEMENTS, model_loops.N_SUMS))
    sums[:, :3] = gradient
    sums[:, 3:9] = hessian[:, [0, 0, 1, 0, 1, 2], [0, 1, 1, 2, 2, 2]]
    moved, shortened = pulls.copy(), pulls.copy()
    model_loops.statement_step(1, N_STATEMENTS, moved, sums, prior, precision, 1e9)
    model_loops.statement_step(0, N_STATEMENTS, shortened, sums, prior, precision, 0.05)
    for j in range(N_STATEMENTS):
        slope = gradient[j] + precision * (prior - pulls[j])
        step = np.linalg.solve(hessian[j] + np.diag(precision), slope)
        assert moved[j] - pulls[j] == pytest.approx(step if j else np.zeros(3), abs=1e-9)
        shorter = min(1.0, 0.05 / np.linalg.norm(step))
        assert shortened[j] - pulls[j] == pytest.approx(shorter * step, abs=1e-9)


def test_precisions_are_the_hessian_at_the_place(votes, pulls):
    is_cast, _, (indptr, indices, _) = votes
    places, curvature = _places(), np.zeros((N_PEOPLE, 3))
    model_loops.place_precisions(0, N_PEOPLE - 1, curvature, indptr, indices, pulls, places)
    for row in range(N_PEOPLE - 1):
        own = pulls[is_cast[row]]
        chance = expit(own[:, 2] + own[:, :2] @ places[row])
        hessian = np.eye(2) + own[:, :2].T @ np.diag(chance * (1 - chance)) @ own[:, :2]
        assert curvature[row] == pytest.approx([hessian[0, 0], hessian[0, 1], hessian[1, 1]], abs=TOLERANCE)
    assert not curvature[-1].any()


def test_distances_to_classes_are_scipy_s():
    rng = np.random.default_rng(6)
    near, points, weights = rng.normal(size=(6, 2)), rng.normal(size=(9, 2)), rng.uniform(1, 3, 9)
    # The second class has nobody.
    starts, summed = np.array([0, 4, 4, 9]), np.zeros((6, 3))
    x, y = np.ascontiguousarray(points.T)
    model_loops.distances_to_classes(1, 5, summed, near, x, y, weights, starts)
    weighted = cdist(near, points) * weights
    expected = np.column_stack((weighted[:, :4].sum(axis=1), np.zeros(6), weighted[:, 4:].sum(axis=1)))
    # Nine terms may be added in another order.
    assert np.allclose(summed[1:5], expected[1:5], atol=1e-13)
    assert not summed[[0, 5]].any()


@pytest.mark.parametrize(("easiness", "chance"), [(60.0, 1.0), (-60.0, 0.0)])
def test_far_out_a_vote_is_nearly_sure(easiness, chance):
    """Somebody at 0 agrees with what nearly everybody, or nearly nobody, agrees with: a step of surprise·w."""
    parts = (np.array([0, 1], np.int32), np.array([0], np.int32), np.array([1], np.int8))
    places = np.zeros((1, 2))
    model_loops.person_step(
        0, 1, places, np.array([0]), *parts, np.array([[0.5, 0.0, easiness]]), 1, 1e9, 1e-9, 0.0
    )
    assert places[0] == pytest.approx([0.5 * (1 - chance), 0.0], abs=1e-5)

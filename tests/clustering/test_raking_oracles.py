"""Raking beside its definition: weights that fit, as near to equal ones as Kullback and Leibler measure it."""

import numpy as np
import pytest
from scipy import optimize
from scipy.special import xlogy

from clustering.errors import ShapeError
from clustering.representing import NO_ANSWER, cells_of, effective_number, raked, weighted_share


def test_raked_weights_are_the_nearest_ones_that_fit():
    """Ireland and Kullback (1968): raking minimises Σ w log w under the known shares."""
    counts = np.array([[30, 12, 8], [10, 25, 15]])
    answers = np.repeat(np.argwhere(counts), counts.ravel(), axis=0)
    rows, columns = np.array([0.35, 0.65]), np.array([0.3, 0.3, 0.4])
    size = counts.ravel() / counts.sum()

    def fits(weight):
        table = (weight * size).reshape(2, 3)
        return np.concatenate((table.sum(axis=1) - rows, table.sum(axis=0)[:2] - columns[:2]))

    nearest = optimize.minimize(
        lambda weight: size @ xlogy(weight, weight),
        np.ones(6),
        bounds=[(1e-6, 5)] * 6,
        constraints={"type": "eq", "fun": fits},
        options={"ftol": 1e-14, "maxiter": 500},
    ).x
    found = raked(answers, [rows, columns])
    ours = [found.weights[(answers == cell).all(axis=1)][0] for cell in np.argwhere(counts)]
    # Raking stops at gaps of 0.0005.
    assert ours == pytest.approx(nearest, abs=0.004)
    assert found.is_converged
    assert 1 < found.n_rounds < 20
    assert found.n_trimmed == 0


def test_one_question_is_weighted_by_known_share_over_counted_share_in_one_round():
    found = raked(np.repeat([[0], [1], [2]], [50, 30, 20], axis=0), [np.array([1.0, 1.0, 2.0])])
    assert found.weights[[0, 50, 80]] == pytest.approx([0.25 / 0.5, 0.25 / 0.3, 0.5 / 0.2])
    assert found.n_rounds == 1
    assert found.largest_gap == pytest.approx(0.0, abs=1e-12)
    assert found.n_effective == pytest.approx(100**2 / (50 * 0.25 + 30 * 25 / 36 + 20 * 6.25))


def test_a_gap_of_a_twentieth_of_a_percentage_point_is_none():
    answers = np.repeat([[0], [1]], 1_000, axis=0)
    assert raked(answers, [np.array([0.5004, 0.4996])]).n_rounds == 0
    moved = raked(answers, [np.array([0.5006, 0.4994])])
    assert moved.n_rounds == 1
    assert moved.weights[0] == pytest.approx(1.0012)


def test_trimming_shares_out_what_is_cut_off_in_proportion():
    """Ten of 200 should be half: a weight of 10 is cut to 5, and the rest grow until the mean is one again."""
    found = raked(np.repeat([[0], [1]], [190, 10], axis=0), [np.array([0.5, 0.5])])
    assert found.weights[-1] == pytest.approx(5.0)
    assert found.weights[0] == pytest.approx((200 - 50) / 190)
    assert found.largest_gap == pytest.approx(0.5 - 50 / 200)
    assert (found.n_trimmed, found.is_converged) == (10, False)
    # The second round changes nothing, and so is the last.
    assert found.n_rounds == 2
    freely = raked(np.repeat([[0], [1]], [190, 10], axis=0), [np.array([0.5, 0.5])], largest_weight=20)
    assert freely.weights[-1] == pytest.approx(10.0)
    assert freely.n_trimmed == 0


def test_who_did_not_answer_keeps_their_weight_and_the_others_share_theirs():
    answers = np.repeat([[0], [1], [NO_ANSWER]], [30, 10, 60], axis=0)
    found = raked(answers, [np.array([0.5, 0.5])])
    assert found.weights[[0, 30, 40]] == pytest.approx([2 / 3, 2.0, 1.0])


def test_an_option_that_nobody_chose_leaves_its_share_to_the_others():
    answers = np.repeat([[0], [1]], [60, 40], axis=0)
    # The third option's cell is joined by the smaller of the others: it is too small on its own.
    found = raked(answers, [np.array([0.3, 0.3, 0.4])])
    assert found.cells[0].tolist() == [0, 1, 1]
    assert found.weights[[0, 60]] == pytest.approx([0.3 / 0.6, 0.7 / 0.4])


@pytest.mark.parametrize(
    ("counts", "cells"),
    [
        ([9, 5, 8], [0, 1, 2]),
        ([9, 4, 8], [0, 1, 1]),
        ([9, 4, 1, 8], [0, 1, 1, 3]),
        ([9, 3, 1, 8], [0, 1, 1, 1]),
        ([8, 3, 8], [0, 0, 2]),
        ([2, 1], [0, 0]),
    ],
)
def test_options_of_fewer_than_five_share_a_cell_of_at_least_five(counts, cells):
    chosen = np.repeat(np.arange(len(counts)), counts)
    assert cells_of(np.append(chosen, [NO_ANSWER] * 9), n_options=len(counts)).tolist() == cells


def test_the_effective_number_is_that_of_the_variance_of_a_weighted_mean():
    """Var(Σwx/Σw) = σ²/n_effective, by simulation."""
    rng = np.random.default_rng(0)
    weights = rng.uniform(0.2, 4, 60)
    means = rng.normal(size=(20_000, 60)) @ weights / weights.sum()
    # A variance from 20,000 draws has a standard error of 1 %.
    assert 1 / means.var() == pytest.approx(effective_number(weights), rel=0.04)
    is_yes = rng.random(60) < 0.5
    assert weighted_share(is_yes, weights) == pytest.approx(
        (np.average(is_yes, weights=weights), effective_number(weights))
    )


def test_answers_at_the_ends_of_their_range():
    known = [np.array([0.5, 0.5])]
    raked(np.array([[0], [1], [-1]]), known)
    for wrong in (np.array([[2]]), np.array([[-2]])):
        with pytest.raises(ShapeError, match="expected options below 2"):
            raked(wrong, known)
    with pytest.raises(ShapeError, match=r"expected a column for each of 1 questions, got \(3,\)"):
        raked(np.zeros(3, int), known)

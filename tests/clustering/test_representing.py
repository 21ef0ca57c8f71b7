"""Weights that make up for who took part: towards the truth on made-up data, honest about the rest."""

import numpy as np
import pytest

from clustering.errors import ShapeError
from clustering.representing import NO_ANSWER, cells_of, effective_number, raked, weighted_share
from clustering.settings import LARGEST_WEIGHT

AGES, SIDES = np.array([0.3, 0.4, 0.3]), np.array([0.5, 0.5])


def biased(seed, *, n_people=600, silent=0.0):
    """People who came: the old three times as likely as the young, who think otherwise; and what all think."""
    rng = np.random.default_rng(seed)
    agreeing = np.array([0.2, 0.5, 0.8])
    chance = AGES * [1, 2, 3]
    ages = rng.choice(3, size=n_people, p=chance / chance.sum())
    sides = rng.choice(2, size=n_people, p=[0.7, 0.3])
    is_yes = rng.random(n_people) < agreeing[ages] + 0.1 * (sides - 0.5)
    answers = np.column_stack((ages, sides))
    answers[rng.random(answers.shape) < silent] = NO_ANSWER
    return answers, is_yes, float(AGES @ agreeing)


def test_the_weighted_share_moves_towards_the_truth():
    errors = []
    for seed in range(40):
        answers, is_yes, truth = biased(seed)
        found = raked(answers, [AGES, SIDES])
        assert found.is_converged
        plain, (weighted, n_effective) = is_yes.mean(), weighted_share(is_yes, found.weights)
        assert n_effective == pytest.approx(found.n_effective)
        assert n_effective < 600
        errors.append((abs(plain - truth), abs(weighted - truth)))
    plain, weighted = np.mean(errors, axis=0)
    # Who came agrees 0.07 more often; what is left is chance, about 0.8 · 0.5 / √400.
    assert plain > 0.06
    assert weighted < 0.025
    assert sum(after < before for before, after in errors) >= 39


def test_its_interval_holds_as_often_as_it_says():
    held = 0
    for seed in range(200):
        answers, is_yes, truth = biased(seed, n_people=300)
        share, n_effective = weighted_share(is_yes, raked(answers, [AGES, SIDES]).weights)
        held += abs(share - truth) <= 1.645 * np.sqrt(share * (1 - share) / n_effective)
    # 90 % of 200 are 180, with a standard deviation of 4.2; the answers explain some variance, so it is wide.
    assert held >= 168


def test_every_question_has_its_known_shares_and_weights_have_mean_one():
    answers, _, _ = biased(1, silent=0.2)
    found = raked(answers, [AGES, SIDES * 30])
    assert found.weights.mean() == pytest.approx(1)
    assert found.weights.min() > 0
    for question, known in ((0, AGES), (1, SIDES)):
        answered = answers[:, question] >= 0
        sums = np.bincount(answers[answered, question], weights=found.weights[answered])
        # As close as `RAKING_TOLERANCE` asks for.
        assert sums / sums.sum() == pytest.approx(known, abs=0.0005)


def test_people_in_another_order_get_the_same_weights():
    answers, _, _ = biased(2)
    order = np.random.default_rng(0).permutation(len(answers))
    # Sums run in another order, so the last digits may differ.
    assert raked(answers[order], [AGES, SIDES]).weights == pytest.approx(
        raked(answers, [AGES, SIDES]).weights[order], rel=1e-9
    )


def test_nobody_stands_for_too_many_and_the_gap_that_is_left_is_told():
    answers = np.array([[0]] * 194 + [[1]] * 6)
    found = raked(answers, [np.array([0.5, 0.5])])
    assert found.weights.max() == pytest.approx(LARGEST_WEIGHT)
    assert found.weights.mean() == pytest.approx(1)
    assert found.n_trimmed == 6
    assert not found.is_converged
    assert 0.3 < found.largest_gap < 0.5


def test_options_of_few_people_are_counted_together():
    answers = np.array([[0]] * 50 + [[1]] * 46 + [[2]] * 2 + [[3]] * 2)
    found = raked(answers, [np.array([0.4, 0.4, 0.1, 0.1])])
    (cells,) = found.cells
    # Four people in two options are still too few: the next smallest option joins them.
    assert cells.tolist() == [0, 1, 1, 1]
    assert len(np.unique(found.weights.round(9))) == 2
    assert cells_of(np.array([], dtype=int), n_options=3).tolist() == [0, 0, 0]


def test_what_is_right_already_is_left_alone():
    answers = np.array([[0], [1]] * 50)
    found = raked(answers, [np.array([1.0, 1.0])])
    assert found.n_rounds == 0
    assert found.n_effective == 100
    for nobody in (np.full((20, 1), NO_ANSWER), np.zeros((0, 1), dtype=int)):
        found = raked(nobody, [np.array([0.5, 0.5])])
        assert found.weights.tolist() == [1.0] * len(nobody)
        assert found.is_converged
    assert effective_number(np.zeros(0)) == 0.0
    assert weighted_share(np.zeros(0, dtype=bool), np.zeros(0)) == (0.5, 0.0)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ShapeError, match="each of 2 questions"):
        raked(np.zeros((3, 1), dtype=int), [AGES, SIDES])
    with pytest.raises(ShapeError, match="options below 2"):
        raked(np.array([[2]]), [SIDES])
    with pytest.raises(ShapeError, match="weight for each"):
        weighted_share(np.ones(2, dtype=bool), np.ones(3))

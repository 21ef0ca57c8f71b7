"""Probabilities of membership: against SciPy's densities, scikit-learn's mixture, and known truth."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from sklearn.mixture import GaussianMixture

from clustering.errors import ShapeError
from clustering.measurement import Measurement, measured_by_model
from clustering.membership import Mixture, fitted_mixture, group_chances, membership_probabilities

MEANS = np.array([[-1.0, 0.0], [1.2, 0.3]])


def _people(n, *, seed, precisions=(0.5, 20.0)):
    """Two groups with different spreads, each person measured with a precision of their own."""
    rng = np.random.default_rng(seed)
    group = (rng.random(n) < 0.4).astype(int)
    true_places = MEANS[group] + rng.normal(size=(n, 2)) * np.where(group == 0, 0.3, 0.5)[:, None]
    precision = np.exp(rng.uniform(*np.log(precisions), n))[:, None, None] * np.eye(2)
    blank = Measurement(precision, np.zeros((n, 2)), np.linalg.inv(precision + np.eye(2)))
    return blank.measured_again(true_places, rng=rng), group


def test_the_chances_are_those_of_normal_densities():
    rng = np.random.default_rng(0)
    half = rng.normal(size=(12, 2, 3))
    precision = half @ half.transpose(0, 2, 1)
    measured = Measurement(precision, rng.normal(size=(12, 2)), precision)
    half = rng.normal(size=(3, 2, 3))
    mixture = Mixture(np.array([0.5, 0.3, 0.2]), rng.normal(size=(3, 2)), half @ half.transpose(0, 2, 1))
    densities = np.empty((12, 3))
    for person in range(12):
        error = np.linalg.inv(precision[person])
        for group in range(3):
            normal = multivariate_normal(mixture.means[group], mixture.covariances[group] + error)
            densities[person, group] = mixture.shares[group] * normal.pdf(error @ measured.information[person])
    expected = densities / densities.sum(axis=1, keepdims=True)
    assert np.allclose(group_chances(measured, mixture), expected, atol=1e-9)


def test_precise_places_give_scikit_learn_s_mixture():
    people, group = _people(4_000, seed=1, precisions=(1e5, 1e6))
    ours = fitted_mixture(people, group, n_groups=2)
    places = people.places
    theirs = GaussianMixture(2, means_init=MEANS, tol=1e-8, max_iter=500, reg_covar=0).fit(places)
    # Ours has ten imagined people among four thousand.
    assert np.allclose(ours.means, theirs.means_, atol=0.01)
    assert np.allclose(ours.covariances, theirs.covariances_, atol=0.01)
    assert np.allclose(ours.shares, theirs.weights_, atol=0.005)


def test_the_spread_of_true_places_is_found_behind_the_error():
    people, group = _people(4_000, seed=2)
    found = fitted_mixture(people, group, n_groups=2)
    # Four thousand people, each measured with a standard error of 0.2 to 1.4.
    assert np.allclose(found.means, MEANS, atol=0.06)
    assert np.allclose(found.covariances[0], 0.09 * np.eye(2), atol=0.03)
    assert np.allclose(found.covariances[1], 0.25 * np.eye(2), atol=0.06)


@pytest.mark.parametrize("seed", [3, 4])
def test_probabilities_are_right_as_often_as_they_say(seed):
    people, group = _people(3_000, seed=seed)
    labels = (people.places[:, 0] > 0.1).astype(int)
    chances = membership_probabilities(people, labels, n_groups=2, seed=0)
    says, is_right = chances.max(axis=1), chances.argmax(axis=1) == group
    for low, high in ((0.5, 0.7), (0.7, 0.9), (0.9, 1.01)):
        within = (says >= low) & (says < high)
        # Three standard errors of a share of a few hundred people.
        assert is_right[within].mean() == pytest.approx(says[within].mean(), abs=1.5 / np.sqrt(within.sum()))


def test_who_said_nothing_belongs_to_each_group_as_everybody_does():
    people, group = _people(400, seed=5)
    precision, information = people.precision.copy(), people.information.copy()
    precision[0], information[0] = 0.0, 0.0
    chances = membership_probabilities(
        Measurement(precision, information, people.placing), group, n_groups=2, seed=0
    )
    assert chances[0] == pytest.approx([0.6, 0.4], abs=0.1)
    assert np.allclose(chances.sum(axis=1), 1.0)


def test_copies_that_do_not_count_change_nobody_else():
    people, group = _people(300, seed=6)
    alone = membership_probabilities(people, group, n_groups=2, seed=0)
    rows = np.concatenate((np.arange(300), np.zeros(500, int)))
    many = membership_probabilities(
        people.of_rows(rows), group[rows], n_groups=2, seed=0, counted=np.arange(300)
    )
    assert np.allclose(many[:300], alone, atol=1e-12)
    assert np.allclose(many[300:], alone[0], atol=1e-12)


def _still(places):
    return measured_by_model(places, np.repeat(0.5 * np.eye(2)[None], len(places), axis=0))


def test_few_people_and_one_group():
    nobody = np.zeros((0, 2))
    assert membership_probabilities(_still(nobody), np.zeros(0, int), n_groups=2, seed=0).shape == (0, 2)
    one = membership_probabilities(_still(np.ones((1, 2))), np.zeros(1, int), n_groups=1, seed=0)
    assert one.tolist() == [[1.0]]
    assert membership_probabilities(_still(np.ones((3, 2))), np.zeros(3, int), n_groups=0, seed=0).shape == (
        3,
        0,
    )
    two = membership_probabilities(_still(np.array([[-1.0, 0], [1, 0]])), np.array([0, 1]), n_groups=2, seed=0)
    assert two[0, 0] == pytest.approx(two[1, 1])
    assert two[0, 0] > 0.5
    same = membership_probabilities(_still(np.ones((8, 2))), np.arange(8) % 2, n_groups=2, seed=0)
    assert np.allclose(same, 0.5)


def test_one_label_for_everybody_is_needed():
    with pytest.raises(ShapeError, match="labels"):
        membership_probabilities(_still(np.ones((3, 2))), np.zeros(2, int), n_groups=2, seed=0)

"""Prediction strength against scikit-learn's k-means and a count of every pair."""

from itertools import permutations

import numpy as np
import pytest
from sklearn.cluster import KMeans

from clustering.prediction_strength import nearest, prediction_strength, smallest_share_together
from clustering.sampling import some_rows
from clustering.settings import PREDICTION_HALVES, RESAMPLED_PEOPLE


def _clouds(n, *, seed, centres=((0, 0), (6, 0), (0, 7))):
    rng = np.random.default_rng(seed)
    return np.array(centres)[rng.integers(0, len(centres), n)] + rng.normal(0, 1, (n, 2))


def _counted_pair_by_pair(labels, foretold, n_groups):
    shares = []
    for group in range(n_groups):
        members = np.flatnonzero(labels == group)
        pairs = list(permutations(members, 2))
        shares.append(np.mean([foretold[a] == foretold[b] for a, b in pairs]) if pairs else 0.0)
    return min(shares)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("k", [2, 3, 5])
def test_the_share_is_that_of_every_pair(seed, k):
    rng = np.random.default_rng(seed)
    labels, foretold = rng.integers(0, k, 30), rng.integers(0, k, 30)
    expected = _counted_pair_by_pair(labels, foretold, k)
    assert smallest_share_together(labels, foretold, n_groups=k) == pytest.approx(expected, rel=1e-12)


def test_a_group_of_one_foretells_nothing():
    assert smallest_share_together(np.array([0, 0, 1]), np.array([0, 0, 1]), n_groups=2) == 0.0
    assert smallest_share_together(np.array([0, 0]), np.array([1, 1]), n_groups=2) == 0.0
    assert smallest_share_together(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0]), n_groups=2) == 1.0


@pytest.mark.parametrize("k", [2, 3])
def test_the_strength_is_that_of_scikit_learn_s_divisions_of_the_same_halves(k):
    places = _clouds(120, seed=4)
    strengths = []
    for halving in range(PREDICTION_HALVES):
        order = np.random.Generator(np.random.PCG64([7, k, halving])).permutation(len(places))
        first, second = places[order[:60]], places[order[60:]]
        ones, others = (KMeans(k, n_init=30, random_state=0).fit(half) for half in (first, second))
        for half, own, other in ((first, ones, others), (second, others, ones)):
            strengths.append(_counted_pair_by_pair(own.labels_, other.predict(half), k))
    # Both find the best division of these halves; sums in another order round differently.
    assert prediction_strength(places, n_groups=[k], seed=7)[k] == pytest.approx(np.mean(strengths), abs=1e-12)


def test_far_groups_come_back_and_other_numbers_of_them_do_not():
    strengths = prediction_strength(_clouds(300, seed=1), n_groups=[1, 2, 3, 4, 5], seed=0)
    assert strengths[1] == 1.0
    assert strengths[3] > 0.95
    assert max(strengths[4], strengths[5]) < 0.8


def test_a_round_cloud_does_not_come_back():
    places = np.random.default_rng(0).normal(size=(200, 2))
    strengths = prediction_strength(places, n_groups=[2, 3, 4, 5], seed=0)
    assert max(strengths.values()) < 0.8


@pytest.mark.parametrize(
    "places",
    [np.zeros((0, 2)), np.zeros((1, 2)), np.array([[0.0, 0.0], [1.0, 1.0]]), np.ones((40, 2))],
    ids=["nobody", "one person", "two people", "all on one place"],
)
def test_too_few_different_places_foretell_nothing(places):
    assert prediction_strength(places, n_groups=[2, 3], seed=0) == {2: 0.0, 3: 0.0}


def test_the_seed_decides_and_inputs_stay():
    places = np.random.default_rng(3).normal(size=(90, 2))
    before = places.copy()
    first, again, other = (prediction_strength(places, n_groups=[2, 4], seed=seed) for seed in (1, 1, 2))
    assert first == again != other
    assert np.array_equal(places, before)
    assert prediction_strength(places, n_groups=[4], seed=1) == {4: first[4]}


def test_of_many_people_a_random_choice_in_order():
    rows = some_rows(RESAMPLED_PEOPLE + 500, RESAMPLED_PEOPLE, seed=0)
    assert len(set(rows.tolist())) == RESAMPLED_PEOPLE
    assert (np.diff(rows) > 0).all()
    assert not np.array_equal(rows, some_rows(RESAMPLED_PEOPLE + 500, RESAMPLED_PEOPLE, seed=1))
    assert some_rows(5, 5, seed=0).tolist() == [0, 1, 2, 3, 4]


def test_of_equally_near_centres_the_first():
    assert nearest(np.array([[0.0, 0.0], [3.0, 0.0]]), np.array([[-1.0, 0.0], [1.0, 0.0]])).tolist() == [0, 1]

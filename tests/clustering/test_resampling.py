"""Whether groups are found again: Jaccard against scikit-learn, far groups against noise."""

import numpy as np
import pytest
from sklearn.metrics import jaccard_score

from clustering.errors import ShapeError
from clustering.resampling import group_recovery, likeness


@pytest.mark.parametrize("seed", range(10))
def test_the_likeness_is_scikit_learn_s_jaccard(seed):
    rng = np.random.default_rng(seed)
    one, other = rng.integers(0, 4, 40), rng.integers(0, 4, 40)
    expected = [max(jaccard_score(one == g, other == h) for h in range(4)) for g in range(4)]
    assert np.allclose(likeness(one, other, n_groups=4), expected, atol=1e-12)


def test_a_group_without_people_is_like_none():
    assert likeness(np.zeros(3, int), np.zeros(3, int), n_groups=2).tolist() == [1.0, 0.0]


def test_far_groups_are_found_again_and_random_ones_are_not():
    rng = np.random.default_rng(0)
    labels = np.arange(90) % 3
    far = np.array([[0, 0], [8, 0], [0, 8]])[labels] + rng.normal(size=(90, 2))
    assert group_recovery(far, labels, n_groups=3, seed=0).min() > 0.98
    anybody = rng.permutation(labels)
    assert group_recovery(far, anybody, n_groups=3, seed=0).max() < 0.5


def test_one_group_is_always_found_again():
    places = np.random.default_rng(1).normal(size=(20, 2))
    assert group_recovery(places, np.zeros(20, int), n_groups=1, seed=0).tolist() == [1.0]


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_people_and_one_place(n):
    assert group_recovery(np.ones((n, 2)), np.zeros(n, int), n_groups=2, seed=0).tolist() == [0.0, 0.0]
    assert group_recovery(np.ones((20, 2)), np.arange(20) % 2, n_groups=2, seed=0).tolist() == [0.0, 0.0]


def test_two_people_apart_are_found_when_both_are_drawn():
    places, labels = np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([0, 1])
    found = group_recovery(places, labels, n_groups=2, seed=0, n_resamples=200)
    # Both are drawn half of the time; 200 draws have a standard error of 0.035.
    assert found == pytest.approx([0.5, 0.5], abs=0.12)


def test_the_seed_decides_and_one_label_each_is_needed():
    places = np.random.default_rng(2).normal(size=(50, 2))
    labels = (places[:, 0] > 0).astype(int)
    first, again, other = (group_recovery(places, labels, n_groups=2, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    with pytest.raises(ShapeError, match="labels"):
        group_recovery(places, labels[1:], n_groups=2, seed=0)

"""The rule for the number of groups, case by case."""

import numpy as np
import pytest

from clustering.group_choice import group_choice, reported_grouping
from clustering.grouping import Grouping, candidate_groupings
from clustering.prediction_strength import prediction_strength
from clustering.vocabulary import ChoiceReason


def _candidate(*sizes, silhouette=0.5):
    labels = np.repeat(np.arange(len(sizes), dtype=np.int8), sizes)
    return Grouping(labels, np.zeros((len(sizes), 2)), 1.0, silhouette)


TWO, THREE, FOUR = (
    _candidate(60, 40, silhouette=0.4),
    _candidate(40, 30, 30, silhouette=0.5),
    _candidate(30, 30, 20, 20, silhouette=0.45),
)


@pytest.mark.parametrize(
    ("strengths", "n_groups", "reason"),
    [
        ({2: 0.9, 3: 0.8, 4: 0.9}, 3, ChoiceReason.CLEAREST),
        ({2: 0.8, 3: 0.79, 4: 0.99}, 2, ChoiceReason.FEWER_COME_BACK),
        # More groups than the clearest division has are never looked at.
        ({2: 0.7, 3: 0.7, 4: 0.99}, 0, ChoiceReason.NONE_COMES_BACK),
    ],
)
def test_the_clearest_or_the_next_smaller_that_comes_back(strengths, n_groups, reason):
    choice = group_choice([TWO, THREE, FOUR], strengths)
    assert (choice.n_groups, choice.reason) == (n_groups, reason)
    assert [score.n_groups for score in choice.candidates] == [2, 3, 4]
    assert choice.score(3).sizes == (40, 30, 30)
    assert choice.score(5) is None


def test_of_two_smaller_numbers_the_larger():
    clearest = _candidate(25, 25, 25, 25, silhouette=0.6)
    choice = group_choice([TWO, THREE, clearest], {2: 0.9, 3: 0.85, 4: 0.2})
    assert (choice.n_groups, choice.reason) == (3, ChoiceReason.FEWER_COME_BACK)


@pytest.mark.parametrize(
    ("sizes", "is_large_enough"),
    [
        ((20, 5), True),
        ((20, 4), False),
        ((291, 9), True),
        ((292, 8), False),
        ((970, 30), True),
        ((971, 29), False),
        # Three percent of everybody, not of the largest group.
        ((100, 100, 100, 8), False),
    ],
)
def test_groups_have_five_people_and_three_percent(sizes, is_large_enough):
    choice = group_choice([_candidate(*sizes)], {len(sizes): 1.0})
    assert choice.candidates[0].is_large_enough is is_large_enough
    assert choice.n_groups == (len(sizes) if is_large_enough else 0)


def test_copies_do_not_make_a_group_large():
    copied = _candidate(40, 20)
    choice = group_choice([copied], {2: 1.0}, counted=np.arange(41))
    assert choice.candidates[0].sizes == (40, 1)
    assert choice.n_groups == 0


def test_a_number_asked_for_is_given_whatever_speaks_for_it():
    strengths = {1: 1.0, 2: 0.1, 3: 0.1}
    one = _candidate(100, silhouette=0.0)
    assert group_choice([TWO, THREE], strengths, n_groups=3).n_groups == 3
    asked = group_choice([one, TWO], strengths, n_groups=1)
    assert (asked.n_groups, asked.reason) == (1, ChoiceReason.ASKED_FOR)
    missing = group_choice([TWO, THREE], strengths, n_groups=5)
    assert (missing.n_groups, missing.reason) == (0, ChoiceReason.NOT_POSSIBLE)


def test_nothing_to_choose_from_and_one_group_only():
    assert group_choice([], {}).reason is ChoiceReason.NOT_LOOKED_FOR
    one = group_choice([_candidate(100, silhouette=0.0)], {1: 1.0})
    assert (one.n_groups, one.reason) == (0, ChoiceReason.NOT_LOOKED_FOR)


def test_of_equal_silhouettes_the_larger_number():
    assert group_choice([_candidate(50, 50), _candidate(40, 30, 30)], {2: 1.0, 3: 1.0}).n_groups == 3


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("distance", [0.0, 2.0, 3.0, 6.0])
def test_looking_no_further_than_needed_reports_the_same(seed, distance):
    """Three crowds, from one on top of the other to far apart: none, fewer and the clearest all occur."""
    rng = np.random.default_rng(seed)
    centres = distance * np.array([[0.0, 0.0], [1.0, 0.0], [0.3, 1.2]])
    places = centres[rng.integers(0, 3, 90)] + rng.normal(size=(90, 2))
    candidates = candidate_groupings(places, seed=0)
    counted = np.arange(0, 90, 2) if seed % 2 else None
    kept = places if counted is None else places[counted]
    strengths = prediction_strength(kept, n_groups=[c.n_groups for c in candidates], seed=0)
    expected = group_choice(candidates, strengths, counted=counted).n_groups
    reported, looked_at = reported_grouping(candidates, places, seed=0, counted=counted)
    assert (reported.n_groups if reported else 0) == expected
    assert looked_at.items() <= strengths.items()


def test_nothing_to_report_from():
    assert reported_grouping([], np.zeros((0, 2)), seed=0) == (None, {})


def test_what_is_known_of_a_number_of_groups_is_believed():
    rng = np.random.default_rng(0)
    places = 6.0 * rng.integers(0, 2, (90, 1)) + rng.normal(size=(90, 2))
    candidates = candidate_groupings(places, seed=0)
    known = {candidate.n_groups: 0.3 for candidate in candidates}
    assert reported_grouping(candidates, places, seed=0)[0] is not None
    reported, looked_at = reported_grouping(candidates, places, seed=0, known=known)
    assert reported is None
    assert set(looked_at.values()) == {0.3}

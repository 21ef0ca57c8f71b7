"""What is drawn at random is what it says: by the same draws elsewhere, or the same on every machine."""

from hashlib import sha256

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import jaccard_score, silhouette_score

from clustering.kmeans import Points
from clustering.resampling import group_recovery
from clustering.samples import neighbourhood_conversation
from clustering.sampling import some_rows
from clustering.silhouette import mean_silhouette


def test_the_recovery_is_that_of_scikit_learn_s_divisions_of_the_same_people():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 60)
    places = np.array([[0, 0], [5, 0], [0, 6]])[labels] + rng.normal(0, 1, (60, 2))
    total = np.zeros(3)
    for draw in range(6):
        # As documented: the draws are those of PCG64 with seed, number of groups and draw.
        drawn = np.sort(np.random.Generator(np.random.PCG64([9, 3, draw])).integers(0, 60, 60))
        model = KMeans(3, n_init=30, random_state=0).fit(places[drawn])
        who = np.unique(drawn)
        found = model.predict(places[who])
        total += [max(jaccard_score(labels[who] == g, found == h) for h in range(3)) for g in range(3)]
    ours = group_recovery(places, labels, n_groups=3, seed=9, n_resamples=6)
    assert ours == pytest.approx(total / 6, abs=1e-12)
    assert group_recovery(places, labels, n_groups=3, seed=9, n_resamples=0).tolist() == [0.0] * 3


def test_silhouettes_of_more_places_than_are_held_at_once_are_scikit_learn_s():
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 4, 2_100)
    places = rng.normal(size=(2_100, 2)) + 3 * np.array([[0, 0], [1, 0], [0, 1], [1, 1]])[labels]
    two = labels // 2
    ours = mean_silhouette(Points(places, np.ones(2_100)), [labels, two])
    assert ours == pytest.approx([silhouette_score(places, labels), silhouette_score(places, two)], abs=1e-8)
    assert mean_silhouette(Points(places, np.ones(2_100)), []) == []


def test_a_group_that_nobody_is_in_is_nobody_s_neighbour():
    places = np.array([[0.0, 0.0], [1.0, 0.0], [5.0, 0.0], [6.0, 0.0]])
    with_gap, without = mean_silhouette(
        Points(places, np.ones(4)), [np.array([0, 0, 2, 2]), np.array([0, 0, 1, 1])]
    )
    assert with_gap == pytest.approx(without)
    # By hand: (5.5 − 1)/5.5 and (4.5 − 1)/4.5, twice each.
    assert without == pytest.approx((4.5 / 5.5 + 3.5 / 4.5) / 2)


def test_two_on_one_place_in_different_groups_have_a_silhouette_of_nought():
    assert mean_silhouette(Points(np.zeros((4, 2)), np.ones(4)), [np.array([0, 0, 1, 1])]) == [0.0]


@pytest.mark.parametrize(("n_rows", "n_kept"), [(0, 5), (4, 5), (5, 5), (6, 5), (300, 20)])
def test_some_rows_are_different_ones_in_order(n_rows, n_kept):
    rows = some_rows(n_rows, n_kept, seed=3)
    assert len(rows) == min(n_rows, n_kept)
    assert (np.diff(rows) > 0).all()
    assert set(rows.tolist()) <= set(range(n_rows))


def test_every_row_is_as_likely_as_any_other():
    counts = sum(np.bincount(some_rows(10, 4, seed=seed), minlength=10) for seed in range(3_000))
    # Four in ten, with a standard deviation of 0.9 % of 3,000 draws.
    assert counts / 3_000 == pytest.approx(0.4, abs=0.03)


def _digest(sample):
    votes = "\n".join(f"{v.participant} {v.statement} {int(v.value)}" for v in sample.votes)
    groups = "\n".join(f"{who} {name}" for who, name in sample.groups.items())
    return sha256(f"{votes}\n\n{groups}".encode()).hexdigest()[:32]


def test_the_made_up_votes_are_the_same_on_every_machine():
    """The documentation, the notebooks and the demonstration show these very votes."""
    assert _digest(neighbourhood_conversation(n_participants=100)) == "175ac3fb4f5762d44dabc131e798a084"
    assert _digest(neighbourhood_conversation(n_participants=30, seed=5)) == "16df6de34c3098018614c3279d5b1518"


def test_made_up_statements_come_in_until_seven_tenths_have_arrived():
    sample = neighbourhood_conversation(n_participants=400)
    seen = {}
    for vote in sample.votes:
        seen.setdefault(int(vote.participant), set()).add(int(vote.statement))
    # Twenty at the start, one more for every 280/26 people; the tireless have voted on all there are.
    for arrival in range(400):
        n_open = 20 + round(min(1.0, arrival / 280) * 26)
        assert max(seen[arrival + 1]) <= n_open
        if len(seen[arrival + 1]) > 4:
            assert len(seen[arrival + 1]) <= n_open
    tireless = sum(len(seen[a + 1]) == 20 + round(min(1.0, a / 280) * 26) for a in range(400))
    # Thirty in a hundred, and a few by chance: three standard deviations are 27.
    assert 120 - 27 <= tireless <= 120 + 40

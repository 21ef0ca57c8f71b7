"""The made-up conversations are what they say, and so is what is reported of them."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import sparse
from scipy.special import expit

from benchmarks import known_truth
from benchmarks.known_truth import SCENARIOS, Conversation, Truth, calibration, made_up_votes, required, summary


def _lent(n=60, n_statements=25, *, seed=0):
    rng = np.random.default_rng(seed)
    seen = sparse.csr_array((rng.random((n, n_statements)) < 0.8).astype(np.int8))
    return Conversation("made up", seen, rng.normal(0, 2, (n_statements, 2)), rng.normal(0, 1, n_statements))


@pytest.mark.parametrize("name", SCENARIOS)
def test_people_are_centred_with_variance_one_per_axis(name):
    truth = SCENARIOS[name].draw(5_000, np.random.default_rng(0))
    assert np.allclose(truth.places.mean(axis=0), 0.0, atol=1e-9)
    assert (truth.places**2).mean() == pytest.approx(0.0 if name == "pure noise" else 1.0)
    assert len(set(truth.group.tolist())) == SCENARIOS[name].n_groups


@pytest.mark.parametrize(
    ("name", "distance"), [("2 groups 3σ", 3), ("2 groups 20:80 4σ", 4), ("3 groups 6σ", 6)]
)
def test_groups_are_as_far_apart_as_their_name_says(name, distance):
    truth = SCENARIOS[name].draw(20_000, np.random.default_rng(1))
    groups = [truth.places[truth.group == group] for group in np.unique(truth.group)]
    spread = np.mean([group.std(axis=0) for group in groups])
    centres = [group.mean(axis=0) for group in groups]
    for one, other in pairwise(centres):
        # Twenty thousand people: the distance is known to 2 %.
        assert np.hypot(*(one - other)) / spread == pytest.approx(distance, rel=0.03)


def test_votes_are_those_of_the_model_on_the_statements_seen():
    lent = _lent(4_000, 3)
    truth = Truth(np.tile([0.5, -0.5], (4_000, 1)), np.zeros(4_000, int))
    votes = made_up_votes(lent, truth, np.random.default_rng(0))
    assert np.array_equal(abs(votes).toarray(), lent.seen.toarray())
    share = (votes == 1).sum(axis=0) / lent.seen.sum(axis=0)
    expected = expit(truth.places[0] @ lent.loadings.T + lent.easiness)
    # Some 3,200 votes each: a standard error of at most 0.009.
    assert np.allclose(np.asarray(share).ravel(), expected, atol=0.03)


def test_the_bins_of_membership_hold_what_falls_in_them():
    runs = [
        {"says": [0.2, 0.6, 0.96, 1.0], "is_right": [True, False, True, False]},
        {"says": [], "is_right": []},
    ]
    bins = calibration(runs)
    assert [(one["from"], one["people"], one["right"]) for one in bins] == [
        (0.0, 1, 1.0),
        (0.5, 1, 0.0),
        (0.95, 2, 0.5),
    ]
    assert [one["is_fair"] for one in bins] == [True, False, False]
    assert calibration([]) == []


def test_one_run_of_each_kind_reports_every_figure():
    figures = {}
    for name in ("pure noise", "2 groups 6σ", "3 groups 6σ"):
        runs = [known_truth.run(_lent(seed=at), SCENARIOS[name], seed=at, n_simulations=19) for at in range(2)]
        figures[name] = summary(runs)
    assert figures["pure noise"]["modality_runs"] == 2
    assert figures["3 groups 6σ"]["modality_runs"] == 0
    assert figures["2 groups 6σ"]["ari"] > 0.5
    found = required(figures, [])
    assert len(found) == 6
    assert found["membership fair in all bins"] is None

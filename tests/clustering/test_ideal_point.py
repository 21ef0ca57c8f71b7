"""The ideal-point model against plain optimisation, and as an estimator."""

import numpy as np
import pytest
from scipy import optimize, sparse
from scipy.special import expit
from sklearn.utils.estimator_checks import parametrize_with_checks

from clustering.ideal_point import IdealPointModel
from clustering.model_loops import logistic
from clustering.pipeline import compute_group_map
from clustering.settings import MapSettings


def _made_up(n_people=150, n_statements=30, *, seed=0, share_seen=0.8):
    """Return votes drawn from the model itself, with the true places and items."""
    rng = np.random.default_rng(seed)
    places = rng.normal(size=(n_people, 2))
    loadings, easiness = rng.normal(0, 1.2, (n_statements, 2)), rng.normal(0.3, 1.0, n_statements)
    votes = np.where(rng.random((n_people, n_statements)) < expit(places @ loadings.T + easiness), 1.0, -1.0)
    votes[rng.random(votes.shape) > share_seen] = np.nan
    return votes, places, loadings


NOT_A_CLASSIFIER = "takes predict_proba for a classifier's, one column per class; here it is one per statement"


@parametrize_with_checks(
    [IdealPointModel()],
    expected_failed_checks=lambda _: {
        "check_estimator_sparse_array": NOT_A_CLASSIFIER,
        "check_estimator_sparse_matrix": NOT_A_CLASSIFIER,
    },
)
def test_it_is_an_estimator(estimator, check):
    check(estimator)


def test_the_table_of_the_logistic_function():
    z = np.linspace(-20, 20, 4_001)
    table = np.array([logistic(value) for value in z])
    assert np.abs(table - expit(z))[np.abs(z) <= 13.9].max() < 2e-8
    assert np.abs(table - expit(z)).max() < 1e-6
    assert (np.diff(table) >= 0).all()


def test_places_are_the_mode_that_a_general_optimiser_finds():
    votes, *_ = _made_up()
    model = IdealPointModel().fit(votes)
    placed = model.transform(votes)
    items = np.column_stack((model.loadings_, model.easiness_))
    for person in range(0, 150, 15):
        seen = ~np.isnan(votes[person])

        def minus_log_posterior(place, seen=seen, person=person):
            z = items[seen, 2] + items[seen, :2] @ place
            return np.logaddexp(0, -votes[person, seen] * z).sum() + place @ place / 2

        best = optimize.minimize(minus_log_posterior, np.zeros(2), tol=1e-12).x
        # The table of the logistic function is exact to 2e-8, and thirty votes add up.
        assert placed[person] == pytest.approx(best, abs=2e-5)


def test_statements_are_near_the_mode_given_the_places():
    """At the end of the alternation one more Newton step would hardly move a statement."""
    votes, *_ = _made_up(400, 30, seed=2)
    model = IdealPointModel(n_alternations=60).fit(votes)
    prior = np.append(model.loadings_.mean(axis=0), model.easiness_.mean())
    for j in range(0, 30, 5):
        seen = ~np.isnan(votes[:, j])
        design = np.column_stack((model.positions_[seen], np.ones(seen.sum())))

        def minus_log_posterior(item, seen=seen, design=design, j=j):
            lost = np.logaddexp(0, -votes[seen, j] * (design @ item)).sum()
            return lost + 0.5 * (np.array([4.0, 4.0, 0.3]) * (item - prior) ** 2).sum()

        ours = np.append(model.loadings_[j], model.easiness_[j])
        best = optimize.minimize(minus_log_posterior, ours, tol=1e-12).x
        # Sixty rounds leave a few thousandths: places and statements still follow each other.
        assert ours == pytest.approx(best, abs=0.02)


def test_true_places_are_recovered_up_to_a_turn():
    votes, places, _ = _made_up(800, 60, seed=3)
    model = IdealPointModel().fit(votes)
    together = np.column_stack((model.positions_, np.ones(len(places))))
    explained = together @ np.linalg.lstsq(together, places, rcond=None)[0]
    correlation = [np.corrcoef(explained[:, axis], places[:, axis])[0, 1] for axis in (0, 1)]
    assert min(correlation) > 0.85


def test_the_covariance_is_the_inverse_curvature():
    votes, *_ = _made_up(seed=5)
    model = IdealPointModel().fit(votes)
    for person in (0, 77):
        seen = ~np.isnan(votes[person])
        w = model.loadings_[seen]
        q = expit(model.easiness_[seen] + w @ model.positions_[person])
        curvature = np.eye(2) + (w * (q * (1 - q))[:, None]).T @ w
        assert model.covariances_[person] == pytest.approx(np.linalg.inv(curvature), rel=1e-6)
        assert model.reliability_[person] == pytest.approx(1 - np.trace(model.covariances_[person]) / 2)


def test_more_votes_are_more_reliable_and_none_say_nothing():
    votes, *_ = _made_up(share_seen=1.0, seed=6)
    votes[0], votes[1, 8:] = np.nan, np.nan
    model = IdealPointModel().fit(votes)
    assert model.reliability_[0] == pytest.approx(0.0)
    assert model.positions_[0].tolist() == [0.0, 0.0]
    assert 0 < model.reliability_[1] < model.reliability_[2:].min()


def test_chances_of_pairs_and_of_whole_ballots_agree():
    votes, *_ = _made_up(seed=7)
    model = IdealPointModel().fit(votes)
    people, statements = np.array([3, 4]), np.array([1, 2])
    pairs = model.predict_proba(people, statements)
    z = model.easiness_[statements] + (model.positions_[people] * model.loadings_[statements]).sum(axis=1)
    assert pairs == pytest.approx(expit(z))
    whole = model.predict_proba(votes)
    assert whole.shape == votes.shape
    assert ((whole > 0) & (whole < 1)).all()
    with pytest.raises(IndexError):
        model.predict_proba(999, 0)


def test_a_stored_zero_counts_as_a_vote_and_says_nothing_else():
    """Seven passes make somebody's six opinions shape the statements; without them they are placed only."""
    votes, *_ = _made_up(60, 14, share_seen=1.0, seed=8)
    with_passes = votes.copy()
    with_passes[0, 6:] = 0.0
    rows, columns = np.nonzero(~np.isnan(with_passes))
    stored = sparse.csr_array((with_passes[rows, columns], (rows, columns)), shape=votes.shape)
    dropped = with_passes.copy()
    dropped[0, 6:] = np.nan
    shaping = IdealPointModel().fit(stored)
    assert shaping.positions_ == pytest.approx(IdealPointModel().fit(with_passes).positions_)
    assert not np.allclose(shaping.loadings_, IdealPointModel().fit(dropped).loadings_)


def test_statements_with_few_opinions_pull_nobody():
    votes, *_ = _made_up(seed=9)
    votes[:, 4] = np.nan
    votes[:4, 4] = 1.0
    model = IdealPointModel().fit(votes)
    assert model.loadings_[4].tolist() == [0.0, 0.0]
    assert model.easiness_[4] == pytest.approx(np.log(5 / 1))


def test_no_votes_at_all():
    model = IdealPointModel().fit(np.full((10, 3), np.nan))
    assert not model.positions_.any()
    assert not model.loadings_.any()


@pytest.mark.parametrize("name", ["brexit-consensus", "vtaiwan.uberx"])
def test_the_map_of_the_model_is_one_map_whatever_the_order(named_export, name):
    matrix = named_export(name).vote_matrix()
    first = compute_group_map(matrix, settings=MapSettings(method="ideal"))
    order = np.random.default_rng(1).permutation(matrix.n_participants)
    assert (
        compute_group_map(matrix.rows(order), settings=MapSettings(method="ideal")).result_hash
        == first.result_hash
    )
    assert first.covariances.shape == (matrix.n_participants, 2, 2)


def test_equal_ballots_share_one_weight(two_camps):
    matrix = two_camps(60, 15, seed=1, share_seen=1.0)
    rows = np.append(np.arange(60), [0] * 9)
    copied = compute_group_map(matrix.rows(rows))
    assert sorted(copied.weights)[:10] == pytest.approx([0.1] * 10)
    assert copied.weights.sum() == pytest.approx(60)
    plain = compute_group_map(matrix)
    assert np.abs(copied.axes.components) == pytest.approx(np.abs(plain.axes.components), abs=1e-9)

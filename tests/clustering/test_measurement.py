"""What votes measure: against closed forms and simulated people."""

import numpy as np
import pytest

from clustering.errors import ShapeError
from clustering.measurement import measured_by_model, measured_by_votes


def _posteriors(n, *, seed):
    rng = np.random.default_rng(seed)
    half = rng.normal(size=(n, 2, 3))
    covariances = np.linalg.inv(np.eye(2) + half @ half.transpose(0, 2, 1))
    return rng.normal(size=(n, 2)), covariances


def test_the_prior_taken_out_and_put_back_gives_the_place():
    places, covariances = _posteriors(50, seed=0)
    measured = measured_by_model(places, covariances)
    assert np.allclose(measured.places, places, atol=1e-12)
    assert np.allclose(np.linalg.inv(measured.precision + np.eye(2)), covariances, atol=1e-12)


@pytest.mark.parametrize("angle", [0.0, 0.4, 1.5, 3.0])
def test_along_a_line_the_precision_is_that_of_the_posterior_variance(angle):
    places, covariances = _posteriors(30, seed=1)
    axis = np.array([np.cos(angle), np.sin(angle)])
    precision, information = measured_by_model(places, covariances).along(axis)
    variance = np.einsum("nij,i,j->n", covariances, axis, axis)
    assert np.allclose(precision, 1 / variance - 1, atol=1e-10)
    assert np.allclose(information, places @ axis / variance, atol=1e-10)


def test_measuring_again_errs_as_much_as_the_precision_says():
    n = 40_000
    precision = np.array([[2.0, 0.7], [0.7, 1.0]])
    covariance = np.linalg.inv(precision + np.eye(2))
    measured = measured_by_model(np.zeros((n, 2)), np.repeat(covariance[None], n, axis=0))
    truth = np.tile([0.5, -1.0], (n, 1))
    again = measured.measured_again(truth, rng=np.random.default_rng(0))
    # Standard errors of 40,000 draws are below 0.01.
    assert np.allclose(again.information.mean(axis=0), precision @ truth[0], atol=0.03)
    assert np.allclose(np.cov(again.information.T), precision, atol=0.05)


def test_votes_that_say_nothing_measure_nothing():
    measured = measured_by_model(np.zeros((2, 2)), np.repeat(np.eye(2)[None], 2, axis=0))
    assert np.array_equal(measured.precision, np.zeros((2, 2, 2)))
    again = measured.measured_again(np.ones((2, 2)), rng=np.random.default_rng(0))
    assert np.array_equal(again.information, np.zeros((2, 2)))
    assert all(np.array_equal(part, np.zeros(2)) for part in again.along(np.array([1.0, 0.0])))


def test_a_covariance_wider_than_the_prior_counts_as_no_precision():
    measured = measured_by_model(np.zeros((1, 2)), np.diag([1.0 + 1e-9, 0.5])[None])
    assert np.allclose(measured.precision[0], np.diag([0.0, 1.0]), atol=1e-8)


def test_classic_places_of_people_with_a_known_true_place_vary_by_the_noise():
    """Votes with independent errors around what the true place gives: the model behind the approximation."""
    rng = np.random.default_rng(5)
    n_statements, noise, n = 400, 0.6, 3_000
    loadings = np.linalg.qr(rng.normal(size=(n_statements, 2)))[0]
    truth = np.array([3.0, -2.0])
    n_votes = rng.integers(20, n_statements, n)
    places = np.empty((n, 2))
    for person in range(n):
        seen = rng.choice(n_statements, n_votes[person], replace=False)
        votes = loadings[seen] @ truth + rng.normal(0, np.sqrt(noise), len(seen))
        places[person] = votes @ loadings[seen] * np.sqrt(n_statements / len(seen))
    measured = measured_by_votes(places, n_votes, n_statements=n_statements, noise=noise)
    assert np.allclose(measured.places, places, atol=1e-9)
    precision, information = measured.along(np.array([1.0, 0.0]))
    standardised = (information - precision * truth[0]) / np.sqrt(precision)
    # Loadings differ between statements, so who saw which adds a little.
    assert standardised.mean() == pytest.approx(0.0, abs=0.06)
    assert standardised.std() == pytest.approx(1.0, abs=0.06)


def test_nobody_nothing_and_shapes_that_do_not_fit():
    empty = measured_by_votes(np.zeros((0, 2)), np.zeros(0, int), n_statements=0, noise=0.0)
    assert empty.places.shape == (0, 2)
    silent = measured_by_votes(np.zeros((1, 2)), np.zeros(1, int), n_statements=5, noise=1.0)
    assert np.array_equal(silent.places, np.zeros((1, 2)))
    with pytest.raises(ShapeError, match="covariances"):
        measured_by_model(np.zeros((2, 2)), np.zeros((1, 2, 2)))
    with pytest.raises(ShapeError, match="n_votes"):
        measured_by_votes(np.zeros((2, 2)), np.zeros(1, int), n_statements=1, noise=1.0)

"""Densities behind measurement error, against scikit-learn's isotonic regression and plain EM."""

import numpy as np
import pytest
from scipy.optimize import isotonic_regression
from sklearn.isotonic import IsotonicRegression

from clustering.latent_density import Density, any_density, density_grid, one_peak, one_peaked_density


def _measured(true_places, *, error, seed=0):
    rng = np.random.default_rng(seed)
    precision = np.full(len(true_places), 1 / error**2)
    return precision, precision * (true_places + rng.normal(0, error, len(true_places)))


def _likelihood(precision, information, points):
    logs = information[:, None] * points - precision[:, None] * points**2 / 2
    return np.exp(logs - logs.max(axis=1, keepdims=True))


def _least_squares_with_peak(counts, split):
    """The same by SciPy, which is quicker."""
    rising = isotonic_regression(counts[:split]).x if split else []
    falling = isotonic_regression(counts[split:], increasing=False).x if split < len(counts) else []
    return np.concatenate((rising, falling))


def _with_peak(counts, split):
    """Isotonic regression on either side; its least squares are the multinomial maximum likelihood too."""
    at = np.arange(len(counts))
    rising = IsotonicRegression(increasing=True).fit_transform(at[:split], counts[:split]) if split else []
    falls = split < len(counts)
    falling = IsotonicRegression(increasing=False).fit_transform(at[split:], counts[split:]) if falls else []
    return np.concatenate((rising, falling))


@pytest.mark.parametrize("seed", range(30))
def test_one_peak_is_the_likeliest_of_all_isotonic_regressions(seed):
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, 20, rng.integers(1, 12)).astype(float)
    counts[0] += 1
    fits = [_with_peak(counts, split) for split in range(len(counts) + 1)]
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = [np.nansum(np.where(counts > 0, counts * np.log(fit), 0.0)) for fit in fits]
        ours = one_peak(counts)
        log = np.nansum(np.where(counts > 0, counts * np.log(ours), 0.0))
    assert log == pytest.approx(max(logs), abs=1e-9)
    assert ours.sum() == pytest.approx(counts.sum())
    peak = int(np.argmax(ours))
    assert (np.diff(ours[: peak + 1]) >= -1e-12).all()
    assert (np.diff(ours[peak:]) <= 1e-12).all()


def test_any_density_is_that_of_plain_em():
    rng = np.random.default_rng(1)
    precision, information = _measured(rng.choice([-1.0, 1.5], 80), error=0.5)
    points = density_grid(precision, information)
    likelihood = _likelihood(precision, information, points)
    shares = np.full(len(points), 1 / len(points))
    for _ in range(15):
        shares = shares * (likelihood / (likelihood @ shares)[:, None]).mean(axis=0)
    ours = any_density(precision, information, points)
    assert np.allclose(ours.shares, shares, atol=1e-12)
    assert ours.log_likelihood == pytest.approx(np.log(likelihood @ shares).sum(), abs=1e-9)
    for _ in range(20_000):
        shares = shares * (likelihood / (likelihood @ shares)[:, None]).mean(axis=0)
    # What stopping early leaves, less than the ratios that the test is about (3 and more).
    assert 0 <= np.log(likelihood @ shares).sum() - ours.log_likelihood < 1.5


def test_one_peaked_density_is_the_best_of_all_peaks():
    rng = np.random.default_rng(2)
    precision, information = _measured(rng.choice([-1.0, 1.5], 60, p=[0.3, 0.7]), error=0.6)
    points = density_grid(precision, information)
    likelihood = _likelihood(precision, information, points)
    logs = []
    for split in range(0, len(points) + 1, 3):
        shares = np.full(len(points), 1 / len(points))
        for _ in range(150):
            counts = shares * (likelihood / (likelihood @ shares)[:, None]).mean(axis=0)
            shares = _least_squares_with_peak(counts, split)
        logs.append(np.log(likelihood @ shares).sum())
    ours = one_peaked_density(precision, information, points)
    # Ours goes on where it is worth it, so it may be better; by less than 0.1 it may miss a peak in between.
    assert max(logs) - 0.1 < ours.log_likelihood < max(logs) + 0.5
    assert ours.log_likelihood < any_density(precision, information, points).log_likelihood
    peak = int(np.argmax(ours.shares))
    assert (np.diff(ours.shares[: peak + 1]) >= -1e-12).all()
    assert (np.diff(ours.shares[peak:]) <= 1e-12).all()


def test_the_grid_covers_everybody_whatever_their_precision():
    rng = np.random.default_rng(3)
    precision = rng.gamma(1.0, 4.0, 500)
    truth = rng.normal(2.0, 1.5, 500)
    points = density_grid(precision, precision * truth + np.sqrt(precision) * rng.normal(size=500))
    assert points[0] < 2 - 3 * 1.5 < 2 + 2 * 1.5 < points[-1]
    assert np.allclose(np.diff(points), points[1] - points[0])


def test_draws_follow_the_density():
    points = np.linspace(-1, 1, 91)
    shares = np.where(points < 0, 0.25, 0.75)
    drawn = Density(points, shares / shares.sum(), 0.0).drawn(40_000, rng=np.random.default_rng(0))
    assert (drawn > 0).mean() == pytest.approx(shares[points > 0].sum() / shares.sum(), abs=0.02)
    assert np.abs(drawn).max() <= 1 + (points[1] - points[0]) / 2


@pytest.mark.parametrize("n", [0, 1, 2])
def test_nobody_and_few_people(n):
    precision, information = np.full(n, 2.0), np.linspace(-1, 1, n) if n > 1 else np.zeros(n)
    measured = (precision, information, density_grid(precision, information))
    for density in (any_density(*measured), one_peaked_density(*measured)):
        assert np.isfinite(density.log_likelihood)
        if n:
            assert density.shares.sum() == pytest.approx(1.0)


def test_votes_that_say_nothing_leave_the_density_even():
    points = density_grid(np.zeros(5), np.zeros(5))
    assert points[[0, -1]].tolist() == [-1.0, 1.0]
    assert np.allclose(any_density(np.zeros(5), np.zeros(5), points).shares, 1 / len(points))

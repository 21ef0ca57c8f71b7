"""How precisely people are placed, by NumPy and SciPy; what is missing before anything is judged."""

import numpy as np
import pytest
from scipy import optimize, stats

from clustering.latent_density import Density, density_grid
from clustering.measurement import measured_by_votes
from clustering.modality import smoothed, valley_depth
from clustering.stability import assess, measurement_of_places, rounded_numbers
from clustering.vocabulary import Statement
from clustering.vote_matrix import VoteMatrix


def _matrix(dense, *, left_out=()):
    """Return the matrix of a dense array, 9 where unseen."""
    rows, columns = np.nonzero(dense != 9)
    return VoteMatrix.from_arrays(
        participants=[f"p{row}" for row in range(len(dense))],
        statements=[Statement(str(j), is_moderated_out=j in left_out) for j in range(dense.shape[1])],
        participant_index=rows,
        statement_index=columns,
        values=dense[rows, columns],
    )


def test_classic_places_have_the_precision_of_their_votes_and_the_mean_variance_as_noise():
    rng = np.random.default_rng(0)
    dense = rng.choice([-1, 0, 1, 9], (30, 8))
    dense[:, 6] = 9
    kept = [0, 1, 2, 4, 5, 7]
    places = rng.normal(size=(30, 2))
    measured = measurement_of_places(places, None, _matrix(dense, left_out=(3,)))
    votes = np.where(dense == 9, np.nan, dense)[:, kept]
    noise = np.nansum((votes - np.nanmean(votes, axis=0)) ** 2) / np.isfinite(votes).sum()
    n_votes = np.isfinite(votes).sum(axis=1)
    for person in range(30):
        assert measured.precision[person] == pytest.approx(n_votes[person] / (6 * noise) * np.eye(2))
    assert measured.places == pytest.approx(places)


def test_a_place_of_somebody_who_saw_a_quarter_is_drawn_in_to_half():
    measured = measured_by_votes(np.array([[3.0, -1.0]]), np.array([25]), n_statements=100, noise=0.5)
    # √(25/100) = ½: precision ¼/½, and the true place that the votes alone would give is twice the place.
    assert measured.precision[0] == pytest.approx(0.5 * np.eye(2))
    assert measured.information[0] == pytest.approx(0.5 * np.array([6.0, -2.0]))
    assert measured.places[0] == pytest.approx([3.0, -1.0])


def test_where_nobody_differs_a_vote_has_a_variance_of_one():
    measured = measured_by_votes(np.ones((1, 2)), np.array([4]), n_statements=4, noise=0.0)
    assert measured.precision[0].tolist() == [[1.0, 0.0], [0.0, 1.0]]


def _people(n, *, seed=0):
    rng = np.random.default_rng(seed)
    precision = rng.gamma(2.0, 3.0, n)
    truth = rng.normal(1.0, 0.8, n)
    return precision, precision * truth + np.sqrt(precision) * rng.normal(size=n)


def test_the_grid_reaches_half_a_standard_deviation_beyond_the_outermost_means():
    """Mean and variance are those a general optimiser finds likeliest."""
    precision, information = _people(400)

    def minus_log_likelihood(at):
        centre, variance = at[0], np.exp(at[1])
        return -stats.norm(centre, np.sqrt(variance + 1 / precision)).logpdf(information / precision).sum()

    centre, log_variance = optimize.minimize(minus_log_likelihood, [0.0, 0.0], tol=1e-10).x
    variance = np.exp(log_variance)
    means = (information + centre / variance) / (precision + 1 / variance)
    points = density_grid(precision, information)
    assert len(points) == 91
    ends = [means.min() - np.sqrt(variance) / 2, means.max() + np.sqrt(variance) / 2]
    # Fifty rounds of EM come as near as this; the last means are those before the last variance.
    assert points[[0, -1]] == pytest.approx(ends, abs=0.01)
    assert np.diff(points) == pytest.approx((points[-1] - points[0]) / 90)


def test_people_on_one_point_of_the_grid_are_drawn_evenly_within_its_cell():
    points = np.linspace(0, 9, 10)
    shares = np.where(np.isin(points, [3, 7]), [0.25, 0.75][1], 0.0)
    shares[3] = 0.25
    drawn = Density(points, shares, 0.0).drawn(30_000, rng=np.random.default_rng(1))
    left, right = drawn[drawn < 5], drawn[drawn > 5]
    assert len(left) / 30_000 == pytest.approx(0.25, abs=0.01)
    assert stats.kstest(left, stats.uniform(2.5, 1.0).cdf).pvalue > 0.01
    assert stats.kstest(right, stats.uniform(6.5, 1.0).cdf).pvalue > 0.01


def test_smoothing_is_a_normal_kernel_of_silverman_s_width():
    points = np.linspace(-3, 3, 61)
    shares = np.where(np.abs(points) < 1, 1.0, 0.0) / np.count_nonzero(np.abs(points) < 1)
    spread = np.sqrt(shares @ (points - shares @ points) ** 2)
    for n_people, width in ((50, 0.9 * spread * 50**-0.2), (10**9, 0.1)):
        found = smoothed(Density(points, shares, 0.0), n_people=n_people)
        expected = [stats.norm(point, width).pdf(points) @ shares for point in points]
        assert found / found.sum() == pytest.approx(np.array(expected) / np.sum(expected))


def test_the_valley_lies_between_the_highest_points_on_either_side():
    """Three peaks of 4, 1 and 2: from 4 to 2 past the middle, the lowest point between them is empty."""
    points = np.linspace(0, 60, 601)
    shares = np.zeros(601)
    shares[[100, 300, 500]] = np.array([4.0, 1.0, 2.0]) / 7
    density = Density(points, shares, 0.0)
    # So many people that each peak stays as narrow as the grid.
    found = valley_depth(density, middle=25.0, n_people=10**12)
    assert found == pytest.approx(0.0, abs=1e-12)
    # The lower peak counts: of a plain of half its height the valley is half.
    shares[100:501] = 1.0
    shares[[100, 300, 500]] = [4.0, 1.0, 2.0]
    plain = Density(points, shares / shares.sum(), 0.0)
    smooth = smoothed(plain, n_people=10**12)
    expected = smooth[110:490].min() / smooth[490:].max()
    assert valley_depth(plain, middle=25.0, n_people=10**12) == pytest.approx(expected)


def test_nothing_is_judged_of_nineteen_or_of_one_statement():
    def missing(n_people, n_statements):
        matrix = _matrix(np.where(np.arange(n_people)[:, None] % 2, 1, -1) * np.ones((1, n_statements), int))
        places = np.zeros((n_people, 2))
        return dict(
            assess(places, covariances=None, matrix=matrix, candidates=[], seed=0, thorough=False).missing
        )

    assert missing(19, 12) == {"participants": 1, "votes_each": 7}
    assert missing(20, 12) == {}
    assert missing(19, 3) == {"participants": 1, "votes_each": 3}
    assert missing(20, 1) == {"statements": 1}
    assert missing(18, 1) == {"participants": 2, "votes_each": 1, "statements": 1}


def test_written_numbers_have_ten_decimals_and_no_negative_nought():
    told = rounded_numbers({"a": [1 / 3, (-1e-12, 7)], "b": {"c": "x", "d": None}, "e": True})
    assert told == {"a": [0.3333333333, [0.0, 7]], "b": {"c": "x", "d": None}, "e": True}
    assert str(told["a"][1][0]) == "0.0"

"""The leading directions are those of a dense decomposition, whatever the start and however few there are."""

import numpy as np
import pytest

from clustering.krylov import leading_directions


def covariance(size: int, rank: int, *, seed: int) -> np.ndarray:
    half = np.random.default_rng(seed).normal(size=(rank, size)) * np.linspace(3, 1, rank)[:, None]
    return half.T @ half


@pytest.mark.parametrize(("size", "rank"), [(3, 3), (40, 40), (120, 30), (200, 2), (5, 1)])
def test_directions_are_those_of_numpy(size: int, rank: int):
    matrix = covariance(size, rank, seed=size)
    found = leading_directions(lambda vectors: matrix @ vectors, size, n_wanted=2)
    values, directions = found.values, found.vectors
    dense, vectors = np.linalg.eigh(matrix)
    # Residual of 1e-11 relative to the largest value: values are as close, angles this over the gap.
    assert values == pytest.approx(dense[::-1][:2], abs=1e-9 * dense[-1])
    for number in range(min(2, rank)):
        assert abs(directions[number] @ vectors[:, -1 - number]) == pytest.approx(1.0, abs=1e-9)


def test_no_variance_has_no_direction():
    found = leading_directions(lambda vectors: 0 * vectors, 6, n_wanted=2)
    values, directions = found.values, found.vectors
    assert not values.any()
    assert values.shape == (2,)
    assert directions.shape == (2, 6)


def test_one_statement_has_one_direction():
    found = leading_directions(lambda vectors: 4 * vectors, 1, n_wanted=2)
    values, directions = found.values, found.vectors
    assert values.tolist() == [pytest.approx(4.0), 0.0]
    assert abs(directions).tolist() == [[pytest.approx(1.0)], [0.0]]


def test_a_start_nearby_takes_fewer_passes_to_the_same_directions():
    before, now = covariance(150, 60, seed=1), covariance(150, 60, seed=1) + covariance(150, 2, seed=2) / 1_000
    start = leading_directions(lambda vectors: before @ vectors, 150, n_wanted=2).nearest
    passes = []

    def times(vectors: np.ndarray) -> np.ndarray:
        passes.append(1)
        return now @ vectors

    cold = leading_directions(times, 150, n_wanted=2)
    n_cold = len(passes)
    near = leading_directions(times, 150, n_wanted=2, start=start, residual=1e-5)
    assert 2 * (len(passes) - n_cold) <= n_cold
    # The angle is at most the residual over the gap between the axes' variances, here a tenth.
    assert abs(np.diag(near.vectors @ cold.vectors.T)) == pytest.approx(1.0, abs=1e-8)


def test_a_start_at_a_right_angle_does_no_harm():
    matrix = np.diag(np.arange(1.0, 41.0))
    start = np.eye(40)[:, :2]
    found = leading_directions(lambda vectors: matrix @ vectors, 40, n_wanted=2, start=start, residual=1e-5)
    assert found.values == pytest.approx([40.0, 39.0], abs=1e-6)

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
    values, directions = leading_directions(lambda vectors: matrix @ vectors, size, n_wanted=2)
    dense, vectors = np.linalg.eigh(matrix)
    # Residual of 1e-11 relative to the largest value: values are as close, angles this over the gap.
    assert values == pytest.approx(dense[::-1][:2], abs=1e-9 * dense[-1])
    for number in range(min(2, rank)):
        assert abs(directions[number] @ vectors[:, -1 - number]) == pytest.approx(1.0, abs=1e-9)


def test_no_variance_has_no_direction():
    values, directions = leading_directions(lambda vectors: 0 * vectors, 6, n_wanted=2)
    assert not values.any()
    assert values.shape == (2,)
    assert directions.shape == (2, 6)


def test_one_statement_has_one_direction():
    values, directions = leading_directions(lambda vectors: 4 * vectors, 1, n_wanted=2)
    assert values.tolist() == [pytest.approx(4.0), 0.0]
    assert abs(directions).tolist() == [[pytest.approx(1.0)], [0.0]]

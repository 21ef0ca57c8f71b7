"""People with few votes are placed by the statements, and shape nothing."""

import numpy as np
import pytest

from clustering.ideal_point import IdealPointModel


@pytest.fixture
def votes() -> np.ndarray:
    rng = np.random.default_rng(5)
    camp = np.where(np.arange(90) < 50, 1.0, -1.0)
    pull = rng.normal(size=30)
    cast = np.where(rng.random((90, 30)) < 1 / (1 + np.exp(-1.5 * camp[:, None] * pull)), 1.0, -1.0)
    cast[rng.random(cast.shape) < 0.2] = np.nan
    # The last ten stop after four votes, which is below the seven that shape the statements.
    cast[80:, 4:] = np.nan
    return cast


def test_who_voted_little_stands_where_the_fitted_statements_put_them(votes: np.ndarray):
    model = IdealPointModel().fit(votes)
    assert model.positions_[80:] == pytest.approx(model.transform(votes)[80:], abs=1e-6)
    # Nobody who decided on something stands exactly at the centre.
    decided = np.isfinite(votes[80:]).any(axis=1)
    assert (np.abs(model.positions_[80:][decided]).max(axis=1) > 1e-3).all()


def test_who_voted_little_shapes_no_statement(votes: np.ndarray):
    others = votes.copy()
    others[80:] *= -1
    one, other = (IdealPointModel().fit(cast) for cast in (votes, others))
    # Easiness starts from everybody's counts; eight rounds leave less than a hundredth of that start.
    assert np.abs(one.positions_[:80] - other.positions_[:80]).max() < 0.05
    assert np.abs(one.loadings_ - other.loadings_).max() < 0.05

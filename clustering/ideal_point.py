"""The hierarchical two-dimensional ideal-point model as a scikit-learn estimator; `ideal_fit` has its numerics.

The maps take it from there: loading scikit-learn takes longer than drawing most of them.
"""

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse
from scipy.special import expit
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from clustering.ideal_fit import Floats, ModelOptions, fit_ideal_points, places_among
from clustering.settings import (
    IDEAL_ALTERNATIONS,
    IDEAL_EASINESS_PRECISION,
    IDEAL_LOADING_PRECISION,
    MIN_VOTES_TO_BE_PLACED,
)


class IdealPointModel(TransformerMixin, BaseEstimator):
    """Two-dimensional places of people, their uncertainty, and every statement's pull.

    Only the sign of a cell counts: positive is agree, negative disagree; zero and NaN say nothing about places.
    In a sparse matrix a stored zero is a pass and counts as a vote for `min_votes`.

    Parameters
    ----------
    n_alternations
        Rounds of moving statements, then people.
    min_votes
        Votes from which somebody's votes shape the statements; everybody else is placed afterwards.
    loading_precision, easiness_precision
        Of the statements' priors.

    Attributes
    ----------
    positions_
        n_participants × 2, in standard deviations of the prior; people without votes stand at 0.
    covariances_
        n_participants × 2 × 2: uncertainty of each position (Laplace approximation).
    reliability_
        Length n_participants, 0 … 1: 1 − mean posterior variance.
    loadings_
        n_statements × 2; 0 for statements with fewer than five agrees and disagrees.
    easiness_
        Length n_statements: log-odds of agreement of somebody at the centre.
    early_pulls_
        n_statements × 3: loadings and easiness two rounds before the end, for a later fit to start from; NaN
        for statements that said nothing. Their plane isn't turned.

    Notes
    -----
    *Source*: Clinton, Jackman and Rivers (2004); Imai, Lo and Olmsted (2016) for the alternation. The priors
    and the number of rounds were chosen on held-out votes (docs/method.md).
    """

    def __init__(
        self,
        *,
        n_alternations: int = IDEAL_ALTERNATIONS,
        min_votes: int = MIN_VOTES_TO_BE_PLACED,
        loading_precision: float = IDEAL_LOADING_PRECISION,
        easiness_precision: float = IDEAL_EASINESS_PRECISION,
    ) -> None:
        self.n_alternations = n_alternations
        self.min_votes = min_votes
        self.loading_precision = loading_precision
        self.easiness_precision = easiness_precision

    def fit(
        self,
        X: Any,  # noqa: N803
        y: None = None,  # noqa: ARG002
        sample_weight: ArrayLike | None = None,
        start: Floats | None = None,
        early_pulls: Floats | None = None,
    ) -> Self:
        """Fit statements and people to votes.

        Parameters
        ----------
        X
            n_participants × n_statements, sparse or dense.
        y
            Ignored.
        sample_weight
            Length n_participants: how many people each counts for in the statements.
        start
            n_participants × 2 places to start from; the principal axes by default.
        early_pulls
            `early_pulls_` of an earlier fit, NaN for statements it didn't know; people then start from the
            centre and only the last rounds are made.

        Raises
        ------
        ValueError
            For shapes, types or weights that don't fit.
        """
        votes = self._votes(X, reset=True)
        found = fit_ideal_points(
            votes,
            weights=np.asarray(_check_sample_weight(sample_weight, votes, dtype=np.float64)),
            start=start,
            early_pulls=early_pulls,
            options=ModelOptions(
                self.n_alternations, self.min_votes, self.loading_precision, self.easiness_precision
            ),
        )
        self.positions_, self.covariances_ = found.positions, found.covariances
        self.reliability_ = found.reliability
        self.loadings_, self.easiness_, self.early_pulls_ = found.loadings, found.easiness, found.early_pulls
        return self

    def transform(self, X: Any) -> Floats:  # noqa: N803
        """Return where these people stand, the statements fixed, n_participants × 2.

        Raises
        ------
        ValueError
            For another number of statements than was fitted.
        """
        check_is_fitted(self)
        votes = self._votes(X, reset=False)
        return places_among(votes, loadings=self.loadings_, easiness=self.easiness_)

    def predict_proba(self, participant: Any, statement: ArrayLike | None = None) -> Floats:
        """Return the chance that participants agree with statements.

        Parameters
        ----------
        participant
            Positions of fitted participants; or, without `statement`, votes of any people, n × n_statements.
        statement
            Positions of fitted statements, of a shape that fits `participant`.

        Returns
        -------
        ndarray
            Of the positions' common shape; or n × n_statements.

        Raises
        ------
        IndexError
            For positions that weren't fitted.
        ValueError
            For votes on another number of statements than was fitted.
        """
        check_is_fitted(self)
        if statement is None:
            return np.asarray(expit(self.transform(participant) @ self.loadings_.T + self.easiness_))
        rows, columns = np.asarray(participant), np.asarray(statement)
        pull = (self.positions_[rows] * self.loadings_[columns]).sum(axis=-1)
        return np.asarray(expit(self.easiness_[columns] + pull))

    def __sklearn_tags__(self) -> Any:
        """Return what scikit-learn may expect: sparse input and NaN are fine."""
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.allow_nan = True
        return tags

    def _votes(self, votes: Any, *, reset: bool) -> sparse.csr_array:
        """Return votes as a CSR array of −1, 0, 1."""
        checked: Any = validate_data(
            self,
            X=votes,  # type: ignore[arg-type]
            reset=reset,
            accept_sparse="csr",
            ensure_all_finite="allow-nan",
            dtype="numeric",
        )
        cells: Any = checked if sparse.issparse(checked) else _seen(np.asarray(checked, dtype=np.float64))
        signs = np.nan_to_num(np.sign(cells.data)).astype(np.int8, copy=False)
        return sparse.csr_array((signs, cells.indices, cells.indptr), shape=cells.shape)


def _seen(votes: Floats) -> sparse.csr_array:
    rows, columns = np.nonzero(~np.isnan(votes))
    return sparse.csr_array((votes[rows, columns], (rows, columns)), shape=votes.shape)

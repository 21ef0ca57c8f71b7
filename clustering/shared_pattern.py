"""Whether votes on different statements hang together at all."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.sparse.linalg import LinearOperator, eigsh

from clustering.sampling import some_rows
from clustering.settings import SHARED_PATTERN_PEOPLE, SHARED_PATTERN_PERMUTATIONS
from clustering.vote_matrix import VoteMatrix

_DENSE_UP_TO = 60
"""Statements up to which all eigenvalues of the covariance are cheaper than the largest alone."""


@dataclass(frozen=True, slots=True)
class SharedPattern:
    """How much of the votes' variance one axis explains, beside votes without any pattern.

    Attributes
    ----------
    variance_share
        Of the first principal axis, 0 … 1.
    permuted_share
        The largest share that votes permuted within each statement gave, 0 … 1.
    p_value
        1 / (n_permutations + 1) … 1.
    n_people, n_permutations
        That the test was made with.
    """

    variance_share: float
    permuted_share: float
    p_value: float
    n_people: int
    n_permutations: int


def shared_pattern(
    matrix: VoteMatrix, *, seed: int, n_permutations: int = SHARED_PATTERN_PERMUTATIONS
) -> SharedPattern:
    """Return whether one axis explains more of the votes than it would if nobody's votes hung together.

    Each statement's votes are dealt out anew among those who saw it: every statement keeps its popularity and
    its audience, and everything that links one statement to another is gone.

    Parameters
    ----------
    matrix
        n_placed × n_statements; statements left out count for nothing.
    seed
        Of the permutations.
    n_permutations
        Times the votes are dealt out.

    Returns
    -------
    SharedPattern
        Without votes, with one person or where all agree, shares are 0 and the p-value 1.

    Raises
    ------
    scipy.sparse.linalg.ArpackNoConvergence
        If the eigenvalue iteration doesn't settle; not seen on any data so far.

    Notes
    -----
    *Source*: parallel analysis by permutation, Horn (1965), Buja and Eyuboglu (1992), on the mean-filled
    covariance whose axes make the map. Beyond 2,000 people a random choice of so many.
    """
    rows = some_rows(matrix.n_participants, SHARED_PATTERN_PEOPLE, seed=seed)
    votes = _centred(matrix.votes[rows], matrix.is_left_out)
    total = float(votes.data @ votes.data)
    if total <= 0:
        return SharedPattern(0.0, 0.0, 1.0, len(rows), n_permutations)
    share = _largest_eigenvalue(votes) / total
    rng = np.random.Generator(np.random.PCG64([seed, n_permutations]))
    permuted = [_largest_eigenvalue(_dealt_anew(votes, rng)) / total for _ in range(n_permutations)]
    # A pattern of one statement alone survives every permutation: equal to rounding counts as no pattern.
    n_as_large = sum(one >= share * (1 - 1e-9) for one in permuted)
    return SharedPattern(
        variance_share=share,
        permuted_share=max(permuted, default=0.0),
        p_value=(1 + n_as_large) / (1 + n_permutations),
        n_people=len(rows),
        n_permutations=n_permutations,
    )


def _centred(votes: sparse.csr_array, is_left_out: NDArray[np.bool_]) -> sparse.csc_array:
    """Return votes minus their statement's mean by column; a cell not seen is the mean, so 0."""
    by_statement = votes[:, ~is_left_out].astype(np.float64).tocsc()
    n_seen = np.diff(by_statement.indptr)
    means = np.asarray(by_statement.sum(axis=0)).ravel() / np.maximum(n_seen, 1)
    by_statement.data -= np.repeat(means, n_seen)
    return by_statement


def _dealt_anew(votes: sparse.csc_array, rng: np.random.Generator) -> sparse.csc_array:
    """Return the votes permuted within each column."""
    column = np.repeat(np.arange(votes.shape[1]), np.diff(votes.indptr))
    order = np.argsort(column + rng.random(votes.nnz), kind="stable")
    return sparse.csc_array((votes.data[order], votes.indices, votes.indptr), shape=votes.shape, copy=False)


def _largest_eigenvalue(votes: sparse.csc_array) -> float:
    """Return the largest eigenvalue of X'X."""
    n = votes.shape[1]
    if n <= _DENSE_UP_TO:
        values = linalg.eigvalsh((votes.T @ votes).toarray(), subset_by_index=(n - 1, n - 1))
        return float(values[0])
    transposed = votes.T
    operator = LinearOperator((n, n), matvec=lambda v: transposed @ (votes @ v), dtype=np.float64)
    start = np.random.Generator(np.random.PCG64(0)).standard_normal(n)
    values = eigsh(operator, k=1, v0=start, tol=1e-6, return_eigenvectors=False)
    return float(values[0])

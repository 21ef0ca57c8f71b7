"""Two axes through the votes, and where participants and statements stand on them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.sparse.linalg import LinearOperator, eigsh

from clustering.settings import DENSE_BELOW, N_AXES, RANK_TOLERANCE
from clustering.vote_matrix import VoteMatrix

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Axes:
    """The two directions along which the votes differ most.

    Attributes
    ----------
    centre
        Mean vote per statement, length n_statements, −1 … 1; 0 for statements left out or without votes.
    components
        2 × n_statements, orthonormal rows; a row of zeros where the votes don't vary that far.
    variance_shares
        Length 2: share of the total variance along each axis, 0 … 1.
    """

    centre: Floats
    components: Floats
    variance_shares: Floats


def principal_axes(matrix: VoteMatrix, *, centred: sparse.csr_array | None = None) -> Axes:
    """Return the first two principal axes of the votes, unseen statements filled with the statement's mean.

    A cell filled with its column's mean is zero once centred, so the centred matrix is exactly as sparse as
    the votes and the axes are exact without ever filling it.

    Parameters
    ----------
    matrix
        n_participants × n_statements. Statements left out count as passed by everybody.
    centred
        `centred_votes(matrix)`, where it is at hand already.

    Returns
    -------
    Axes
        Without votes, with one participant or with equal ballots every component is zero. Each axis points
        so that its largest loading (the first of those within a millionth of it) is positive.

    Raises
    ------
    scipy.sparse.linalg.ArpackNoConvergence
        If the iteration doesn't settle; not seen on any data so far.

    Notes
    -----
    *Source*: Polis, math/src/polismath/math/pca.clj `wrapped-pca` and conversation.clj `:mat` (commit
    19af6644): the same quantities, which it approaches by power iteration from a random start. Differs in
    being solved exactly (ARPACK; Lehoucq, Sorensen and Yang 1998) from a fixed start.
    """
    centred = centred_votes(matrix) if centred is None else centred
    variance, components = _leading_directions(centred)
    total = float(centred.data @ centred.data)
    shares = variance / total if total > 0 else np.zeros(N_AXES)
    for axis in range(N_AXES):
        if variance[axis] <= RANK_TOLERANCE * variance[0]:
            components[axis], shares[axis] = 0.0, 0.0
    return Axes(_column_means(matrix), components * _signs(components)[:, None], shares)


def centred_votes(matrix: VoteMatrix) -> sparse.csr_array:
    """Return votes minus their statement's mean, n_participants × n_statements, float64.

    Cells not seen, and statements left out, are zero, which is what filling them with the mean gives.

    Raises
    ------
    Nothing.
    """
    votes = matrix.votes
    deviation = votes.data - _column_means(matrix)[votes.indices]
    if matrix.is_left_out.any():
        deviation[matrix.is_left_out[votes.indices]] = 0.0
    return sparse.csr_array((deviation, votes.indices, votes.indptr), shape=votes.shape, copy=False)


def _column_means(matrix: VoteMatrix) -> Floats:
    totals = np.bincount(matrix.votes.indices, weights=matrix.votes.data, minlength=matrix.n_statements)
    means = totals / np.maximum(matrix.votes_per_statement, 1)
    return np.where(matrix.is_left_out, 0.0, means)


def _leading_directions(centred: sparse.csr_array) -> tuple[Floats, Floats]:
    """Return the two largest eigenvalues of X'X, descending, and their eigenvectors as rows."""
    n_statements = centred.shape[1]
    variance, components = np.zeros(N_AXES), np.zeros((N_AXES, n_statements))
    if not np.any(centred.data):
        return variance, components
    if n_statements <= DENSE_BELOW:
        values, vectors = linalg.eigh((centred.T @ centred).toarray())
        kept = slice(None, -N_AXES - 1, -1)
        variance[: values[kept].size], components[: values[kept].size] = values[kept], vectors.T[kept]
        return np.maximum(variance, 0.0), components
    transposed = centred.T
    operator = LinearOperator(
        (n_statements, n_statements), matvec=lambda v: transposed @ (centred @ v), dtype=np.float64
    )
    # A fixed start without symmetry: a constant one could stand at a right angle to an axis.
    start = np.random.Generator(np.random.PCG64(0)).standard_normal(n_statements)
    values, vectors = eigsh(operator, k=N_AXES, v0=start, tol=0)
    return np.maximum(values[::-1], 0.0), vectors[:, ::-1].T.copy()


def _signs(components: Floats) -> Floats:
    """Return ±1 per axis so that its largest loading becomes positive."""
    if not components.size:
        return np.ones(N_AXES)
    size = np.abs(components)
    # The first of nearly equal loadings decides, so that rounding can't turn the axis.
    decisive = np.argmax(size >= size.max(axis=1, keepdims=True) * (1 - 1e-6), axis=1)
    return np.where(components[np.arange(N_AXES), decisive] < 0, -1.0, 1.0)


def participant_places(matrix: VoteMatrix, axes: Axes, *, centred: sparse.csr_array | None = None) -> Floats:
    """Return where everybody stands on the axes, n_participants × 2.

    Each place is the sum of (vote − mean) times the statement's loading over the statements seen, stretched
    by √(n_statements / n_seen) so that people who saw little aren't all drawn to the centre. Statements left
    out count as seen (and passed) by everybody; statements nobody voted on don't count at all.

    Parameters
    ----------
    matrix
        n_participants × n_statements.
    axes
        Of the same statements.
    centred
        `centred_votes(matrix)`, where it is at hand already.

    Returns
    -------
    ndarray, n_participants × 2, in votes; people without votes stand at the centre.

    Raises
    ------
    ValueError
        If the axes are of other statements than the matrix (shapes differ).

    Notes
    -----
    *Source*: Polis, math/src/polismath/math/pca.clj `sparsity-aware-project-ptpt` (commit 19af6644).
    """
    exists = matrix.votes_per_statement > 0
    n_left_out = np.count_nonzero(matrix.is_left_out & exists)
    n_seen = matrix.votes_per_participant
    if n_left_out:
        running = np.concatenate(([0], np.cumsum(~matrix.is_left_out[matrix.votes.indices])))
        n_seen = np.diff(running[matrix.votes.indptr]) + n_left_out
    stretch = np.sqrt(exists.sum() / np.maximum(n_seen, 1.0))
    centred = centred_votes(matrix) if centred is None else centred
    return (centred @ axes.components.T) * stretch[:, None]


def statement_places(matrix: VoteMatrix, axes: Axes) -> Floats:
    """Return where a participant would stand who agreed with one statement and saw no other, n_statements × 2.

    The length of a row is the statement's *extremity*. It is lopsided: a statement most people reject lies
    up to twice as far out as one most people accept.

    Raises
    ------
    ValueError
        If the axes are of other statements than the matrix (shapes differ).

    Notes
    -----
    *Source*: Polis, math/src/polismath/math/pca.clj `pca-project-cmnts` and conversation.clj
    `with-proj-and-extremtiy` (commit 19af6644).
    """
    n_existing = np.count_nonzero(matrix.votes_per_statement)
    return np.sqrt(n_existing) * (1.0 - axes.centre)[:, None] * axes.components.T

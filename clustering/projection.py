"""Two axes through the votes, and where participants and statements stand on them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustering.kernels import summed_ballots, through_ballots, weight_per_slot
from clustering.krylov import RESIDUAL, leading_directions
from clustering.parts import over_rows, summed_over_rows
from clustering.settings import N_AXES, RANK_TOLERANCE, STARTED_RESIDUAL
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
    nearest
        n_statements × 4 at most: the directions that the search ended with, for a later one to start from.
    """

    centre: Floats
    components: Floats
    variance_shares: Floats
    nearest: Floats


def principal_axes(matrix: VoteMatrix, *, weights: Floats | None = None, start: Floats | None = None) -> Axes:
    """Return the first two principal axes of the votes, unseen statements filled with the statement's mean.

    A cell filled with its column's mean is zero once centred, so the centred matrix is exactly as sparse as
    the votes and the axes are exact without ever filling or even storing it.

    Parameters
    ----------
    matrix
        n_participants × n_statements. Statements left out count as passed by everybody.
    weights
        Length n_participants: how many people each counts for; one each by default.
    start
        n_statements × n directions thought to be near. The search then rests sooner, at a residual of 3·10⁻⁴
        of the first axis' variance instead of 10⁻¹¹.

    Returns
    -------
    Axes
        Without votes, with one participant or with equal ballots every component is zero. Each axis points
        so that its largest loading (the first of those within a millionth of it) is positive.

    Raises
    ------
    ArithmeticError
        If the search doesn't settle; not seen on any data so far.

    Notes
    -----
    *Source*: Polis, math/src/polismath/math/pca.clj `wrapped-pca` and conversation.clj `:mat` (commit
    19af6644): the same quantities, which it approaches by power iteration from a random start. Differs in
    being solved exactly, from a fixed start.
    """
    weights = np.ones(matrix.n_participants) if weights is None else weights
    means, variance, scale = _means_and_variance(matrix, weights)
    # Equal ballots leave rounding noise behind, never a pattern.
    if variance <= RANK_TOLERANCE * scale:
        nothing = np.zeros((N_AXES, matrix.n_statements))
        return Axes(means, nothing, np.zeros(N_AXES), nothing.T)
    votes, is_kept = matrix.votes, ~matrix.is_left_out[:, None]

    def covariance_times(vectors: Floats) -> Floats:
        arguments = (votes.indptr, votes.indices, votes.data, weights, vectors * is_kept, means)
        shape, work = vectors.shape, votes.nnz
        return is_kept * summed_over_rows(through_ballots, votes.shape[0], shape, *arguments, work=work)

    found = leading_directions(
        covariance_times,
        matrix.n_statements,
        n_wanted=N_AXES,
        start=None if start is None else start * is_kept,
        residual=RESIDUAL if start is None else STARTED_RESIDUAL,
    )
    is_there = found.values > RANK_TOLERANCE * found.values[0]
    along, components = found.values * is_there, found.vectors * is_there[:, None]
    return Axes(means, components * _signs(components)[:, None], along / variance, found.nearest)


def _means_and_variance(matrix: VoteMatrix, weights: Floats) -> tuple[Floats, float, float]:
    """Return the mean vote per statement (0 where left out), the total variance and the votes' weight."""
    votes, everybody = matrix.votes, np.zeros(matrix.n_participants, np.int8)
    counted = summed_over_rows(
        weight_per_slot,
        votes.shape[0],
        (1, 3 * matrix.n_statements),
        *(votes.indptr, votes.indices, votes.data, everybody, weights),
        work=votes.nnz,
    )
    disagree, _, agree = counted.reshape(-1, 3).T
    seen = counted.reshape(-1, 3).sum(axis=1)
    means = np.where(matrix.is_left_out | (seen == 0), 0.0, (agree - disagree) / np.where(seen, seen, 1.0))
    squares = agree + disagree - seen * means**2
    return means, float(squares[~matrix.is_left_out].sum()), float(seen.sum())


def _deviation_per_slot(matrix: VoteMatrix, means: Floats) -> Floats:
    """Return vote − mean for each statement and vote, n_statements × 3; 0 for statements left out."""
    return np.where(matrix.is_left_out, 0.0, 1.0)[:, None] * (np.array([-1.0, 0.0, 1.0]) - means[:, None])


def _signs(components: Floats) -> Floats:
    """Return ±1 per axis so that its largest loading becomes positive."""
    if not components.size:
        return np.ones(N_AXES)
    size = np.abs(components)
    # The first of nearly equal loadings decides, so that rounding can't turn the axis.
    decisive = np.argmax(size >= size.max(axis=1, keepdims=True) * (1 - 1e-6), axis=1)
    return np.where(components[np.arange(N_AXES), decisive] < 0, -1.0, 1.0)


def participant_places(matrix: VoteMatrix, axes: Axes) -> Floats:
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
    votes, deviation = matrix.votes, _deviation_per_slot(matrix, axes.centre)
    table = (deviation[:, :, None] * axes.components.T[:, None]).reshape(-1, 2)
    places = np.empty((matrix.n_participants, 2))
    arguments = (votes.indptr, votes.indices, votes.data, table)
    over_rows(summed_ballots, matrix.n_participants, places, *arguments, work=votes.nnz)
    return places * stretch[:, None]


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

"""The hierarchical two-dimensional ideal-point model, fitted: where people stand and what statements pull at.

logit P(i agrees with j) = b_j + u_i · w_j, with people u ~ N(0, I), loadings w ~ N(ω, I/4) and easiness
b ~ N(b̄, 1/0.3); ω and b̄ are the means over statements. `ideal_point` has the same as an estimator.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import logit

from clustering.kernels import decided_votes, n_decided, weight_per_slot
from clustering.model_loops import (
    N_SUMS,
    person_step,
    person_step_and_sums,
    place_precisions,
    statement_step,
)
from clustering.parts import over_rows, summed_over_rows
from clustering.projection import participant_places, principal_axes
from clustering.settings import (
    IDEAL_ALTERNATIONS,
    IDEAL_EARLY_ROUNDS,
    IDEAL_EASINESS_PRECISION,
    IDEAL_LOADING_PRECISION,
    IDEAL_MAX_STEP,
    IDEAL_MIN_DECIDED,
    IDEAL_MIN_STEP,
    IDEAL_MIN_WEIGHT,
    IDEAL_PERSON_STEPS,
    MIN_VOTES_TO_BE_PLACED,
    STARTED_MIN_STEP,
    STARTED_PERSON_STEPS,
    STARTED_ROUNDS,
)
from clustering.vocabulary import Statement, StatementId
from clustering.vote_matrix import VoteMatrix

Floats = NDArray[np.float64]
LIMITS = (IDEAL_MAX_STEP, IDEAL_MIN_STEP, IDEAL_MIN_WEIGHT)
STARTED_LIMITS = (IDEAL_MAX_STEP, STARTED_MIN_STEP, IDEAL_MIN_WEIGHT)


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """How the model is fitted.

    Attributes
    ----------
    n_alternations
        Rounds of moving statements, then people.
    min_votes
        Votes from which somebody's votes shape the statements; everybody else is placed afterwards.
    loading_precision, easiness_precision
        Of the statements' priors.
    """

    n_alternations: int = IDEAL_ALTERNATIONS
    min_votes: int = MIN_VOTES_TO_BE_PLACED
    loading_precision: float = IDEAL_LOADING_PRECISION
    easiness_precision: float = IDEAL_EASINESS_PRECISION


@dataclass(frozen=True, eq=False, slots=True)
class IdealPoints:
    """The fitted model.

    Attributes
    ----------
    positions
        n_participants × 2, in standard deviations of the prior; people without votes stand at 0.
    covariances
        n_participants × 2 × 2: uncertainty of each position (Laplace approximation).
    reliability
        Length n_participants, 0 … 1: 1 − mean posterior variance.
    loadings
        n_statements × 2; 0 for statements with fewer than five agrees and disagrees.
    easiness
        Length n_statements: log-odds of agreement of somebody at the centre.
    early_pulls
        n_statements × 3: loadings and easiness two rounds before the end, for a later fit to start from; NaN
        for statements that said nothing. Their plane isn't turned. None when there was nothing to fit.
    """

    positions: Floats
    covariances: Floats
    reliability: Floats
    loadings: Floats
    easiness: Floats
    early_pulls: Floats | None


def fit_ideal_points(
    votes: sparse.csr_array,
    *,
    weights: Floats | None = None,
    start: Floats | None = None,
    early_pulls: Floats | None = None,
    options: ModelOptions | None = None,
) -> IdealPoints:
    """Return the model fitted to votes.

    Parameters
    ----------
    votes
        n_participants × n_statements of −1, 0 (a pass) and 1; int8.
    weights
        Length n_participants: how many people each counts for in the statements; one by default.
    start
        n_participants × 2 places to start from; the principal axes by default.
    early_pulls
        `early_pulls` of an earlier fit, NaN for statements it didn't know; people then start from the centre
        and only the last rounds are made.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: Clinton, Jackman and Rivers (2004); Imai, Lo and Olmsted (2016) for the alternation. The priors
    and the number of rounds were chosen on held-out votes (docs/method.md).
    """
    options = options or ModelOptions()
    weights = np.ones(votes.shape[0]) if weights is None else weights
    shaping = np.diff(votes.indptr) >= min(options.min_votes, votes.shape[1])
    shaping &= weights > 0
    n_agree, n_opinions = _counts(votes, weights)
    says_something = n_opinions >= IDEAL_MIN_DECIDED
    decided, shapers = _decided(votes, says_something), np.flatnonzero(shaping)
    places = np.zeros((votes.shape[0], 2))
    places[shapers] = _start(votes[shapers], weights[shapers]) if start is None else start[shapers]
    pulls = np.zeros((votes.shape[1], 3))
    easiness = logit((n_agree + 1) / (n_opinions + 2))
    pulls[:, 2] = easiness
    if early_pulls is not None:
        # Steps from the centre never overshoot, as they do from too far out among steep statements.
        places[:], pulls = 0.0, np.where(np.isnan(early_pulls), pulls, early_pulls)
    left = early_pulls
    if decided.nnz and shapers.size:
        left = _alternate(decided, shapers, places, pulls, weights, says_something, early_pulls, options)
    # Statements that say nothing kept pace with the prior; what is known of them is their share alone.
    pulls[~says_something, :2] = 0.0
    pulls[~says_something, 2] = easiness[~says_something]
    positions = _placed(decided, pulls, places, rows=np.flatnonzero(~shaping))
    turn = _straight(positions, pulls[:, :2], weights * shaping)
    positions, loadings, easiness = positions @ turn, pulls[:, :2] @ turn, pulls[:, 2].copy()
    covariances, reliability = _uncertainty(decided, np.column_stack((loadings, easiness)), positions)
    return IdealPoints(positions, covariances, reliability, loadings, easiness, left)


def ideal_points(
    matrix: VoteMatrix, *, weights: Floats, classic_places: Floats, early_pulls: Floats | None = None
) -> IdealPoints:
    """Return the model fitted to a conversation, statements left out of the map taking no part.

    Parameters
    ----------
    matrix
        n_participants × n_statements.
    weights
        Length n_participants: how many people each counts for in the statements.
    classic_places
        n_participants × 2, to start from.
    early_pulls
        Of an earlier fit, n_statements × 3.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: as `fit_ideal_points`.
    """
    votes = matrix.votes
    if matrix.is_left_out.any():
        # A left-out statement counts as seen, but says neither agree nor disagree.
        kept = np.where(matrix.is_left_out[votes.indices], np.int8(0), votes.data)
        votes = sparse.csr_array((kept, votes.indices, votes.indptr), shape=votes.shape)
    deviation = classic_places.std(axis=0)
    start = classic_places / np.where(deviation > 0, deviation, 1.0)
    return fit_ideal_points(votes, weights=weights, start=start, early_pulls=early_pulls)


def places_among(votes: sparse.csr_array, *, loadings: Floats, easiness: Floats) -> Floats:
    """Return where people's votes put them among fixed statements, n_participants × 2.

    Parameters
    ----------
    votes
        n_participants × n_statements of −1, 0 and 1; int8.
    loadings, easiness
        n_statements × 2 and n_statements, of a fitted model.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: as `fit_ideal_points`.
    """
    decided = _decided(votes, np.ones(votes.shape[1], bool))
    pulls, rows = np.column_stack((loadings, easiness)), np.arange(votes.shape[0])
    return _placed(decided, pulls, np.zeros((rows.size, 2)), rows=rows)


def _placed(decided: sparse.csr_array, pulls: Floats, places: Floats, *, rows: NDArray[np.intp]) -> Floats:
    """Return the places with those of these rows moved to their mode, in place, the statements fixed."""
    votes = (decided.indptr, decided.indices, decided.data)
    work = int(np.diff(decided.indptr)[rows].sum())
    arguments = (rows, *votes, pulls, IDEAL_PERSON_STEPS, *LIMITS)
    over_rows(person_step, rows.size, places, *arguments, work=work)
    return places


def _alternate(
    decided: sparse.csr_array,
    shapers: NDArray[np.intp],
    places: Floats,
    pulls: Floats,
    weights: Floats,
    says_something: NDArray[np.bool_],
    early_pulls: Floats | None,
    options: ModelOptions,
) -> Floats | None:
    """Move pulls and the shapers' places, in place, by turns; return the pulls two rounds before the end."""
    precision = np.array([options.loading_precision, options.loading_precision, options.easiness_precision])
    votes = (decided.indptr, decided.indices, decided.data)

    def sums(*, n_steps: int, limits: tuple[float, float, float] = LIMITS) -> Floats:
        """Return what the votes ask of the statements, once people have made so many steps."""
        arguments = (places, shapers, *votes, weights, pulls, n_steps, *limits)
        shape = (len(pulls), N_SUMS)
        return summed_over_rows(person_step_and_sums, shapers.size, shape, *arguments, work=decided.nnz)

    left, n_all, first, has_new = early_pulls, options.n_alternations, 0, False
    if early_pulls is None:
        asked = sums(n_steps=0)
    else:
        first, has_new = max(n_all - STARTED_ROUNDS, 0), np.isnan(early_pulls[says_something]).any()
        asked = sums(n_steps=STARTED_PERSON_STEPS, limits=STARTED_LIMITS)
    for alternation in range(first, n_all):
        # New statements have far to go.
        n_steps = 2 if alternation < IDEAL_EARLY_ROUNDS or has_new else 1
        prior = pulls[says_something].mean(axis=0)
        for step in range(n_steps):
            asked = sums(n_steps=0) if step else asked
            statement_step(0, len(pulls), pulls, asked, prior, precision, IDEAL_MAX_STEP)
        if alternation + 1 + STARTED_ROUNDS == n_all:
            left = np.where(says_something[:, None], pulls, np.nan)
        if alternation + 1 < n_all:
            asked = sums(n_steps=n_steps)
        else:
            arguments = (shapers, *votes, pulls, n_steps, *LIMITS)
            over_rows(person_step, shapers.size, places, *arguments, work=decided.nnz)
    return left


def _straight(positions: Floats, loadings: Floats, weights: Floats) -> Floats:
    """Return the turn after which people spread most along the first axis, and most loadings point up it."""
    spread = (positions * weights[:, None]).T @ positions
    turn = np.linalg.eigh(spread)[1][:, ::-1]
    for axis in (0, 1):
        loading = loadings @ turn[:, axis]
        size = np.abs(loading)
        # The first of nearly equal loadings decides, so that rounding can't turn the axis.
        decisive = int(np.argmax(size >= size.max() * (1 - 1e-6)))
        turn[:, axis] *= -1.0 if loading[decisive] < 0 else 1.0
    return turn


def _uncertainty(decided: sparse.csr_array, pulls: Floats, places: Floats) -> tuple[Floats, Floats]:
    """Return each place's covariance and reliability from the curvature of its log posterior."""
    curvature = np.empty((len(places), 3))
    arguments = (decided.indptr, decided.indices, pulls, places)
    over_rows(place_precisions, len(places), curvature, *arguments, work=decided.nnz)
    xx, xy, yy = curvature.T
    covariances = np.array([[yy, -xy], [-xy, xx]]).transpose(2, 0, 1) / (xx * yy - xy * xy)[:, None, None]
    return covariances, 1.0 - np.trace(covariances, axis1=1, axis2=2) / 2.0


def _decided(votes: sparse.csr_array, is_kept: NDArray[np.bool_]) -> sparse.csr_array:
    """Return agrees as 1 and disagrees as 0 on the kept columns, passes left out; int8."""
    rows, n_rows = (votes.indices, votes.data, votes.indptr), votes.shape[0]
    counts = np.empty(n_rows, dtype=np.int64)
    over_rows(n_decided, n_rows, counts, *rows, is_kept, work=votes.nnz)
    indptr = np.concatenate(([0], np.cumsum(counts))).astype(votes.indptr.dtype)
    agrees, indices = np.empty(indptr[-1], np.int8), np.empty(indptr[-1], votes.indices.dtype)
    over_rows(decided_votes, n_rows, agrees, indices, *rows, indptr, is_kept, work=votes.nnz)
    return sparse.csr_array((agrees, indices, indptr), shape=votes.shape)


def _counts(votes: sparse.csr_array, weights: Floats) -> tuple[Floats, Floats]:
    """Return the weight of agrees, and of agrees and disagrees, per statement."""
    everybody = np.zeros(votes.shape[0], np.int8)
    arguments = (votes.indptr, votes.indices, votes.data, everybody, weights)
    shape = (1, 3 * votes.shape[1])
    counted = summed_over_rows(weight_per_slot, votes.shape[0], shape, *arguments, work=votes.nnz)
    disagree, _, agree = counted.reshape(-1, 3).T
    return agree, agree + disagree


def _start(votes: sparse.csr_array, weights: Floats) -> Floats:
    """Return the places of `classic`, in standard deviations."""
    if not votes.shape[0]:
        return np.zeros((0, 2))
    statements = [Statement(StatementId(str(column))) for column in range(votes.shape[1])]
    matrix = VoteMatrix(range(votes.shape[0]), statements, votes)
    places = participant_places(matrix, principal_axes(matrix, weights=weights))
    deviation = places.std(axis=0)
    return places / np.where(deviation > 0, deviation, 1.0)

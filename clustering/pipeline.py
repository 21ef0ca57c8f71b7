"""From votes to a group map: every node of the computation, in order, on one screen."""

from dataclasses import dataclass, replace

import numpy as np

from clustering.coordination import ballot_weights, counts_once
from clustering.eligibility import is_placed, votes_needed
from clustering.group_choice import reported_grouping
from clustering.group_map import GroupMap, spread_labels
from clustering.grouping import Grouping, candidate_groupings, chosen
from clustering.ideal_point import ideal_points
from clustering.judgements import judgements
from clustering.projection import Axes, participant_places, principal_axes, statement_places
from clustering.settings import MIN_PARTICIPANTS_PLACED, MIN_STATEMENTS, MapSettings
from clustering.strict import in_order_of_first_vote, strict_groupings
from clustering.threads import one_thread
from clustering.vocabulary import Outcome
from clustering.vote_matrix import VoteMatrix


def compute_group_map(matrix: VoteMatrix, *, settings: MapSettings | None = None) -> GroupMap:
    """Return the group map of a conversation's votes.

    The same ballots, moderation and settings give the same map bit for bit, whatever the order of votes and
    participants, their ids, and the number of threads.

    Parameters
    ----------
    matrix
        n_participants × n_statements, the latest votes.
    settings
        Method, seed, and a forced number of groups; by default `classic`, 0 and none.

    Returns
    -------
    GroupMap
        Too little data is an outcome, never an error.

    Raises
    ------
    ClusteringError
        Never for data that a `VoteMatrix` could be made of.

    Notes
    -----
    *Source*: Polis, math/src/polismath/math/conversation.clj (commit 19af6644), node by node; each node's
    module says where it differs.

    Examples
    --------
    >>> compute_group_map(VoteMatrix.from_votes([])).outcome.value
    'no-votes'
    """
    settings = settings or MapSettings()
    # Sums split over threads round differently; one thread also spares small jobs the cost of waking others.
    with one_thread():
        return _computed(matrix, settings)


def _computed(matrix: VoteMatrix, settings: MapSettings) -> GroupMap:
    is_strict = settings.method == "strict"
    order = in_order_of_first_vote(matrix) if is_strict else matrix.in_ballot_order()
    ordered = matrix.rows(order)
    weights = np.ones(ordered.n_participants) if is_strict else ballot_weights(ordered)
    placed = is_placed(ordered, exactly=is_strict)
    outcome, missing = _sufficiency(ordered, int(placed.sum()))
    where = _placed(ordered, weights, is_ideal=settings.method == "ideal" and outcome is Outcome.READY)
    is_ready = outcome is Outcome.READY
    candidates = _candidates(where.places[placed], weights[placed], settings) if is_ready else []
    if settings.method == "ideal" and settings.n_groups is None:
        counted = np.flatnonzero(counts_once(ordered, weights)[placed])
        grouping = reported_grouping(candidates, where.places[placed], seed=settings.seed, counted=counted)
    else:
        grouping = chosen(candidates, n_groups=settings.n_groups)
    return GroupMap(
        outcome=Outcome.NO_STRUCTURE if is_ready and grouping is None else outcome,
        missing=missing,
        settings=settings,
        input_digest=ordered.digest(),
        matrix=ordered,
        given_row=order,
        axes=where.axes,
        places=where.places,
        covariances=where.covariances,
        weights=weights,
        statement_places=where.of_statements,
        is_placed=placed,
        candidates=candidates,
        grouping=grouping,
        judged=judgements(
            ordered,
            spread_labels(grouping, placed),
            n_groups=0 if grouping is None else grouping.n_groups,
            extremity=where.extremity,
        ),
    )


@dataclass(frozen=True, eq=False)
class _Placing:
    """Where everybody and every statement stands, and how far each statement stretches the classic map."""

    axes: Axes
    places: np.ndarray
    covariances: np.ndarray | None
    of_statements: np.ndarray
    extremity: np.ndarray


def _placed(matrix: VoteMatrix, weights: np.ndarray, *, is_ideal: bool) -> _Placing:
    axes = principal_axes(matrix, weights=weights)
    places, of_statements = participant_places(matrix, axes), statement_places(matrix, axes)
    extremity = np.hypot(of_statements[:, 0], of_statements[:, 1])
    if not is_ideal:
        return _Placing(axes, places, None, of_statements, extremity)
    model = ideal_points(matrix, weights=weights, classic_places=places)
    return _Placing(axes, model.positions_, model.covariances_, model.loadings_, extremity)


def regrouped(group_map: GroupMap, matrix: VoteMatrix, *, n_groups: int | None = None) -> Grouping | None:
    """Return the grouping of the same placed people from other votes, into as many groups; None if it fails.

    Parameters
    ----------
    group_map
        A map with groups.
    matrix
        Its participants, in its order, with other statements or other votes.
    n_groups
        As many groups as this; as the map has, by default.

    Raises
    ------
    Nothing.
    """
    settings = replace(group_map.settings, n_groups=n_groups or group_map.n_groups)
    with one_thread():
        where = _placed(matrix, group_map.weights, is_ideal=settings.method == "ideal")
        places, weights = where.places[group_map.is_placed], group_map.weights[group_map.is_placed]
        return chosen(_candidates(places, weights, settings), n_groups=settings.n_groups)


def _candidates(places: np.ndarray, weights: np.ndarray, settings: MapSettings) -> list[Grouping]:
    if settings.method == "strict":
        return strict_groupings(places)
    return candidate_groupings(places, seed=settings.seed, also=settings.n_groups, weights=weights)


def _sufficiency(matrix: VoteMatrix, n_placed: int) -> tuple[Outcome, dict[str, int]]:
    """Return whether groups can be looked for and, if not, what is missing."""
    n_statements = int(np.count_nonzero((matrix.votes_per_statement > 0) & ~matrix.is_left_out))
    needed = max(votes_needed(matrix), 1)
    if matrix.n_votes == 0:
        return Outcome.NO_VOTES, {"participants": MIN_PARTICIPANTS_PLACED, "votes_each": needed}
    if n_statements < MIN_STATEMENTS:
        return Outcome.TOO_FEW_STATEMENTS, {"statements": MIN_STATEMENTS - n_statements}
    if n_placed < MIN_PARTICIPANTS_PLACED:
        return Outcome.TOO_FEW_PARTICIPANTS, {
            "participants": MIN_PARTICIPANTS_PLACED - n_placed,
            "votes_each": needed,
        }
    return Outcome.READY, {}

"""From votes to a group map: every node of the computation, in order, on one screen."""

from functools import cache

import numpy as np
from threadpoolctl import ThreadpoolController

from clustering.coordination import ballot_weights
from clustering.eligibility import is_placed, votes_needed
from clustering.group_map import GroupMap, spread_labels
from clustering.grouping import Grouping, candidate_groupings, chosen
from clustering.ideal_point import ideal_points
from clustering.judgements import judgements
from clustering.projection import participant_places, principal_axes, statement_places
from clustering.settings import MIN_PARTICIPANTS_PLACED, MIN_STATEMENTS, MapSettings
from clustering.strict import in_order_of_first_vote, strict_groupings
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
    with _numeric_libraries().limit(limits=1):
        return _computed(matrix, settings)


@cache
def _numeric_libraries() -> ThreadpoolController:
    return ThreadpoolController()


def _computed(matrix: VoteMatrix, settings: MapSettings) -> GroupMap:
    is_strict = settings.method == "strict"
    order = in_order_of_first_vote(matrix) if is_strict else matrix.in_ballot_order()
    ordered = matrix.rows(order)
    weights = np.ones(ordered.n_participants) if is_strict else ballot_weights(ordered)
    axes = principal_axes(ordered, weights=weights)
    places, covariances = participant_places(ordered, axes), None
    of_statements = statement_places(ordered, axes)
    extremity = np.hypot(of_statements[:, 0], of_statements[:, 1])
    placed = is_placed(ordered, exactly=is_strict)
    outcome, missing = _sufficiency(ordered, int(placed.sum()))
    if settings.method == "ideal" and outcome is Outcome.READY:
        model = ideal_points(ordered, weights=weights, classic_places=places)
        places, covariances, of_statements = model.positions_, model.covariances_, model.loadings_
    candidates = _candidates(places[placed], weights[placed], settings) if outcome is Outcome.READY else []
    grouping = chosen(candidates, n_groups=settings.n_groups)
    if outcome is Outcome.READY and grouping is None:
        outcome = Outcome.NO_STRUCTURE
    return GroupMap(
        outcome=outcome,
        missing=missing,
        settings=settings,
        input_digest=ordered.digest(),
        matrix=ordered,
        given_row=order,
        axes=axes,
        places=places,
        covariances=covariances,
        weights=weights,
        statement_places=of_statements,
        is_placed=placed,
        candidates=candidates,
        grouping=grouping,
        judged=judgements(
            ordered,
            spread_labels(grouping, placed),
            n_groups=0 if grouping is None else grouping.n_groups,
            extremity=extremity,
        ),
    )


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

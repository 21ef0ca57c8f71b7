"""From votes to a group map: every node of the computation, in order, on one screen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from clustering.coordination import ballot_weights, counts_once
from clustering.eligibility import is_placed, votes_needed
from clustering.errors import SettingsError
from clustering.group_choice import reported_grouping
from clustering.group_map import GroupMap, spread_labels
from clustering.grouping import Grouping, candidate_groupings, chosen
from clustering.ideal_fit import ideal_points
from clustering.judgements import judgements
from clustering.map_start import MapStart
from clustering.projection import Axes, participant_places, principal_axes, statement_places
from clustering.settings import (
    ALWAYS_COLLAPSED,
    MIN_PARTICIPANTS_PLACED,
    MIN_STATEMENTS,
    STARTED_PEOPLE,
    MapSettings,
)
from clustering.strict import in_order_of_first_vote, strict_groupings
from clustering.threads import one_thread
from clustering.vocabulary import Outcome
from clustering.vote_matrix import VoteMatrix


def compute_group_map(
    matrix: VoteMatrix, *, settings: MapSettings | None = None, start: MapStart | None = None
) -> GroupMap:
    """Return the group map of a conversation's votes.

    The same ballots, moderation and settings give the same map bit for bit, whatever the order of votes and
    participants, their ids, and the number of threads: the *canonical* map. With a start a map near it
    (docs/benchmarks.md says how near) is found sooner, but it depends on the start; it says so
    (`is_canonical`), and has neither a written form nor a hash.

    Parameters
    ----------
    matrix
        n_participants × n_statements, the latest votes.
    settings
        Method, seed, and a forced number of groups; by default `classic`, 0 and none.
    start
        What an earlier map of the conversation left (`GroupMap.start`). Statements are matched by id; new ones,
        new people, and a start of another conversation cost time, not correctness. `strict` makes no use of it.

    Returns
    -------
    GroupMap
        Too little data is an outcome, never an error.

    Raises
    ------
    SettingsError
        If the start is of another method, or the method is `strict`, which always goes Polis's own way. Never
        for data that a `VoteMatrix` could be made of.

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
    if start is not None and (start.method != settings.method or settings.method == "strict"):
        raise SettingsError(
            "start: expected one of the method asked for, classic or ideal, "
            f"got a start of {start.method} for {settings.method}"
        )
    # Sums split over threads round differently; one thread also spares small jobs the cost of waking others.
    with one_thread():
        return _computed(matrix, settings, start)


def _computed(matrix: VoteMatrix, settings: MapSettings, given: MapStart | None) -> GroupMap:
    order = _order(matrix, is_strict=settings.method == "strict", is_quick=given is not None)
    ordered = matrix if order is None else matrix.rows(order)
    weights = np.ones(ordered.n_participants) if settings.method == "strict" else ballot_weights(ordered)
    placed = is_placed(ordered, exactly=settings.method == "strict")
    outcome, missing = _sufficiency(ordered, int(placed.sum()))
    is_ready = outcome is Outcome.READY
    where = _placed(ordered, weights, is_ideal=settings.method == "ideal" and is_ready, start=given)
    candidates = _candidates(where.places[placed], weights[placed], settings, where.start) if is_ready else []
    strengths = dict[int, float]()
    if settings.method == "ideal" and settings.n_groups is None:
        counted = _counted(ordered, placed, weights)
        known = where.start.strengths_of(candidates) if where.start else None
        grouping, strengths = reported_grouping(
            candidates, where.places[placed], seed=settings.seed, counted=counted, known=known
        )
    else:
        grouping = chosen(candidates, n_groups=settings.n_groups)
    return GroupMap(
        outcome=Outcome.NO_STRUCTURE if is_ready and grouping is None else outcome,
        missing=missing,
        settings=settings,
        input_digest="" if given else ordered.digest(),
        matrix=ordered,
        given_row=np.arange(ordered.n_participants) if order is None else order,
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
        start=given or _left(ordered, where, candidates, strengths, settings),
        is_canonical=given is None,
    )


def _left(
    matrix: VoteMatrix,
    where: "_Placing",
    candidates: list[Grouping],
    strengths: Mapping[int, float],
    settings: MapSettings,
) -> MapStart:
    """Return what a canonical map leaves for a quick one."""
    return MapStart(
        method=settings.method,
        statements=[statement.id for statement in matrix.statements],
        components=where.axes.components,
        nearest=where.axes.nearest,
        early_pulls=where.early_pulls,
        statement_places=where.of_statements,
        centres={grouping.n_groups: grouping.centres for grouping in candidates},
        strengths=strengths,
    )


def _order(matrix: VoteMatrix, *, is_strict: bool, is_quick: bool) -> NDArray[np.intp] | None:
    """Return the order of the computation; None for that of the data, where it shows in the last bits only."""
    if is_strict:
        return in_order_of_first_vote(matrix)
    # Groups of so many people are sought on a grid, wherever in a row somebody stands.
    return None if is_quick and matrix.n_participants > ALWAYS_COLLAPSED else matrix.in_ballot_order()


def _counted(matrix: VoteMatrix, placed: NDArray[np.bool_], weights: np.ndarray) -> NDArray[np.intp]:
    """Return who counts where copies count once, as positions among the placed, in ballot order."""
    order = matrix.in_ballot_order()
    counts = placed & counts_once(matrix, weights)
    return (np.cumsum(placed) - 1)[order[counts[order]]]


@dataclass(frozen=True, eq=False)
class _Placing:
    """Where everybody and every statement stands, and how far each statement stretches the classic map."""

    axes: Axes
    places: np.ndarray
    covariances: np.ndarray | None
    of_statements: np.ndarray
    extremity: np.ndarray
    early_pulls: np.ndarray | None = None
    start: MapStart | None = None


def _placed(
    matrix: VoteMatrix, weights: np.ndarray, *, is_ideal: bool, start: MapStart | None = None
) -> _Placing:
    start = None if start is None else start.on(matrix.statements)
    axes = principal_axes(matrix, weights=weights, start=None if start is None else start.nearest)
    # Where the planes differ, nothing but a start for the axes is taken over, and that can't mislead.
    start = start if start is not None and start.fits(axes) else None
    places, of_statements = participant_places(matrix, axes), statement_places(matrix, axes)
    extremity = np.hypot(of_statements[:, 0], of_statements[:, 1])
    where = _Placing(axes, places, None, of_statements, extremity)
    if is_ideal:
        model = ideal_points(
            matrix,
            weights=weights,
            classic_places=places,
            early_pulls=start.early_pulls if start and matrix.n_participants >= STARTED_PEOPLE else None,
        )
        where = replace(
            where,
            places=model.positions,
            covariances=model.covariances,
            of_statements=model.loadings,
            early_pulls=model.early_pulls,
        )
    return where if start is None else replace(where, start=start.turned_to(where.of_statements))


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


def _candidates(
    places: np.ndarray, weights: np.ndarray, settings: MapSettings, start: MapStart | None = None
) -> list[Grouping]:
    if settings.method == "strict":
        return strict_groupings(places)
    near = start.centres if start else None
    return candidate_groupings(places, seed=settings.seed, also=settings.n_groups, weights=weights, near=near)


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

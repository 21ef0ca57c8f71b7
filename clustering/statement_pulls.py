"""What a map publishes for choosing the next statement: how each moves the odds, and who saw it."""

from collections.abc import Iterable

import numpy as np

from clustering.group_map import GroupMap
from clustering.ideal_fit import ModelOptions, fit_ideal_points
from clustering.routing import StatementPull, published_pulls
from clustering.settings import ROUTER_MIN_VOTES, ROUTER_PEOPLE
from clustering.tallies import overall_tallies


def statement_pulls(
    group_map: GroupMap, *, seeds: Iterable[str] = (), most_people: int = ROUTER_PEOPLE
) -> list[StatementPull]:
    """Return what choosing somebody's next statement needs to know of each, whatever the map's method.

    The model is fitted to everybody with two votes, long before they have enough to be placed on the map: what
    a statement tells is wanted from the start.

    Parameters
    ----------
    group_map
        The canonical map.
    seeds
        Ids of the organiser's statements.
    most_people
        Of more people than this an evenly spaced choice is taken, so that a large map isn't held up: statements
        need no more to be known well.

    Raises
    ------
    Nothing: statements that nothing is known of pull nowhere.

    Notes
    -----
    *Source*: `fit_ideal_points`.
    """
    matrix = group_map.matrix
    n = matrix.n_statements
    loadings, easiness = np.zeros((n, 2)), np.zeros(n)
    kept = np.flatnonzero(~matrix.is_left_out)
    people = np.arange(matrix.n_participants)
    if people.size > most_people:
        people = people[np.linspace(0, people.size - 1, most_people).astype(np.intp)]
    votes = matrix.votes[people][:, kept]
    if votes.nnz:
        places = group_map.places[people]
        spread = places.std(axis=0)
        model = fit_ideal_points(
            votes,
            weights=group_map.weights[people],
            start=places / np.where(spread > 0, spread, 1.0),
            options=ModelOptions(min_votes=ROUTER_MIN_VOTES),
        )
        loadings[kept], easiness[kept] = model.loadings, model.easiness
    counts = overall_tallies(matrix)
    return published_pulls(
        [statement.id for statement in matrix.statements],
        loadings=loadings.tolist(),
        easiness=easiness.tolist(),
        n_seen=counts.n_seen[0].tolist(),
        n_pass=counts.n_pass[0].tolist(),
        seeds=seeds,
    )

"""The three routers that benchmarks.replay compares, from nothing but the votes revealed so far."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from clustering.ideal_point import IdealPointModel
from clustering.priorities import statement_priorities
from clustering.routing import StatementPull, choose_next, published_pulls, standing
from clustering.settings import ROUTER_MIN_VOTES
from clustering.tallies import overall_tallies
from clustering.vote_matrix import VoteMatrix

ROUTERS = ("ours", "polis", "random")
Floats = NDArray[np.float64]
Router = Callable[[list[int], dict[int, int], int], int]
"""From remaining columns, own votes and a seed to the column shown."""


def router_of(name: str, known: VoteMatrix, extremity: Floats) -> Router:
    """Return the router that knows these votes."""
    if name == "random":
        return lambda left, _, seed: left[np.random.default_rng(seed).integers(len(left))]
    if name == "polis":
        is_meta = np.zeros(known.n_statements, bool)
        weights = statement_priorities(overall_tallies(known), extremity=extremity, is_meta=is_meta)

        def by_priority(left: list[int], _: dict[int, int], seed: int) -> int:
            at = np.cumsum(weights[left])
            return left[int(np.searchsorted(at, np.random.default_rng(seed).random() * at[-1], side="right"))]

        return by_priority
    pulls = _published(known)

    def by_information(left: list[int], own: dict[int, int], seed: int) -> int:
        votes = {str(column): vote for column, vote in own.items()}
        choice = choose_next([pulls[j] for j in left], standing(votes, [pulls[j] for j in own]), seed=seed)
        assert choice is not None
        return int(choice.statement)

    return by_information


def _published(known: VoteMatrix) -> list[StatementPull]:
    counts, n = overall_tallies(known), known.n_statements
    model = IdealPointModel(min_votes=ROUTER_MIN_VOTES)
    if known.n_votes:
        model.fit(known.votes)
    return published_pulls(
        [str(column) for column in range(n)],
        loadings=model.loadings_.tolist() if known.n_votes else [[0.0, 0.0]] * n,
        easiness=model.easiness_.tolist() if known.n_votes else [0.0] * n,
        n_seen=counts.n_seen[0].astype(int).tolist(),
        n_pass=counts.n_pass[0].astype(int).tolist(),
    )

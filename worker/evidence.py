"""What in a conversation's ballots looks coordinated: for moderators to look at, never acted on unasked."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from clustering.coordination import Evidence, ballot_weights, ballots_alike, bursts, one_sided_ballots
from clustering.ideal_fit import fit_ideal_points
from clustering.stability import rounded_numbers
from service.store.analysis_records import AnalysisJob
from service.store.database import Store
from service.store.loading import first_votes, load
from worker.jobs import matrix_of
from worker.rows import kept_numbers

MOST_COMPARED = 20_000
"""Most people whose ballots are compared pair by pair: 200 million pairs, about a minute."""


def evidence(store: Store, job: AnalysisJob) -> dict[str, Any]:
    """Return what was found, the people by their numbers, which whoever answers makes references of.

    Raises
    ------
    NotFoundError
        When the conversation has gone.
    """
    number = job.conversation_number
    assert number is not None  # noqa: S101 - evidence is always about a conversation.
    loaded = load(store, number)
    kept = kept_numbers(loaded)
    matrix = matrix_of(loaded)
    found = one_sided_ballots(matrix)
    found += bursts(1000 * first_votes(store, number, n_participants=loaded.n_participants)[kept])
    is_compared = 0 < matrix.n_participants <= MOST_COMPARED and matrix.n_votes > 0
    if is_compared:
        model = fit_ideal_points(matrix.votes, weights=ballot_weights(matrix))
        found += ballots_alike(matrix, model)
    return {
        "as_of": loaded.sequence,
        "n_people": int(kept.size),
        "is_compared_pairwise": bool(is_compared),
        "evidence": [_told(one, kept) for one in found],
    }


def _told(one: Evidence, kept: NDArray[np.intp]) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "participant_numbers": kept[one.rows].tolist(),
        "seen": rounded_numbers(dict(one.seen)),
        "usual": one.usual,
    }

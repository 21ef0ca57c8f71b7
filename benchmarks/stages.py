"""Each stage of a map against its physical limit: the bytes it must touch over the memory's own speed.

The memory's speed is measured in the same run: the dot product of a large array, in as many threads as there
are processors. A stage near its limit waits for memory; one far from it computes.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba
import numpy as np

from clustering.coordination import ballot_weights
from clustering.eligibility import is_placed
from clustering.grouping import candidate_groupings
from clustering.ideal_fit import ideal_points
from clustering.judgements import judgements
from clustering.kernels import through_ballots
from clustering.model_loops import N_SUMS, person_step_and_sums
from clustering.parts import summed_over_rows
from clustering.projection import participant_places, principal_axes
from clustering.settings import IDEAL_MAX_STEP, IDEAL_MIN_STEP, IDEAL_MIN_WEIGHT
from clustering.threads import one_thread
from clustering.vote_matrix import VoteMatrix

DOT_BYTES = 400_000_000


def bytes_per_second() -> float:
    """Return how fast all processors together read memory."""
    n_threads = numba.config.NUMBA_NUM_THREADS  # type: ignore[attr-defined]
    parts = np.array_split(np.ones(DOT_BYTES // 8), n_threads)
    with one_thread(), ThreadPoolExecutor(n_threads) as pool:
        seconds = min(_seconds(lambda: list(pool.map(lambda part: part @ part, parts)))[0] for _ in range(5))
    return DOT_BYTES / seconds


def measure_stages(matrix: VoteMatrix) -> list[dict[str, Any]]:
    """Return each stage's seconds, the bytes it touches at least, and the seconds those take at the limit."""
    speed, stages = bytes_per_second(), []
    n, n_statements, votes = matrix.n_participants, matrix.n_statements, matrix.votes
    one_pass = votes.nnz * (votes.indices.itemsize + votes.data.itemsize) + votes.indptr.nbytes
    place, number = 16, 8

    def stage(name: str, n_bytes: float, call: Callable[[], Any]) -> Any:
        seconds, answer = _seconds(call)
        stages.append({"stage": name, "seconds": seconds, "bytes": n_bytes, "limit_seconds": n_bytes / speed})
        return answer

    with one_thread():
        order = stage("ballots in order", one_pass + 5 * number * n, matrix.in_ballot_order)
        ordered = stage("ballots copied", 2 * one_pass, lambda: matrix.rows(order))
        stage("SHA-256 of the ballots", one_pass, ordered.digest)
        weights = stage("copies found", 5 * number * n, lambda: ballot_weights(ordered))
        placed = stage("who is placed", votes.indices.nbytes, lambda: is_placed(ordered))
        axes = stage("axes", 12 * one_pass, lambda: principal_axes(ordered, weights=weights))
        vectors = np.ascontiguousarray(np.tile(axes.components.T, 2))
        cells = (ordered.votes.indptr, ordered.votes.indices, ordered.votes.data)
        arguments = (*cells, weights, vectors, axes.centre)
        stage(
            "  one pass of them",
            one_pass,
            lambda: summed_over_rows(through_ballots, n, vectors.shape, *arguments, work=votes.nnz),
        )
        places = stage("places", one_pass + place * n, lambda: participant_places(ordered, axes))
        on_map = places[placed]
        groups = stage("groups and silhouettes", 16 * place * n, lambda: candidate_groupings(on_map, seed=0))
        labels = np.full(n, -1, np.int8)
        labels[placed] = groups[0].labels
        zeros = np.zeros(n_statements)
        stage("counts", one_pass, lambda: judgements(ordered, labels, n_groups=2, extremity=zeros))
        model = stage(
            "ideal: the model",
            25 * one_pass,
            lambda: ideal_points(ordered, weights=weights, classic_places=places),
        )
        pulls = np.column_stack((model.loadings, model.easiness))
        arguments = (
            model.positions.copy(),
            np.arange(n),
            *cells,
            weights,
            pulls,
            1,
            IDEAL_MAX_STEP,
            IDEAL_MIN_STEP,
        )
        shape = (n_statements, N_SUMS)
        stage(
            "  one round of it",
            one_pass + place * n,
            lambda: summed_over_rows(
                person_step_and_sums, n, shape, *arguments, IDEAL_MIN_WEIGHT, work=votes.nnz
            ),
        )
    stages.append({"stage": "memory", "bytes_per_second": speed})
    return stages


def _seconds(call: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    answer = call()
    return time.perf_counter() - start, answer

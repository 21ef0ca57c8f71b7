"""What a conversation's map would be without some statements or participants: for moderators to judge."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from clustering.differences import differences
from clustering.pipeline import compute_group_map
from clustering.steadiness import NOT_PLACED, PLACE, present
from clustering.vocabulary import Statement
from clustering.vote_matrix import VoteMatrix
from service.store import group_maps
from service.store.analysis_records import AnalysisJob
from service.store.database import Store
from service.store.loading import load
from service.store.records import PresentedBefore
from worker.jobs import map_settings, matrix_of
from worker.rows import before_by_row, kept_numbers


def what_if_map(store: Store, job: AnalysisJob) -> dict[str, Any]:
    """Return the map without what is to be left out, lettered like the published one, and what differs.

    It is told of as little as of any map that people see: a moderator isn't to learn of single people.

    Raises
    ------
    NotFoundError
        When the conversation has gone.
    """
    number, asked = job.conversation_number, job.request
    assert number is not None  # noqa: S101 - of every what-if map a conversation is kept.
    loaded = load(store, number)
    numbers = np.setdiff1d(kept_numbers(loaded), np.array(asked["without_participants"], dtype=np.intp))
    rows = np.searchsorted(kept_numbers(loaded), numbers)
    matrix = _without_statements(matrix_of(loaded), asked["without_statements"]).rows(rows)
    settings = replace(map_settings(loaded), **asked["settings"])
    published = group_maps.presented_with_document(store, number)
    before = None if published is None else published[0]
    group_map = compute_group_map(matrix, settings=settings)
    drawn = present(group_map, _followed_at_once(before_by_row(before, numbers)))
    document = drawn.to_document()
    told = None
    if published is not None:
        was = np.frombuffer(published[0].places, dtype=PLACE)["group"]
        now = np.frombuffer(drawn.places_bytes(), dtype=PLACE)["group"]
        told = {"from": published[0].sequence} | differences(
            orjson.loads(published[1]),
            document,
            groups_before=_by_number(was, np.arange(was.size), loaded.n_participants),
            groups_now=_by_number(now, numbers, loaded.n_participants),
        )
    return {"as_of": loaded.sequence, "group_map": document, "differences": told}


def _followed_at_once(before: PresentedBefore | None) -> PresentedBefore | None:
    """Return what was shown with nothing to wait for: another number of groups is shown where there is one."""
    if before is None:
        return None
    record = orjson.loads(before.presentation) | {"settings": None}
    return replace(before, presentation=orjson.dumps(record))


def _without_statements(matrix: VoteMatrix, ids: Sequence[str]) -> VoteMatrix:
    """Return the votes with some statements moderated out."""
    out = set(ids)

    def marked(statement: Statement) -> Statement:
        is_out = statement.is_moderated_out or statement.id in out
        return replace(statement, is_moderated_out=is_out)

    return replace(matrix, statements=[marked(statement) for statement in matrix.statements])


def _by_number(groups: NDArray[np.int8], numbers: NDArray[np.intp], n_participants: int) -> NDArray[np.int8]:
    """Return groups told by row as told by participants' numbers."""
    spread = np.full(max(n_participants, int(numbers.max(initial=-1)) + 1), NOT_PLACED, dtype=np.int8)
    spread[numbers] = groups
    return spread

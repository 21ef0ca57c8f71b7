"""The work: make one analysis that somebody asked for alone, and say what came of it."""

import logging
import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from clustering.assessment import MEMBERSHIP, Assessment, assessment
from clustering.group_map import GroupMap
from clustering.pipeline import compute_group_map
from clustering.vocabulary import GROUP_LETTERS
from clustering.written_form import rounded
from service.map_requests import AnalysisRequests
from service.settings import Settings
from service.store import analysis_jobs
from service.store.analysis_records import AnalysisJob, AnalysisKind, AnalysisState
from service.store.database import Store, open_store
from service.store.errors import StoreError
from worker.evidence import evidence
from worker.given_votes import GivenVotesError, given_votes
from worker.what_if_maps import what_if_map

_log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
"""How often is looked whether whoever asked has taken the analysis back."""

FAULT = "this is our fault; the log of the service says more"


def make_analysis(number: int) -> str:
    """Make an analysis as the queue asks: the only function it calls, by its name."""
    settings = Settings()
    store = open_store(settings.database_url, secret=b"")
    requests = AnalysisRequests(settings.redis_url, job_timeout_seconds=settings.analysis_timeout_seconds)
    try:
        return str(analyse(store, requests, number, is_alone=True))
    finally:
        store.close()


def analyse(
    store: Store, requests: AnalysisRequests, number: int, *, is_alone: bool = False
) -> AnalysisState | None:
    """Take an analysis, make it and say what came of it; None when there is nothing to make.

    Parameters
    ----------
    is_alone
        Whether this process does nothing else, so that it may end when the analysis is taken back.

    Raises
    ------
    Exception
        Whatever is this program's fault, after it was noted.
    """
    requests.take(number)
    job = analysis_jobs.take(store, number)
    if job is None:
        return None
    try:
        with _heeding(store, number, is_alone=is_alone):
            document = orjson.dumps(_MAKERS[job.kind](store, job))
        analysis_jobs.finish(store, number, AnalysisState.DONE, document=document)
    except GivenVotesError as error:
        told = [{"pointer": error.pointer, "detail": str(error)}]
        analysis_jobs.finish(store, number, AnalysisState.REFUSED, errors=told)
        return AnalysisState.REFUSED
    except (MemoryError, TimeoutError):
        analysis_jobs.finish(store, number, AnalysisState.FAILED, error=analysis_jobs.TOO_MUCH)
        return AnalysisState.FAILED
    except Exception as error:
        is_late = type(error).__name__ == "JobTimeoutException"
        told_error = analysis_jobs.TOO_MUCH if is_late else FAULT
        analysis_jobs.finish(store, number, AnalysisState.FAILED, error=told_error)
        _log.exception("analysis %d could not be made", number)
        raise
    return AnalysisState.DONE


def _of_given_votes(store: Store, job: AnalysisJob) -> dict[str, Any]:
    """Return the group map of votes that came along; they are the asker's own, so nothing is held back."""
    with tempfile.TemporaryDirectory(prefix="poldermodel-") as folder:
        file = Path(folder) / "votes"
        with file.open("wb") as stream:
            for piece in analysis_jobs.pieces_of(store, job.number):
                stream.write(piece)
        given = given_votes(file, job.request)
    group_map = compute_group_map(given.matrix, settings=given.settings)
    judged = assessment(group_map) if given.is_certainty_wanted else None
    return {
        "group_map": group_map.to_document(),
        "participants": _participants(group_map, judged),
        "assessment": None if judged is None else judged.to_document(smallest=1),
    }


def _participants(group_map: GroupMap, judged: Assessment | None) -> list[dict[str, Any]]:
    """Return everybody in the order of their first vote: where they stand, in which group, and how surely."""
    names = np.asarray(group_map.matrix.participants, dtype=object)
    columns = (
        group_map.as_given(names).tolist(),
        group_map.as_given(rounded(group_map.places)).tolist(),
        group_map.as_given(group_map.is_placed).tolist(),
        group_map.as_given(group_map.labels).tolist(),
        group_map.as_given(group_map.matrix.votes_per_participant).tolist(),
        [None] * len(names) if judged is None else _memberships(judged),
    )
    return [
        {
            "participant": name,
            "place": place if n_votes else None,
            "is_placed": is_placed,
            "group": GROUP_LETTERS[label] if label >= 0 else None,
            "n_votes": n_votes,
            "membership": membership,
        }
        for name, place, is_placed, label, n_votes, membership in zip(*columns, strict=True)
    ]


def _memberships(judged: Assessment) -> list[float | None]:
    known = np.frombuffer(judged.membership_bytes(), dtype=MEMBERSHIP)
    return [
        hundredths / 100 if group >= 0 else None
        for group, hundredths in zip(known["group"].tolist(), known["hundredths"].tolist(), strict=True)
    ]


_MAKERS: Mapping[AnalysisKind, Callable[[Store, AnalysisJob], dict[str, Any]]] = {
    AnalysisKind.GROUP_MAP: _of_given_votes,
    AnalysisKind.WHAT_IF_MAP: what_if_map,
    AnalysisKind.EVIDENCE: evidence,
}


@contextmanager
def _heeding(store: Store, number: int, *, is_alone: bool) -> Iterator[None]:
    """End this process when the analysis is taken back: nobody waits for what it makes."""
    is_done = threading.Event()

    def heed() -> None:
        while not is_done.wait(LOOK_SECONDS):
            try:
                if analysis_jobs.read(store, number) is None:
                    _log.info("analysis %d was taken back", number)
                    os._exit(0)
            except StoreError as error:
                _log.warning("analysis %d: %s", number, error)

    heeder = threading.Thread(target=heed, name="analysis-heeder", daemon=True)
    if is_alone:
        heeder.start()
    try:
        yield
    finally:
        is_done.set()
        if is_alone:
            heeder.join()

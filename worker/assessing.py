"""The work: judge how sure one conversation's published map is, and publish that."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum

import orjson

from clustering.assessment import Assessment, assessment
from clustering.pipeline import compute_group_map
from clustering.settings import METHOD_VERSION
from clustering.steadiness import present
from service.map_requests import AssessmentRequests
from service.settings import Settings
from service.store import assessments, attempts, group_maps
from service.store.database import Store, open_store
from service.store.errors import MovedOnError
from service.store.loading import load
from service.store.records import PublishedAssessment
from worker.holding import held
from worker.jobs import map_settings, matrix_of
from worker.rows import NO_MEMBERSHIP, before_by_row, by_number, kept_numbers

_log = logging.getLogger(__name__)

Judge = Callable[..., Assessment]


class Assessed(StrEnum):
    """What came of a job."""

    PUBLISHED = "published"
    NOT_DUE = "not-due"
    OVERTAKEN = "overtaken"
    RESTING = "resting"
    MOVED_ON = "moved-on"


def assess_group_map(conversation_number: int) -> str:
    """Judge a conversation's map as the queue asks: the only function it calls, by its name."""
    settings = Settings()
    store = open_store(settings.database_url, secret=b"")
    requests = AssessmentRequests(settings.redis_url, job_timeout_seconds=settings.assessment_timeout_seconds)
    try:
        return assess(store, requests, conversation_number)
    finally:
        store.close()


def assess(
    store: Store, requests: AssessmentRequests, conversation_number: int, *, judge: Judge = assessment
) -> Assessed:
    """Take a request, and judge the published map if it is due.

    Raises
    ------
    Exception
        Whatever `judge` raised, after it was noted.
    """
    # Cleared first: a map that is published after this rings again, one published before is read below.
    requests.take(conversation_number)
    now = datetime.now(UTC)
    if not assessments.is_due(store, conversation_number, method_version=METHOD_VERSION, now=now):
        return Assessed.NOT_DUE
    at = attempts.AT_ASSESSMENTS
    attempt = attempts.begin_attempt(store, conversation_number, now=now, at=at)
    if attempt is None:
        return Assessed.RESTING
    try:
        with held(store, conversation_number, attempt, at=at):
            published = judged(store, conversation_number, judge=judge)
        is_newer = assessments.publish(store, published)
    except MovedOnError:
        # A newer map is on its way, and its assessment is due when it comes.
        attempts.forget_attempts(store, conversation_number, at=at)
        return Assessed.MOVED_ON
    except Exception as error:
        told = f"{type(error).__name__}: {error}"[:500]
        attempts.fail_attempt(store, conversation_number, error=told, at=at)
        _log.exception("conversation %d: its map could not be judged", conversation_number)
        raise
    return Assessed.PUBLISHED if is_newer else Assessed.OVERTAKEN


def judged(store: Store, conversation_number: int, *, judge: Judge = assessment) -> PublishedAssessment:
    """Return what can be believed of the published map, in the letters and the division that people see.

    The map is made again from the votes it was made of. Aligned to itself it is the one that was presented.

    Raises
    ------
    MovedOnError
        When there is no map, or its votes can't be had any more: a newer one is on its way.
    """
    presented = group_maps.presented(store, conversation_number)
    if presented is None:
        raise MovedOnError(f"conversation {conversation_number} has no map to judge")
    loaded = load(store, conversation_number, as_of=presented.sequence)
    group_map = compute_group_map(matrix_of(loaded), settings=map_settings(loaded))
    kept = kept_numbers(loaded)
    shown = present(group_map, before_by_row(presented, kept))
    found = judge(group_map, grouping=shown.grouping, judged=shown.judged)
    return PublishedAssessment(
        conversation_number=conversation_number,
        method_version=presented.method_version,
        sequence=presented.sequence,
        document=orjson.dumps(found.to_document(letters=shown.letters)),
        membership=by_number(
            found.membership_bytes(letters=shown.letters),
            kept,
            n_participants=loaded.n_participants,
            nobody=NO_MEMBERSHIP,
        ),
    )

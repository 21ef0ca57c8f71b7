"""The work: redraw one conversation's group map and publish it."""

import logging
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from time import process_time

import orjson

from clustering.group_map import GroupMap
from clustering.pipeline import compute_group_map
from clustering.settings import METHOD_VERSION, MapSettings
from clustering.statement_pulls import statement_pulls
from clustering.steadiness import present
from clustering.vote_matrix import VoteMatrix
from service.map_requests import AssessmentRequests, MapRequests
from service.settings import Settings
from service.store import assessments, attempts, conversations, group_maps
from service.store.database import Store, open_store
from service.store.errors import NotFoundError
from service.store.loading import load
from service.store.records import LoadedConversation, PublishedMap
from worker.holding import held
from worker.manners import behind_others, rest_seconds
from worker.outside import outside_documents
from worker.rows import NO_PLACE, before_by_row, by_number, kept_numbers, row_of_each_vote

_log = logging.getLogger(__name__)

NICENESS = 10
"""People who vote go before people who look: on a busy machine a map may come later, an answer may not."""

Compute = Callable[..., GroupMap]


class Redrawn(StrEnum):
    """What came of a job."""

    PUBLISHED = "published"
    UP_TO_DATE = "up-to-date"
    OVERTAKEN = "overtaken"
    RESTING = "resting"
    GONE = "gone"


def redraw_group_map(conversation_number: int) -> str:
    """Redraw a conversation's map as the queue asks: the only function it calls, by its name."""
    settings = Settings()
    store = open_store(settings.database_url, secret=b"")
    requests = MapRequests(settings.redis_url, job_timeout_seconds=settings.job_timeout_seconds)
    to_assessor = AssessmentRequests(
        settings.redis_url, job_timeout_seconds=settings.assessment_timeout_seconds
    )
    try:
        return redraw(store, requests, conversation_number, to_assessor=to_assessor)
    finally:
        store.close()


def redraw(
    store: Store,
    requests: MapRequests,
    conversation_number: int,
    *,
    compute: Compute = compute_group_map,
    to_assessor: AssessmentRequests | None = None,
    rest: Callable[..., float] = rest_seconds,
) -> Redrawn:
    """Take a request, and bring the published map up to the log; then ask for its assessment, if it's time.

    A large conversation rests afterwards, and what is asked of it meanwhile the sweep asks again.

    Raises
    ------
    Exception
        Whatever `compute` raised, after it was noted for people to see.
    """
    if requests.is_resting(conversation_number):
        # The mark stays where it is: votes needn't ring meanwhile, and the sweep asks again afterwards.
        return Redrawn.RESTING
    began = process_time()
    # Cleared first: a vote that comes after this rings again, one that came before is read below.
    requests.take(conversation_number)
    try:
        if not conversations.is_ahead_of_map(store, conversation_number, method_version=METHOD_VERSION):
            return Redrawn.UP_TO_DATE
    except NotFoundError:
        return Redrawn.GONE
    attempt = attempts.begin_attempt(store, conversation_number, now=datetime.now(UTC))
    if attempt is None:
        return Redrawn.RESTING
    try:
        with held(store, conversation_number, attempt):
            published = behind_others(
                lambda: drawn(store, conversation_number, compute=compute), niceness=NICENESS
            )
        is_newer = group_maps.publish(store, published)
    except Exception as error:
        attempts.fail_attempt(store, conversation_number, error=f"{type(error).__name__}: {error}"[:500])
        _log.exception("conversation %d: its map could not be redrawn", conversation_number)
        raise
    if seconds := rest(process_time() - began, n_changes=published.sequence):
        requests.rest(conversation_number, seconds)
    elif conversations.is_ahead_of_map(store, conversation_number, method_version=METHOD_VERSION):
        requests.ask(conversation_number)
    now = datetime.now(UTC)
    if to_assessor and assessments.is_due(store, conversation_number, method_version=METHOD_VERSION, now=now):
        to_assessor.ask(conversation_number)
    return Redrawn.PUBLISHED if is_newer else Redrawn.OVERTAKEN


def drawn(store: Store, conversation_number: int, *, compute: Compute = compute_group_map) -> PublishedMap:
    """Return the map of the votes as they are now, kept as still as it can be, ready to publish."""
    loaded = load(store, conversation_number)
    group_map = compute(matrix_of(loaded), settings=map_settings(loaded))
    kept = kept_numbers(loaded)
    shown = present(group_map, before_by_row(group_maps.presented(store, conversation_number), kept))
    outside, outside_public = outside_documents(store, conversation_number, loaded, shown)
    return PublishedMap(
        conversation_number=conversation_number,
        method_version=METHOD_VERSION,
        sequence=loaded.sequence,
        outcome=shown.outcome.value,
        result_hash=group_map.result_hash,
        canonical=orjson.dumps(group_map.to_document()),
        presented=orjson.dumps(shown.to_document()),
        presentation=orjson.dumps(shown.presentation_document()),
        priorities=orjson.dumps(shown.priorities()),
        places=by_number(shown.places_bytes(), kept, n_participants=loaded.n_participants, nobody=NO_PLACE),
        pulls=orjson.dumps([one.to_document() for one in statement_pulls(group_map, seeds=loaded.seeds)]),
        outside=outside,
        outside_public=outside_public,
    )


def matrix_of(loaded: LoadedConversation) -> VoteMatrix:
    """Return the vote matrix; its rows are the participants of `kept_numbers`, in that order."""
    kept = kept_numbers(loaded)
    return VoteMatrix.from_arrays(
        participants=range(kept.size),
        statements=loaded.statements,
        participant_index=row_of_each_vote(loaded, kept),
        statement_index=loaded.statement_numbers,
        values=loaded.values,
    )


def map_settings(loaded: LoadedConversation) -> MapSettings:
    """Return those of a conversation's settings that concern its map."""
    known = {field.name for field in fields(MapSettings)}
    return MapSettings.from_document({name: value for name, value in loaded.settings.items() if name in known})

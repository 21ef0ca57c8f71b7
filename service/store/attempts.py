"""Attempts at a map or its assessment: counted before they start, so that one that kills its process counts."""

from datetime import datetime

from sqlalchemy import Connection, Table, delete, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from service.store.clock import as_time
from service.store.database import Store
from service.store.records import Conversation, MapAttempt
from service.store.tables import assessment_attempts, conversations, group_maps, map_attempts

Attempted = Table
AT_MAPS = map_attempts
AT_ASSESSMENTS = assessment_attempts
"""What is attempted."""

FIRST_PAUSE_SECONDS = 3.0
"""After one failure; doubled after each further one. An attempt under way holds others off by moving it on."""

LONGEST_PAUSE_SECONDS = 3600.0

FAILURES_SHOWN = 3
"""From this many attempts in a row, whoever reads the map is told that it can't be redrawn."""


def begin_attempt(
    store: Store, conversation_number: int, *, now: datetime, at: Attempted = AT_MAPS
) -> MapAttempt | None:
    """Count a try before it starts, or return None while an earlier one has its pause."""
    present = now.timestamp()
    row = {"conversation": conversation_number, "n_attempts": 1, "retry_at": present + FIRST_PAUSE_SECONDS}
    insert = (sqlite if store.is_sqlite else postgresql).insert(at).values(row)
    with store.writing() as connection:
        before = connection.execute(
            select(at).where(at.c.conversation == conversation_number).with_for_update()
        ).first()
        if before is not None and is_resting(before.n_attempts, before.retry_at, present):
            return None
        n_attempts = 1 if before is None else before.n_attempts + 1
        retry_at = present + pause_seconds(n_attempts)
        set_ = {"n_attempts": n_attempts, "retry_at": retry_at}
        connection.execute(insert.on_conflict_do_update(index_elements=["conversation"], set_=set_))
    return MapAttempt(n_attempts, as_time(retry_at), None if before is None else before.error)


def hold_attempt(
    store: Store, conversation_number: int, *, n_attempts: int, now: datetime, at: Attempted = AT_MAPS
) -> None:
    """Move an attempt's pause on while it is under way, so that nobody takes it for one that was killed."""
    this = (at.c.conversation == conversation_number) & (at.c.n_attempts == n_attempts)
    retry_at = now.timestamp() + pause_seconds(n_attempts)
    with store.writing_at_once() as connection:
        connection.execute(update(at).where(this).values(retry_at=retry_at))


def fail_attempt(store: Store, conversation_number: int, *, error: str, at: Attempted = AT_MAPS) -> None:
    """Keep what went wrong, for people to see."""
    with store.writing() as connection:
        here = at.c.conversation == conversation_number
        connection.execute(update(at).where(here).values(error=error))


def forget_attempts(store: Store, conversation_number: int, *, at: Attempted = AT_MAPS) -> None:
    """Start counting anew, after a success."""
    with store.writing() as connection:
        forget_within(connection, conversation_number, at=at)


def forget_within(connection: Connection, conversation_number: int, *, at: Attempted = AT_MAPS) -> None:
    """Start counting anew, in a transaction that does more."""
    connection.execute(delete(at).where(at.c.conversation == conversation_number))


def current_attempt(store: Store, conversation_number: int, *, at: Attempted = AT_MAPS) -> MapAttempt | None:
    """Return the attempts since the last success, if any."""
    query = select(at).where(at.c.conversation == conversation_number)
    with store.reading() as connection:
        row = connection.execute(query).first()
    return None if row is None else MapAttempt(row.n_attempts, as_time(row.retry_at), row.error)


def shown_error(store: Store, conversation: Conversation) -> str | None:
    """Return what readers of a map are told of its redrawing, also before the first map."""
    attempt = current_attempt(store, conversation.number)
    return None if attempt is None else visible_error(attempt.n_attempts, attempt.error)


def pause_seconds(n_attempts: int) -> float:
    """Return how long a conversation is left alone after its n-th failure in a row.

    Examples
    --------
    >>> [pause_seconds(n) for n in (1, 2, 3, 12)]
    [3.0, 6.0, 12.0, 3600.0]
    """
    return min(FIRST_PAUSE_SECONDS * 2.0 ** min(n_attempts - 1, 30), LONGEST_PAUSE_SECONDS)


def visible_error(n_attempts: int | None, error: str | None) -> str | None:
    """Return what readers of the map are told: nothing before it has failed several times in a row.

    Anybody may read it, so it names the kind of error only; the rest is in the log and in `map_attempts`.
    """
    if n_attempts is None or n_attempts < FAILURES_SHOWN:
        return None
    kind = error.partition(":")[0] if error else "the process was stopped each time"
    return f"redrawing the map failed {n_attempts} times in a row: {kind}"


def stale(store: Store, *, method_version: int, now: datetime) -> list[int]:
    """Return the numbers of conversations whose log is ahead of their map and that may be tried now.

    A map of a later method version is left to the workers that know that version.
    """
    is_behind = tuple_(group_maps.c.method_version, group_maps.c.sequence) < tuple_(
        method_version, conversations.c.sequence
    )
    query = (
        select(conversations.c.number, map_attempts.c.n_attempts, map_attempts.c.retry_at)
        .outerjoin(group_maps, group_maps.c.conversation == conversations.c.number)
        .outerjoin(map_attempts, map_attempts.c.conversation == conversations.c.number)
        .where(or_(group_maps.c.conversation.is_(None), is_behind))
        .order_by(conversations.c.number)
    )
    present = now.timestamp()
    with store.reading() as connection:
        return [
            row.number
            for row in connection.execute(query)
            if row.n_attempts is None or not is_resting(row.n_attempts, row.retry_at, present)
        ]


def is_resting(n_attempts: int, retry_at: float, present: float) -> bool:
    """Return whether a pause lasts; one longer than was given is that of a clock which was set back since."""
    return 0 < retry_at - present <= pause_seconds(n_attempts)

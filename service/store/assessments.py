"""Assessments: what can be believed of a published map. Publish if newer, read, find those that are due."""

from datetime import datetime
from time import time

from sqlalchemy import Connection, Select, func, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from service.store import attempts, map_versions
from service.store.clock import as_time
from service.store.database import Store
from service.store.records import MEMBERSHIP_BYTES, AssessmentReading, Membership, PublishedAssessment
from service.store.tables import assessment_attempts, assessments, conversations, group_maps

AT_MOST_EVERY_SECONDS = 60.0
"""How old an assessment is before the next one is made; that of a closed conversation waits for nothing."""


def publish(store: Store, published: PublishedAssessment) -> bool:
    """Publish an assessment unless one of as new a map is there already; return whether it was published.

    A kept map of which it speaks keeps it in any case.
    """
    row = {
        "conversation": published.conversation_number,
        "method_version": published.method_version,
        "sequence": published.sequence,
        "made_at": time(),
        "document": published.document,
        "membership": published.membership,
    }
    insert = (sqlite if store.is_sqlite else postgresql).insert(assessments).values(row)
    stamp = tuple_(assessments.c.method_version, assessments.c.sequence)
    upsert = insert.on_conflict_do_update(
        index_elements=["conversation"],
        set_={name: insert.excluded[name] for name in row if name != "conversation"},
        where=stamp < tuple_(insert.excluded.method_version, insert.excluded.sequence),
    )
    with store.writing() as connection:
        is_newer = connection.execute(upsert.returning(assessments.c.conversation)).first() is not None
        map_versions.judge_within(connection, published, made_at=row["made_at"])
        attempts.forget_within(connection, published.conversation_number, at=attempts.AT_ASSESSMENTS)
    return is_newer


def read_within(connection: Connection, conversation_number: int) -> AssessmentReading | None:
    """Return the published assessment, or None before the first, in a transaction that reads more."""
    columns = ("method_version", "sequence", "made_at", "document")
    query = select(*(assessments.c[name] for name in columns))
    row = connection.execute(query.where(assessments.c.conversation == conversation_number)).first()
    if row is None:
        return None
    return AssessmentReading(row.method_version, row.sequence, as_time(row.made_at), bytes(row.document))


def membership_within(
    connection: Connection, conversation_number: int, participant_number: int
) -> Membership | None:
    """Return how likely a participant belongs to their group; None where that isn't known."""
    own = func.substr(assessments.c.membership, MEMBERSHIP_BYTES * participant_number + 1, MEMBERSHIP_BYTES)
    query = select(own).where(assessments.c.conversation == conversation_number)
    found = connection.execute(query).scalar()
    if not found:
        return None  # Not judged yet, or judged before this participant came.
    group, hundredths = bytes(found)
    # The group is a signed byte; −1 is nobody's.
    return None if group > 127 else Membership(group, hundredths / 100)


def is_due(store: Store, conversation_number: int, *, method_version: int, now: datetime) -> bool:
    """Return whether a conversation's published map is to be judged now."""
    query = _behind(method_version, now).where(conversations.c.number == conversation_number)
    with store.reading() as connection:
        return connection.execute(query).first() is not None


def due(store: Store, *, method_version: int, now: datetime) -> list[int]:
    """Return the numbers of conversations whose map is to be judged now and may be: those that failed rest."""
    present = now.timestamp()
    query = _behind(method_version, now).order_by(conversations.c.number)
    with store.reading() as connection:
        return [
            row.number
            for row in connection.execute(query)
            if row.n_attempts is None or not attempts.is_resting(row.n_attempts, row.retry_at, present)
        ]


def stamp(store: Store, conversation_number: int) -> tuple[int, int] | None:
    """Return the (method version, sequence) of the map that was judged last, or None before the first."""
    query = select(assessments.c.method_version, assessments.c.sequence)
    with store.reading() as connection:
        row = connection.execute(query.where(assessments.c.conversation == conversation_number)).first()
    return None if row is None else (row.method_version, row.sequence)


def _behind(method_version: int, now: datetime) -> Select:
    """Return the question for maps of this method that aren't judged yet, and whose turn it is."""
    present = now.timestamp()
    is_newer = tuple_(assessments.c.method_version, assessments.c.sequence) < tuple_(
        group_maps.c.method_version, group_maps.c.sequence
    )
    # One made in the future was made before the clock was set back.
    is_rested = (assessments.c.made_at <= present - AT_MOST_EVERY_SECONDS) | (assessments.c.made_at > present)
    return (
        select(conversations.c.number, assessment_attempts.c.n_attempts, assessment_attempts.c.retry_at)
        .join(group_maps, group_maps.c.conversation == conversations.c.number)
        .outerjoin(assessments, assessments.c.conversation == conversations.c.number)
        .outerjoin(assessment_attempts, assessment_attempts.c.conversation == conversations.c.number)
        .where(
            group_maps.c.method_version == method_version,
            or_(
                assessments.c.conversation.is_(None),
                is_newer & (is_rested | conversations.c.is_open.is_(False)),
            ),
        )
    )

"""Published maps that are kept: the last of each minute, then of each hour, then of each day.

The newest is what everybody sees. What can be believed of a map is made after it and then kept with it; of
several the last that was judged stays. Between two kept maps five people or more have voted, so that neither
comparing them nor asking for the public map again and again shows one person's votes.
"""

import zlib
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from service.store.analysis_records import MapVersion
from service.store.clock import as_time
from service.store.database import Store
from service.store.errors import NotFoundError
from service.store.merges import MERGED, UNMERGED
from service.store.records import (
    PLACE_BYTES,
    AssessmentReading,
    Conversation,
    PublishedAssessment,
    PublishedMap,
)
from service.store.tables import changes, conversations, map_versions, votes

LEAST_PEOPLE = 5
"""People who voted between one kept map and the next, at least."""

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
WEEK = 7 * DAY

_LEAVING = ("participant-excluded", "participant-readmitted", "participant-erased")
_DECIDED = (*_LEAVING, "statement-moderated", MERGED, UNMERGED, "conversation-changed")
"""Changes that the public map shows at once: those of moderators, and that somebody wants to be forgotten."""

_NO_GROUP = 0xFF
_SMALL = [
    column
    for column in map_versions.c
    if column.name not in {"groups", "presented", "assessment", "assessed_at"}
]


def packed(published: PublishedMap) -> tuple[bytes, bytes]:
    """Return a map's groups and its document as they are kept; made before anything is locked."""
    groups = published.places[PLACE_BYTES - 1 :: PLACE_BYTES]
    return zlib.compress(groups), zlib.compress(published.presented)


def keep_within(
    connection: Connection, published: PublishedMap, documents: tuple[bytes, bytes], *, now: float
) -> bool:
    """Keep a map in the transaction that publishes it, if enough people voted since the last one kept.

    The map at closing is kept in any case, and so is one that shows what moderators decided or that somebody
    left. Where one to four people voted since, or somebody left, it takes the place of the last one: beside it,
    it would show what they voted.

    Parameters
    ----------
    documents
        What `packed` returned of it.
    now
        When it is published, in seconds since 1970.

    Returns
    -------
    bool
        Whether everybody sees this map: it is kept, or none is kept yet.
    """
    here = map_versions.c.conversation == published.conversation_number
    latest = select(map_versions.c.sequence).where(here).order_by(map_versions.c.sequence.desc()).limit(1)
    last = connection.execute(latest).scalar()
    n_people = _n_voted(connection, published, since=last or 0)
    if n_people < LEAST_PEOPLE:
        if last is None:
            return True
        decided = _decided(connection, published, since=last)
        is_redrawn = published.sequence == last
        if not (decided or is_redrawn or _is_closed(connection, published.conversation_number)):
            return False
        if n_people or decided & set(_LEAVING):
            connection.execute(delete(map_versions).where(here, map_versions.c.sequence >= last))
    # A method that is new draws the same votes again: the later drawing is the one to keep.
    connection.execute(delete(map_versions).where(here, map_versions.c.sequence == published.sequence))
    row = {
        "conversation": published.conversation_number,
        "sequence": published.sequence,
        "method_version": published.method_version,
        "outcome": published.outcome,
        "result_hash": published.result_hash,
        "published_at": now,
        "is_at_closing": _is_closed(connection, published.conversation_number),
        "groups": documents[0],
        "presented": documents[1],
    }
    connection.execute(insert(map_versions).values(row))
    _thin(connection, published.conversation_number, now=now)
    return True


def judge_within(connection: Connection, judged: PublishedAssessment, *, made_at: float) -> None:
    """Keep what can be believed of a map with that map, if it is kept.

    Parameters
    ----------
    made_at
        When it was judged, in seconds since 1970.
    """
    table = map_versions.c
    this = (
        (table.conversation == judged.conversation_number)
        & (table.sequence == judged.sequence)
        & (table.method_version == judged.method_version)
    )
    told = {"assessment": zlib.compress(judged.document), "assessed_at": made_at}
    connection.execute(update(map_versions).where(this).values(told))


def newest_within(connection: Connection, conversation_number: int) -> MapVersion | None:
    """Return the newest kept map, the one that everybody sees, in a transaction that reads more.

    Its assessment is the newest there is of a kept map, which may be an earlier one.
    """
    here = map_versions.c.conversation == conversation_number
    query = select(map_versions).where(here).order_by(map_versions.c.sequence.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    version = _version(row)
    if version.assessment is None:
        earlier = query.where(map_versions.c.assessment.is_not(None))
        judged = connection.execute(earlier).mappings().first()
        version = replace(version, assessment=None if judged is None else _assessment(judged))
    return version


def list_all(
    store: Store, conversation: Conversation, *, after: int | None, limit: int
) -> Sequence[MapVersion]:
    """Return kept maps in the order of their sequence, without their documents."""
    query = select(*_SMALL).where(map_versions.c.conversation == conversation.number)
    if after is not None:
        query = query.where(map_versions.c.sequence > after)
    with store.reading() as connection:
        rows = connection.execute(query.order_by(map_versions.c.sequence).limit(limit)).mappings().all()
    return [_version(row) for row in rows]


def find(store: Store, conversation: Conversation, sequence: int) -> MapVersion:
    """Return a kept map.

    Raises
    ------
    NotFoundError
        When none of that sequence is kept.
    """
    this = (map_versions.c.conversation == conversation.number) & (map_versions.c.sequence == sequence)
    with store.reading() as connection:
        row = connection.execute(select(map_versions).where(this)).mappings().first()
    if row is None:
        raise NotFoundError(f"no map of {sequence} is kept")
    return _version(row)


def forget_within(connection: Connection, conversation_number: int, participant_number: int) -> None:
    """Forget which group a participant was in, in every kept map."""
    here = map_versions.c.conversation == conversation_number
    rows = connection.execute(select(map_versions.c.sequence, map_versions.c.groups).where(here)).all()
    for sequence, packed in rows:
        groups = bytearray(zlib.decompress(packed))
        if participant_number < len(groups) and groups[participant_number] != _NO_GROUP:
            groups[participant_number] = _NO_GROUP
            this = here & (map_versions.c.sequence == sequence)
            connection.execute(update(map_versions).where(this).values(groups=zlib.compress(bytes(groups))))


def _n_voted(connection: Connection, published: PublishedMap, *, since: int) -> int:
    """Return how many people voted up to a map and since a sequence; counted up to those that are enough."""
    new = (
        (votes.c.conversation == published.conversation_number)
        & (votes.c.sequence > since)
        & (votes.c.sequence <= published.sequence)
    )
    people = select(votes.c.participant_number).where(new).distinct().limit(LEAST_PEOPLE)
    return len(connection.execute(people).all())


def _decided(connection: Connection, published: PublishedMap, *, since: int) -> set[str]:
    """Return what kinds of decisions a map shows that were taken since a sequence."""
    query = select(changes.c.kind).where(
        changes.c.conversation == published.conversation_number,
        changes.c.sequence > since,
        changes.c.sequence <= published.sequence,
        changes.c.kind.in_(_DECIDED),
    )
    return set(connection.execute(query.distinct()).scalars())


def _is_closed(connection: Connection, conversation_number: int) -> bool:
    query = select(conversations.c.is_open).where(conversations.c.number == conversation_number)
    return connection.execute(query).scalar() is False


def _thin(connection: Connection, conversation_number: int, *, now: float) -> None:
    here = map_versions.c.conversation == conversation_number
    is_judged = map_versions.c.assessed_at.is_not(None)
    columns = (map_versions.c.sequence, map_versions.c.published_at, map_versions.c.is_at_closing, is_judged)
    rows = connection.execute(select(*columns).where(here).order_by(map_versions.c.sequence)).all()
    judged = {sequence for sequence, _, _, is_judged in rows if is_judged}
    kept = thinned([(sequence, at) for sequence, at, _, _ in rows], now=now, judged=judged)
    kept |= {sequence for sequence, _, is_at_closing, _ in rows if is_at_closing}
    gone = [sequence for sequence, _, _, _ in rows if sequence not in kept]
    if gone:
        connection.execute(delete(map_versions).where(here, map_versions.c.sequence.in_(gone)))


def thinned(
    versions: Iterable[tuple[int, float]], *, now: float, judged: Container[int] = frozenset()
) -> set[int]:
    """Return the sequences of the maps to keep, of (sequence, seconds since 1970) in rising order.

    Of each minute, hour or day it is the last that was judged, or else the last; and the newest of all, which
    may be judged yet.

    Examples
    --------
    >>> sorted(thinned([(1, 0.0), (2, 30.0), (3, 61.0), (4, 70.0)], now=100.0))
    [2, 4]
    >>> sorted(thinned([(1, 0.0), (2, 30.0), (3, 61.0), (4, 70.0)], now=100.0, judged={1, 3}))
    [1, 3, 4]
    """
    last_of: dict[tuple[float, float], int] = {}
    newest = set[int]()
    for sequence, at in versions:
        age = now - at
        width = MINUTE if age < HOUR else HOUR if age < WEEK else DAY
        bucket = (width, at // width)
        if sequence in judged or last_of.get(bucket, sequence) not in judged:
            last_of[bucket] = sequence
        newest = {sequence}
    return set(last_of.values()) | newest


def _assessment(row: RowMapping) -> AssessmentReading | None:
    if row["assessment"] is None:
        return None
    document = zlib.decompress(row["assessment"])
    return AssessmentReading(row["method_version"], row["sequence"], as_time(row["assessed_at"]), document)


def _version(row: RowMapping) -> MapVersion:
    is_whole = "presented" in row
    return MapVersion(
        method_version=row["method_version"],
        sequence=row["sequence"],
        outcome=row["outcome"],
        result_hash=row["result_hash"],
        published_at=as_time(row["published_at"]),
        document=zlib.decompress(row["presented"]) if is_whole else b"",
        groups=zlib.decompress(row["groups"]) if is_whole else b"",
        assessment=_assessment(row) if is_whole else None,
    )

"""Published maps that are kept, for looking back: the last of each minute, then of each hour, then of each day.

What can be believed of a map is made after it and then kept with it; of several the last that was judged stays.
Between two kept maps five people or more have voted, so that comparing them never shows one person's votes.
"""

import zlib
from collections.abc import Container, Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from service.store.analysis_records import MapVersion
from service.store.clock import as_time
from service.store.database import Store
from service.store.errors import NotFoundError
from service.store.records import (
    PLACE_BYTES,
    AssessmentReading,
    Conversation,
    PublishedAssessment,
    PublishedMap,
)
from service.store.tables import conversations, map_versions, votes

LEAST_PEOPLE = 5
"""People who voted between one kept map and the next, at least."""

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
WEEK = 7 * DAY

_JUDGED = b'{"assessment":'
"""How the document of a map begins that was judged, so that a look at its beginning tells."""

_BEGINNING = 512
"""Packed bytes in which that beginning is; the tables of a packed document take 300 of them at most."""

_NO_GROUP = 0xFF
_SMALL = [column for column in map_versions.c if column.name not in {"groups", "presented"}]


def keep_within(connection: Connection, published: PublishedMap, *, now: float) -> bool:
    """Keep a map in the transaction that publishes it, if enough people voted since the last one kept.

    The map at closing is kept in any case, in place of the last one where fewer than five people voted since:
    beside it, it would show what they voted.

    Parameters
    ----------
    now
        When it is published, in seconds since 1970.
    """
    here = map_versions.c.conversation == published.conversation_number
    latest = select(map_versions.c.sequence).where(here).order_by(map_versions.c.sequence.desc()).limit(1)
    last = connection.execute(latest).scalar()
    is_open = select(conversations.c.is_open).where(conversations.c.number == published.conversation_number)
    is_at_closing = connection.execute(is_open).scalar() is False
    if not _have_enough_voted(connection, published, since=last or 0):
        if last is None or not is_at_closing:
            return False
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
        "is_at_closing": is_at_closing,
        "groups": zlib.compress(published.places[PLACE_BYTES - 1 :: PLACE_BYTES]),
        "presented": zlib.compress(published.presented),
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
    packed = connection.execute(select(table.presented).where(this)).scalar()
    if packed is None:
        return
    told = {"made_at": made_at, "document": orjson.loads(judged.document)}
    document = {"assessment": told} | _unpacked(packed) | {"assessment": told}
    connection.execute(update(map_versions).where(this).values(presented=zlib.compress(orjson.dumps(document))))


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


def _have_enough_voted(connection: Connection, published: PublishedMap, *, since: int) -> bool:
    new = (
        (votes.c.conversation == published.conversation_number)
        & (votes.c.sequence > since)
        & (votes.c.sequence <= published.sequence)
    )
    people = select(votes.c.participant_number).where(new).distinct().limit(LEAST_PEOPLE)
    return len(connection.execute(people).all()) >= LEAST_PEOPLE


def _thin(connection: Connection, conversation_number: int, *, now: float) -> None:
    here = map_versions.c.conversation == conversation_number
    beginning = func.substr(map_versions.c.presented, 1, _BEGINNING)
    columns = (map_versions.c.sequence, map_versions.c.published_at, map_versions.c.is_at_closing, beginning)
    rows = connection.execute(select(*columns).where(here).order_by(map_versions.c.sequence)).all()
    judged = {sequence for sequence, _, _, packed in rows if _is_judged(packed)}
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


def _is_judged(beginning: bytes) -> bool:
    return zlib.decompressobj().decompress(bytes(beginning), len(_JUDGED)) == _JUDGED


def _unpacked(packed: bytes) -> dict[str, Any]:
    return orjson.loads(zlib.decompress(packed))


def _shown(row: RowMapping) -> tuple[bytes, AssessmentReading | None]:
    """Return a map as people saw it, and apart from it what can be believed of it."""
    document = zlib.decompress(row["presented"])
    if not document.startswith(_JUDGED):
        return document, None
    whole = orjson.loads(document)
    told = whole.pop("assessment")
    judged = AssessmentReading(
        row["method_version"], row["sequence"], as_time(told["made_at"]), orjson.dumps(told["document"])
    )
    return orjson.dumps(whole), judged


def _version(row: RowMapping) -> MapVersion:
    document, judged = _shown(row) if "presented" in row else (b"", None)
    return MapVersion(
        method_version=row["method_version"],
        sequence=row["sequence"],
        outcome=row["outcome"],
        result_hash=row["result_hash"],
        published_at=as_time(row["published_at"]),
        document=document,
        groups=zlib.decompress(row["groups"]) if "groups" in row else b"",
        assessment=judged,
    )

"""Group maps: publish if newer, read."""

import json
import struct
import time

from sqlalchemy import Connection, RowMapping, func, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from service.store import assessments, attempts, map_versions, outside_maps, participants, statement_pulls
from service.store.analysis_records import MapVersion
from service.store.clock import as_time
from service.store.database import Store
from service.store.platform_records import Event, HashedParticipant
from service.store.records import PLACE_BYTES, Conversation, MapReading, Place, PresentedBefore, PublishedMap
from service.store.tables import changes, conversations, group_maps, map_attempts
from service.store.webhooks import announce

_PLACE = struct.Struct("<ddb")
_NOT_PLACED = -1


def publish(store: Store, published: PublishedMap) -> bool:
    """Publish a map unless one as new is there already; return whether it was published.

    Newer is decided in one SQL statement by (method version, sequence), so that of two workers the one with
    the later votes wins, whoever finishes last.
    """
    given = [column.name for column in group_maps.c if hasattr(published, column.name)]
    row = {name: getattr(published, name) for name in given}
    row |= {"conversation": published.conversation_number, "published_at": time.time()}
    insert = (sqlite if store.is_sqlite else postgresql).insert(group_maps).values(row)
    stamp = tuple_(group_maps.c.method_version, group_maps.c.sequence)
    upsert = insert.on_conflict_do_update(
        index_elements=["conversation"],
        set_={name: insert.excluded[name] for name in row if name != "conversation"},
        where=stamp < tuple_(insert.excluded.method_version, insert.excluded.sequence),
    )
    outside, kept = outside_maps.packed(published), map_versions.packed(published)
    with store.writing() as connection:
        is_newer = connection.execute(upsert.returning(group_maps.c.conversation)).first() is not None
        if is_newer:
            statement_pulls.replace_within(connection, store, published)
            is_seen = map_versions.keep_within(connection, published, kept, now=row["published_at"])
            outside_maps.replace_within(connection, store, published, outside, is_for_everybody=is_seen)
        attempts.forget_within(connection, published.conversation_number)
        if is_newer:
            names = ("sequence", "outcome", "result_hash")
            told = {name: getattr(published, name) for name in names}
            announce(connection, published.conversation_number, Event.MAP_PUBLISHED, told)
    return is_newer


def read(store: Store, conversation: Conversation, *, is_public: bool = False) -> MapReading | None:
    """Return the published map, or None before the first.

    Parameters
    ----------
    is_public
        Whether it is for everybody, who see the newest map that is kept (`map_versions`): it changes when five
        people voted. The platform and its facilitators see every drawing.
    """
    number = conversation.number
    columns = ("method_version", "sequence", "published_at", "outcome", "result_hash")
    query = (
        select(*(group_maps.c[name] for name in columns), conversations.c.sequence.label("reached"),
               map_attempts.c.n_attempts, map_attempts.c.error)
        .join(conversations, conversations.c.number == group_maps.c.conversation)
        .outerjoin(map_attempts, map_attempts.c.conversation == group_maps.c.conversation)
        .where(group_maps.c.conversation == number)
    )  # fmt: skip
    with store.reading() as connection:
        row = connection.execute(query).mappings().first()
        if row is None:
            return None
        shown = map_versions.newest_within(connection, number) if is_public else None
        if shown is None:
            shown = _newest_within(connection, row, number)
        later = (changes.c.conversation == number) & (changes.c.sequence > shown.sequence)
        n_other = connection.execute(select(func.count()).select_from(changes).where(later)).scalar_one()
    n_changes = row["reached"] - shown.sequence
    return MapReading(
        document=shown.document,
        method_version=shown.method_version,
        sequence=shown.sequence,
        published_at=shown.published_at,
        outcome=shown.outcome,
        result_hash=shown.result_hash,
        n_changes_since=n_changes,
        n_votes_since=n_changes - n_other,
        error=attempts.visible_error(row["n_attempts"], row["error"]),
        assessment=shown.assessment,
    )


def _newest_within(connection: Connection, row: RowMapping, conversation_number: int) -> MapVersion:
    """Return the map that was drawn last, with the newest assessment of all."""
    presented = select(group_maps.c.presented).where(group_maps.c.conversation == conversation_number)
    return MapVersion(
        method_version=row["method_version"],
        sequence=row["sequence"],
        outcome=row["outcome"],
        result_hash=row["result_hash"],
        published_at=as_time(row["published_at"]),
        document=bytes(connection.execute(presented).scalar_one()),
        assessment=assessments.read_within(connection, conversation_number),
    )


def own_place(
    store: Store, conversation: Conversation, participant_id: str | HashedParticipant
) -> Place | None:
    """Return where a participant stands on the published map; None when not placed."""
    with store.reading() as connection:
        number = participants.number_of(connection, store, conversation, participant_id)
        if number is None:
            return None
        place = func.substr(group_maps.c.places, PLACE_BYTES * number + 1, PLACE_BYTES)
        found = connection.execute(
            select(place).where(group_maps.c.conversation == conversation.number)
        ).scalar()
        known = assessments.membership_within(connection, conversation.number, number)
    if not found:
        return None  # No map yet, or drawn before this participant came.
    x, y, group = _PLACE.unpack(found)
    if group == _NOT_PLACED:
        return None
    # What was judged of another group says nothing of this one.
    membership = known.probability if known is not None and known.group == group else None
    return Place(x, y, group, membership)


def priorities(store: Store, conversation: Conversation) -> dict[str, float]:
    """Return statement id → priority of being shown next; empty before the first map."""
    query = select(group_maps.c.priorities).where(group_maps.c.conversation == conversation.number)
    with store.reading() as connection:
        found = connection.execute(query).scalar()
    return json.loads(found) if found else {}


def presented(store: Store, conversation_number: int) -> PresentedBefore | None:
    """Return what people saw last, for the worker."""
    found = _presented(store, conversation_number, *_BEFORE)
    return None if found is None else _before(found)


def presented_with_document(store: Store, conversation_number: int) -> tuple[PresentedBefore, bytes] | None:
    """Return what people saw last, and the JSON that they read."""
    found = _presented(store, conversation_number, *_BEFORE, "presented")
    return None if found is None else (_before(found), bytes(found["presented"]))


_BEFORE = ("method_version", "sequence", "presentation", "places")


def _presented(store: Store, conversation_number: int, *columns: str) -> RowMapping | None:
    query = select(*(group_maps.c[name] for name in columns)).where(
        group_maps.c.conversation == conversation_number
    )
    with store.reading() as connection:
        return connection.execute(query).mappings().first()


def _before(row: RowMapping) -> PresentedBefore:
    return PresentedBefore(
        row["method_version"], row["sequence"], bytes(row["presentation"]), bytes(row["places"])
    )


def canonical(store: Store, conversation_number: int) -> bytes | None:
    """Return the published map as computed, before it was kept still: what its result hash covers."""
    query = select(group_maps.c.canonical).where(group_maps.c.conversation == conversation_number)
    with store.reading() as connection:
        found = connection.execute(query).scalar()
    return bytes(found) if found else None


def stamp(store: Store, conversation_number: int) -> tuple[int, int] | None:
    """Return the published map's (method version, sequence), or None before the first."""
    query = select(group_maps.c.method_version, group_maps.c.sequence)
    with store.reading() as connection:
        row = connection.execute(query.where(group_maps.c.conversation == conversation_number)).first()
    return None if row is None else (row.method_version, row.sequence)

"""The published map as other tools read it: written with the map, read packed."""

import zlib
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from service.store.database import Store
from service.store.outside_tables import outside_maps
from service.store.records import Conversation, PublishedMap
from service.store.tables import votes

_LEVEL = 3
"""How hard documents are packed: the worker shouldn't wait for the last percent."""

# Made once: building it for every request took longer than running it.
_SELECT_STAMP = select(outside_maps.c.method_version, outside_maps.c.sequence).where(
    outside_maps.c.conversation == bindparam("here"), outside_maps.c.is_public == bindparam("is_public")
)


@dataclass(frozen=True, slots=True)
class OutsideMap:
    """A map as other tools read it, as JSON, and which map that is."""

    method_version: int
    sequence: int
    document: bytes


@dataclass(frozen=True, slots=True)
class PackedMaps:
    """Both documents of a map, ready to be written."""

    everybody: bytes
    public: bytes


def packed(published: PublishedMap) -> PackedMaps | None:
    """Return a map's documents as they are kept, if they were made; it takes a while, so before any lock."""
    if not published.outside:
        return None
    return PackedMaps(zlib.compress(published.outside, _LEVEL), zlib.compress(published.outside_public, _LEVEL))


def replace_within(
    connection: Connection,
    store: Store,
    published: PublishedMap,
    documents: PackedMaps | None,
    *,
    is_for_everybody: bool,
) -> None:
    """Write a map's documents, if they were made, in the transaction that publishes it.

    Parameters
    ----------
    is_for_everybody
        Whether enough people voted since the last public one; otherwise that one stays.
    """
    if documents is None:
        return
    rows = [
        {
            "conversation": published.conversation_number,
            "is_public": is_public,
            "method_version": published.method_version,
            "sequence": published.sequence,
            "document": document,
        }
        for is_public, document in ((False, documents.everybody), (True, documents.public))
        if is_for_everybody or not is_public
    ]
    insert = (sqlite if store.is_sqlite else postgresql).insert(outside_maps)
    keys = ["conversation", "is_public"]
    changed = {name: insert.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=changed), rows)


def stamp_number(method_version: int, sequence: int) -> int:
    """Return one number that grows with each newer map: neither of the two ever shrinks."""
    return method_version + sequence


def stamp(store: Store, conversation: Conversation, *, is_public: bool) -> tuple[int, int] | None:
    """Return method version and sequence of the map that is there, if one is."""
    with store.reading() as connection:
        row = connection.execute(_SELECT_STAMP, {"here": conversation.number, "is_public": is_public}).first()
    return None if row is None else (row.method_version, row.sequence)


def read(store: Store, conversation: Conversation, *, is_public: bool) -> OutsideMap | None:
    """Return the map that tells of groups only, or the one that tells of everybody."""
    query = select(outside_maps.c.method_version, outside_maps.c.sequence, outside_maps.c.document).where(
        outside_maps.c.conversation == conversation.number, outside_maps.c.is_public == is_public
    )
    with store.reading() as connection:
        row = connection.execute(query).first()
    if row is None:
        return None
    return OutsideMap(row.method_version, row.sequence, zlib.decompress(bytes(row.document)))


def last_cast_at(store: Store, conversation_number: int, *, as_of: int) -> int:
    """Return when the last vote up to a sequence was cast, in seconds since 1970; 0 before the first."""
    query = (
        select(votes.c.cast_at)
        .where(votes.c.conversation == conversation_number, votes.c.sequence <= as_of)
        .order_by(votes.c.sequence.desc())
        .limit(1)
    )
    with store.reading() as connection:
        return connection.execute(query).scalar() or 0

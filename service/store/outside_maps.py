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
    outside_maps.c.conversation == bindparam("here")
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
    connection: Connection, store: Store, published: PublishedMap, documents: PackedMaps | None
) -> None:
    """Write both documents of a map, if they were made, in the transaction that publishes it."""
    if documents is None:
        return
    row = {
        "conversation": published.conversation_number,
        "method_version": published.method_version,
        "sequence": published.sequence,
        "public_document": documents.public,
        "document": documents.everybody,
    }
    insert = (sqlite if store.is_sqlite else postgresql).insert(outside_maps).values(row)
    changed = {name: insert.excluded[name] for name in row if name != "conversation"}
    connection.execute(insert.on_conflict_do_update(index_elements=["conversation"], set_=changed))


def stamp_number(method_version: int, sequence: int) -> int:
    """Return one number that grows with each newer map: neither of the two ever shrinks."""
    return method_version + sequence


def stamp(store: Store, conversation: Conversation) -> tuple[int, int] | None:
    """Return method version and sequence of the map that is there, if one is."""
    with store.reading() as connection:
        row = connection.execute(_SELECT_STAMP, {"here": conversation.number}).first()
    return None if row is None else (row.method_version, row.sequence)


def read(store: Store, conversation: Conversation, *, is_public: bool) -> OutsideMap | None:
    """Return the map that tells of groups only, or the one that tells of everybody."""
    column = outside_maps.c.public_document if is_public else outside_maps.c.document
    query = select(outside_maps.c.method_version, outside_maps.c.sequence, column.label("packed"))
    with store.reading() as connection:
        row = connection.execute(query.where(outside_maps.c.conversation == conversation.number)).first()
    if row is None:
        return None
    return OutsideMap(row.method_version, row.sequence, zlib.decompress(bytes(row.packed)))


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

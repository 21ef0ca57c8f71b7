"""What a published map says of each statement for choosing somebody's next one; written with the map."""

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from service.store.database import Store
from service.store.records import Conversation, PublishedMap
from service.store.tables import statement_pulls

_SELECT_STAMP = select(statement_pulls.c.method_version, statement_pulls.c.sequence).where(
    statement_pulls.c.conversation == bindparam("here")
)


def replace_within(connection: Connection, store: Store, published: PublishedMap) -> None:
    """Write what a map says of its statements, in the transaction that publishes it."""
    row = {
        "conversation": published.conversation_number,
        "method_version": published.method_version,
        "sequence": published.sequence,
        "document": published.pulls,
    }
    insert = (sqlite if store.is_sqlite else postgresql).insert(statement_pulls).values(row)
    changed = {name: insert.excluded[name] for name in row if name != "conversation"}
    connection.execute(insert.on_conflict_do_update(index_elements=["conversation"], set_=changed))


def stamp(store: Store, conversation: Conversation) -> tuple[int, int] | None:
    """Return method version and sequence of the map that says it; None before the first."""
    with store.reading() as connection:
        row = connection.execute(_SELECT_STAMP, {"here": conversation.number}).first()
    return None if row is None else (row.method_version, row.sequence)


def read(store: Store, conversation: Conversation) -> bytes:
    """Return what the published map says of its statements, as JSON; an empty list before the first map."""
    return document(store, conversation.number)


def document(store: Store, conversation_number: int) -> bytes:
    """Return the same by the conversation's number."""
    query = select(statement_pulls.c.document).where(statement_pulls.c.conversation == conversation_number)
    with store.reading() as connection:
        found = connection.execute(query).scalar()
    return bytes(found) if found else b"[]"

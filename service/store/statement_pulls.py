"""What a published map says of each statement for choosing somebody's next one; written with the map."""

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from service.store.database import Store
from service.store.records import PublishedMap
from service.store.tables import statement_pulls

_COLUMNS = ("method_version", "sequence")


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

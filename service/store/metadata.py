"""What every table is made with: one collection, one way to name constraints, and the key to a conversation."""

from sqlalchemy import Column, ForeignKey, MetaData

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)


def conversation_column() -> Column[int]:
    """Return the key to the conversation that a row belongs to."""
    return Column("conversation", ForeignKey("conversations.number"), primary_key=True, autoincrement=False)


def conversation_key() -> Column[int]:
    """Return the key to the conversation of a row that has a number of its own."""
    return Column("conversation", ForeignKey("conversations.number"), nullable=False)

"""Tables for tools that were made for another service: numbers, reports, names and maps as they know them.

The names of the columns are ours; what each is called outside stands in `service.polis_api`.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from service.store.metadata import conversation_column, metadata

# A conversation without a row here is numbered outside as it is inside: dense, from 0.
outside_numberings = Table(
    "outside_numberings",
    metadata,
    conversation_column(),
    Column("n_participants", Integer, nullable=False),
    Column("next_participant", Integer, nullable=False),
    Column("n_statements", Integer, nullable=False),
    Column("next_statement", Integer, nullable=False),
    comment="How many participants and statements came with numbers, and what follows on them.",
)

outside_participants = Table(
    "outside_participants",
    metadata,
    conversation_column(),
    Column("participant_number", Integer, primary_key=True, autoincrement=False),
    Column("outside_number", Integer, nullable=False),
    UniqueConstraint("conversation", "outside_number"),
    sqlite_with_rowid=False,
)

outside_statements = Table(
    "outside_statements",
    metadata,
    conversation_column(),
    Column("statement_number", Integer, primary_key=True, autoincrement=False),
    Column("outside_number", Integer, nullable=False),
    UniqueConstraint("conversation", "outside_number"),
    sqlite_with_rowid=False,
)

named_participants = Table(
    "named_participants",
    metadata,
    conversation_column(),
    Column("id_hash", LargeBinary, primary_key=True),
    Column("name", Text, nullable=False),
    sqlite_with_rowid=False,
    comment="What a platform calls its participants, where a conversation keeps that.",
)

reports = Table(
    "reports",
    metadata,
    Column("id", Text, primary_key=True),
    Column("conversation", ForeignKey("conversations.number"), nullable=False),
    Column("name", Text, nullable=False),
    Column("settings", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("modified_at", BigInteger, nullable=False),
)

# Small columns stand first: SQLite walks over the earlier ones to reach a later one.
outside_maps = Table(
    "outside_maps",
    metadata,
    conversation_column(),
    Column("is_public", Boolean, primary_key=True),
    Column("method_version", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("document", LargeBinary, nullable=False),
    comment="The published map as other tools read it, packed; the public one tells of groups.",
)

"""The tables: one schema for SQLite and PostgreSQL, with the names of the vocabulary."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from service.store.metadata import conversation_column as _conversation_column
from service.store.metadata import conversation_key as _conversation_key
from service.store.metadata import metadata
from service.store.taking_part_tables import about_answers, transfer_codes

__all__ = ["about_answers", "metadata", "transfer_codes"]

SCHEMA = "0012"
"""The latest step in `migrations`; a store at another one isn't used."""

facts = Table(
    "facts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    comment="What is true of the whole store, such as the fingerprint of its secret.",
)

told_phases = Table(
    "told_phases",
    metadata,
    _conversation_column(),
    Column("phase", Text, nullable=False),
    comment="Which phase of a conversation webhooks were told of last.",
)

conversations = Table(
    "conversations",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("tenant", ForeignKey("tenants.id"), nullable=False),
    Column("question", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("is_test", Boolean, nullable=False),
    Column("settings", JSON, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("n_participants", Integer, nullable=False),
    Column("n_statements", Integer, nullable=False),
    Column("n_votes", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

statements = Table(
    "statements",
    metadata,
    _conversation_column(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("is_meta", Boolean, nullable=False),
    Column("language", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("translations", JSON, nullable=False, server_default="{}"),
    Column("author_hash", LargeBinary),
    UniqueConstraint("conversation", "id"),
)

participants = Table(
    "participants",
    metadata,
    _conversation_column(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("id_hash", LargeBinary, nullable=False),
    Column("channel", Text, nullable=False, server_default=""),
    UniqueConstraint("conversation", "id_hash"),
    sqlite_with_rowid=False,
)

identities = Table(
    "identities",
    metadata,
    _conversation_column(),
    Column("id_hash", LargeBinary, primary_key=True),
    Column("assurance", Text, nullable=False),
    Column("attributes", JSON, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
    comment="What is known of participants who came with more than nothing; apart from their votes.",
)

code_batches = Table(
    "code_batches",
    metadata,
    Column("number", Integer, primary_key=True),
    _conversation_key(),
    Column("label", Text, nullable=False),
    Column("n_codes", Integer, nullable=False),
    Column("n_made", Integer, nullable=False),
    Column("is_closed", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

codes = Table(
    "codes",
    metadata,
    _conversation_column(),
    Column("code_hash", LargeBinary, primary_key=True),
    Column("batch", Integer, nullable=False),
    Column("redeemed_at", BigInteger),
    sqlite_with_rowid=False,
    comment="One-time voting codes, as keyed hashes.",
)

ballot_batches = Table(
    "ballot_batches",
    metadata,
    _conversation_column(),
    Column("id", Text, primary_key=True),
    Column("operator", Text, nullable=False),
    Column("is_recorded", Boolean, nullable=False),
    Column("n_ballots", Integer, nullable=False),
    Column("n_votes", Integer, nullable=False),
    Column("entry_hash", LargeBinary, nullable=False),
    Column("entry", LargeBinary),
    Column("made_at", BigInteger, nullable=False),
    Column("recorded_at", BigInteger),
    comment="Paper ballots that were typed in: waiting for the second entry, or recorded.",
)

# The two large tables have no foreign keys: their rows are only ever written while the conversation's own row
# is locked, and checking a key for every vote would cost a bulk import more than the writing itself.
votes = Table(
    "votes",
    metadata,
    Column("conversation", Integer, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("participant_number", Integer, nullable=False),
    Column("statement_number", Integer, nullable=False),
    Column("value", SmallInteger, nullable=False),
    Column("cast_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

current_votes = Table(
    "current_votes",
    metadata,
    Column("conversation", Integer, primary_key=True, autoincrement=False),
    Column("participant_number", Integer, primary_key=True, autoincrement=False),
    Column("statement_number", Integer, primary_key=True, autoincrement=False),
    Column("value", SmallInteger, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("client_sequence", BigInteger),
    sqlite_with_rowid=False,
)

left_out_participants = Table(
    "left_out_participants",
    metadata,
    _conversation_column(),
    Column("participant_number", Integer, primary_key=True, autoincrement=False),
    Column("is_erased", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
    comment="Who is not on the map: excluded by a moderator, or erased at their own wish.",
)

changes = Table(
    "changes",
    metadata,
    _conversation_column(),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# Small columns stand first: SQLite walks over the earlier ones to reach a later one.
group_maps = Table(
    "group_maps",
    metadata,
    _conversation_column(),
    Column("method_version", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("result_hash", Text, nullable=False),
    Column("published_at", Double, nullable=False),
    Column("presentation", LargeBinary, nullable=False),
    Column("priorities", LargeBinary, nullable=False),
    Column("presented", LargeBinary, nullable=False),
    Column("places", LargeBinary, nullable=False),
    Column("canonical", LargeBinary, nullable=False),
)

map_attempts = Table(
    "map_attempts",
    metadata,
    _conversation_column(),
    Column("n_attempts", Integer, nullable=False),
    Column("retry_at", Double, nullable=False),
    Column("error", Text),
)

# What can be believed of a published map, made after it. Small columns first, as above.
assessments = Table(
    "assessments",
    metadata,
    _conversation_column(),
    Column("method_version", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("made_at", Double, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("membership", LargeBinary, nullable=False),
)

assessment_attempts = Table(
    "assessment_attempts",
    metadata,
    _conversation_column(),
    Column("n_attempts", Integer, nullable=False),
    Column("retry_at", Double, nullable=False),
    Column("error", Text),
)

# A row of its own, so that choosing somebody's next statement reads nothing else of the map.
statement_pulls = Table(
    "statement_pulls",
    metadata,
    _conversation_column(),
    Column("method_version", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("document", LargeBinary, nullable=False),
)

exposures = Table(
    "exposures",
    metadata,
    Column("conversation", Integer, primary_key=True, autoincrement=False),
    Column("id_hash", LargeBinary, primary_key=True),
    Column("statement_number", Integer, primary_key=True, autoincrement=False),
    Column("propensity", Double, nullable=False),
    Column("because", Text, nullable=False),
    Column("shown_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
    comment="With what probability a participant was last shown a statement: weights for unbiased shares.",
)

# Every few people a published map is kept, for looking back. Small columns first, as above.
map_versions = Table(
    "map_versions",
    metadata,
    _conversation_column(),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("method_version", Integer, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("result_hash", Text, nullable=False),
    Column("published_at", Double, nullable=False),
    Column("is_at_closing", Boolean, nullable=False),
    Column("groups", LargeBinary, nullable=False),
    Column("presented", LargeBinary, nullable=False),
    Column("assessment", LargeBinary),
    Column("assessed_at", Double),
    comment="Published maps that are kept; the last two columns are packed.",
)

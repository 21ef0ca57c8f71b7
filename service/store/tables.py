"""The tables: one schema for SQLite and PostgreSQL, with the names of the vocabulary."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

from service.store import outside_tables as outside_tables  # Part of the same schema.
from service.store.metadata import metadata

SCHEMA = "0006"
"""The latest step in `migrations`; a store at another one isn't used."""


def _conversation_column() -> Column[int]:
    """Return the key to the conversation that a row belongs to."""
    return Column("conversation", ForeignKey("conversations.number"), primary_key=True, autoincrement=False)


def _conversation_key() -> Column[int]:
    """Return the key to the conversation of a row that has a number of its own."""
    return Column("conversation", ForeignKey("conversations.number"), nullable=False)


facts = Table(
    "facts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    comment="What is true of the whole store, such as the fingerprint of its secret.",
)

tenants = Table(
    "tenants",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("tenant", ForeignKey("tenants.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("key_hash", LargeBinary, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("is_test", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("revoked_at", BigInteger),
    Column("last_used_at", BigInteger),
    comment="A platform's bearer keys; of a key itself only the hash is kept.",
)

signing_keys = Table(
    "signing_keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("tenant", ForeignKey("tenants.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("public_key", Text, nullable=False),
    Column("is_test", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    comment="Public halves of the keys that platforms sign participants' identities with.",
)

used_identities = Table(
    "used_identities",
    metadata,
    Column("id_hash", LargeBinary, primary_key=True),
    Column("expires_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
    comment="Signed identities that were exchanged already, until they expire anyway.",
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Text, primary_key=True),
    Column("tenant", ForeignKey("tenants.id"), nullable=False),
    Column("url", Text, nullable=False),
    Column("kinds", JSON, nullable=False),
    Column("is_test", Boolean, nullable=False),
    Column("disabled_because", Text),
    Column("created_at", BigInteger, nullable=False),
    comment="Where platforms want to be told of what happens.",
)

webhook_messages = Table(
    "webhook_messages",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("webhook", ForeignKey("webhooks.id"), nullable=False),
    Column("conversation", Integer),
    Column("kind", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Column("made_at", Double, nullable=False),
    Column("n_attempts", Integer, nullable=False),
    Column("next_at", Double),
    Column("delivered_at", Double),
    Column("last_status", Integer),
    Column("last_error", Text),
    Index("ix_webhook_messages_next_at", "next_at"),
    comment="What is to be told to whom, written with what it tells of; and what came of it.",
)

told_phases = Table(
    "told_phases",
    metadata,
    _conversation_column(),
    Column("phase", Text, nullable=False),
    comment="Which phase of a conversation webhooks were told of last.",
)

kept_answers = Table(
    "kept_answers",
    metadata,
    Column("id_hash", LargeBinary, primary_key=True),
    Column("request_hash", LargeBinary, nullable=False),
    Column("status", Integer),
    Column("headers", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("begun_at", BigInteger, nullable=False),
    comment="Answers to requests that carried an Idempotency-Key, for a day.",
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
    comment="Published maps that are kept; the last two columns are packed.",
)

analysis_jobs = Table(
    "analysis_jobs",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("tenant", Text, nullable=False),
    Column("conversation", Integer),
    Column("kind", Text, nullable=False),
    Column("is_test", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("request", JSON, nullable=False),
    Column("error", Text),
    Column("errors", JSON, nullable=False),
    Column("made_at", Double, nullable=False),
    Column("begun_at", Double),
    Column("finished_at", Double),
    Column("document", LargeBinary),
    # A number that was deleted must not be another job's while a queue still holds it.
    sqlite_autoincrement=True,
    comment="Analyses that were asked for, and what came of them; deleted an hour after.",
)

analysis_pieces = Table(
    "analysis_pieces",
    metadata,
    Column("job", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
    comment="What an analysis is to be made of, in pieces; deleted when it is done.",
)

"""The tables of platforms: tenants and keys, webhooks, answers that are kept, analyses asked for alone."""

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
    Table,
    Text,
)

from service.store.metadata import metadata

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
    Column("step", Text),
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

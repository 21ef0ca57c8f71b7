"""Keys of platforms, who participants are, and one-time codes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CONVERSATION = "conversations.number"


def upgrade() -> None:
    """Make the tables."""
    op.add_column("tenants", sa.Column("name", sa.Text, nullable=False, server_default=""))
    _keys()
    _identities()
    _codes()
    _webhooks()
    op.add_column("statements", sa.Column("reason", sa.Text, nullable=False, server_default=""))
    op.add_column("statements", sa.Column("translations", sa.JSON, nullable=False, server_default="{}"))
    op.add_column("statements", sa.Column("author_hash", sa.LargeBinary))
    op.add_column("current_votes", sa.Column("client_sequence", sa.BigInteger))
    op.create_table(
        "left_out_participants",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("participant_number", sa.Integer, nullable=False),
        sa.Column("is_erased", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("conversation", "participant_number", name="pk_left_out_participants"),
        sa.ForeignKeyConstraint(["conversation"], [CONVERSATION], name="fk_left_out_participants_conversation"),
        sqlite_with_rowid=False,
        comment="Who is not on the map: excluded by a moderator, or erased at their own wish.",
    )


def _keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("key_hash", sa.LargeBinary, nullable=False),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("is_test", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger),
        sa.Column("revoked_at", sa.BigInteger),
        sa.Column("last_used_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_api_keys_tenant"),
        comment="A platform's bearer keys; of a key itself only the hash is kept.",
    )
    op.create_table(
        "signing_keys",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("is_test", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("revoked_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_signing_keys"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_signing_keys_tenant"),
        comment="Public halves of the keys that platforms sign participants' identities with.",
    )
    op.create_table(
        "used_identities",
        sa.Column("id_hash", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id_hash", name="pk_used_identities"),
        sqlite_with_rowid=False,
        comment="Signed identities that were exchanged already, until they expire anyway.",
    )

    op.create_table(
        "kept_answers",
        sa.Column("id_hash", sa.LargeBinary, nullable=False),
        sa.Column("request_hash", sa.LargeBinary, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("headers", sa.JSON, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("begun_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id_hash", name="pk_kept_answers"),
        comment="Answers to requests that carried an Idempotency-Key, for a day.",
    )


def _webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("kinds", sa.JSON, nullable=False),
        sa.Column("is_test", sa.Boolean, nullable=False),
        sa.Column("disabled_because", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_webhooks_tenant"),
        comment="Where platforms want to be told of what happens.",
    )
    op.create_table(
        "webhook_messages",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("webhook", sa.Text, nullable=False),
        sa.Column("conversation", sa.Integer),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("made_at", sa.Double, nullable=False),
        sa.Column("n_attempts", sa.Integer, nullable=False),
        sa.Column("next_at", sa.Double),
        sa.Column("delivered_at", sa.Double),
        sa.Column("last_status", sa.Integer),
        sa.Column("last_error", sa.Text),
        sa.PrimaryKeyConstraint("number", name="pk_webhook_messages"),
        sa.ForeignKeyConstraint(["webhook"], ["webhooks.id"], name="fk_webhook_messages_webhook"),
        comment="What is to be told to whom, written with what it tells of; and what came of it.",
    )
    op.create_index("ix_webhook_messages_next_at", "webhook_messages", ["next_at"])
    op.create_table(
        "told_phases",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("phase", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("conversation", name="pk_told_phases"),
        sa.ForeignKeyConstraint(["conversation"], [CONVERSATION], name="fk_told_phases_conversation"),
        comment="Which phase of a conversation webhooks were told of last.",
    )


def _identities() -> None:
    op.create_table(
        "identities",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("id_hash", sa.LargeBinary, nullable=False),
        sa.Column("assurance", sa.Text, nullable=False),
        sa.Column("attributes", sa.JSON, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("conversation", "id_hash", name="pk_identities"),
        sa.ForeignKeyConstraint(["conversation"], [CONVERSATION], name="fk_identities_conversation"),
        sqlite_with_rowid=False,
        comment="What is known of participants who came with more than nothing; apart from their votes.",
    )


def _codes() -> None:
    op.create_table(
        "code_batches",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("n_codes", sa.Integer, nullable=False),
        sa.Column("n_made", sa.Integer, nullable=False),
        sa.Column("is_closed", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_code_batches"),
        sa.ForeignKeyConstraint(["conversation"], [CONVERSATION], name="fk_code_batches_conversation"),
    )
    op.create_table(
        "codes",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("code_hash", sa.LargeBinary, nullable=False),
        sa.Column("batch", sa.Integer, nullable=False),
        sa.Column("redeemed_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("conversation", "code_hash", name="pk_codes"),
        sa.ForeignKeyConstraint(["conversation"], [CONVERSATION], name="fk_codes_conversation"),
        sqlite_with_rowid=False,
        comment="One-time voting codes, as keyed hashes.",
    )

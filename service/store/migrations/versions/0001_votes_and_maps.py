"""Conversations, statements, the vote log and the group maps."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

CONVERSATION = "conversations.number"


def upgrade() -> None:
    """Make the first tables."""
    _whole_service()
    _inside_conversations()
    _log()
    _maps()


def _whole_service() -> None:
    op.create_table(
        "facts",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_facts"),
        comment="What is true of the whole store, such as the fingerprint of its secret.",
    )
    op.create_table(
        "tenants",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tenants"),
    )
    op.create_table(
        "conversations",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("is_test", sa.Boolean, nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("n_participants", sa.Integer, nullable=False),
        sa.Column("n_statements", sa.Integer, nullable=False),
        sa.Column("n_votes", sa.Integer, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_conversations"),
        sa.UniqueConstraint("id", name="uq_conversations_id"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_conversations_tenant"),
    )


def _inside_conversations() -> None:
    op.create_table(
        "statements",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("is_meta", sa.Boolean, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("conversation", "number", name="pk_statements"),
        sa.UniqueConstraint("conversation", "id", name="uq_statements_conversation_id"),
        sa.ForeignKeyConstraint(["conversation"], [CONVERSATION], name="fk_statements_conversation"),
    )
    op.create_table(
        "participants",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("id_hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("conversation", "number", name="pk_participants"),
        sa.UniqueConstraint("conversation", "id_hash", name="uq_participants_conversation_id_hash"),
        sa.ForeignKeyConstraint(["conversation"], [CONVERSATION], name="fk_participants_conversation"),
        sqlite_with_rowid=False,
    )


def _log() -> None:
    op.create_table(
        "votes",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("participant_number", sa.Integer, nullable=False),
        sa.Column("statement_number", sa.Integer, nullable=False),
        sa.Column("value", sa.SmallInteger, nullable=False),
        sa.Column("cast_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("conversation", "sequence", name="pk_votes"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "current_votes",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("participant_number", sa.Integer, nullable=False),
        sa.Column("statement_number", sa.Integer, nullable=False),
        sa.Column("value", sa.SmallInteger, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint(
            "conversation", "participant_number", "statement_number", name="pk_current_votes"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "changes",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("conversation", "sequence", name="pk_changes"),
        sa.ForeignKeyConstraint(["conversation"], [CONVERSATION], name="fk_changes_conversation"),
        sqlite_with_rowid=False,
    )


def _maps() -> None:
    op.create_table(
        "group_maps",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("method_version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("result_hash", sa.Text, nullable=False),
        sa.Column("published_at", sa.Double, nullable=False),
        sa.Column("presentation", sa.LargeBinary, nullable=False),
        sa.Column("priorities", sa.LargeBinary, nullable=False),
        sa.Column("presented", sa.LargeBinary, nullable=False),
        sa.Column("places", sa.LargeBinary, nullable=False),
        sa.Column("canonical", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("conversation", name="pk_group_maps"),
        sa.ForeignKeyConstraint(["conversation"], [CONVERSATION], name="fk_group_maps_conversation"),
    )
    if op.get_context().dialect.name == "postgresql":
        # Kept uncompressed, so that reading one participant's place doesn't read everybody's.
        op.execute("ALTER TABLE group_maps ALTER COLUMN places SET STORAGE EXTERNAL")
    op.create_table(
        "map_attempts",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("n_attempts", sa.Integer, nullable=False),
        sa.Column("retry_at", sa.Double, nullable=False),
        sa.Column("error", sa.Text),
        sa.PrimaryKeyConstraint("conversation", name="pk_map_attempts"),
        sa.ForeignKeyConstraint(["conversation"], [CONVERSATION], name="fk_map_attempts_conversation"),
    )

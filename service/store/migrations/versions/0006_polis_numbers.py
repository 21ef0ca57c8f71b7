"""Numbers, reports, names and maps as tools made for Polis know them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _numbers()
    _others()


def _conversation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["conversation"], ["conversations.number"], name=f"fk_{table}_conversation")


def _numbers() -> None:
    op.create_table(
        "outside_numberings",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("n_participants", sa.Integer, nullable=False),
        sa.Column("next_participant", sa.Integer, nullable=False),
        sa.Column("n_statements", sa.Integer, nullable=False),
        sa.Column("next_statement", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("conversation", name="pk_outside_numberings"),
        _conversation("outside_numberings"),
        comment="How many participants and statements came with numbers, and what follows on them.",
    )
    for kind in ("participant", "statement"):
        table = f"outside_{kind}s"
        op.create_table(
            table,
            sa.Column("conversation", sa.Integer, nullable=False),
            sa.Column(f"{kind}_number", sa.Integer, nullable=False),
            sa.Column("outside_number", sa.Integer, nullable=False),
            sa.PrimaryKeyConstraint("conversation", f"{kind}_number", name=f"pk_{table}"),
            sa.UniqueConstraint(
                "conversation", "outside_number", name=f"uq_{table}_conversation_outside_number"
            ),
            _conversation(table),
            sqlite_with_rowid=False,
        )


def _others() -> None:
    op.create_table(
        "named_participants",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("id_hash", sa.LargeBinary, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("conversation", "id_hash", name="pk_named_participants"),
        _conversation("named_participants"),
        sqlite_with_rowid=False,
        comment="What a platform calls its participants, where a conversation keeps that.",
    )
    op.create_table(
        "reports",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("modified_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        _conversation("reports"),
    )
    op.create_table(
        "outside_maps",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("method_version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("public_document", sa.LargeBinary, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("conversation", name="pk_outside_maps"),
        _conversation("outside_maps"),
        comment="The published map as other tools read it, packed; the public one tells of groups.",
    )

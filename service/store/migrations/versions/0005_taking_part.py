"""What participants answer about themselves, and codes by which they go on at another device."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "about_answers",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("id_hash", sa.LargeBinary, nullable=False),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("conversation", "id_hash", name="pk_about_answers"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.number"], name="fk_about_answers_conversation"
        ),
        sqlite_with_rowid=False,
        comment="What participants answered about themselves: question id to option id; apart from votes.",
    )
    op.create_table(
        "transfer_codes",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("code_hash", sa.LargeBinary, nullable=False),
        sa.Column("id_hash", sa.LargeBinary, nullable=False),
        sa.Column("assurance", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("conversation", "code_hash", name="pk_transfer_codes"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.number"], name="fk_transfer_codes_conversation"
        ),
        sqlite_with_rowid=False,
        comment="Codes by which participants go on at another device, as keyed hashes; deleted when redeemed.",
    )

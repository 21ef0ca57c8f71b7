"""Batches of paper ballots, and by which way participants came."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the column."""
    op.create_table(
        "ballot_batches",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("operator", sa.Text, nullable=False),
        sa.Column("is_recorded", sa.Boolean, nullable=False),
        sa.Column("n_ballots", sa.Integer, nullable=False),
        sa.Column("n_votes", sa.Integer, nullable=False),
        sa.Column("entry_hash", sa.LargeBinary, nullable=False),
        sa.Column("entry", sa.LargeBinary),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("recorded_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("conversation", "id", name="pk_ballot_batches"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.number"], name="fk_ballot_batches_conversation"
        ),
        comment="Paper ballots that were typed in: waiting for the second entry, or recorded.",
    )
    op.add_column("participants", sa.Column("channel", sa.Text, nullable=False, server_default=""))

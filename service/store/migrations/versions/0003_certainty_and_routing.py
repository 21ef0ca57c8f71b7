"""How sure maps are, what statements tell of people, and with what probability they were shown."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CONVERSATION = "conversations.number"


def upgrade() -> None:
    """Make the tables."""
    _assessments()
    _routing()


def _assessments() -> None:
    op.create_table(
        "assessments",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("method_version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.Double, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("membership", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("conversation", name="pk_assessments"),
        sa.ForeignKeyConstraint(["conversation"], [CONVERSATION], name="fk_assessments_conversation"),
    )
    if op.get_context().dialect.name == "postgresql":
        # Kept uncompressed, so that reading one participant's figures doesn't read everybody's.
        op.execute("ALTER TABLE assessments ALTER COLUMN membership SET STORAGE EXTERNAL")
    op.create_table(
        "assessment_attempts",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("n_attempts", sa.Integer, nullable=False),
        sa.Column("retry_at", sa.Double, nullable=False),
        sa.Column("error", sa.Text),
        sa.PrimaryKeyConstraint("conversation", name="pk_assessment_attempts"),
        sa.ForeignKeyConstraint(["conversation"], [CONVERSATION], name="fk_assessment_attempts_conversation"),
    )


def _routing() -> None:
    op.create_table(
        "statement_pulls",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("method_version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("conversation", name="pk_statement_pulls"),
        sa.ForeignKeyConstraint(["conversation"], [CONVERSATION], name="fk_statement_pulls_conversation"),
    )
    op.create_table(
        "exposures",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("id_hash", sa.LargeBinary, nullable=False),
        sa.Column("statement_number", sa.Integer, nullable=False),
        sa.Column("propensity", sa.Double, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("shown_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("conversation", "id_hash", "statement_number", name="pk_exposures"),
        sqlite_with_rowid=False,
        comment="With what probability a participant was last shown a statement: weights for unbiased shares.",
    )

"""Published maps that are kept, and analyses that are asked for alone."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _versions()
    _analyses()


def _versions() -> None:
    op.create_table(
        "map_versions",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("method_version", sa.Integer, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("result_hash", sa.Text, nullable=False),
        sa.Column("published_at", sa.Double, nullable=False),
        sa.Column("is_at_closing", sa.Boolean, nullable=False),
        sa.Column("groups", sa.LargeBinary, nullable=False),
        sa.Column("presented", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("conversation", "sequence", name="pk_map_versions"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.number"], name="fk_map_versions_conversation"
        ),
        comment="Published maps that are kept; the last two columns are packed.",
    )


def _analyses() -> None:
    op.create_table(
        "analysis_jobs",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("conversation", sa.Integer),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("is_test", sa.Boolean, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("request", sa.JSON, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("errors", sa.JSON, nullable=False),
        sa.Column("made_at", sa.Double, nullable=False),
        sa.Column("begun_at", sa.Double),
        sa.Column("finished_at", sa.Double),
        sa.Column("document", sa.LargeBinary),
        sa.PrimaryKeyConstraint("number", name="pk_analysis_jobs"),
        sa.UniqueConstraint("id", name="uq_analysis_jobs_id"),
        sqlite_autoincrement=True,
        comment="Analyses that were asked for, and what came of them; deleted an hour after.",
    )
    op.create_table(
        "analysis_pieces",
        sa.Column("job", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("job", "number", name="pk_analysis_pieces"),
        comment="What an analysis is to be made of, in pieces; deleted when it is done.",
    )

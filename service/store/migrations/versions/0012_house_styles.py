"""Organisations may have a look of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "house_styles",
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("accent", sa.Text, nullable=False),
        sa.Column("logo_type", sa.Text, nullable=False),
        sa.Column("logo", sa.LargeBinary),
        sa.PrimaryKeyConstraint("tenant", name="pk_house_styles"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_house_styles_tenant"),
        comment="An organisation's name, colour and logo; without a row its pages look as the service does.",
    )
    op.create_index("ix_house_styles_digest", "house_styles", ["digest"])

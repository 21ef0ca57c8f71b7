"""Maps for everybody: other tools' public map has its own stamp; how sure a kept map was stands beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the columns, and the two maps of other tools two rows."""
    op.add_column("map_versions", sa.Column("assessment", sa.LargeBinary))
    op.add_column("map_versions", sa.Column("assessed_at", sa.Double))
    op.execute("CREATE TABLE outside_maps_before AS SELECT * FROM outside_maps")
    op.drop_table("outside_maps")
    op.create_table(
        "outside_maps",
        sa.Column("conversation", sa.Integer, nullable=False),
        sa.Column("is_public", sa.Boolean, nullable=False),
        sa.Column("method_version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("conversation", "is_public", name="pk_outside_maps"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.number"], name="fk_outside_maps_conversation"
        ),
        comment="The published map as other tools read it, packed; the public one tells of groups.",
    )
    for is_public, document in (("false", "document"), ("true", "public_document")):
        op.execute(
            "INSERT INTO outside_maps (conversation, is_public, method_version, sequence, document) "  # noqa: S608
            f"SELECT conversation, {is_public}, method_version, sequence, {document} FROM outside_maps_before"
        )
    op.drop_table("outside_maps_before")

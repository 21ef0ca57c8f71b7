"""People of the desk may come in by an identity at an OpenID provider."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "desk_identities",
        sa.Column("person", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("identity_hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_desk_identities"),
        sa.ForeignKeyConstraint(["person"], ["desk_people.number"], name="fk_desk_identities_person"),
        sa.UniqueConstraint("identity_hash", name="uq_desk_identities_identity_hash"),
        comment="By which identity at an OpenID provider somebody comes in, as a keyed hash.",
    )

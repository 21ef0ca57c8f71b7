"""The desk: its people, invitations and sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "desk_people",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("number", name="pk_desk_people"),
        sa.UniqueConstraint("email", name="uq_desk_people_email"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_desk_people_tenant"),
        comment="People who work with conversations, each for one tenant.",
    )
    op.create_table(
        "desk_invitations",
        sa.Column("code_hash", sa.LargeBinary, nullable=False),
        sa.Column("tenant", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name="pk_desk_invitations"),
        sa.ForeignKeyConstraint(["tenant"], ["tenants.id"], name="fk_desk_invitations_tenant"),
        comment="Open invitations to the desk, as hashes; deleted when accepted.",
    )
    op.create_table(
        "desk_sessions",
        sa.Column("id_hash", sa.LargeBinary, nullable=False),
        sa.Column("person", sa.Integer, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id_hash", name="pk_desk_sessions"),
        sa.ForeignKeyConstraint(["person"], ["desk_people.number"], name="fk_desk_sessions_person"),
        comment="Who is signed in at the desk, as hashes; deleted when they sign out.",
    )

"""Tables of the desk: who works there, who is invited, who is signed in."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, Table, Text

from service.store.metadata import metadata

desk_people = Table(
    "desk_people",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("tenant", ForeignKey("tenants.id"), nullable=False),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    comment="People who work with conversations, each for one tenant.",
)

desk_invitations = Table(
    "desk_invitations",
    metadata,
    Column("code_hash", LargeBinary, primary_key=True),
    Column("tenant", ForeignKey("tenants.id"), nullable=False),
    Column("email", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    comment="Open invitations to the desk, as hashes; deleted when accepted.",
)

desk_identities = Table(
    "desk_identities",
    metadata,
    Column("person", ForeignKey("desk_people.number"), primary_key=True, autoincrement=False),
    Column("identity_hash", LargeBinary, nullable=False, unique=True),
    comment="By which identity at an OpenID provider somebody comes in, as a keyed hash.",
)

desk_sessions = Table(
    "desk_sessions",
    metadata,
    Column("id_hash", LargeBinary, primary_key=True),
    Column("person", ForeignKey("desk_people.number"), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("used_at", BigInteger, nullable=False),
    comment="Who is signed in at the desk, as hashes; deleted when they sign out.",
)

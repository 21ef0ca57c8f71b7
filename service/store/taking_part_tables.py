"""Tables of what participants leave beside votes: answers about themselves, and codes to move with."""

from sqlalchemy import JSON, BigInteger, Column, Double, LargeBinary, Table, Text

from service.store.metadata import conversation_column, metadata

about_answers = Table(
    "about_answers",
    metadata,
    conversation_column(),
    Column("id_hash", LargeBinary, primary_key=True),
    Column("answers", JSON, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
    comment="What participants answered about themselves: question id to option id; apart from votes.",
)

transfer_codes = Table(
    "transfer_codes",
    metadata,
    conversation_column(),
    Column("code_hash", LargeBinary, primary_key=True),
    Column("id_hash", LargeBinary, nullable=False),
    Column("assurance", Text, nullable=False),
    Column("expires_at", Double, nullable=False),
    sqlite_with_rowid=False,
    comment="Codes by which participants go on at another device, as keyed hashes; deleted when redeemed.",
)

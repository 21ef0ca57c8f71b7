"""Table of house styles: how an organisation's own pages look."""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table, Text

from service.store.metadata import metadata

house_styles = Table(
    "house_styles",
    metadata,
    Column("tenant", ForeignKey("tenants.id"), primary_key=True),
    Column("digest", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("accent", Text, nullable=False),
    Column("logo_type", Text, nullable=False),
    Column("logo", LargeBinary),
    Index("ix_house_styles_digest", "digest"),
    comment="An organisation's name, colour and logo; without a row its pages look as the service does.",
)

"""All routes of `/api/v3`, given to an app."""

from flask import Flask

from service.polis_api import (
    addresses,
    coming,
    comments,
    conversations,
    maps,
    openapi,
    owners,
    reports,
    shelf,
    vote_routes,
)
from service.polis_api.declaring import routes

PARTS = (coming, vote_routes, comments, conversations, maps, reports, owners, openapi)
"""What declares routes."""


def register(app: Flask) -> None:
    """Let an app answer tools made for Polis."""
    shelf.register(app)
    app.register_blueprint(routes)
    addresses.register(app)

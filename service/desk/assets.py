"""What the desk's pages are dressed with: style sheets and modules, at addresses that name their content."""

import hashlib
from functools import cache
from importlib.resources import files

from flask import Response, url_for

from service.desk.declaring import desk
from service.identity.access import public
from service.pages.packing import lasting_answer
from service.store.errors import NotFoundError

ASSETS = {
    "desk.css": "text/css",
    "figures.css": "text/css",
    "map.js": "text/javascript",
    "invitation.js": "text/javascript",
    "moderate.js": "text/javascript",
    "moments.js": "text/javascript",
    "paper.js": "text/javascript",
}
"""The files there are, and their media types; nothing else of the folder is ever sent."""


@desk.get("/assets/<name>")
@public
def asset_file(name: str) -> Response:
    """Send a style sheet or a module of the desk; nothing in them is secret."""
    if name not in ASSETS:
        raise NotFoundError("no such asset")
    return lasting_answer(_content(name), ASSETS[name], _digest(name))


def desk_asset(name: str) -> str:
    """Return where a page finds a file; the address changes with the content."""
    return url_for("desk.asset_file", name=name, v=_digest(name))


@cache
def _content(name: str) -> bytes:
    return files("service.desk").joinpath("static", name).read_bytes()


@cache
def _digest(name: str) -> str:
    return hashlib.sha256(_content(name)).hexdigest()[:16]

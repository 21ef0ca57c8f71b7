"""The files of the element `<opinion-widget>`, for pages of any website, those in a sandbox too."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import PurePath

from flask import Blueprint, Response, request

from service.identity.access import public
from service.store.errors import NotFoundError

routes = Blueprint("widget", __name__)

MEDIA_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
"""By the end of a file's name; other files of the folder are never sent."""

MAX_AGE_SECONDS = 300
"""How long a browser uses a file without asking: modules of two releases must not meet for long."""


@dataclass(frozen=True, slots=True)
class WidgetFile:
    """A file as it is sent: plain and packed, and what names its content."""

    plain: bytes
    packed: bytes
    media_type: str
    digest: str


@routes.get("/widget/<file>")
@public
def widget_file(file: str) -> Response:
    """Send a file of the element."""
    # A name is looked up among those there are, so that no path leads anywhere else.
    found = widget_files().get(file)
    if found is None:
        raise NotFoundError("no such file of the element")
    is_packed = request.accept_encodings["gzip"] > 0
    response = Response(found.packed if is_packed else found.plain, mimetype=found.media_type)
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    # Each form has a name of its own: by HTTP's rules a strong ETag names bytes, not what they mean.
    response.set_etag(f"{found.digest}-gzip" if is_packed else found.digest)
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE_SECONDS}, stale-while-revalidate=86400"
    return response


@cache
def widget_files() -> Mapping[str, WidgetFile]:
    """Return name → file of everything in `service/widget` that is sent; read and packed once."""
    folder = files("service").joinpath("widget")
    if not folder.is_dir():
        return {}
    found = {}
    for one in sorted(folder.iterdir(), key=lambda file: file.name):
        media_type = MEDIA_TYPES.get(PurePath(one.name).suffix)
        if media_type is not None and one.is_file():
            content = one.read_bytes()
            digest = hashlib.sha256(content).hexdigest()[:32]
            found[one.name] = WidgetFile(content, gzip.compress(content, 9, mtime=0), media_type, digest)
    return found

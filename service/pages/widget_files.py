"""The files of the element `<opinion-widget>`, for pages of any website, those in a sandbox too."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import PurePath

from flask import Blueprint, Response

from service.identity.access import public
from service.pages.packing import packed_answer
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
    """A file, its media type, and what names its content."""

    plain: bytes
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
    response = packed_answer(found.plain, found.media_type, found.digest)
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
            found[one.name] = WidgetFile(content, media_type, digest)
    return found


_IMPORTS = re.compile(r'^import .*?"\./([a-z-]+\.js)";', re.MULTILINE)


@cache
def loaded_at_start() -> Sequence[str]:
    """Return the modules without which the element can't begin, so that a page asks for all of them at once."""
    found, left = [], ["widget.js"]
    while left:
        name = left.pop(0)
        if name not in found and name in widget_files():
            found.append(name)
            left += _IMPORTS.findall(widget_files()[name].plain.decode())
    return tuple(found)

"""The files of the element `<opinion-widget>`, for pages of any website, sandboxed ones too."""

import gzip
import re
from functools import cache
from importlib.resources import files

from flask import Blueprint, Response, request

from service.identity.access import public
from service.store.errors import NotFoundError

routes = Blueprint("widget", __name__)

_NAME = re.compile(r"[a-z][a-z0-9-]{0,60}\.js", re.ASCII)


@routes.get("/widget/<name>")
@public
def widget_file(name: str) -> Response:
    """Send one module."""
    content = _content(name) if _NAME.fullmatch(name) else None
    if content is None:
        raise NotFoundError("no such file")
    is_gzip = request.accept_encodings["gzip"] > 0
    response = Response(gzip.compress(content, mtime=0) if is_gzip else content, mimetype="text/javascript")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "public, max-age=300"
    response.vary.add("Accept-Encoding")
    if is_gzip:
        response.headers["Content-Encoding"] = "gzip"
    response.add_etag()
    response.make_conditional(request)
    return response


@cache
def _content(name: str) -> bytes | None:
    found = files("service.widget").joinpath(name)
    return found.read_bytes() if found.is_file() else None

"""The OpenAPI documents as a page to read and try, in a browser, with nothing fetched from elsewhere.

Swagger UI draws it; its files come with the package `flask-openapi-swagger` and are sent from here.
"""

from functools import cache
from importlib.resources import files

from flask import Blueprint, Response, render_template

from service.identity.access import public
from service.pages.assets import asset_address
from service.store.errors import NotFoundError

routes = Blueprint("api_page", __name__, url_prefix="/docs", template_folder="templates")

_SWAGGER = {
    "swagger-ui.css": ("css", "text/css"),
    "swagger-ui-bundle.js": ("js", "text/javascript"),
    "swagger-ui-standalone-preset.js": ("js", "text/javascript"),
}
"""The files of Swagger UI that are sent: folder and media type."""

_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Swagger UI writes style attributes; scripts still come from files of this service alone."""


@routes.get("")
@public
def api_page() -> Response:
    """Show what the API takes and answers, and let somebody with a key try it."""
    response = Response(render_template("api.html", asset=asset_address))
    response.headers["Content-Security-Policy"] = _POLICY
    return response


@routes.get("/<file>")
@public
def api_page_file(file: str) -> Response:
    """Send a file of Swagger UI."""
    if file not in _SWAGGER:
        raise NotFoundError("no such file of the page")
    response = Response(_content(file), mimetype=_SWAGGER[file][1])
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@cache
def _content(file: str) -> bytes:
    folder = files("flask_openapi_swagger").joinpath("templates", "swagger")
    return folder.joinpath(_SWAGGER[file][0], file).read_bytes()

"""One id per request, in its answer and in every problem, so that a report finds its log line."""

import re
import secrets

from flask import Flask, Response, g, request

HEADER = "X-Request-Id"

API_VERSION = "1.0.0"
"""What every answer says: the first number is the one in addresses, the others grow with what is added."""

_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)


def register(app: Flask) -> None:
    """Give every request of an app an id."""
    app.before_request(_take)
    app.after_request(_tell)


def request_id() -> str:
    """Return this request's id: the caller's own when it is well formed, otherwise a fresh one."""
    if "request_id" not in g:
        _take()
    return g.request_id


def _take() -> None:
    shown = request.headers.get(HEADER, "")
    g.request_id = shown if _WELL_FORMED.fullmatch(shown) else secrets.token_hex(16)


def _tell(response: Response) -> Response:
    response.headers[HEADER] = request_id()
    response.headers["API-Version"] = API_VERSION
    return response

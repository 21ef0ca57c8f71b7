"""Which routes a page of another website may call from a browser, and which never (CORS, Fetch standard).

Those that serve the public or a participant with their own token may be: a widget on a platform's page needs
them. The one cookie is for the desk, so nothing is allowed with credentials. What needs any other scope is
for servers only: whoever puts such a key into a page is stopped by the browser.
"""

from flask import Flask, Response, current_app, request

from service.identity.access import needed_scope
from service.identity.caller import Scope

_SCOPES_IN_BROWSERS = frozenset({None, Scope.VOTE, Scope.STATEMENT_WRITE})
_FOR_OTHER_SITES = ("/v1/", "/api/v3/", "/widget/", "/oembed")
_MAX_AGE_SECONDS = 7_200
_SENT = "Authorization, Content-Type, Idempotency-Key, If-None-Match, Without, X-Request-Id"
_SHOWN = "*"
"""None of our headers is a secret, and nothing is asked with credentials: a star is short and means all."""


def register(app: Flask) -> None:
    """Let an app tell browsers which of its answers pages of other websites may read."""
    app.after_request(_tell)


def _tell(response: Response) -> Response:
    methods = _methods_for_browsers()
    if request.method == "OPTIONS":
        if methods and request.headers.get("Access-Control-Request-Method") in methods:
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Access-Control-Allow-Methods"] = ", ".join(sorted(methods))
            response.headers["Access-Control-Allow-Headers"] = _SENT
            response.headers["Access-Control-Max-Age"] = str(_MAX_AGE_SECONDS)
        return response
    if request.method in methods:
        response.headers["Access-Control-Allow-Origin"] = "*"
        if not request.path.startswith("/widget/"):
            response.headers["Access-Control-Expose-Headers"] = _SHOWN
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _methods_for_browsers() -> set[str]:
    """Return the methods of this address that pages of other websites may use."""
    if not request.path.startswith(_FOR_OTHER_SITES):
        return set()
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return set()
    found = set()
    for method in adapter.allowed_methods() if request.routing_exception is None else ():
        if method == "OPTIONS":
            continue
        endpoint, _ = adapter.match(method=method)
        if needed_scope(current_app.view_functions[endpoint]) in _SCOPES_IN_BROWSERS:
            found.add(method)
    return found

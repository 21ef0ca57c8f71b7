"""Headers that tell browsers to trust nothing that this service did not send."""

from flask import Flask, Response, request

_EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_PAGES = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

_DATA = "default-src 'none'; frame-ancestors 'none'"


def register(app: Flask) -> None:
    """Put the headers on every answer of an app."""
    app.after_request(_tell)


def _tell(response: Response) -> Response:
    for name, value in _EVERYWHERE.items():
        response.headers.setdefault(name, value)
    policy = _PAGES if response.mimetype == "text/html" else _DATA
    response.headers.setdefault("Content-Security-Policy", policy)
    # What some sites may frame must not tell old browsers that nobody may.
    if "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]:
        response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault(
        "Cache-Control", "no-cache" if request.method in {"GET", "HEAD"} else "no-store"
    )
    return response

"""Headers that tell browsers to trust nothing that this service did not send."""

from flask import Flask, Response, request

_EVERYWHERE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}

_DOCUMENTS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""What browsers heed of a page alone; on a slow connection every header of every answer is waited for."""

_PIECES = frozenset({"text/css", "text/javascript"})
"""What is never a page: browsers look at the policies of the page that it is part of."""

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
    if response.mimetype not in _PIECES:
        _tell_of_policies(response)
    response.headers.setdefault(
        "Cache-Control", "no-cache" if request.method in {"GET", "HEAD"} else "no-store"
    )
    return response


def _tell_of_policies(response: Response) -> None:
    is_page = response.mimetype == "text/html"
    for name, value in _DOCUMENTS.items() if is_page else ():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _PAGES if is_page else _DATA)
    # What some sites may frame must not tell old browsers that nobody may.
    if "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]:
        response.headers.setdefault("X-Frame-Options", "DENY")

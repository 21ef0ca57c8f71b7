"""The one cookie of this service: it names a session at the desk, and is sent there only."""

from flask import Response, request

_NAME = "poldermodel-desk"


def shown_session() -> str:
    """Return the session's id that the browser shows, or nothing."""
    return request.cookies.get(_cookie_name(), "")


def keep_session(response: Response, session_id: str) -> None:
    """Let the browser keep a session's id until it is closed; no script can read it, no other site send it."""
    response.set_cookie(
        _cookie_name(), session_id, path=_path(), secure=request.is_secure, httponly=True, samesite="Lax"
    )


def forget_session(response: Response) -> None:
    """Let the browser forget."""
    response.delete_cookie(
        _cookie_name(), path=_path(), secure=request.is_secure, httponly=True, samesite="Lax"
    )


def _cookie_name() -> str:
    # `__Secure-`: browsers take it over https only. `__Host-` would need the path `/`, and go with each vote.
    return f"__Secure-{_NAME}" if request.is_secure else _NAME


def _path() -> str:
    return f"{request.script_root}/desk"

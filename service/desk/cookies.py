"""The cookies of the desk, sent there only: a session's, and one while somebody is at their provider."""

from flask import Response, request

_NAME = "poldermodel-desk"
_JOURNEY = "poldermodel-desk-openid"
JOURNEY_SECONDS = 600
"""How long somebody may take to sign in at their provider."""


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


def shown_journey() -> str:
    """Return what the browser kept while somebody was at their provider, or nothing."""
    return request.cookies.get(_cookie_name(_JOURNEY), "")


def keep_journey(response: Response, journey: str) -> None:
    """Let the browser keep what ends a sign-in at a provider; it goes there and back by links (`Lax`)."""
    response.set_cookie(
        _cookie_name(_JOURNEY), journey, path=f"{_path()}/openid", secure=request.is_secure, httponly=True,
        samesite="Lax", max_age=JOURNEY_SECONDS,
    )  # fmt: skip


def forget_journey(response: Response) -> None:
    """Let the browser forget it: each is for one return."""
    response.delete_cookie(
        _cookie_name(_JOURNEY),
        path=f"{_path()}/openid",
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def _cookie_name(name: str = _NAME) -> str:
    # `__Secure-`: browsers take it over https only. `__Host-` would need the path `/`, and go with each vote.
    return f"__Secure-{name}" if request.is_secure else name


def _path() -> str:
    return f"{request.script_root}/desk"

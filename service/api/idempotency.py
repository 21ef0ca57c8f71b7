"""The header `Idempotency-Key`: whoever asks again with the same key gets the first answer again."""

import hashlib

from flask import Flask, Response, g, make_response, request

from service.api.callers import caller
from service.api.problems import ProblemError
from service.parts import parts
from service.store import idempotency

MAX_KEY_LENGTH = 255
_HEADER = "Idempotency-Key"
_NOT_KEPT = frozenset(
    {
        "participant_tokens.post_participant_token",
        "taking_part.post_transfer_code",
        "analyses.post_group_map",
        "gallery.gallery_answer",
    }
)
"""Answers that hold a secret are not kept: asking twice for a token gives two tokens, which harms nobody.

Nor is what an analysis alone is answered: nothing of it is to be stored, and asked twice it is made twice. The
gallery keeps nothing either.
"""

_KEPT_HEADERS = ("Content-Type", "Location")


def register(app: Flask) -> None:
    """Let an app answer repeated requests once."""
    app.before_request(_begin)
    app.after_request(_keep)


def _begin() -> Response | None:
    key = request.headers.get(_HEADER)
    if key is None or request.method != "POST" or request.endpoint is None or request.endpoint in _NOT_KEPT:
        return None
    if request.endpoint.startswith("desk."):
        return None  # Pages are for one person; who that is, is only looked at after this.
    if not 1 <= len(key) <= MAX_KEY_LENGTH or not key.isprintable():
        raise ProblemError("invalid", f"header {_HEADER}: expected 1 to {MAX_KEY_LENGTH} printable characters")
    id_hash = _digest(_who(), key.encode())
    asked = _digest(request.path.encode(), request.get_data(cache=True))
    before = idempotency.begin(parts().store, id_hash, request_hash=asked)
    if before is None:
        g.idempotency = id_hash
        return None
    if before.request_hash != asked:
        raise ProblemError("key-reused", f"{_HEADER}: this key was used for another request; take a new one")
    if before.status is None:
        raise ProblemError(
            "not-ready", "the first request with this key is under way", headers={"Retry-After": "1"}
        )
    again = make_response(before.body, before.status)
    again.headers.update(before.headers)
    again.headers["Idempotent-Replayed"] = "true"
    return again


def _keep(response: Response) -> Response:
    id_hash = g.pop("idempotency", None)
    if id_hash is None:
        return response
    # What failed here may succeed next time; what was refused would be refused again.
    if response.status_code >= 500 or response.is_streamed:
        idempotency.forget(parts().store, id_hash)
        return response
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    idempotency.keep(
        parts().store, id_hash, status=response.status_code, headers=headers, body=response.get_data()
    )
    return response


def _who() -> bytes:
    """Return who asks: a key is one caller's own."""
    who = caller()
    participant = b"" if who.participant is None else who.participant.digest
    return _digest((who.tenant or "").encode(), str(who.is_test).encode(), participant)


def _digest(*parts_of_it: bytes) -> bytes:
    return hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts_of_it)).digest()

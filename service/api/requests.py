"""What a request may look like before anybody reads it: size, form, and strict JSON."""

from typing import Any

from flask import Flask, Request, request

from service.api.problems import FieldError, ProblemError
from service.api.strict_json import parse

MAX_BODY_BYTES = 1024 * 1024
"""Largest body accepted, in bytes; a batch of 1,000 votes takes about 60,000."""


class StrictRequest(Request):
    """A request whose JSON is read strictly."""

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:  # noqa: ARG002
        """Return the body's JSON object; whoever calls, nothing else than strict JSON is let in.

        Raises
        ------
        ProblemError
            For JSON that is no object. (flask-openapi would parse a text a second time, by looser rules.)
        StrictJsonError
            For what is not strict JSON.
        """
        body = self.get_data(cache=cache)
        if len(body) > MAX_BODY_BYTES:
            raise ProblemError("too-large", f"expected at most {MAX_BODY_BYTES} bytes, got more")
        value = parse(body)
        if not isinstance(value, dict):
            raise ProblemError(
                "invalid", "expected a JSON object", (FieldError("#", f"got {_kind_of(value)}"),)
            )
        return value


def _kind_of(value: object) -> str:
    return {list: "a list", str: "text", bool: "a boolean", type(None): "null"}.get(type(value), "a number")


def register(app: Flask) -> None:
    """Let an app refuse what it would not read."""
    app.request_class = StrictRequest
    # A body of unknown length is cut off here, without an error: one byte more shows that it went on.
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES + 1
    app.before_request(_check)


def _check() -> None:
    if request.method not in {"POST", "PUT", "PATCH"} or request.routing_exception is not None:
        return
    if not request.content_length and "Transfer-Encoding" not in request.headers and not request.mimetype:
        return  # Nothing was sent, as some acts ask; where a body is needed, its absence is no JSON.
    coding = request.headers.get("Content-Encoding", "").strip().lower()
    if coding not in {"", "identity"}:
        raise ProblemError(
            "wrong-content-type", f"send the body as it is, without Content-Encoding ({coding:.40})"
        )
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != "application/json" or charset not in {"utf-8", "utf8"}:
        raise ProblemError("wrong-content-type", "send 'Content-Type: application/json', in UTF-8")
    if request.content_length is not None and request.content_length > MAX_BODY_BYTES:
        raise ProblemError(
            "too-large", f"expected at most {MAX_BODY_BYTES} bytes, got {request.content_length}"
        )

"""What a request may look like before anybody reads it: size, form, and strict JSON."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeVar

from flask import Flask, Request, current_app, request

from service.api.problems import FieldError, ProblemError
from service.strict_json import parse

MAX_BODY_BYTES = 1024 * 1024
"""Largest body accepted, in bytes; a batch of 1,000 votes takes about 60,000."""

PIECE_BYTES = 1024 * 1024
"""How much of an upload is held in memory at a time."""

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Uploads:
    """What a route takes beside, or instead of, a JSON object of ordinary size.

    Attributes
    ----------
    most_bytes
        Media type → largest body.
    """

    most_bytes: dict[str, int]


def takes(most_bytes: dict[str, int]) -> Callable[[View], View]:
    """Mark a view as taking large bodies of these media types; it reads them with `write_body`."""

    def mark(view: View) -> View:
        view.__dict__["uploads"] = Uploads(most_bytes)
        return view

    return mark


def uploads_here() -> Uploads | None:
    """Return what large bodies the view of this request takes, if it does."""
    view = current_app.view_functions.get(request.endpoint or "")
    return None if view is None else view.__dict__.get("uploads")


def write_body(file: BinaryIO) -> int:
    """Write the body of this request to a file, a piece at a time; return how many bytes it has.

    Raises
    ------
    ProblemError
        When it is larger than its route takes.
    """
    uploads = uploads_here()
    most = MAX_BODY_BYTES if uploads is None else uploads.most_bytes[request.mimetype]
    n_bytes = 0
    while piece := request.stream.read(PIECE_BYTES):
        n_bytes += len(piece)
        if n_bytes > most:
            raise ProblemError("too-large", f"expected at most {most} bytes, got more")
        file.write(piece)
    return n_bytes


def pieces_of(file: BinaryIO) -> Iterator[bytes]:
    """Yield a file from its beginning, a piece at a time."""
    file.seek(0)
    while piece := file.read(PIECE_BYTES):
        yield piece


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
    uploads = uploads_here()
    is_empty = not request.content_length and "Transfer-Encoding" not in request.headers
    if is_empty and not request.mimetype and uploads is None:
        return  # Nothing was sent, as some acts ask; where a body is needed, its absence is no JSON.
    coding = request.headers.get("Content-Encoding", "").strip().lower()
    if coding not in {"", "identity"}:
        raise ProblemError(
            "wrong-content-type", f"send the body as it is, without Content-Encoding ({coding:.40})"
        )
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if uploads is not None:
        _check_upload(uploads, charset)
        return
    if request.mimetype != "application/json" or charset not in {"utf-8", "utf8"}:
        raise ProblemError("wrong-content-type", "send 'Content-Type: application/json', in UTF-8")
    if request.content_length is not None and request.content_length > MAX_BODY_BYTES:
        raise ProblemError(
            "too-large", f"expected at most {MAX_BODY_BYTES} bytes, got {request.content_length}"
        )


def _check_upload(uploads: Uploads, charset: str) -> None:
    most = uploads.most_bytes.get(request.mimetype)
    if most is None or charset not in {"utf-8", "utf8"}:
        known = ", ".join(sorted(uploads.most_bytes))
        raise ProblemError("wrong-content-type", f"send one of {known}, in UTF-8")
    if request.content_length is not None and request.content_length > most:
        raise ProblemError("too-large", f"expected at most {most} bytes, got {request.content_length}")
    # One byte more shows that a body of unknown length went on.
    request.max_content_length = most + 1

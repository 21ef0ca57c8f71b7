"""Gunicorn's threads, made for strangers: slow senders hold nobody up, and every refusal is a problem.

Gunicorn gives a connection one of its threads and waits there for as long as the sender likes, so that a
handful of half-sent requests would keep everybody else out. Here a request is gathered beside the threads, and
a thread is taken when it has come. What gunicorn refuses by itself it would answer with a page that repeats
what came, and log with the sender's address: here it becomes a problem, and the log tells only its kind.
"""

import contextlib
import secrets
from typing import Any

import orjson
from gunicorn.http import errors
from gunicorn.workers.gthread import (
    _DEFER,  # pyright: ignore[reportAttributeAccessIssue] - what a handler answers to be called again.
    ThreadWorker,
)

from service.api.errors import MEDIA_TYPE
from service.api.problems import KINDS
from service.impatient_socket import ImpatientSocket, TooSlowError

REQUEST_SECONDS = 20.0
"""How long a whole request may take to come; the largest body accepted needs 50 kB a second."""

_KIND_OF = {
    errors.LimitRequestLine: "address-too-long",
    errors.LimitRequestHeaders: "headers-too-large",
}

_OUR_FAULTS = (errors.InvalidResponseHeader, errors.InvalidResponseHeaderName)  # pyright: ignore[reportAttributeAccessIssue]
"""What an answer of the app can have wrong; gunicorn files it under requests."""


class StrangersWorker(ThreadWorker):
    """Threads that wait for nobody."""

    def handle(self, conn: Any) -> Any:
        """Answer a connection's request if it has come; gather on beside the threads if it has not."""
        if not isinstance(conn.sock, ImpatientSocket):
            conn.sock = ImpatientSocket(fileno=conn.sock.detach())
        conn.sock.expect(within_seconds=REQUEST_SECONDS)
        if not _has_read_ahead(conn) and not conn.sock.gather():
            if not conn.sock.is_late:
                return _DEFER
            self.handle_error(None, conn.sock, None, TooSlowError())
            conn.sock.leave()
            return False
        conn.data_ready = True
        may_go_on = super().handle(conn)
        if may_go_on is True:
            _hand_over(conn)
        elif may_go_on is not _DEFER:
            # Here, not in gunicorn's one main thread: a sender that stays would hold it for two seconds.
            conn.sock.leave()
        return may_go_on

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:  # noqa: ARG002
        """Answer what never reached the app with a problem; log no address and nothing that was sent."""
        if isinstance(exc, TooSlowError):
            name = "too-slow"
        elif isinstance(exc, errors.ParseException) and not isinstance(exc, _OUR_FAULTS):
            name = _KIND_OF.get(type(exc), "bad-request")
        else:
            name = "failed"
        identity = secrets.token_hex(16)
        if name == "failed":
            self.log.error("request %s failed", identity, exc_info=exc)
        else:
            self.log.info("request %s refused: %s", identity, type(exc).__name__)
        with contextlib.suppress(OSError):
            client.setblocking(True)
            client.sendall(refusal(name, identity))


def refusal(name: str, identity: str) -> bytes:
    """Return the whole HTTP answer to a request that no app saw."""
    kind = KINDS[name]
    document = {"type": f"/problems/{name}", "title": kind.title, "status": kind.status, "detail": kind.title}
    # Which address was asked for was not read, or is what's wrong: the occurrence is named by its request's id.
    body = orjson.dumps(document | {"instance": f"#request-{identity}", "request_id": identity})
    head = (
        f"HTTP/1.1 {kind.status} {kind.title}",
        f"Content-Type: {MEDIA_TYPE}",
        f"Content-Length: {len(body)}",
        f"X-Request-Id: {identity}",
        "X-Content-Type-Options: nosniff",
        "Cache-Control: no-store",
        "Connection: close",
    )
    return "\r\n".join((*head, "", "")).encode("ascii") + body


def _has_read_ahead(conn: Any) -> bool:
    """Return whether the parser holds the beginning of a next request already."""
    return conn.parser is not None and bool(conn.parser.unreader.buf.getvalue())


def _hand_over(conn: Any) -> None:
    """Give the parser what was gathered beyond this request, so that gunicorn goes on with it at once."""
    beyond = conn.sock.ungather()
    if beyond:
        unreader = conn.parser.unreader
        unreader.unread(unreader.take_buffered() + beyond)

"""A connection whose request is gathered without waiting, and has to be there by a deadline."""

import re
import socket
import time
from typing import Any

from gunicorn.http.errors import ParseException

ANSWER_SECONDS = 30.0
"""How long a reader may take over an answer."""

LEAVE_SECONDS = 0.5
"""How long a connection lingers after the last answer, so that its sender can read it to the end."""

MOST_AHEAD = 128 * 1024
"""Most bytes gathered; a longer request is read by a thread, against the same deadline. Some 1,000 votes."""

LEAST_BYTES_A_SECOND = 1_000_000
"""How fast a long request may come at least: what has come moves its deadline on by as much."""

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)


class TooSlowError(ParseException):
    """The request was not there in time."""


class ImpatientSocket(socket.socket):
    """A connection that holds nobody up."""

    _until = float("inf")
    _gathered = b""

    def expect(self, *, within_seconds: float) -> None:
        """Let the next request take this long from now on; once one is expected, that stands."""
        if self._until == float("inf"):
            self._until = time.monotonic() + within_seconds

    @property
    def is_late(self) -> bool:
        """Whether the request should have been here."""
        return time.monotonic() >= self._until

    def gather(self) -> bool:
        """Take what has come, without waiting; return whether it is time for a thread to read it."""
        self.setblocking(False)
        while not _is_whole(self._gathered):
            try:
                piece = super().recv(65_536)
            except BlockingIOError:
                return False
            except OSError:
                return True
            if not piece:
                return True
            self._gathered += piece
        return True

    def ungather(self) -> bytes:
        """Return what was gathered and not read, and expect no request any more."""
        beyond, self._gathered, self._until = self._gathered, b"", float("inf")
        return beyond

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """Return what was gathered, then what comes.

        Raises
        ------
        TooSlowError
            After the deadline.
        """
        if self._gathered:
            piece, self._gathered = self._gathered[:bufsize], self._gathered[bufsize:]
            return piece
        if self._until < float("inf"):
            if self.is_late:
                raise TooSlowError
            self.settimeout(self._until - time.monotonic())
        try:
            piece = super().recv(bufsize, flags)
        except TimeoutError:
            raise TooSlowError from None
        self._until += len(piece) / LEAST_BYTES_A_SECOND
        return piece

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Send all of an answer; whoever doesn't read it in time is left."""
        self.settimeout(ANSWER_SECONDS)
        super().sendall(data, flags)

    def setblocking(self, flag: bool, /) -> None:
        """Do as a socket does; one that is closed already stays so."""
        if self.fileno() >= 0:
            super().setblocking(flag)

    def leave(self) -> None:
        """Say that no more will be sent, read for a moment what still comes, and close.

        Closing with something unread would cut off the end of the answer.
        """
        until = time.monotonic() + LEAVE_SECONDS
        try:
            self.shutdown(socket.SHUT_WR)
            while (left := until - time.monotonic()) > 0:
                self.settimeout(left)
                if not super().recv(65_536):
                    break
        except OSError:
            pass
        finally:
            self.close()


def _is_whole(gathered: bytes) -> bool:
    """Return whether a request has come, or as much of one as is gathered."""
    head, end, body = gathered.partition(b"\r\n\r\n")
    if not end:
        return len(gathered) >= MOST_AHEAD
    length = _LENGTH.search(head + b"\r\n")
    # A body in chunks has no length of its own, whatever else is said: a thread reads it.
    if length is None or b"\r\ntransfer-encoding:" in head.lower():
        return True
    return len(body) >= int(length[1]) or len(gathered) >= MOST_AHEAD

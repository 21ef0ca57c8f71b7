"""A running Polis to read from: its address, what one asks it, and as whom."""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3

TIMEOUT_SECONDS = 60.0
MOST_BYTES = 1 << 30
"""Longest answer that is read: a table of votes of the largest conversation known has a tenth of that."""

_RETRIES = urllib3.Retry(
    total=6, status_forcelist=(429, 502, 503, 504), allowed_methods=None, backoff_factor=0.5, redirect=3
)
_REPORT = re.compile(r"r[0-9a-zA-Z]{10,62}", re.ASCII)
_CONVERSATION = re.compile(r"[0-9][0-9a-zA-Z]{2,62}", re.ASCII)


class SourceError(OSError):
    """What was asked could not be had; the message says what and why."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class SourceAddress:
    """Where a conversation is.

    Attributes
    ----------
    base
        The service: scheme, host and what stands before `/api/v3`.
    conversation, report
        Ids, as far as the address says them.
    """

    base: str
    conversation: str | None = None
    report: str | None = None


def source_address(text: str) -> SourceAddress:
    """Return what an address leads to: of a service, a conversation or a report.

    Raises
    ------
    SourceError
        When it is none of those.

    Examples
    --------
    >>> source_address("https://polis.example.org/report/r2xzujbzrr7j4ayr4cdsd").report
    'r2xzujbzrr7j4ayr4cdsd'
    >>> source_address("https://polis.example.org/2demo")
    SourceAddress(base='https://polis.example.org', conversation='2demo', report=None)
    """
    split = urlsplit(text)
    if split.scheme not in ("http", "https") or not split.hostname or split.username is not None:
        raise SourceError(f"{text!r:.100}: expected an address such as https://pol.is/2demo")
    names = [part for part in split.path.split("/") if part]
    conversation = report = None
    if len(names) >= 2 and names[-2] == "report" and _REPORT.fullmatch(names[-1]):
        report = names[-1]
        names = names[:-2]
    elif names and _CONVERSATION.fullmatch(names[-1]):
        conversation = names.pop()
    return SourceAddress("/".join([f"{split.scheme}://{split.netloc}", *names]), conversation, report)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came back, and the cookies that came with it."""

    data: bytes
    cookies: list[str]


class PolisSource:
    """Asks a running Polis; waits and asks again where it is told to."""

    def __init__(self, base: str, *, token: str | None = None) -> None:
        self.base = base
        self.n_asked = 0
        self._headers = {"Accept": "application/json, text/csv", "User-Agent": "poldermodel import-polis"}
        if token is not None:
            # Not sent on to another host: urllib3 leaves it out of a redirect.
            self._headers["Authorization"] = f"Bearer {token}"
        timeout = urllib3.Timeout(connect=15.0, read=TIMEOUT_SECONDS)
        self._pool = urllib3.PoolManager(retries=_RETRIES, timeout=timeout, headers=self._headers)

    def log_in(self, email: str, password: str) -> None:
        """Become somebody with a password, as on services that still take them.

        Raises
        ------
        SourceError
            When that is refused.
        """
        said = json.dumps({"email": email, "password": password}).encode()
        answer = self._ask("POST", "auth/login", body=said, headers={"Content-Type": "application/json"})
        told = _parsed(answer.data, "auth/login")
        if isinstance(told, dict) and isinstance(told.get("token"), str):
            self._headers["Authorization"] = f"Bearer {told['token']}"
        cookies = [line.partition(";")[0] for line in answer.cookies]
        if cookies:
            self._headers["Cookie"] = "; ".join(cookies)

    def json(self, path: str, **asked: Any) -> Any:
        """Return what a route answers.

        Raises
        ------
        SourceError
            When it refuses, can't be reached, or answers something else.
        """
        return _parsed(self._ask("GET", path, asked=asked).data, path)

    def text(self, path: str) -> str:
        """Return a file.

        Raises
        ------
        SourceError
            As `json`.
        """
        return self._ask("GET", path).data.decode("utf-8", "replace")

    def _ask(
        self,
        method: str,
        path: str,
        *,
        asked: dict[str, Any] | None = None,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> "_Answer":
        said = {name: str(value).lower() if value is True else value for name, value in (asked or {}).items()}
        address = f"{self.base}/api/v3/{path}" + (f"?{urlencode(said)}" if said else "")
        self.n_asked += 1
        try:
            answer = self._pool.request(
                method, address, body=body, headers=self._headers | (headers or {}), preload_content=False
            )
            data = answer.read(MOST_BYTES + 1, decode_content=True)
            answer.release_conn()
        except urllib3.exceptions.HTTPError as error:
            raise SourceError(f"{self.base}: {path} can't be had: {type(error).__name__}") from None
        if len(data) > MOST_BYTES:
            raise SourceError(f"{self.base}: {path} answers more than {MOST_BYTES:,} bytes")
        if answer.status != 200:
            raise SourceError(f"{self.base}: {path} answers {answer.status}", answer.status)
        return _Answer(data, answer.headers.getlist("Set-Cookie"))


def _parsed(data: bytes, path: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise SourceError(f"{path} answers no JSON") from None

"""Requests that this service makes: to addresses on the open internet only, unless it is told otherwise."""

import ipaddress
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

import urllib3

TIMEOUT_SECONDS = 10.0
_MOST_READ = 4_096


class AddressRefusedError(Exception):
    """An address that nothing is sent to; the message says why."""


class SendingError(Exception):
    """A request that brought no answer; the message says why, without the address."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect: a numeric address that was looked at, and the name it was found by."""

    scheme: str
    host: str
    port: int
    path: str
    address: str


def checked_url(url: str, *, may_be_private: bool) -> None:
    """Refuse an address that could never be sent to, without asking the network.

    Raises
    ------
    AddressRefusedError
        When it isn't `https://host[:port]/…`, carries a name and password, or is a private number.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefusedError("expected an address such as https://example.org/hooks") from None
    schemes = ("https", "http") if may_be_private else ("https",)
    if parts.scheme not in schemes or not parts.hostname or port == 0:
        raise AddressRefusedError("expected an address such as https://example.org/hooks")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise AddressRefusedError("expected an address without name, password or fragment")
    try:
        number = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return
    _check_number(number, may_be_private=may_be_private)


def target_of(url: str, *, may_be_private: bool) -> Target:
    """Return where a URL leads now; every number its name has must be allowed, and the first is used.

    Connecting to the number that was looked at, not to the name again, leaves no moment to swap it.

    Raises
    ------
    AddressRefusedError
        When the URL or a number isn't allowed.
    SendingError
        When the name is not known.
    """
    checked_url(url, may_be_private=may_be_private)
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise SendingError("the host's name is not known") from None
    numbers = [str(one[4][0]).partition("%")[0] for one in found]
    for number in numbers:
        _check_number(ipaddress.ip_address(number), may_be_private=may_be_private)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, numbers[0])


def post(target: Target, *, body: bytes, headers: dict[str, str]) -> int:
    """Send a body and return the status of the answer, which is not read further; redirects aren't followed.

    Raises
    ------
    SendingError
        When no answer comes in time, or the certificate isn't the host's.
    """
    named = target.host if target.port in (80, 443) else f"{target.host}:{target.port}"
    with _pool(target) as pool:
        try:
            answer = pool.urlopen(
                "POST",
                target.path,
                body=body,
                headers={**headers, "Host": named},
                redirect=False,
                retries=False,
                preload_content=False,
                timeout=urllib3.Timeout(total=TIMEOUT_SECONDS),
            )
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise SendingError(f"no answer: {type(error).__name__}") from None
        try:
            answer.read(_MOST_READ)
        except (urllib3.exceptions.HTTPError, OSError):
            return answer.status
        finally:
            answer.close()
        return answer.status


def _pool(target: Target) -> urllib3.HTTPConnectionPool:
    if target.scheme == "http":
        return urllib3.HTTPConnectionPool(target.address, target.port, maxsize=1)
    return urllib3.HTTPSConnectionPool(
        target.address,
        target.port,
        maxsize=1,
        ssl_context=ssl.create_default_context(),
        server_hostname=target.host,
        assert_hostname=target.host,
    )


def _check_number(number: ipaddress.IPv4Address | ipaddress.IPv6Address, *, may_be_private: bool) -> None:
    inner = number.ipv4_mapped if isinstance(number, ipaddress.IPv6Address) else None
    seen = inner or number
    if (not seen.is_global or seen.is_multicast) and not may_be_private:
        raise AddressRefusedError("the address is private or reserved; only public ones are sent to")

"""From the Authorization header to a `Caller`: the one place keys are looked at."""

import hashlib
import hmac

from service.identity.caller import ANYBODY, Caller, Scope
from service.store.records import DEFAULT_TENANT


class UnknownKeyError(Exception):
    """An Authorization header was sent that names nobody we know; the message says what was expected."""


def caller_of(authorization: str | None, *, admin_key: str | None) -> Caller:
    """Return who sent this Authorization header.

    Parameters
    ----------
    authorization
        The header's text, or nothing when it was not sent.
    admin_key
        The bootstrap admin key from the settings; nothing or empty means that no key is accepted at all.

    Raises
    ------
    UnknownKeyError
        For a header that is not `Bearer <key>`, or a key that is not ours. A wrong key is refused even where
        none is needed, so that a typing error shows at once.
    """
    if authorization is None:
        return ANYBODY
    scheme, _, key = authorization.strip().partition(" ")
    key = key.strip()
    if scheme.lower() != "bearer" or not key:
        raise UnknownKeyError("expected 'Authorization: Bearer <key>'")
    if not admin_key or not _same(key, admin_key):
        raise UnknownKeyError("this key is not known here")
    return Caller(tenant=DEFAULT_TENANT, scopes=frozenset(Scope))


def _same(shown: str, known: str) -> bool:
    """Return whether two keys are equal, in a time that depends on neither their length nor their content."""
    return hmac.compare_digest(_digest(shown), _digest(known))


def _digest(key: str) -> bytes:
    # Header text is Latin-1 by HTTP's rules, so anything a client can send can be encoded here.
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()

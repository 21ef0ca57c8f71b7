"""From the Authorization header to a `Caller`: the one place keys and tokens are looked at."""

import hashlib
import hmac

from service.identity.caller import ANYBODY, Caller, Scope
from service.identity.keys import KeyRing
from service.identity.participant_tokens import TokenError, caller_of_token, looks_like_a_token
from service.identity.session_tokens import SessionError, caller_of_session
from service.store.records import DEFAULT_TENANT


class UnknownKeyError(Exception):
    """An Authorization header was sent that names nobody we know; the message says what was expected."""


def caller_of(authorization: str | None, *, admin_key: str | None, key_ring: KeyRing) -> Caller:
    """Return who sent this Authorization header.

    Parameters
    ----------
    authorization
        The header's text, or nothing when it was not sent.
    admin_key
        The bootstrap admin key from the settings; nothing or empty means that there is none.
    key_ring
        Knows the keys of platforms, and the secret that participants' tokens are signed with.

    Raises
    ------
    UnknownKeyError
        For a header that is not `Bearer <key>`, or a key that is not ours. A wrong key is refused even where
        none is needed, so that a typing error shows at once.
    """
    if authorization is None:
        return ANYBODY
    scheme, _, shown = authorization.strip().partition(" ")
    shown = shown.strip()
    if scheme.lower() != "bearer" or not shown:
        raise UnknownKeyError("expected 'Authorization: Bearer <key>'")
    if looks_like_a_token(shown):
        try:
            of_key = caller_of_session(key_ring, shown)
            return of_key or caller_of_token(shown, secret=key_ring.store.secret)
        except (TokenError, SessionError) as error:
            raise UnknownKeyError(str(error)) from None
    if admin_key and _same(shown, admin_key):
        return Caller(tenant=DEFAULT_TENANT, scopes=frozenset(Scope), name="administrator")
    found = key_ring.caller(shown)
    if found is None:
        raise UnknownKeyError("this key is not known here, or has ended")
    return found


def _same(shown: str, known: str) -> bool:
    """Return whether two keys are equal, in a time that depends on neither their length nor their content."""
    return hmac.compare_digest(_digest(shown), _digest(known))


def _digest(key: str) -> bytes:
    # Header text is Latin-1 by HTTP's rules, so anything a client can send can be encoded here.
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()

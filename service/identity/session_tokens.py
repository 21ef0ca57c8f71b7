"""A platform's key for a day: a token that stands for it, for tools that only know tokens (JWT)."""

import time

import jwt

from service.identity.caller import Caller
from service.identity.derived import derived_key
from service.identity.keys import KeyRing, key_id_of
from service.store.database import Store

LIFE_SECONDS = 24 * 3600

_ALGORITHM = "HS256"
_AUDIENCE = "poldermodel key"


class SessionError(Exception):
    """A key or a token of one that opens nothing."""


def issue_session(key_ring: KeyRing, key: str) -> str:
    """Return a token for a live key.

    Raises
    ------
    SessionError
        When it is no key of a platform that is live.
    """
    key_id = key_id_of(key)
    if key_id is None or key_ring.caller(key) is None:
        raise SessionError("this key is not known here, or has ended")
    now = int(time.time())
    claims = {"aud": _AUDIENCE, "sub": key_id, "iat": now, "exp": now + LIFE_SECONDS}
    return jwt.encode(claims, _key(key_ring.store), algorithm=_ALGORITHM)


def caller_of_session(key_ring: KeyRing, text: str) -> Caller | None:
    """Return whom a token's key belongs to; nothing for a token of another kind.

    Raises
    ------
    SessionError
        When the token has ended, or its key has since.
    """
    try:
        claims = jwt.decode(
            text,
            _key(key_ring.store),
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            options={"require": ["aud", "sub", "exp"]},
        )
    except jwt.ExpiredSignatureError:
        raise SessionError("this token has ended; log in again") from None
    except (jwt.InvalidTokenError, ValueError):
        return None
    found = key_ring.caller_by_id(claims["sub"])
    if found is None:
        raise SessionError("the key that this token stands for has ended")
    return found


def _key(store: Store) -> bytes:
    return derived_key(store.secret, "tokens of keys")

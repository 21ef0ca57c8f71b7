"""Who a platform says a participant is: a short-lived JWT that it signs, exchanged once for a token."""

import hashlib
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt

from clustering.errors import IdError
from clustering.vocabulary import ParticipantId, identifier
from service.identity.caller import Scope
from service.identity.derived import signing_secret
from service.store import identities, keys
from service.store.database import Store
from service.store.platform_records import Assurance
from service.store.records import Conversation

LONGEST_LIFE_SECONDS = 600
"""How far ahead a signed identity may end: it is made for one visit, just before it."""

LEEWAY_SECONDS = 60
"""How far two clocks may differ."""

MAX_LENGTH = 8_192
"""Longest signed identity, in characters."""

MAX_ATTRIBUTES = 20
_MAX_ATTRIBUTE_LENGTH = 100
_ATTRIBUTE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}", re.ASCII)
_REQUIRED = ["iss", "aud", "sub", "conv", "exp", "jti"]


class IdentityError(Exception):
    """A signed identity that is not accepted; the message says why, to the platform that made it."""


@dataclass(frozen=True, slots=True)
class SignedIdentity:
    """What a platform signed: who, how sure, and what else it says of them."""

    participant: ParticipantId
    assurance: Assurance
    attributes: Mapping[str, str | bool | int]


@dataclass(frozen=True, slots=True)
class _Verifier:
    """The key that a signed identity names, and the one algorithm that goes with it."""

    tenant: str
    is_test: bool
    key: Any
    algorithm: str


def read_signed_identity(
    store: Store, conversation: Conversation, text: str, *, audience: str
) -> SignedIdentity:
    """Return what a signed identity says, and count it as used.

    Parameters
    ----------
    conversation
        Where the participant wants to take part.
    text
        The JWT. Its header's `kid` names the key: a bearer key's id (HS256) or a registered public key's
        (EdDSA). Which algorithm belongs to a key is ours to say, never the token's.
    audience
        What `aud` must be.

    Raises
    ------
    IdentityError
        When it isn't signed by a live key of the conversation's tenant, is for somewhere else, too old, too
        long-lived, or was used before.
    """
    if len(text) > MAX_LENGTH:
        raise IdentityError(f"expected at most {MAX_LENGTH} characters")
    verifier = _verifier(store, conversation, text)
    claims = _claims(text, verifier, audience=audience)
    if claims["iss"] != conversation.tenant or claims["conv"] != conversation.id:
        raise IdentityError("it is meant for another tenant or another conversation (iss, conv)")
    expires_at = _checked_life(claims)
    found = SignedIdentity(_participant(claims["sub"]), _assurance(claims), _attributes(claims))
    used = hashlib.sha256(f"{conversation.tenant}\0{_jti(claims)}".encode()).digest()
    if not identities.use_once(store, used, expires_at=expires_at + LEEWAY_SECONDS):
        raise IdentityError("it was used before (jti); sign a new one for each visit")
    return found


def _verifier(store: Store, conversation: Conversation, text: str) -> _Verifier:
    """Return the key that the text's header names, if it may speak for this conversation."""
    try:
        header = jwt.get_unverified_header(text)
    except (jwt.InvalidTokenError, ValueError):
        raise IdentityError("it is not a JSON Web Token") from None
    key_id = header.get("kid")
    found = _known_key(store, key_id) if isinstance(key_id, str) and len(key_id) <= 64 else None
    if (
        found is None
        or header.get("alg") != found.algorithm
        or found.tenant != conversation.tenant
        or found.is_test is not conversation.is_test
    ):
        raise IdentityError("its key (kid) is not one that may sign for this conversation, or not by this alg")
    return found


def _known_key(store: Store, key_id: str) -> _Verifier | None:
    if not key_id.isascii() or not key_id.isprintable():
        return None
    key = keys.find(store, key_id)
    if key is not None:
        if not key.is_live(datetime.now(UTC)) or Scope.VOTE not in key.scopes:
            return None
        return _Verifier(key.tenant, key.is_test, signing_secret(store.secret, key.id), "HS256")
    registered = keys.find_signing(store, key_id)
    if registered is None or registered.revoked_at is not None:
        return None
    return _Verifier(registered.tenant, registered.is_test, registered.public_key, "EdDSA")


def _claims(text: str, verifier: _Verifier, *, audience: str) -> dict[str, Any]:
    try:
        return jwt.decode(
            text,
            verifier.key,
            algorithms=[verifier.algorithm],
            audience=audience,
            leeway=LEEWAY_SECONDS,
            options={"require": _REQUIRED, "strict_aud": True},
        )
    except jwt.InvalidSignatureError:
        raise IdentityError("its signature doesn't fit its key") from None
    except jwt.InvalidTokenError as error:
        raise IdentityError(f"it can't be accepted: {error}") from None
    except (ValueError, TypeError, OverflowError):
        raise IdentityError("its claims can't be read") from None


def _checked_life(claims: dict[str, Any]) -> int:
    """Return when it ends, in seconds since 1970."""
    expires_at = claims["exp"]
    if isinstance(expires_at, bool) or not isinstance(expires_at, int | float):
        raise IdentityError("exp must be a number of seconds since 1970")
    if expires_at > time.time() + LONGEST_LIFE_SECONDS + LEEWAY_SECONDS:
        raise IdentityError(f"it lives too long: exp may lie at most {LONGEST_LIFE_SECONDS} seconds ahead")
    return int(expires_at)


def _participant(sub: Any) -> ParticipantId:
    try:
        if not isinstance(sub, str):
            raise IdError("expected a text")
        return ParticipantId(identifier(sub, of="participant"))
    except IdError as error:
        raise IdentityError(f"sub: {error}") from None


def _jti(claims: dict[str, Any]) -> str:
    jti = claims["jti"]
    if not isinstance(jti, str) or not 8 <= len(jti) <= 128 or not jti.isprintable():
        raise IdentityError("jti must be a text of 8 to 128 characters, another one for each identity")
    return jti


def _assurance(claims: dict[str, Any]) -> Assurance:
    level = claims.get("level", Assurance.ACCOUNT.value)
    if level not in (Assurance.ACCOUNT.value, Assurance.VERIFIED.value):
        raise IdentityError("level must be 'account' or 'verified'")
    return Assurance(level)


def _attributes(claims: dict[str, Any]) -> dict[str, str | bool | int]:
    given = claims.get("attributes", {})
    if not isinstance(given, dict) or len(given) > MAX_ATTRIBUTES:
        raise IdentityError(f"attributes must be an object of at most {MAX_ATTRIBUTES} names")
    for name, value in given.items():
        is_short = isinstance(value, bool | int) or (
            isinstance(value, str) and len(value) <= _MAX_ATTRIBUTE_LENGTH and value.isprintable()
        )
        if (
            not _ATTRIBUTE_NAME.fullmatch(name)
            or not is_short
            or (type(value) is int and abs(value) > 2**53 - 1)
        ):
            raise IdentityError(
                "attributes must have short names in small letters, and short texts, whole numbers or booleans"
            )
    return given

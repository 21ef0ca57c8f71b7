"""A participant's own token: lets somebody without an account vote, as themselves and nobody else.

It is signed by this service and kept by the participant's browser; nothing about it is stored. It carries the
keyed hash of the participant's id, never the id.
"""

import base64
import secrets
import time
from dataclasses import dataclass

import jwt

from clustering.vocabulary import ConversationId, ParticipantId
from service.identity.caller import PARTICIPANT_SCOPES, Caller
from service.identity.derived import derived_key
from service.store.database import Store
from service.store.participants import id_hash
from service.store.platform_records import Assurance, HashedParticipant
from service.store.records import Conversation

LIFE_SECONDS = 180 * 24 * 3600
"""How long a token serves: longer than a consultation lasts."""

LEEWAY_SECONDS = 60
"""How far two clocks may differ."""

_ALGORITHM = "HS256"
_AUDIENCE = "poldermodel participant"


class TokenError(Exception):
    """A participant's token that is not ours, is damaged or has ended."""


@dataclass(frozen=True, slots=True)
class ParticipantToken:
    """A token just issued; `expires_at` in seconds since 1970."""

    text: str
    participant: HashedParticipant
    assurance: Assurance
    expires_at: int


def looks_like_a_token(text: str) -> bool:
    """Return whether a bearer text has the form of a token (three parts) and not that of a key."""
    return text.count(".") == 2


def anonymous_participant() -> ParticipantId:
    """Return the id of somebody who told nothing: 128 random bits."""
    return ParticipantId(f"anonymous {secrets.token_hex(16)}")


def issue_token(
    store: Store,
    conversation: Conversation,
    participant: ParticipantId | HashedParticipant,
    *,
    assurance: Assurance,
) -> ParticipantToken:
    """Return a token for one participant in one conversation."""
    hashed = HashedParticipant(id_hash(store, conversation, participant))
    now = int(time.time())
    claims = {
        "aud": _AUDIENCE,
        "tenant": conversation.tenant,
        "conv": conversation.id,
        # Polis's pages and clients keep a token under the conversation that it names so.
        "conversation_id": conversation.id,
        "sub": base64.urlsafe_b64encode(hashed.digest).decode(),
        "level": assurance.value,
        "iat": now,
        "exp": now + LIFE_SECONDS,
    }
    text = jwt.encode(claims, _key(store.secret), algorithm=_ALGORITHM)
    return ParticipantToken(text, hashed, assurance, claims["exp"])


def caller_of_token(text: str, *, secret: bytes) -> Caller:
    """Return the participant that a token was issued to.

    Raises
    ------
    TokenError
        For a token that this service did not sign, that was changed since, or that has ended.
    """
    try:
        claims = jwt.decode(
            text,
            _key(secret),
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            leeway=LEEWAY_SECONDS,
            options={"require": ["aud", "tenant", "conv", "sub", "level", "exp"]},
        )
        digest = base64.urlsafe_b64decode(claims["sub"])
        assurance = Assurance(claims["level"])
    except jwt.ExpiredSignatureError:
        raise TokenError("this participant's token has ended; get a new one") from None
    except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError):
        raise TokenError("this participant's token is not known here") from None
    return Caller(
        tenant=claims["tenant"],
        scopes=PARTICIPANT_SCOPES,
        participant=HashedParticipant(digest),
        conversation=ConversationId(claims["conv"]),
        assurance=assurance,
    )


def _key(secret: bytes) -> bytes:
    return derived_key(secret, "participants' tokens")

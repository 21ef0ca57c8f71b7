"""Records of tenants, their keys, and who participants are; the others stand in `records`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Tenant:
    """An organisation whose conversations and keys are kept apart from everybody else's."""

    id: str
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A bearer key to keep: its public part `id`, and of the rest only the hash."""

    id: str
    tenant: str
    name: str
    key_hash: bytes
    scopes: frozenset[str]
    is_test: bool = False
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A bearer key as kept."""

    id: str
    tenant: str
    name: str
    key_hash: bytes
    scopes: frozenset[str]
    is_test: bool
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def is_live(self, now: datetime) -> bool:
        """Return whether the key opens anything now."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class NewSigningKey:
    """The public half of a key that a tenant signs identities with: Ed25519, in PEM."""

    id: str
    tenant: str
    name: str
    public_key: str
    is_test: bool = False


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A registered public key."""

    id: str
    tenant: str
    name: str
    public_key: str
    is_test: bool
    created_at: datetime
    revoked_at: datetime | None


class Assurance(StrEnum):
    """How sure it is who a participant is, from least to most."""

    ANONYMOUS = "anonymous"
    CODE = "code"
    ACCOUNT = "account"
    VERIFIED = "verified"

    def is_at_least(self, other: "Assurance") -> bool:
        """Return whether this is as sure as another, or surer."""
        order = list(Assurance)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class HashedParticipant:
    """A participant known by the keyed hash of their id: what a participant's token carries."""

    digest: bytes


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of a participant: how sure, and attributes such as `postcode4`."""

    assurance: Assurance
    attributes: Mapping[str, str | bool | int]


class Event(StrEnum):
    """What platforms can be told of."""

    MAP_PUBLISHED = "group-map.published"
    STATEMENT_SUBMITTED = "statement.submitted"
    CONVERSATION_CHANGED = "conversation.changed"
    PHASE_CHANGED = "phase.changed"
    TEST = "webhook.test"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where a platform wants to be told of which events."""

    id: str
    tenant: str
    url: str
    kinds: frozenset[Event]
    is_test: bool
    disabled_because: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class WebhookMessage:
    """One message to one webhook, and what came of it; times in seconds since 1970.

    Attributes
    ----------
    next_at
        When it is tried next; None once it was delivered or given up.
    """

    number: int
    webhook: str
    kind: Event
    data: Mapping[str, Any]
    made_at: float
    n_attempts: int
    next_at: float | None
    delivered_at: float | None
    last_status: int | None
    last_error: str | None


@dataclass(frozen=True, slots=True)
class CodeBatch:
    """One-time codes made together: how many were ordered, are made already, and were redeemed."""

    number: int
    label: str
    n_codes: int
    n_made: int
    n_redeemed: int
    is_closed: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LeftOutParticipant:
    """A participant who is excluded from the map, why, and since when."""

    number: int
    reason: str
    made_at: datetime

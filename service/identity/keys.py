"""Platforms' bearer keys: made once, shown once, kept as hashes."""

import hashlib
import hmac
import re
import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from service.identity.caller import Caller, Scope
from service.store import keys
from service.store.database import Store
from service.store.platform_records import ApiKey

USE_NOTED_EVERY_SECONDS = 3600
"""How exactly it is kept when a key was last used: writing it for every request would double the writing."""

_KEY = re.compile(r"pm_(live|test)_([0-9a-z]{12})_([0-9A-Za-z_-]{43})", re.ASCII)
_ID_CHARACTERS = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, slots=True)
class FreshKey:
    """A key just made.

    Attributes
    ----------
    text
        What the platform sends: shown now and never again.
    id
        Its public part, by which it is listed and revoked.
    key_hash
        What is kept: SHA-256. A slow hash would only help against guessing, and nobody guesses 256 bits.
    """

    text: str
    id: str
    key_hash: bytes


def fresh_key(*, is_test: bool) -> FreshKey:
    """Return a new random key of 256 bits, recognisable by what it starts with."""
    key_id = "".join(secrets.choice(_ID_CHARACTERS) for _ in range(12))
    text = f"pm_{'test' if is_test else 'live'}_{key_id}_{secrets.token_urlsafe(32)}"
    return FreshKey(text, key_id, hashed(text))


def hashed(text: str) -> bytes:
    """Return what is kept of a key."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def key_id_of(text: str) -> str | None:
    """Return the public part of a key's text; nothing for what has another form."""
    match = _KEY.fullmatch(text)
    return None if match is None else match[2]


@dataclass
class KeyRing:
    """Knows the keys that are live; remembers in memory which uses it noted lately."""

    store: Store
    _noted: dict[str, float] = field(default_factory=dict)

    def caller(self, text: str) -> Caller | None:
        """Return whom a key belongs to; nothing for a key that is unknown, revoked or past its day."""
        match = _KEY.fullmatch(text)
        if match is None:
            return None
        key = keys.find(self.store, match[2])
        if key is None or not hmac.compare_digest(key.key_hash, hashed(text)):
            return None
        if not key.is_live(datetime.now(UTC)):
            return None
        return self._caller(key)

    def caller_by_id(self, key_id: str) -> Caller | None:
        """Return whom a live key belongs to, for a token of ours that names it."""
        key = keys.find(self.store, key_id)
        return None if key is None or not key.is_live(datetime.now(UTC)) else self._caller(key)

    def _caller(self, key: ApiKey) -> Caller:
        self._note_use(key.id)
        known = {scope.value for scope in Scope}
        scopes = frozenset(Scope(scope) for scope in key.scopes if scope in known)
        return Caller(tenant=key.tenant, scopes=scopes, is_test=key.is_test, name=f"{key.name} ({key.id})")

    def _note_use(self, key_id: str) -> None:
        now = time.time()
        if now - self._noted.get(key_id, 0.0) >= USE_NOTED_EVERY_SECONDS:
            self._noted[key_id] = now
            keys.note_use(self.store, key_id, at=int(now))

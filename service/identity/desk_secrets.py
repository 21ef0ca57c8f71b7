"""What the desk's people hold: an invitation's code, a session's id, and the mark of a form that is theirs."""

import hashlib
import hmac
import re
import secrets

from service.identity.derived import derived_key
from service.store.desk_records import DeskSession

_SECRET = re.compile(r"[0-9A-Za-z_-]{43}", re.ASCII)


def fresh_secret() -> str:
    """Return 256 random bits as text."""
    return secrets.token_urlsafe(32)


def secret_hash(text: str) -> bytes | None:
    """Return what the store knows a code or an id by; nothing for what can't be one.

    SHA-256: a slow hash would only help against guessing, and nobody guesses 256 bits.
    """
    return hashlib.sha256(text.encode()).digest() if _SECRET.fullmatch(text) else None


def form_mark(secret: bytes, session: DeskSession) -> str:
    """Return what each form of a session carries, and no other site can know (against CSRF)."""
    return hmac.new(derived_key(secret, "forms of the desk"), session.id_hash, "sha256").hexdigest()


def is_form_mark(secret: bytes, session: DeskSession, shown: str) -> bool:
    """Return whether a form that was sent came from a page of this session."""
    return hmac.compare_digest(form_mark(secret, session).encode(), shown.encode("utf-8", "replace"))

"""Answers kept for a day, so that asking again with the same Idempotency-Key does nothing twice."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from service.store.clock import now_seconds
from service.store.database import Store
from service.store.platform_tables import kept_answers

KEPT_SECONDS = 24 * 3600

LOST_SECONDS = 60
"""After this a request that was never answered counts as lost, and may be made again."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What a request was answered; `status` is None while it is under way."""

    request_hash: bytes
    status: int | None
    headers: Mapping[str, str]
    body: bytes


def begin(store: Store, id_hash: bytes, *, request_hash: bytes) -> KeptAnswer | None:
    """Take a key for a request, or return what was done with it before; of many at once one takes it."""
    now = now_seconds()
    row = {
        "id_hash": id_hash,
        "request_hash": request_hash,
        "status": None,
        "headers": {},
        "body": b"",
        "begun_at": now,
    }
    new = (sqlite if store.is_sqlite else postgresql).insert(kept_answers).values(row)
    with store.writing() as connection:
        is_lost = kept_answers.c.status.is_(None) & (kept_answers.c.begun_at < now - LOST_SECONDS)
        is_old = kept_answers.c.begun_at < now - KEPT_SECONDS
        connection.execute(delete(kept_answers).where(is_lost | is_old))
        made = connection.execute(new.on_conflict_do_nothing().returning(kept_answers.c.id_hash)).first()
        if made is not None:
            return None
        found = connection.execute(select(kept_answers).where(kept_answers.c.id_hash == id_hash)).one()
    return KeptAnswer(bytes(found.request_hash), found.status, found.headers, bytes(found.body))


def keep(store: Store, id_hash: bytes, *, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Keep what a request was answered."""
    values = {"status": status, "headers": dict(headers), "body": body}
    with store.writing() as connection:
        connection.execute(update(kept_answers).where(kept_answers.c.id_hash == id_hash).values(values))


def forget(store: Store, id_hash: bytes) -> None:
    """Give a key back: what it was taken for failed, and may be tried again."""
    with store.writing() as connection:
        connection.execute(delete(kept_answers).where(kept_answers.c.id_hash == id_hash))

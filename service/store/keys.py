"""Platforms' keys: bearer keys, kept as hashes, and the public keys that identities are signed with."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, insert, or_, select, update

from service.store import tenants
from service.store.clock import as_time, now_seconds
from service.store.database import Store
from service.store.errors import AlreadyExistsError, NotFoundError
from service.store.platform_records import ApiKey, NewApiKey, NewSigningKey, SigningKey
from service.store.platform_tables import api_keys, signing_keys

MOST_LIVE = 2
"""Keys of one name that may be live at once: the old one and the one that takes its place."""


def add(store: Store, new: NewApiKey) -> ApiKey:
    """Keep a new key's hash.

    Raises
    ------
    NotFoundError
        When there is no such tenant.
    AlreadyExistsError
        When two keys of this name are live.
    """
    row = {
        "id": new.id,
        "tenant": new.tenant,
        "name": new.name,
        "key_hash": new.key_hash,
        "scopes": sorted(new.scopes),
        "is_test": new.is_test,
        "created_at": now_seconds(),
        "expires_at": None if new.expires_at is None else int(new.expires_at.timestamp()),
    }
    with store.writing() as connection:
        tenants.require(connection, new.tenant)
        _require_room(connection, new)
        made = connection.execute(insert(api_keys).values(row).returning(*api_keys.c)).mappings().one()
    return _api_key(made)


def find(store: Store, key_id: str) -> ApiKey | None:
    """Return a key by its public part, live or not."""
    with store.reading() as connection:
        row = connection.execute(select(api_keys).where(api_keys.c.id == key_id)).mappings().first()
    return None if row is None else _api_key(row)


def list_all(store: Store, tenant: str) -> Sequence[ApiKey]:
    """Return a tenant's keys, oldest first."""
    query = select(api_keys).where(api_keys.c.tenant == tenant).order_by(api_keys.c.created_at, api_keys.c.id)
    with store.reading() as connection:
        return [_api_key(row) for row in connection.execute(query).mappings()]


def revoke(store: Store, tenant: str, key_id: str) -> None:
    """End a key of either kind now; raises `NotFoundError` when the tenant has no such live key."""
    with store.writing() as connection:
        ended = sum(_revoke(connection, table, tenant, key_id) for table in (api_keys, signing_keys))
    if not ended:
        raise NotFoundError(f"tenant {tenant!r} has no live key {key_id!r}; `poldermodel key list` shows all")


def note_use(store: Store, key_id: str, *, at: int) -> None:
    """Keep when a key was last used, in seconds since 1970."""
    with store.writing() as connection:
        connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(last_used_at=at))


def register(store: Store, new: NewSigningKey) -> SigningKey:
    """Keep a public key that a tenant signs identities with; raises `AlreadyExistsError` for a taken id."""
    row = {
        "id": new.id,
        "tenant": new.tenant,
        "name": new.name,
        "public_key": new.public_key,
        "is_test": new.is_test,
        "created_at": now_seconds(),
    }
    with store.writing() as connection:
        tenants.require(connection, new.tenant)
        if connection.execute(select(signing_keys.c.id).where(signing_keys.c.id == new.id)).first():
            raise AlreadyExistsError(f"this public key is registered already, as {new.id}")
        made = connection.execute(insert(signing_keys).values(row).returning(*signing_keys.c)).mappings().one()
    return _signing_key(made)


def find_signing(store: Store, key_id: str) -> SigningKey | None:
    """Return a registered public key by its id, live or not."""
    with store.reading() as connection:
        row = connection.execute(select(signing_keys).where(signing_keys.c.id == key_id)).mappings().first()
    return None if row is None else _signing_key(row)


def list_signing(store: Store, tenant: str) -> Sequence[SigningKey]:
    """Return a tenant's registered public keys, oldest first."""
    query = select(signing_keys).where(signing_keys.c.tenant == tenant).order_by(signing_keys.c.created_at)
    with store.reading() as connection:
        return [_signing_key(row) for row in connection.execute(query).mappings()]


def _require_room(connection: Connection, new: NewApiKey) -> None:
    same = (
        (api_keys.c.tenant == new.tenant) & (api_keys.c.name == new.name) & (api_keys.c.is_test == new.is_test)
    )
    is_live = api_keys.c.revoked_at.is_(None) & or_(
        api_keys.c.expires_at.is_(None), api_keys.c.expires_at > now_seconds()
    )
    n_live = connection.execute(select(func.count()).select_from(api_keys).where(same, is_live)).scalar_one()
    if n_live >= MOST_LIVE:
        raise AlreadyExistsError(
            f"{n_live} keys named {new.name!r} are live already; revoke the older one, or choose another name"
        )


def _revoke(connection: Connection, table: Table, tenant: str, key_id: str) -> int:
    live = (table.c.id == key_id) & (table.c.tenant == tenant) & table.c.revoked_at.is_(None)
    return connection.execute(update(table).where(live).values(revoked_at=now_seconds())).rowcount


def _api_key(row: Any) -> ApiKey:
    def time(name: str) -> Any:
        return None if row[name] is None else as_time(row[name])

    return ApiKey(
        id=row["id"],
        tenant=row["tenant"],
        name=row["name"],
        key_hash=bytes(row["key_hash"]),
        scopes=frozenset(row["scopes"]),
        is_test=row["is_test"],
        created_at=as_time(row["created_at"]),
        expires_at=time("expires_at"),
        revoked_at=time("revoked_at"),
        last_used_at=time("last_used_at"),
    )


def _signing_key(row: Any) -> SigningKey:
    return SigningKey(
        id=row["id"],
        tenant=row["tenant"],
        name=row["name"],
        public_key=row["public_key"],
        is_test=row["is_test"],
        created_at=as_time(row["created_at"]),
        revoked_at=None if row["revoked_at"] is None else as_time(row["revoked_at"]),
    )

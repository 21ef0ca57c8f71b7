"""Tenants: organisations whose conversations and keys are kept apart."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from service.store.clock import as_time, now_seconds
from service.store.database import Store
from service.store.errors import AlreadyExistsError, NotFoundError
from service.store.platform_records import Tenant
from service.store.platform_tables import tenants
from service.store.records import DEFAULT_TENANT


def add(store: Store, tenant: str, *, name: str) -> Tenant:
    """Add a tenant; raises `AlreadyExistsError` when the id is taken."""
    row = {"id": tenant, "name": name, "created_at": now_seconds()}
    try:
        with store.writing() as connection:
            connection.execute(insert(tenants).values(row))
    except IntegrityError:
        raise AlreadyExistsError(f"tenant {tenant!r} exists already") from None
    return Tenant(tenant, name, as_time(row["created_at"]))


def list_all(store: Store) -> Sequence[Tenant]:
    """Return every tenant, by id."""
    with store.reading() as connection:
        rows = connection.execute(select(tenants).order_by(tenants.c.id)).all()
    return [Tenant(row.id, row.name, as_time(row.created_at)) for row in rows]


def require(connection: Connection, tenant: str) -> None:
    """Raise `NotFoundError` when there is no such tenant; the one that is always there is made when needed."""
    if tenant == DEFAULT_TENANT:
        ensure(connection, tenant)
    elif connection.execute(select(tenants.c.id).where(tenants.c.id == tenant)).first() is None:
        raise NotFoundError(f"no tenant {tenant!r}; `poldermodel tenant add` makes one")


def ensure(connection: Connection, tenant: str) -> None:
    """Add a tenant that isn't there yet, in a transaction that goes on to do more."""
    if connection.execute(select(tenants.c.id).where(tenants.c.id == tenant)).first() is None:
        connection.execute(insert(tenants).values(id=tenant, name="", created_at=now_seconds()))

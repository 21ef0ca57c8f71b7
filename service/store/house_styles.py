"""House styles: one for each organisation that made one; files are found by what names their content."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, insert, select

from service.store import tenants
from service.store.database import Store
from service.store.house_style_tables import house_styles


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """How an organisation looks.

    Attributes
    ----------
    digest
        Names the colour and the logo: another look, another name.
    accent
        `#rrggbb`, or nothing for the service's own.
    logo_type
        The logo's media type; nothing without one.
    """

    digest: str
    name: str
    accent: str
    logo_type: str


_KEPT = (house_styles.c.digest, house_styles.c.name, house_styles.c.accent, house_styles.c.logo_type)


def find(store: Store, tenant: str) -> HouseStyle | None:
    """Return an organisation's style, if it made one."""
    return _found(store, house_styles.c.tenant == tenant)


def find_by_digest(store: Store, digest: str) -> HouseStyle | None:
    """Return the style that a digest names; of two organisations that look alike either one's."""
    return _found(store, house_styles.c.digest == digest)


def logo(store: Store, digest: str) -> bytes | None:
    """Return the logo of the style that a digest names."""
    query = select(house_styles.c.logo).where(house_styles.c.digest == digest).limit(1)
    with store.reading() as connection:
        found = connection.execute(query).scalar()
    return None if found is None else bytes(found)


def keep(store: Store, tenant: str, style: HouseStyle, *, logo: bytes | None) -> None:
    """Keep an organisation's style instead of the one it had; raises `NotFoundError` for no such tenant."""
    row = {
        "tenant": tenant,
        "digest": style.digest,
        "name": style.name,
        "accent": style.accent,
        "logo_type": style.logo_type,
        "logo": logo,
    }
    with store.writing() as connection:
        tenants.require(connection, tenant)
        connection.execute(delete(house_styles).where(house_styles.c.tenant == tenant))
        connection.execute(insert(house_styles).values(row))


def _found(store: Store, condition: ColumnElement[bool]) -> HouseStyle | None:
    with store.reading() as connection:
        row = connection.execute(select(*_KEPT).where(condition).limit(1)).first()
    return None if row is None else HouseStyle(*row)

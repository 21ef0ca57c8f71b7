"""House styles: one for each organisation that made one; files are found by what names their content."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, insert, select

from service.store import tenants
from service.store.database import Store
from service.store.house_style_tables import house_styles
from service.store.platform_tables import tenants as tenant_rows


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


def keep(
    store: Store, tenant: str, *, name: str, accent: str, logo: bytes | None, logo_type: str, keeps_logo: bool
) -> HouseStyle:
    """Keep an organisation's style instead of the one it had, and return it.

    Parameters
    ----------
    keeps_logo
        Whether, without a new logo, the one there is stays.

    Raises
    ------
    NotFoundError
        When there is no such tenant.
    """
    here = house_styles.c.tenant == tenant
    with store.writing() as connection:
        tenants.require(connection, tenant)
        # Two who save at once take turns: the second finds what the first kept.
        connection.execute(select(tenant_rows.c.id).where(tenant_rows.c.id == tenant).with_for_update())
        if logo is None and keeps_logo:
            query = select(house_styles.c.logo, house_styles.c.logo_type).where(here)
            found = connection.execute(query).first()
            if found is not None and found.logo is not None:
                logo, logo_type = bytes(found.logo), found.logo_type
        digest = hashlib.sha256(b"\0".join((accent.encode(), logo or b""))).hexdigest()[:32]
        style = HouseStyle(digest=digest, name=name, accent=accent, logo_type=logo_type if logo else "")
        connection.execute(delete(house_styles).where(here))
        row = {"digest": digest, "name": name, "accent": accent, "logo_type": style.logo_type, "logo": logo}
        connection.execute(insert(house_styles).values(tenant=tenant, **row))
    return style


def _found(store: Store, condition: ColumnElement[bool]) -> HouseStyle | None:
    with store.reading() as connection:
        row = connection.execute(select(*_KEPT).where(condition).limit(1)).first()
    return None if row is None else HouseStyle(*row)

"""One store, one secret: with another one nobody would find their own votes, and nobody would notice."""

import hmac

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from service.store.database import Store
from service.store.errors import StoreError
from service.store.tables import facts

_NAME = "secret-fingerprint"


def agree_on_secret(store: Store) -> None:
    """Check that this store has always been used with this secret; the first use decides.

    Raises
    ------
    StoreError
        When the store knows another secret.
    """
    fingerprint = hmac.digest(store.secret, b"poldermodel: fingerprint of the secret", "sha256").hex()[:32]
    insert = (sqlite if store.is_sqlite else postgresql).insert(facts)
    with store.writing() as connection:
        connection.execute(insert.values(name=_NAME, value=fingerprint).on_conflict_do_nothing())
        known = connection.execute(select(facts.c.value).where(facts.c.name == _NAME)).scalar_one()
    if not hmac.compare_digest(known, fingerprint):
        raise StoreError(
            "this store's participants were hashed with another secret; give the one it was first used with as "
            "POLDERMODEL_SECRET"
        )

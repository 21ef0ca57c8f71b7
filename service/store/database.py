"""Open the store: one engine, its limits, its transactions."""

from dataclasses import dataclass

from sqlalchemy import Engine


@dataclass(frozen=True)
class Store:
    """An open database and the secret that participants' ids are hashed with."""

    engine: Engine
    secret: bytes

    def ping(self) -> None:
        """Read one row; raises `StoreUnavailableError` when the database doesn't answer."""
        raise NotImplementedError

    def close(self) -> None:
        """Give back every connection."""
        raise NotImplementedError


def open_store(database_url: str, *, secret: bytes) -> Store:
    """Return the store at an SQLite or PostgreSQL address."""
    raise NotImplementedError


def migrate(database_url: str) -> None:
    """Bring the database's tables up to date; doing so twice is harmless."""
    raise NotImplementedError


def is_migrated(store: Store) -> bool:
    """Return whether the tables are those this program expects."""
    raise NotImplementedError

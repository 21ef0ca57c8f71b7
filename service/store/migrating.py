"""Bring the database's tables up to date, in one transaction."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from service.store.database import is_migrated, open_store
from service.store.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

_ADVISORY_LOCK = 7_065_657
"""Any number that nothing else in the database uses: two migrations at once wait for each other."""


def migrate(database_url: str) -> None:
    """Bring the database's tables up to date; doing so twice, or twice at once, is harmless.

    Raises
    ------
    StoreError
        When the tables are those of a later program.
    """
    store = open_store(database_url, secret=b"")
    try:
        if is_migrated(store):
            return
        # Loaded only when there is something to do: a restart needn't wait for it.
        from alembic import command
        from alembic.util import CommandError

        with store.writing() as connection:
            if not store.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
            config = _config()
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:
                raise StoreError(
                    f"the database is not one this program can bring up to date: {error}"
                ) from error
    finally:
        store.close()


def _config() -> "Config":
    """Return alembic's configuration, which needs no file."""
    from alembic.config import Config

    config = Config()
    # Alembic's configuration gives the percent sign a meaning of its own.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config

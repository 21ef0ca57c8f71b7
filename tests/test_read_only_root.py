"""The whole service runs as an ordinary user on a read-only file system, as the image runs it."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
KEY = "key-for-this-test-only"
STATEMENTS = ["Er moeten meer bomen komen.", "De speeltuin moet groter worden."]


def has_mount_namespaces() -> bool:
    """Whether this user may have one: on Linux, as root, and not inside a container that forbids it."""
    return sys.platform == "linux" and subprocess.run(["unshare", "--mount", "true"]).returncode == 0


pytestmark = pytest.mark.skipif(
    not has_mount_namespaces(), reason="mount namespaces are Linux's, and need root"
)


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder with a shorter name than tests have: the embedded server's socket stands in one inside it."""
    with tempfile.TemporaryDirectory(prefix="read-only-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
def service(short_path: Path) -> Iterator[subprocess.Popen[str]]:
    """`poldermodel serve`, with nothing to write to but its data folder."""
    command = [Path(sys.prefix) / "bin" / "poldermodel", "serve", "--port", "0"]
    with subprocess.Popen(
        [sys.executable, ROOT / ".ci" / "read-only-root", short_path, *command],
        env={**os.environ, "POLDERMODEL_ADMIN_KEY": KEY, "POLDERMODEL_DATA_FOLDER": str(short_path / "data")},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def asked(address: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(address, data, headers), timeout=10) as answer:
        return json.load(answer)


def family(process: int) -> list[int]:
    """Return a process and all that descend from it."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [process, *(member for child in children for member in family(int(child)))]


def test_it_takes_votes_and_draws_a_map(service: subprocess.Popen[str]):
    assert service.stdout is not None
    address = service.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:")

    for process in family(service.pid):
        status = Path(f"/proc/{process}/status").read_text()
        assert "\nUid:\t65534\t65534\t65534\t65534\n" in status
        assert "\nCapEff:\t0000000000000000\n" in status
        assert "\nNoNewPrivs:\t1\n" in status
    assert len(family(service.pid)) >= 5, "supervisor, web, worker, sweep and queue"

    conversation = asked(f"{address}/v1/conversations", {"question": "Hoe richten we het plein in?"})
    here = f"{address}/v1/conversations/{conversation['id']}"
    for number, text in enumerate(STATEMENTS):
        asked(f"{here}/statements", {"id": str(number), "text": text})
    cast = asked(f"{here}/votes", {"participant": "a", "statement": "0", "vote": 1})

    deadline = time.monotonic() + 120
    while (group_map := asked(f"{here}/group-map")).get("as_of") != cast["sequence"]:
        assert time.monotonic() < deadline, group_map
        time.sleep(0.2)

    everybody = family(service.pid)
    service.send_signal(signal.SIGTERM)
    assert service.wait(timeout=30) == 0
    assert not [process for process in everybody if Path(f"/proc/{process}").exists()]

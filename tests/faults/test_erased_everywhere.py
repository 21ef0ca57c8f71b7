"""Who erases themselves is gone from every place where the running service keeps anything."""

import http.client
import io
import json
import secrets
import time
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import jwt
import pytest
import redis
from sqlalchemy import select

from service.identity.derived import signing_secret
from service.identity.keys import fresh_key
from service.store import keys
from service.store.platform_records import NewApiKey
from service.store.tables import participants

CANARIES = ("canary-sub-58113", "canary-postcode-3511", "Canary text 77120: more benches", "canary-option-9")
"""What only this participant brought: a name, an attribute, a text, an answer."""


@pytest.fixture
def ask(service):
    """Return a function that asks over HTTP, as the operator or as who holds a token."""

    def send(method, path, body=None, *, token=None):
        place = urlsplit(service.address)
        bearer = token or service.settings.admin_key.get_secret_value()
        headers = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        assert answer.status < 300, (method, path, answer.status, content)
        return json.loads(content) if answer.headers.get_content_type() == "application/json" else content

    return send


@pytest.fixture
def crowd(ask):
    """The path of a conversation in which twenty people of two minds voted."""
    questions = [
        {
            "id": "age",
            "text": "How old?",
            "options": [{"id": CANARIES[3], "text": "x"}, {"id": "b", "text": "y"}],
        }
    ]
    about = {"question": "The square?", "language": "en", "about_questions": questions}
    path = f"/v1/conversations/{ask('POST', '/v1/conversations', about)['id']}"
    ask("POST", f"{path}/statements", {"statements": [{"text": f"Idea {n}.", "id": f"s{n}"} for n in range(8)]})
    votes = [
        {"participant": f"person {who}", "statement": f"s{n}", "vote": 1 if (n + who) % 2 else -1}
        for who in range(20)
        for n in range(8)
    ]
    ask("POST", f"{path}/vote-batches", {"votes": votes})
    return path


def signed(service, conversation):
    with_store = service.store()
    try:
        fresh = fresh_key(is_test=False)
        new = NewApiKey(fresh.id, "default", "site", fresh.key_hash, frozenset({"vote"}), is_test=False)
        keys.add(with_store, new)
        secret = signing_secret(with_store.secret, fresh.id)
    finally:
        with_store.close()
    claims = {
        "iss": "default", "aud": "poldermodel", "sub": CANARIES[0], "conv": conversation,
        "exp": int(time.time()) + 300, "jti": secrets.token_hex(16), "attributes": {"postcode4": CANARIES[1]},
    }  # fmt: skip
    return jwt.encode(claims, secret, "HS256", headers={"kid": fresh.id})


def newest_participant(service):
    """Return the hash that the store knows the last participant by."""
    store = service.store()
    try:
        with store.reading() as connection:
            newest = select(participants.c.id_hash).order_by(participants.c.number.desc()).limit(1)
            return connection.execute(newest).scalar_one()
    finally:
        store.close()


def everything_in_redis(service):
    """Return every key and value of the running Redis, and what it would write to disk."""
    addresses = {
        value.removeprefix(b"POLDERMODEL_REDIS_URL=")
        for pid in service.processes()
        for value in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        if value.startswith(b"POLDERMODEL_REDIS_URL=unix")
    }
    (address,) = addresses
    with redis.Redis.from_url(address.decode()) as client:
        return b"".join(key + (client.dump(key) or b"") for key in client.scan_iter())


def exported(ask, path, form):
    with zipfile.ZipFile(io.BytesIO(ask("GET", f"{path}/exports/{form}"))) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_erased_everywhere(service, ask, crowd, wait_until, tmp_path):
    path, conversation = crowd, crowd.rpartition("/")[2]
    token = ask("POST", f"{path}/participant-tokens", {"identity": signed(service, conversation)})["token"]
    for n in range(8):
        ask("POST", f"{path}/votes", {"statement": f"s{n}", "vote": 1}, token=token)
    ask("POST", f"{path}/statements", {"text": CANARIES[2]}, token=token)
    ask("PUT", f"{path}/own-answers", {"answers": {"age": CANARIES[3]}}, token=token)
    ask("POST", f"{path}/transfer-codes", {}, token=token)
    own = ask("GET", f"{path}/own-data", token=token)
    assert own["attributes"] == {"postcode4": CANARIES[1]}
    assert own["answers"] == {"age": CANARIES[3]}

    def people_on_map():
        return ask("GET", f"{path}/group-map").get("n_participants")

    wait_until(lambda: people_on_map() == 21, seconds=60)
    hashed = newest_participant(service)
    before = exported(ask, path, "zip")
    assert CANARIES[2].encode() in before

    ask("DELETE", f"{path}/own-data", token=token)
    assert wait_until(lambda: people_on_map() == 20, seconds=60) < 60
    # The canaries themselves, and what would still tie a line to this person: the hash, and the token.
    traces = [*(text.encode() for text in CANARIES[:3]), hashed, hashed.hex().encode(), token.encode()]
    exports = b"".join(exported(ask, path, form) for form in ("zip", "polis", "matrix"))
    kept_in_redis = everything_in_redis(service)
    service.stop()
    logs = service.log_file.read_bytes()
    assert b"listening" in logs, "this is where its processes write"
    on_disk = b"".join(one.read_bytes() for one in (tmp_path / "data").rglob("*") if one.is_file())
    for trace in traces:
        assert trace not in exports
        assert trace not in kept_in_redis
        assert trace not in logs
        assert trace not in on_disk
    # The option's id is the facilitator's own word, and stays in the question; nobody's answer does.
    assert on_disk.count(CANARIES[3].encode()) <= before.count(CANARIES[3].encode()) + 2

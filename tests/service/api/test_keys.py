"""Platforms' keys: each opens its own tenant, by its scopes, until it ends; tests and real never mix."""

from datetime import UTC, datetime, timedelta

import pytest

from service.identity.keys import fresh_key
from service.store import keys, tenants
from service.store.errors import AlreadyExistsError, NotFoundError
from service.store.platform_records import NewApiKey

ALL = ("vote", "statement:write", "moderate", "export", "admin")


@pytest.fixture
def client(app, parts):
    """Make a client with a fresh key."""

    def make(*, tenant="default", scopes=ALL, is_test=False, name="platform", expires_at=None):
        fresh = fresh_key(is_test=is_test)
        new = NewApiKey(fresh.id, tenant, name, fresh.key_hash, frozenset(scopes), is_test, expires_at)
        keys.add(parts.store, new)
        made = app.test_client()
        made.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {fresh.text}"
        return made, fresh

    return make


def test_a_key_opens_what_its_scopes_say(client, conversation):
    reader, _ = client(scopes=("moderate",))
    address = f"/v1/conversations/{conversation}"
    assert reader.patch(f"{address}/statements/trees", json={"state": "hidden"}).status_code == 200
    assert reader.patch(address, json={"is_open": False}).status_code == 403
    assert reader.post("/v1/conversations", json={"question": "Mine?"}).status_code == 403


def test_only_the_hash_of_a_key_is_kept(client, parts):
    _, fresh = client()
    with parts.store.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT * FROM api_keys").all()
    assert fresh.id in str(kept)
    assert fresh.text not in str(kept)
    assert fresh.text.partition(fresh.id)[2].removeprefix("_") not in str(kept)


def test_a_key_ends_when_revoked_or_past_its_day(client, parts):
    revoked, fresh = client()
    assert revoked.get("/v1/conversations").status_code == 200
    keys.revoke(parts.store, "default", fresh.id)
    assert revoked.get("/v1/conversations").status_code == 401
    with pytest.raises(NotFoundError):
        keys.revoke(parts.store, "default", fresh.id)
    past, _ = client(name="old", expires_at=datetime.now(UTC) - timedelta(seconds=2))
    assert past.get("/v1/conversations").status_code == 401


def test_two_keys_of_a_name_are_live_for_rotation(client, parts):
    _, first = client()
    second, _ = client()
    with pytest.raises(AlreadyExistsError, match="revoke"):
        client()
    keys.revoke(parts.store, "default", first.id)
    client()
    assert second.get("/v1/conversations").status_code == 200


def test_last_use_is_kept(client, parts):
    used, fresh = client()
    assert keys.find(parts.store, fresh.id).last_used_at is None
    used.get("/v1/conversations")
    assert keys.find(parts.store, fresh.id).last_used_at is not None


def test_a_key_of_another_tenant_sees_nothing_of_ours(client, parts, conversation):
    tenants.add(parts.store, "another-town", name="Another town")
    foreign, _ = client(tenant="another-town")
    address = f"/v1/conversations/{conversation}"
    assert foreign.get("/v1/conversations").json["items"] == []
    assert foreign.patch(address, json={"is_open": False}).status_code == 404
    assert foreign.post(f"{address}/statements", json={"text": "Ours."}).status_code == 404
    vote = {"participant": "p", "statement": "trees", "vote": 1}
    assert foreign.post(f"{address}/votes", json=vote).status_code == 404
    assert foreign.post(f"{address}/code-batches", json={"n_codes": 1}).status_code == 404
    own = foreign.post("/v1/conversations", json={"question": "Theirs?"}).json["id"]
    assert [one["id"] for one in foreign.get("/v1/conversations").json["items"]] == [own]


def test_a_key_needs_a_tenant_that_is_there(client):
    with pytest.raises(NotFoundError, match="tenant add"):
        client(tenant="nowhere")


def test_test_keys_and_real_ones_never_meet(client, api, conversation):
    trial, _ = client(is_test=True)
    real, _ = client(name="real")
    tested = trial.post("/v1/conversations", json={"question": "Only trying?"})
    assert (tested.status_code, tested.json["is_test"]) == (201, True)
    assert trial.post("/v1/conversations", json={"question": "?", "is_test": False}).status_code == 403
    assert real.post("/v1/conversations", json={"question": "?", "is_test": True}).status_code == 403
    vote = {"participant": "p", "statement": "trees", "vote": 1}
    assert trial.post(f"/v1/conversations/{conversation}/votes", json=vote).status_code == 404
    assert real.patch(f"/v1/conversations/{tested.json['id']}", json={"is_open": False}).status_code == 404
    assert [one["id"] for one in trial.get("/v1/conversations").json["items"]] == [tested.json["id"]]
    assert tested.json["id"] not in [one["id"] for one in real.get("/v1/conversations").json["items"]]
    assert len(api.get("/v1/conversations").json["items"]) == 2


@pytest.mark.parametrize("damage", ["cut", "longer", "other kind", "other id", "upper case"])
def test_a_damaged_key_is_no_key(app, client, damage):
    _, fresh = client()
    text = {
        "cut": fresh.text[:-1],
        "longer": fresh.text + "a",
        "other kind": fresh.text.replace("pm_live", "pm_test"),
        "other id": fresh.text.replace(fresh.id, "0" * 12),
        "upper case": fresh.text.upper(),
    }[damage]
    answer = app.test_client().get("/v1/conversations", headers={"Authorization": f"Bearer {text}"})
    assert answer.status_code == 401

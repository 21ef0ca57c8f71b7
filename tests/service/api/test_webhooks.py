"""Webhooks over HTTP: added with checks, listed without secrets, tested, removed, and only one's own."""

import pytest

from service.identity.keys import fresh_key
from service.store import keys, tenants
from service.store.platform_records import NewApiKey

URL = "https://portal.example.org/hooks"


@pytest.fixture
def webhook(api):
    made = api.post("/v1/webhooks", json={"url": URL, "kinds": ["group-map.published"]})
    assert made.status_code == 201
    return made.json


def test_the_secret_is_told_once(api, webhook):
    assert webhook["secret"].startswith("whsec_")
    (listed,) = api.get("/v1/webhooks").json["items"]
    assert "secret" not in listed
    assert listed == {name: value for name, value in webhook.items() if name != "secret"}


@pytest.mark.parametrize(
    "url",
    ["http://portal.example.org/", "https://127.0.0.1/", "https://example.org/#part", "https://example.org:0/"],
)
def test_an_address_that_nothing_is_sent_to(api, url):
    answer = api.post("/v1/webhooks", json={"url": url, "kinds": ["group-map.published"]})
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/address-refused")
    assert api.get("/v1/webhooks").json["items"] == []


@pytest.mark.parametrize(
    ("url", "kinds"),
    [
        ("https://[::1]/", ["group-map.published"]),
        ("https://user:word@example.org/", ["group-map.published"]),
        ("https://example.org/\nHost: x", ["group-map.published"]),
        (URL, []),
        (URL, ["everything"]),
    ],
)
def test_refused(api, url, kinds):
    assert api.post("/v1/webhooks", json={"url": url, "kinds": kinds}).status_code == 422
    assert api.get("/v1/webhooks").json["items"] == []


def test_a_test_message_is_in_the_log(api, webhook):
    sent = api.post(f"/v1/webhooks/{webhook['id']}/test-message", json={})
    assert (sent.status_code, sent.json["type"]) == (202, "webhook.test")
    listed = api.get(f"/v1/webhooks/{webhook['id']}/deliveries").json
    assert [one["number"] for one in listed["items"]] == [sent.json["number"]]
    assert listed["next"] is None


def test_removed_is_gone(api, webhook):
    api.post(f"/v1/webhooks/{webhook['id']}/test-message", json={})
    assert api.delete(f"/v1/webhooks/{webhook['id']}").json == {"removed": webhook["id"]}
    assert api.get("/v1/webhooks").json["items"] == []
    assert api.delete(f"/v1/webhooks/{webhook['id']}").status_code == 404


def test_not_more_than_there_may_be(api):
    answers = [
        api.post("/v1/webhooks", json={"url": URL, "kinds": ["phase.changed"]}).status_code for _ in range(21)
    ]
    assert answers == [201] * 20 + [409]


def test_another_tenants_webhook_is_not_there(app, parts, webhook):
    tenants.add(parts.store, "another-town", name="")
    for tenant, is_test in (("another-town", False), ("default", True)):
        fresh = fresh_key(is_test=is_test)
        keys.add(parts.store, NewApiKey(fresh.id, tenant, "k", fresh.key_hash, frozenset({"admin"}), is_test))
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {fresh.text}"
        assert client.get("/v1/webhooks").json["items"] == []
        assert client.delete(f"/v1/webhooks/{webhook['id']}").status_code == 404
        assert client.get(f"/v1/webhooks/{webhook['id']}/deliveries").status_code == 404

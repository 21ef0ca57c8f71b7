"""Exports over HTTP: whole zips for keys with the scope, nothing for anybody else."""

import io
import json
import zipfile

import pytest

from service.identity.keys import fresh_key
from service.store import keys, tenants
from service.store.platform_records import NewApiKey

FORMS = ("zip", "polis", "matrix", "parquet")


@pytest.fixture
def client_of(app, parts):
    """Return a function that makes a client with a key of its own."""

    def make(*scopes, tenant="default", is_test=False):
        if tenant != "default":
            tenants.add(parts.store, tenant, name=tenant)
        fresh = fresh_key(is_test=is_test)
        keys.add(parts.store, NewApiKey(fresh.id, tenant, "ours", fresh.key_hash, frozenset(scopes), is_test))
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {fresh.text}"
        return client

    return make


@pytest.fixture
def voted_on(api, conversation):
    for person in ("ann", "bea"):
        body = {"participant": person, "statement": "trees", "vote": 1}
        assert api.post(f"/v1/conversations/{conversation}/votes", json=body).status_code == 201
    return conversation


@pytest.mark.parametrize("form", FORMS)
def test_an_export_is_a_whole_zip(client_of, voted_on, form):
    answer = client_of("export").get(f"/v1/conversations/{voted_on}/exports/{form}")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Cache-Control"] == "no-store"
    assert f'filename="{voted_on}-{form}.zip"' in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as opened:
        assert opened.testzip() is None
        if form != "polis":
            assert json.loads(opened.read("manifest.json"))["n_votes"] == 2


def test_only_the_scope_opens_it_and_only_here(client_of, public, voted_on):
    address = f"/v1/conversations/{voted_on}/exports/zip"
    assert public.get(address).status_code == 401
    refused = client_of("vote", "statement:write", "moderate", "admin").get(address)
    assert (refused.status_code, refused.json["type"]) == (403, "/problems/scope-needed")
    assert client_of("export", tenant="utrecht").get(address).status_code == 404
    assert client_of("export", is_test=True).get(address).status_code == 404


def test_another_form_is_a_problem(api, voted_on):
    answer = api.get(f"/v1/conversations/{voted_on}/exports/spreadsheet")
    assert answer.status_code in {404, 422}
    assert answer.mimetype == "application/problem+json"
    assert api.get("/v1/conversations/nowhere/exports/zip").status_code == 404


def test_what_nobody_reads_to_the_end_lets_the_store_go(api, parts, voted_on):
    for _ in range(40):  # More than the store has connections.
        answer = api.get(f"/v1/conversations/{voted_on}/exports/zip", buffered=False)
        assert next(iter(answer.response))
        answer.close()
    body = {"participant": "cor", "statement": "trees", "vote": -1}
    assert api.post(f"/v1/conversations/{voted_on}/votes", json=body).status_code == 201


def test_a_head_request_makes_nothing(api, voted_on):
    answer = api.head(f"/v1/conversations/{voted_on}/exports/zip")
    assert (answer.status_code, answer.data) == (200, b"")

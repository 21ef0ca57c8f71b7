"""Asking again: the same key gives the same answer, once; and how often somebody may ask."""

import threading
from collections import Counter
from dataclasses import replace

import pytest

from service.api.idempotency import MAX_KEY_LENGTH
from service.app import app_of
from service.store import idempotency
from service.store.platform_tables import kept_answers


def test_the_same_key_gives_the_same_answer_once(api):
    body = {"question": "What should the square become?"}
    headers = {"Idempotency-Key": "first-try-0001"}
    first, again = (api.post("/v1/conversations", json=body, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert again.headers["Location"] == first.headers["Location"]
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.headers["X-Request-Id"] != again.headers["X-Request-Id"]
    assert len(api.get("/v1/conversations").json["items"]) == 1


def test_another_body_under_the_same_key_is_refused(api):
    headers = {"Idempotency-Key": "k"}
    api.post("/v1/conversations", json={"question": "One?"}, headers=headers)
    other = api.post("/v1/conversations", json={"question": "Two?"}, headers=headers)
    assert (other.status_code, other.json["type"]) == (422, "/problems/key-reused")
    assert len(api.get("/v1/conversations").json["items"]) == 1


def test_a_refusal_is_kept_too(api, conversation):
    headers = {"Idempotency-Key": "k"}
    vote = {"participant": "p", "statement": "nothing", "vote": 1}
    address = f"/v1/conversations/{conversation}/votes"
    first, again = (api.post(address, json=vote, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (409, 409)
    assert first.json["type"] == again.json["type"] == "/problems/unknown-statement"
    assert again.content_type == "application/problem+json"


def test_two_callers_may_use_one_key(api, public, conversation):
    address = f"/v1/conversations/{conversation}"
    headers = {"Idempotency-Key": "mine"}
    for _ in range(2):
        token = public.post(f"{address}/participant-tokens", json={}).json["token"]
        bearing = headers | {"Authorization": f"Bearer {token}"}
        vote = public.post(f"{address}/votes", json={"statement": "0", "vote": 1}, headers=bearing)
        assert vote.status_code == 201
    assert api.get(address).json["counts"]["n_votes"] == 2


def test_answers_with_a_token_are_not_kept(public, parts, conversation):
    address = f"/v1/conversations/{conversation}/participant-tokens"
    tokens = {public.post(address, json={}, headers={"Idempotency-Key": "k"}).json["token"] for _ in range(2)}
    assert len(tokens) == 2
    with parts.store.reading() as connection:
        assert connection.execute(kept_answers.select()).all() == []


@pytest.mark.parametrize("key", ["", "x" * (MAX_KEY_LENGTH + 1), "a\tb"])
def test_keys_that_are_none(api, key):
    answer = api.post("/v1/conversations", json={"question": "?"}, headers={"Idempotency-Key": key})
    assert answer.status_code == 422


def test_many_at_once_make_one(app, api):
    answers = []

    def ask():
        client = app.test_client()
        client.environ_base.update(api.environ_base)
        answer = client.post(
            "/v1/conversations", json={"question": "One?"}, headers={"Idempotency-Key": "race"}
        )
        answers.append(answer.status_code)

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    # Whoever came while the first was under way is told so; nobody made a second one.
    assert set(Counter(answers)) <= {201, 409}
    assert 201 in answers
    assert len(api.get("/v1/conversations").json["items"]) == 1


def test_a_request_that_was_lost_can_be_made_again(store):
    key, body = b"k" * 32, b"b" * 32
    assert idempotency.begin(store, key, request_hash=body) is None
    assert idempotency.begin(store, key, request_hash=body).status is None
    with store.writing() as connection:
        late = kept_answers.c.begun_at - idempotency.LOST_SECONDS - 1
        connection.execute(kept_answers.update().values(begun_at=late))
    assert idempotency.begin(store, key, request_hash=body) is None
    idempotency.keep(store, key, status=201, headers={}, body=b"{}")
    with store.writing() as connection:
        connection.execute(kept_answers.update().values(begun_at=late))
    assert idempotency.begin(store, key, request_hash=body).status == 201
    with store.writing() as connection:
        old = kept_answers.c.begun_at - idempotency.KEPT_SECONDS
        connection.execute(kept_answers.update().values(begun_at=old))
    assert idempotency.begin(store, key, request_hash=body) is None


@pytest.fixture
def strict(parts):
    """The service with low limits."""
    changed = {"participant_requests_per_minute": 5, "key_requests_per_minute": 50, "tokens_per_minute": 8}
    settings = parts.settings.model_copy(update=changed)
    return app_of(replace(parts, settings=settings))


def test_each_participant_has_a_limit_of_their_own(strict, conversation):
    client, address = strict.test_client(), f"/v1/conversations/{conversation}"
    tokens = [client.post(f"{address}/participant-tokens", json={}).json["token"] for _ in range(2)]
    mine, other = ({"Authorization": f"Bearer {token}"} for token in tokens)
    answers = [client.get(f"{address}/own-votes", headers=mine) for _ in range(6)]
    assert [one.status_code for one in answers] == [200] * 5 + [429]
    assert [one.headers["RateLimit-Remaining"] for one in answers] == ["4", "3", "2", "1", "0", "0"]
    assert answers[-1].headers["RateLimit-Limit"] == "5"
    # A fifth of the next minute too, where this one has only begun: five then count as four.
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 72
    assert answers[-1].json["type"] == "/problems/too-many-requests"
    assert client.get(f"{address}/own-votes", headers=other).status_code == 200
    # What is public stays so: nobody is cut off from reading.
    assert client.get(address).status_code == 200


def test_tokens_are_limited_by_address_and_keys_by_key(strict, conversation, api):
    client, address = strict.test_client(), f"/v1/conversations/{conversation}/participant-tokens"
    assert [client.post(address, json={}).status_code for _ in range(9)] == [201] * 8 + [429]
    client.environ_base["HTTP_AUTHORIZATION"] = api.environ_base["HTTP_AUTHORIZATION"]
    answers = [client.get("/v1/conversations").status_code for _ in range(51)]
    assert answers == [200] * 50 + [429]


def test_every_answer_says_its_version(public, conversation):
    for address in ("/v1/openapi.json", f"/v1/conversations/{conversation}", "/v1/nothing", "/healthz"):
        assert public.get(address).headers["API-Version"].startswith("1.")

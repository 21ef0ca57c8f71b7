from urllib.parse import quote

import pytest


@pytest.fixture
def address(conversation):
    return f"/v1/conversations/{conversation}/statements"


def test_one_or_several(api, address):
    one = api.post(address, json={"text": "One.", "language": "nl"})
    several = api.post(address, json={"statements": [{"text": "Two."}, {"text": "Three.", "id": 30}]})
    assert (one.status_code, several.status_code) == (201, 201)
    assert [item["id"] for item in one.json["items"] + several.json["items"]] == ["3", "4", "30"]
    assert one.json["items"][0]["language"] == "nl"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/text"),
        ({"text": ""}, "#/text"),
        ({"text": "x" * 32_001}, "#/text"),
        ({"text": "a\u0000b"}, "#/text"),
        ({"text": "one\ntwo"}, "#/text"),
        ({"text": "a" + "\u0301" * 10_000}, "#/text"),
        ({"text": 7}, "#/text"),
        ({"text": "x", "id": ""}, "#/id"),
        ({"text": "x", "state": "gone"}, "#/state"),
        ({"text": "x", "other": 1}, "#/other"),
        ({"statements": []}, "#/statements"),
        ({"statements": "x"}, "#/statements"),
        ({"statements": [{"text": "x"}, {"text": ""}]}, "#/statements/1/text"),
        ({"statements": [{"text": "x"}], "text": "x"}, "#/text"),
    ],
)
def test_refused(api, address, body, pointer):
    answer = api.post(address, json=body)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json["errors"]] == [pointer]
    assert len(api.get(address).json["items"]) == 3


def test_length_is_what_a_reader_counts_and_the_conversation_allows(api, address, conversation):
    family = "👩‍👩‍👧‍👦"
    assert api.post(address, json={"text": family * 140}).status_code == 201
    assert api.post(address, json={"text": family * 141}).json["type"] == "/problems/too-long"
    two = api.post(address, json={"statements": [{"text": "x"}, {"text": "y" * 141}]})
    assert (two.status_code, two.json["errors"][0]["pointer"]) == (409, "#/statements/1/text")
    api.patch(f"/v1/conversations/{conversation}", json={"max_statement_length": 1000})
    assert api.post(address, json={"text": "x" * 1000}).status_code == 201
    assert api.post(address, json={"text": "x" * 1001}).json["type"] == "/problems/too-long"


def test_an_id_that_is_taken(api, address):
    assert api.post(address, json={"text": "x", "id": "trees"}).status_code == 409
    twice = {"statements": [{"text": "x", "id": "a"}, {"text": "y", "id": "a"}]}
    assert api.post(address, json=twice).status_code == 409
    assert len(api.get(address).json["items"]) == 3


def test_markup_is_text(api, address):
    text = "<script>alert(1)</script> & \u202etxet"
    made = api.post(address, json={"text": text})
    assert made.json["items"][0]["text"] == text
    assert made.content_type == "application/json"


@pytest.mark.parametrize("state", ["hidden", "waiting"])
def test_the_public_sees_the_visible_ones_moderators_all(api, public, address, state):
    changed = api.patch(f"{address}/1", json={"state": state})
    assert (changed.status_code, changed.json["state"]) == (200, state)
    assert [one["id"] for one in public.get(address).json["items"]] == ["0", "trees"]
    assert [one["id"] for one in api.get(address).json["items"]] == ["0", "1", "trees"]
    assert public.get(address).headers["Vary"].split(", ")[0] == "Authorization"


def test_pages_skip_what_is_hidden(api, public, address):
    api.post(address, json={"statements": [{"text": f"Number {n}."} for n in range(20)]})
    for one in range(3, 20):
        api.patch(f"{address}/{one}", json={"state": "hidden"})
    first = public.get(address, query_string={"limit": 3}).json
    second = public.get(address, query_string={"limit": 3, "after": first["next"]}).json
    assert [one["id"] for one in first["items"] + second["items"]] == ["0", "1", "trees", "20", "21", "22"]
    assert second["next"] is None


def test_what_is_not_there_can_not_be_moderated(api, address):
    for path in ("nowhere", "%00", "a" * 300):
        assert api.patch(f"{address}/{path}", json={"state": "hidden"}).status_code == 404
    assert api.patch(f"{address}/0", json={"state": None}).status_code == 422


def test_each_change_rings(api, address, parts):
    parts.map_requests.asked.clear()
    api.post(address, json={"text": "x"})
    api.patch(f"{address}/0", json={"is_meta": True})
    assert len(parts.map_requests.asked) == 2


@pytest.mark.parametrize("of_their_own", ["a/b", "https://example.org/statements/3?of=4#now", "x//y", "%2f"])
def test_an_id_may_look_like_an_address(api, address, of_their_own):
    api.post(address, json={"text": "x", "id": of_their_own})
    answer = api.patch(f"{address}/{quote(of_their_own, safe='')}", json={"state": "hidden"})
    assert (answer.status_code, answer.json["id"]) == (200, of_their_own)


def test_an_id_that_an_address_would_swallow_is_refused(api, address):
    for swallowed in (".", ".."):
        assert api.post(address, json={"text": "x", "id": swallowed}).status_code == 422

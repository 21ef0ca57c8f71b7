from concurrent.futures import ThreadPoolExecutor

import pytest

from service.store import conversations
from service.store.records import NewConversation


def test_started_read_changed_and_listed(api, public):
    body = {
        "question": "  Wat wordt het plein?\n".strip(),
        "description": "Eén.\nTwee.",
        "settings": {"n_groups": 3},
    }
    made = api.post("/v1/conversations", json=body)
    assert made.status_code == 201
    address = made.headers["Location"]
    assert address == f"/v1/conversations/{made.json['id']}"
    assert made.json["id"][0].isdigit()
    read = public.get(address).json
    assert read["counts"] == {"n_participants": 0, "n_statements": 0, "n_votes": 0}
    assert read["settings"] == {"n_groups": 3}
    assert (read["language"], read["max_statement_length"]) == ("nl", 140)
    changed = api.patch(address, json={"question": "Wat wordt het park?", "max_statement_length": 200})
    assert changed.status_code == 200
    assert public.get(address).json["max_statement_length"] == 200
    assert public.get(address).json["settings"] == {"n_groups": 3}
    api.patch(address, json={"settings": {"seed": 5}})
    read = public.get(address).json
    assert (read["settings"], read["max_statement_length"]) == ({"seed": 5}, 200)
    assert [one["id"] for one in api.get("/v1/conversations").json["items"]] == [made.json["id"]]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/question"),
        ({"question": ""}, "#/question"),
        ({"question": "x" * 16_001}, "#/question"),
        ({"question": 7}, "#/question"),
        ({"question": "x", "description": "x" * 160_001}, "#/description"),
        ({"question": "x", "language": "Dutch please"}, "#/language"),
        ({"question": "x", "is_open": "yes"}, "#/is_open"),
        ({"question": "x", "is_open": 1}, "#/is_open"),
        ({"question": "x", "max_statement_length": 1001}, "#/max_statement_length"),
        ({"question": "x", "settings": {"method": "magic"}}, "#/settings/method"),
        ({"question": "x", "settings": {"n_groups": 6}}, "#/settings/n_groups"),
        ({"question": "x", "settings": {"seed": 1.5}}, "#/settings/seed"),
        ({"question": "x", "settings": {"k": 3}}, "#/settings/k"),
        ({"question": "x", "tenant": "other"}, "#/tenant"),
    ],
)
def test_refused(api, body, pointer):
    answer = api.post("/v1/conversations", json=body)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json["errors"]] == [pointer]


@pytest.mark.parametrize(("name", "most"), [("question", 500), ("description", 5_000)])
def test_too_long_is_what_a_reader_counts(api, name, most):
    flag = "\N{REGIONAL INDICATOR SYMBOL LETTER N}\N{REGIONAL INDICATOR SYMBOL LETTER L}"
    body = {"question": "x", name: flag * most}
    assert api.post("/v1/conversations", json=body).status_code == 201
    answer = api.post("/v1/conversations", json=body | {name: flag * most + "!"})
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/too-long")
    assert answer.json["errors"] == [
        {"pointer": f"#/{name}", "detail": f"expected at most {most} characters, got {most + 1}"}
    ]


@pytest.mark.parametrize("name", ["question", "description", "language", "is_open", "settings"])
def test_null_changes_nothing_and_is_refused(api, conversation, name):
    assert api.patch(f"/v1/conversations/{conversation}", json={name: None}).status_code == 422


def test_words_are_not_redrawn_but_settings_are(api, conversation, parts):
    parts.map_requests.asked.clear()
    api.patch(f"/v1/conversations/{conversation}", json={"question": "Another question?"})
    assert parts.map_requests.asked == []
    api.patch(f"/v1/conversations/{conversation}", json={"settings": {"seed": 9}})
    assert len(parts.map_requests.asked) == 1


def test_pages_of_a_list_hold_everything_once(api, parts):
    ids = [conversations.create(parts.store, "default", NewConversation(question=f"{n}?")).id for n in range(7)]
    found, after = [], None
    while True:
        query = {"limit": 3} | ({} if after is None else {"after": after})
        page = api.get("/v1/conversations", query_string=query).json
        found += [one["id"] for one in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert found == ids


@pytest.mark.parametrize("path", ["", "/statements", "/group-map"])
def test_a_reader_who_has_it_is_told_so(api, public, conversation, path):
    address = f"/v1/conversations/{conversation}{path}"
    first = public.get(address)
    again = public.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert public.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    if path != "/group-map":
        api.post(f"/v1/conversations/{conversation}/statements", json={"text": "One more."})
        assert public.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_of_two_changes_of_settings_at_once_none_is_lost(api, parts, conversation):
    address = f"/v1/conversations/{conversation}"
    for turn in range(5):
        together = [{"settings": {"seed": turn}}, {"max_statement_length": 100 + turn}]
        with ThreadPoolExecutor(2) as pool:
            told = list(pool.map(lambda body: api.patch(address, json=body).status_code, together))
        now = api.get(address).json
        assert (told, now["settings"], now["max_statement_length"]) == ([200, 200], {"seed": turn}, 100 + turn)


def test_another_version_than_the_one_named_is_a_problem(public, conversation):
    answer = public.get(f"/v1/conversations/{conversation}", headers={"If-Match": '"other"'})
    assert (answer.status_code, answer.content_type) == (412, "application/problem+json")
    assert answer.json["type"] == "/problems/changed-meanwhile"

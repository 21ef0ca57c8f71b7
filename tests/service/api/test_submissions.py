"""Statements that participants write, what moderators decide on them, and the log of it."""

import pytest

from service.store import statements
from service.store.conversations import find


@pytest.fixture
def address(conversation):
    return f"/v1/conversations/{conversation}"


@pytest.fixture
def participant(app, address):
    """Make a client that holds a participant's own token."""

    def make():
        client = app.test_client()
        token = client.post(f"{address}/participant-tokens", json={}).json["token"]
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return client

    return make


def test_a_statement_waits_until_a_moderator_shows_it(api, public, participant, address):
    writer, other = participant(), participant()
    made = writer.post(f"{address}/statements", json={"text": "A fountain, please.", "language": "en"})
    (statement,) = made.json["items"]
    assert (made.status_code, statement["state"]) == (201, "waiting")
    assert statement["id"] not in [one["id"] for one in public.get(f"{address}/statements").json["items"]]
    assert writer.get(f"{address}/own-statements").json["items"][0]["state"] == "waiting"
    assert other.get(f"{address}/own-statements").json["items"] == []
    decided = {"state": "hidden", "reason": "The square has no water main."}
    api.patch(f"{address}/statements/{statement['id']}", json=decided)
    (own,) = writer.get(f"{address}/own-statements").json["items"]
    assert (own["state"], own["reason"]) == ("hidden", "The square has no water main.")
    assert "reason" not in api.get(f"{address}/statements").json["items"][-1]


def test_shown_at_once_where_moderation_comes_after(api, participant, address):
    api.patch(address, json={"moderation": "after"})
    made = participant().post(f"{address}/statements", json={"text": "A fountain, please."})
    assert made.json["items"][0]["state"] == "visible"


@pytest.mark.parametrize(
    "body",
    [
        {"text": "Mine.", "state": "visible"},
        {"text": "Mine.", "id": "first"},
        {"text": "Mine.", "is_meta": True},
        {"statements": [{"text": "One."}, {"text": "Two."}]},
    ],
)
def test_a_participant_adds_one_and_decides_nothing(participant, address, body):
    assert participant().post(f"{address}/statements", json=body).status_code == 403


def test_who_may_write_and_when(api, participant, address):
    writer = participant()
    text = {"text": "A fountain, please."}
    api.patch(address, json={"writers": "platform"})
    assert writer.post(f"{address}/statements", json=text).json["type"] == "/problems/not-now"
    asks_votes = {
        "name": "V",
        "asks": ["votes"],
        "starts_at": "2020-01-01T00:00Z",
        "ends_at": "2099-01-01T00:00Z",
    }
    api.patch(address, json={"writers": "participants", "phases": [asks_votes]})
    assert writer.post(f"{address}/statements", json=text).json["type"] == "/problems/not-now"
    api.patch(address, json={"phases": [asks_votes | {"asks": ["statements"]}]})
    assert writer.post(f"{address}/statements", json=text).status_code == 201
    api.patch(address, json={"is_open": False})
    other = {"text": "Another."}
    assert writer.post(f"{address}/statements", json=other).json["type"] == "/problems/conversation-closed"


def test_the_same_is_said_once(participant, address):
    first, second = participant(), participant()
    for text in ("More trees.", "  more   TREES!", "ＭＯＲＥ trees"):
        answer = first.post(f"{address}/statements", json={"text": text})
        assert (answer.status_code, answer.json["type"]) == (409, "/problems/same-statement"), text
        assert "trees" in answer.json["detail"]
    assert first.post(f"{address}/statements", json={"text": "A kiosk."}).status_code == 201
    assert first.post(f"{address}/statements", json={"text": "a kiosk"}).status_code == 409
    # Somebody else isn't told what waits for a moderator.
    assert second.post(f"{address}/statements", json={"text": "A kiosk."}).status_code == 201


def test_not_everything_of_one_participant_waits(participant, address):
    writer = participant()
    answers = [writer.post(f"{address}/statements", json={"text": f"Idea {n}."}).status_code for n in range(11)]
    assert answers == [201] * 10 + [429]
    assert participant().post(f"{address}/statements", json={"text": "Idea 11."}).status_code == 201


def test_similar_statements_while_writing(api, participant, address):
    api.post(f"{address}/statements", json={"text": "The market should be open on Sunday too."})
    api.post(f"{address}/statements", json={"text": "A hidden market on Saturday.", "state": "hidden"})
    found = participant().post(f"{address}/similar-statements", json={"text": "a market on saturday"})
    assert [one["statement"]["text"] for one in found.json["items"]] == ["A market on Saturday."]
    assert found.json["items"][0]["similarity"] == 100
    nothing = participant().post(f"{address}/similar-statements", json={"text": "Zwembad"})
    assert nothing.json["items"] == []


def test_many_decisions_at_once_all_or_none(api, address):
    decisions = {"statements": [{"id": "0", "state": "hidden"}, {"id": "trees", "is_meta": True}]}
    changed = api.patch(f"{address}/statements", json=decisions).json["items"]
    assert [(one["id"], one["state"], one["is_meta"]) for one in changed] == [
        ("0", "hidden", False),
        ("trees", "visible", True),
    ]
    wrong = {"statements": [{"id": "1", "state": "hidden"}, {"id": "nothing", "state": "hidden"}]}
    assert api.patch(f"{address}/statements", json=wrong).json["type"] == "/problems/unknown-statement"
    states = {one["id"]: one["state"] for one in api.get(f"{address}/statements").json["items"]}
    assert states == {"0": "hidden", "1": "visible", "trees": "visible"}


def test_texts_are_corrected_and_translated(api, public, address):
    api.patch(f"{address}/statements/trees", json={"text": "Many more trees."})
    told = {"nl": {"text": "Veel meer bomen."}, "de": {"text": "Viel mehr Bäume.", "is_machine": True}}
    api.patch(f"{address}/statements/trees", json={"translations": told})
    shown = public.get(f"{address}/statements").json["items"][-1]
    assert shown["text"] == "Many more trees."
    assert shown["translations"] == {
        "nl": {"text": "Veel meer bomen.", "is_machine": False},
        "de": {"text": "Viel mehr Bäume.", "is_machine": True},
    }
    assert api.patch(f"{address}/statements/trees", json={"text": "x" * 141}).status_code == 409
    for wrong in ({"Dutch": {"text": "x"}}, {"nl": {"text": ""}}, {"nl": "x"}, {"nl": {"text": "a\nb"}}):
        assert api.patch(f"{address}/statements/trees", json={"translations": wrong}).status_code == 422


def test_the_log_says_what_stood_before_and_who_changed_it(api, public, participant, address):
    api.patch(f"{address}/statements/trees", json={"text": "Many more trees."})
    api.patch(f"{address}/statements/trees", json={"state": "hidden", "reason": "Twice."})
    api.patch(f"{address}/statements/trees", json={"state": "hidden"})
    changes = api.get(f"{address}/changes").json["items"]
    assert [one["kind"] for one in changes] == ["statement-added"] * 3 + ["statement-moderated"] * 2
    assert changes[-2]["details"] == {
        "statement": "trees",
        "text": "Many more trees.",
        "before": {"text": "More trees."},
    }
    assert changes[-1]["details"]["before"] == {"state": "visible", "reason": ""}
    assert {one["by"] for one in changes} == {"administrator"}
    first = api.get(f"{address}/changes?limit=2").json
    second = api.get(f"{address}/changes?limit=2&after={first['next']}").json
    assert [one["sequence"] for one in first["items"] + second["items"]] == [1, 2, 3, 4]
    assert participant().get(f"{address}/changes").status_code == 403


def test_erasure_parts_statements_from_their_writer(api, participant, address, parts, conversation):
    writer, other = participant(), participant()
    api.patch(address, json={"moderation": "after"})
    texts = ["Canary in a coal mine.", "Nobody voted on this canary.", "A third canary waits."]
    ids = [writer.post(f"{address}/statements", json={"text": text}).json["items"][0]["id"] for text in texts]
    assert other.post(f"{address}/votes", json={"statement": ids[0], "vote": 1}).status_code == 201
    writer.post(f"{address}/votes", json={"statement": ids[1], "vote": 1})
    api.patch(f"{address}/statements/{ids[2]}", json={"state": "hidden", "text": "A canary, corrected."})
    assert writer.delete(f"{address}/own-data").json["sequence"] is not None
    assert writer.get(f"{address}/own-statements").json["items"] == []
    kept = {one.id: one for one in statements.list_all(parts.store, find(parts.store, None, conversation))}
    assert [kept[one].text for one in ids] == [texts[0], "[removed]", "[removed]"]
    assert "anary" not in str(api.get(f"{address}/changes").json)


def test_erasing_somebody_who_only_wrote(api, participant, address):
    writer = participant()
    writer.post(f"{address}/statements", json={"text": "Only this."})
    assert writer.delete(f"{address}/own-data").json["sequence"] is not None
    assert writer.delete(f"{address}/own-data").json["sequence"] is None

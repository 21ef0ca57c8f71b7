import json
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@pytest.fixture
def vote(api, conversation):
    def cast(value=1, *, statement="0", participant="a"):
        # What `json.dumps` would not write, such as 1.0 for a vote, is what some client will send.
        body = json.dumps({"participant": participant, "statement": statement, "vote": value})
        return api.post(f"/v1/conversations/{conversation}/votes", data=body, content_type="application/json")

    return cast


def test_a_new_a_repeated_and_a_changed_vote(vote, api, conversation, parts):
    first, again, changed = vote(1), vote(1), vote(-1)
    assert (first.status_code, again.status_code, changed.status_code) == (201, 200, 201)
    assert first.json == {"sequence": 4, "is_new_line": True, "is_superseded": False}
    assert again.json == {"sequence": 4, "is_new_line": False, "is_superseded": False}
    assert changed.json == {"sequence": 5, "is_new_line": True, "is_superseded": False}
    own = api.get(f"/v1/conversations/{conversation}/own-votes", headers={"Participant": "a"}).json["items"]
    assert [(one["statement"], one["vote"], one["sequence"]) for one in own] == [("0", -1, 5)]
    # Adding the statements rang once, and each new line did; a repeated vote changes no map.
    assert len(parts.map_requests.asked) == 3


@pytest.mark.parametrize("value", [2, -2, True, False, math.nan, 1.5, "1", "agree", [1], {}, 1e300])
def test_a_vote_that_is_none(vote, value):
    answer = vote(value)
    assert answer.status_code in {400, 422}
    if answer.status_code == 422:
        assert [one["pointer"] for one in answer.json["errors"]] == ["#/vote"]


@pytest.mark.parametrize("value", [-1, 0, 1])
def test_every_vote_that_is_one(vote, value):
    assert vote(value).status_code == 201


def test_a_statement_that_is_not_there(vote):
    answer = vote(statement="nowhere")
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/unknown-statement")
    assert answer.json["errors"][0]["pointer"] == "#/statement"


@pytest.mark.parametrize("state", ["hidden", "waiting"])
def test_a_statement_that_is_not_open_to_votes(vote, api, conversation, state):
    api.patch(f"/v1/conversations/{conversation}/statements/0", json={"state": state})
    assert vote(statement="0").json["type"] == "/problems/hidden-statement"


def test_a_closed_conversation(vote, api, conversation):
    api.patch(f"/v1/conversations/{conversation}", json={"is_open": False})
    answer = vote()
    assert (answer.status_code, answer.json["type"]) == (403, "/problems/conversation-closed")
    api.patch(f"/v1/conversations/{conversation}", json={"is_open": True})
    assert vote().status_code == 201


@pytest.mark.parametrize(
    "participant", ["a", "zoë", "7", 7, "https://id.example/é?x=1", "x" * 200, "👩‍👩‍👧", "' OR 1=1 --", 0]
)
def test_ids_of_any_kind(vote, api, conversation, participant):
    assert vote(participant=participant).status_code == 201
    header = str(participant).encode("utf-8").decode("latin-1")
    own = api.get(f"/v1/conversations/{conversation}/own-votes", headers={"Participant": header}).json
    assert len(own["items"]) == 1


def test_the_number_7_and_the_text_7_are_one_participant(vote):
    assert (vote(participant=7).status_code, vote(participant="7").status_code) == (201, 200)
    assert vote(statement=0, participant="7").status_code == 200


@pytest.mark.parametrize("participant", ["", "x" * 201, "a\x00", "a\n", True, 1.5, -1, ["a"], {}])
def test_what_is_no_id(vote, participant):
    answer = vote(participant=participant)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "#/participant"


def test_a_batch_is_answered_vote_by_vote(api, conversation):
    votes = [("a", "0", 1), ("a", "0", 1), ("a", "nowhere", 1), (7, "trees", -1)]
    body = {"votes": [{"participant": p, "statement": s, "vote": v} for p, s, v in votes]}
    answer = api.post(f"/v1/conversations/{conversation}/vote-batches", json=body)
    assert answer.status_code == 200
    assert [one["status"] for one in answer.json["items"]] == ["recorded", "unchanged", "refused", "recorded"]
    assert answer.json["items"][2]["reason"] == "unknown-statement"


@pytest.mark.parametrize("n_votes", [0, 1001])
def test_a_batch_of_nothing_or_too_much(api, conversation, n_votes):
    body = {"votes": [{"participant": "a", "statement": "0", "vote": 1}] * n_votes}
    assert api.post(f"/v1/conversations/{conversation}/vote-batches", json=body).status_code == 422


def test_one_wrong_vote_keeps_the_whole_batch_out(api, conversation):
    body = {
        "votes": [
            {"participant": "a", "statement": "0", "vote": 1},
            {"participant": "a", "statement": "1", "vote": 2},
        ]
    }
    assert api.post(f"/v1/conversations/{conversation}/vote-batches", json=body).status_code == 422
    own = api.get(f"/v1/conversations/{conversation}/own-votes", headers={"Participant": "a"}).json
    assert own["items"] == []


def test_a_broken_doorbell_does_not_fail_a_vote(vote, parts, public):
    parts.map_requests.reachable = False
    assert vote().status_code == 201
    assert public.get("/readyz").json == {"status": "ready", "degraded": ["redis"]}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [
        "participant",
        "statement",
        "vote",
        "votes",
        "text",
        "id",
        "statements",
        "question",
        "settings",
        "is_open",
        "state",
    ]
) | st.text(max_size=5)
BODIES = st.dictionaries(
    NAMES, JSON | st.lists(st.dictionaries(NAMES, JSON, max_size=3), max_size=2), max_size=4
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=BODIES,
    route=st.sampled_from(
        [
            ("POST", "/votes"),
            ("POST", "/vote-batches"),
            ("POST", "/statements"),
            ("PATCH", ""),
            ("PATCH", "/statements/0"),
        ]
    ),
)
def test_nothing_that_is_sent_breaks_the_service(api, conversation, route, body):
    method, path = route
    answer = api.open(
        f"/v1/conversations/{conversation}{path}",
        method=method,
        data=json.dumps(body),
        content_type="application/json",
    )
    assert answer.status_code in {200, 201, 400, 403, 409, 422}


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["", "/statements", "/group-map", "/next-statement", "/own-votes", "/own-place"]),
    query=st.dictionaries(st.sampled_from(["after", "limit", "seed", "x"]), st.text(max_size=30), max_size=3),
    participant=st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=30),
)
def test_nothing_that_is_asked_breaks_the_service(api, conversation, path, query, participant):
    answer = api.get(
        f"/v1/conversations/{conversation}{path}", query_string=query, headers={"Participant": participant}
    )
    assert answer.status_code in {200, 422}

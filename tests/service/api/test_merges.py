"""Merging statements over HTTP: one of two stays, with everybody's votes, and it can be taken back."""

import pytest


@pytest.fixture
def voted(api, conversation):
    """Ann voted on both; bob on the one to merge only."""
    address = f"/v1/conversations/{conversation}"
    for who, statement, value in (("ann", "0", 1), ("ann", "1", -1), ("bob", "1", -1)):
        vote = {"participant": who, "statement": statement, "vote": value}
        assert api.post(f"{address}/votes", json=vote).status_code == 201
    return address


def own(api, voted, who):
    items = api.get(f"{voted}/own-votes", headers={"Participant": who}).json["items"]
    return {one["statement"]: one["vote"] for one in items}


def test_merging_and_taking_it_back(api, public, voted, parts):
    n_asked = len(parts.map_requests.asked)
    made = api.post(f"{voted}/statement-merges", json={"merged": "1", "kept": "0"})
    assert (made.status_code, made.json["n_copied"]) == (201, 1)
    assert (own(api, voted, "ann")["0"], own(api, voted, "bob")["0"]) == (1, -1)
    assert [one["id"] for one in public.get(f"{voted}/statements").json["items"]] == ["0", "trees"]
    assert api.get(f"{voted}/statement-merges").json["items"] == [made.json]
    assert api.post(f"{voted}/statement-merges", json={"merged": "1", "kept": "0"}).json == made.json
    assert len(parts.map_requests.asked) == n_asked + 1
    last = api.get(f"{voted}/changes").json["items"][-1]
    assert (last["kind"], last["details"]["n_copied"], last["by"]) == ("statement-merged", 1, "administrator")
    refused = api.post(f"{voted}/votes", json={"participant": "eve", "statement": "1", "vote": 1})
    assert refused.json["type"] == "/problems/hidden-statement"
    address = f"{voted}/statement-merges/{made.json['sequence']}"
    assert api.delete(address).json == {"sequence": made.json["sequence"] + 2, "n_withdrawn": 1}
    assert (own(api, voted, "ann"), own(api, voted, "bob")) == ({"0": 1, "1": -1}, {"1": -1})
    assert api.delete(address).status_code == 404
    assert api.delete(f"{voted}/statement-merges/{2**70}").status_code == 404


def test_the_author_reads_with_what_it_was_merged(api, public, voted):
    token = public.post(f"{voted}/participant-tokens", json={}).json["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    written = public.post(f"{voted}/statements", json={"text": "Fewer cars, please."}, headers=bearer)
    merged = written.json["items"][0]["id"]
    api.post(f"{voted}/statement-merges", json={"merged": merged, "kept": "0"})
    (mine,) = public.get(f"{voted}/own-statements", headers=bearer).json["items"]
    assert (mine["state"], mine["reason"]) == ("hidden", "Merged with: “Fewer cars.”")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"merged": "0", "kept": "0"}, "merge-refused"),
        ({"merged": "0", "kept": "99"}, "unknown-statement"),
        ({"merged": "99", "kept": "0"}, "unknown-statement"),
        ({"merged": "0"}, "invalid"),
        ({"merged": "0", "kept": ""}, "invalid"),
    ],
)
def test_what_is_refused(api, voted, body, problem):
    refused = api.post(f"{voted}/statement-merges", json=body)
    assert refused.json["type"] == f"/problems/{problem}"
    assert api.get(f"{voted}/statement-merges").json["items"] == []


def test_of_a_chain_the_last_is_taken_back_first(api, voted):
    first = api.post(f"{voted}/statement-merges", json={"merged": "1", "kept": "0"}).json
    api.post(f"{voted}/statement-merges", json={"merged": "0", "kept": "trees"})
    refused = api.delete(f"{voted}/statement-merges/{first['sequence']}")
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/merge-refused")

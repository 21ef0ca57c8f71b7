"""Own data, erasure, exclusions and phases over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest


@pytest.fixture
def voted(api, conversation):
    for person in ("ann", "bob"):
        for statement in ("0", "1", "trees"):
            vote = {"participant": person, "statement": statement, "vote": 1}
            assert api.post(f"/v1/conversations/{conversation}/votes", json=vote).status_code == 201
    return f"/v1/conversations/{conversation}"


def of(person):
    return {"Participant": person}


def test_own_data_is_everything_and_can_be_erased(api, voted, parts):
    told = api.get(f"{voted}/own-data", headers=of("ann")).json
    assert (told["assurance"], told["attributes"], len(told["votes"])) == ("anonymous", {}, 3)
    n_asked = len(parts.map_requests.asked)
    erased = api.delete(f"{voted}/own-data", headers=of("ann"))
    assert (erased.status_code, erased.json["sequence"]) == (200, 10)
    assert len(parts.map_requests.asked) == n_asked + 1
    assert api.get(f"{voted}/own-data", headers=of("ann")).json["votes"] == []
    assert len(api.get(f"{voted}/own-data", headers=of("bob")).json["votes"]) == 3
    assert api.delete(f"{voted}/own-data", headers=of("ann")).json == {"sequence": None}
    assert api.get(voted).json["counts"]["n_votes"] == 3


def test_a_participant_erases_nobody_else(public, voted):
    token = public.post(f"{voted}/participant-tokens", json={}).json["token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert public.delete(f"{voted}/own-data", headers=headers | of("ann")).status_code == 403
    assert public.delete(f"{voted}/own-data").status_code == 401


def test_exclusions(api, public, voted):
    made = api.post(f"{voted}/exclusions", json={"participant": "ann", "reason": "A try."})
    assert made.status_code == 201
    (listed,) = api.get(f"{voted}/exclusions").json["items"]
    assert listed["reason"] == "A try."
    reference = listed["reference"]
    again = api.post(f"{voted}/exclusions", json={"reference": reference, "reason": "Once more."})
    assert again.status_code == 404
    back = api.delete(f"{voted}/exclusions/{reference}")
    assert back.json["sequence"] == made.json["sequence"] + 1
    assert api.delete(f"{voted}/exclusions/{reference}").status_code == 404
    assert api.get(f"{voted}/exclusions").json["items"] == []
    assert api.post(f"{voted}/exclusions", json={"reference": reference, "reason": "Again."}).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        {"reason": "Nobody."},
        {"participant": "ann"},
        {"participant": "ann", "reason": ""},
        {"participant": "ann", "reference": "k3x7q2m5rw4a", "reason": "Both."},
        {"reference": "../../etc", "reason": "A path."},
    ],
)
def test_an_exclusion_says_who_and_why(api, voted, body):
    assert api.post(f"{voted}/exclusions", json=body).status_code == 422


def test_nobody_to_exclude(api, voted):
    for body in ({"participant": "stranger"}, {"reference": "k3x7q2m5rw4a"}):
        answer = api.post(f"{voted}/exclusions", json=body | {"reason": "?"})
        assert (answer.status_code, answer.json["type"]) == (409, "/problems/unknown-participant")


def phase(starts_in, ends_in, asks=("votes",), name="Voting"):
    now = datetime.now(UTC)
    return {
        "name": name,
        "asks": list(asks),
        "starts_at": (now + timedelta(hours=starts_in)).isoformat(),
        "ends_at": (now + timedelta(hours=ends_in)).isoformat(),
    }


def test_phases_are_kept_told_and_enforced(api, public, voted):
    vote = {"participant": "ann", "statement": "0", "vote": -1}
    answer = api.patch(voted, json={"phases": [phase(-2, -1, name="Past"), phase(1, 2, name="Later")]})
    assert (answer.status_code, answer.json["phase"], answer.json["takes_votes"]) == (200, None, False)
    refused = api.post(f"{voted}/votes", json=vote)
    assert (refused.status_code, refused.json["type"]) == (403, "/problems/not-now")
    batch = api.post(f"{voted}/vote-batches", json={"votes": [vote]}).json["items"]
    assert batch == [{"status": "refused", "sequence": None, "reason": "not-now"}]
    answer = api.patch(voted, json={"phases": [phase(-2, 1)], "outcome": "Trees it is.\nThank you."})
    told = public.get(voted).json
    assert (told["phase"], told["takes_votes"], told["takes_statements"]) == ("Voting", True, False)
    assert told["outcome"] == "Trees it is.\nThank you."
    assert told["settings"] == {}
    assert api.post(f"{voted}/votes", json=vote).status_code == 201
    assert api.patch(voted, json={"phases": []}).json["takes_statements"] is True


@pytest.mark.parametrize(
    "phases",
    [
        [phase(1, 0)],
        [phase(0, 2), phase(1, 3)],
        [phase(2, 3), phase(0, 1)],
        [phase(0, 1) | {"starts_at": "0001-01-01T00:00:00+01:00"}],
        [phase(0, 1) | {"ends_at": "9999-12-31T23:59:59-01:00"}],
    ],
)
def test_phases_that_clash_are_refused(api, voted, phases):
    answer = api.patch(voted, json={"phases": phases})
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/phases-clash")


@pytest.mark.parametrize(
    "phases",
    [
        [phase(0, 1, asks=("money",))],
        [phase(0, 1) | {"starts_at": "2026-03-02T09:30:00"}],
        [phase(0, 1) | {"starts_at": "yesterday"}],
        [phase(0, 1) | {"starts_at": 5}],
        [phase(0, 1) | {"starts_at": "5"}],
        [phase(0, 1) | {"starts_at": "-5"}],
        [phase(0, 1) | {"name": ""}],
        [phase(number, number + 1) for number in range(21)],
        "always",
    ],
)
def test_phases_that_make_no_sense_are_refused(api, voted, phases):
    assert api.patch(voted, json={"phases": phases}).status_code == 422


def test_a_vote_is_taken_back_with_null(api, voted):
    vote = {"participant": "ann", "statement": "0", "vote": None}
    assert api.post(f"{voted}/votes", json=vote).json["is_new_line"] is True
    left = api.get(f"{voted}/own-votes", headers=of("ann")).json["items"]
    assert [one["statement"] for one in left] == ["1", "trees"]
    missing = {"participant": "ann", "statement": "0"}
    assert api.post(f"{voted}/votes", json=missing).status_code == 422

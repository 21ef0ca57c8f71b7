"""How sure the map is, over HTTP: beside the map, under one ETag, and one's own membership."""

import random

import pytest

from clustering.assessment import assessment
from service.map_requests import AssessmentRequests, MapRequests
from service.store import conversations
from worker.assessing import assess
from worker.jobs import redraw

NO_QUEUE, NO_ASSESSOR = MapRequests(""), AssessmentRequests("")


@pytest.fixture
def camps(api, parts):
    """A conversation in which two camps voted on ten statements: its id and its number."""
    made = api.post("/v1/conversations", json={"question": "What should the square become?"}).json["id"]
    texts = [{"text": f"Sentence number {number}."} for number in range(10)]
    api.post(f"/v1/conversations/{made}/statements", json={"statements": texts})
    chosen = random.Random(1)
    cast = [
        {
            "participant": f"p{person}",
            "statement": statement,
            "vote": chosen.choice([1, 1, 1, 0]) * (1 if (person + statement) % 2 else -1),
        }
        for person in range(30)
        for statement in range(10)
    ]
    api.post(f"/v1/conversations/{made}/vote-batches", json={"votes": cast})
    return made, conversations.find(parts.store, None, made).number


def quick(group_map, **shown):
    return assessment(group_map, thorough=False, **shown)


def test_it_stands_beside_the_map_and_changes_its_etag(api, public, parts, camps):
    conversation, number = camps
    address = f"/v1/conversations/{conversation}/group-map"
    assert public.get(address).json["certainty"] is None
    redraw(parts.store, NO_QUEUE, number)
    bare = public.get(address)
    assert bare.json["certainty"] is None
    assess(parts.store, NO_ASSESSOR, number, judge=quick)
    judged = public.get(address, headers={"If-None-Match": bare.headers["ETag"]})
    assert judged.status_code == 200
    certainty = judged.json["certainty"]
    assert (certainty["as_of"], certainty["stale"]) == (judged.json["as_of"], False)
    assert [one["group"] for one in certainty["groups"]] == [one["group"] for one in judged.json["groups"]]
    assert certainty["candidates"][0]["n_groups"] == 2
    assert public.get(address, headers={"If-None-Match": judged.headers["ETag"]}).status_code == 304
    # A newer map says that it was an older one that was judged; everybody sees it when five people voted.
    vote = {"participant": "p3", "statement": "4", "vote": 0}
    assert api.post(f"/v1/conversations/{conversation}/votes", json=vote).status_code == 201
    redraw(parts.store, NO_QUEUE, number)
    assert public.get(address, headers={"If-None-Match": judged.headers["ETag"]}).status_code == 304
    newer = api.get(address)
    assert newer.json["certainty"] == certainty | {"stale": True}
    assert newer.json["as_of"] == certainty["as_of"] + 1


def test_a_participant_learns_how_likely_their_group_is_theirs(api, public, parts, camps):
    conversation, number = camps
    address = f"/v1/conversations/{conversation}/own-place"
    redraw(parts.store, NO_QUEUE, number)
    place = api.get(address, headers={"Participant": "p3"}).json["place"]
    assert (place["membership"], place["is_in_between"]) == (None, None)
    assess(parts.store, NO_ASSESSOR, number, judge=quick)
    place = api.get(address, headers={"Participant": "p3"}).json["place"]
    assert 0.5 < place["membership"] <= 1
    assert place["is_in_between"] is (place["membership"] < 0.8)
    assert public.get(address, headers={"Participant": "p3"}).status_code == 401


def test_strict_maps_are_not_judged_but_their_statements_are(api, public, parts, camps):
    conversation, number = camps
    api.patch(f"/v1/conversations/{conversation}", json={"settings": {"method": "strict"}})
    redraw(parts.store, NO_QUEUE, number)
    assess(parts.store, NO_ASSESSOR, number, judge=quick)
    certainty = public.get(f"/v1/conversations/{conversation}/group-map").json["certainty"]
    assert (certainty["verdict"], certainty["candidates"]) == (None, None)
    assert certainty["dividing"]

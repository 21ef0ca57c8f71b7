"""Looking back and what-if maps over HTTP."""

import dataclasses
import random
import threading

import pytest

from service.app import app_of
from service.identity.references import reference_of
from service.map_requests import AnalysisRequests, MapRequests
from service.store import conversations, map_versions
from worker.analysing import analyse
from worker.jobs import redraw


class AtOnce:
    """Stands where `AnalysisRequests` stands: what is asked for is made at once, in a thread."""

    def __init__(self, store):
        self.store, self.threads = store, []

    def ask(self, number):
        run = threading.Thread(target=analyse, args=(self.store, AnalysisRequests(""), number))
        self.threads.append(run)
        run.start()
        return True


@pytest.fixture
def moderating(parts):
    """A client with the administrator's key of a service whose analyses are made at once."""
    maker = AtOnce(parts.store)
    client = app_of(dataclasses.replace(parts, analysis_requests=maker)).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = "Bearer an-admin-key-for-tests"
    yield client
    for thread in maker.threads:
        thread.join()


@pytest.fixture
def address(api):
    made = api.post("/v1/conversations", json={"question": "What should the square become?", "language": "en"})
    address = f"/v1/conversations/{made.json['id']}"
    api.post(f"{address}/statements", json={"statements": [{"text": f"Number {n}."} for n in range(10)]})
    return address


@pytest.fixture
def vote_and_draw(api, parts, address):
    """Let people of two minds vote, and publish the map; a minute passes."""

    def make(people, flip=0.1):
        chance = random.Random(5)
        for person in people:
            votes = [
                {"participant": f"p{person}", "statement": str(n), "vote": side * (1 if person % 2 else -1)}
                for n in range(10)
                for side in [-1 if chance.random() < flip else 1]
            ]
            assert api.post(f"{address}/vote-batches", json={"votes": votes}).status_code == 200
        redraw(parts.store, MapRequests(""), found(parts, address).number)
        with parts.store.writing() as connection:
            table = map_versions.map_versions
            connection.execute(table.update().values(published_at=table.c.published_at - 61))

    return make


def found(parts, address):
    return conversations.find(parts.store, "default", address.rpartition("/")[2])


def test_kept_maps_are_listed_read_and_compared(public, address, vote_and_draw):
    assert public.get(f"{address}/group-map-versions").json == {"items": [], "next": None}
    for people in (range(20), range(20, 32), range(32, 34)):
        vote_and_draw(people)
    listed = public.get(f"{address}/group-map-versions").json["items"]
    assert [one["outcome"] for one in listed] == ["ready", "ready"]
    first, second = (one["sequence"] for one in listed)
    page = public.get(f"{address}/group-map-versions?limit=1").json
    assert [one["sequence"] for one in page["items"]] == [first]
    page = public.get(f"{address}/group-map-versions?limit=1&after={page['next']}").json
    assert ([one["sequence"] for one in page["items"]], page["next"]) == ([second], None)
    version = public.get(f"{address}/group-map-versions/{first}")
    assert version.json["group_map"]["n_participants"] == 20
    assert version.json["result_hash"] == version.json["group_map"]["result_hash"]
    same = public.get(
        f"{address}/group-map-versions/{first}", headers={"If-None-Match": version.headers["ETag"]}
    )
    assert same.status_code == 304
    told = public.get(f"{address}/group-map-differences?from={first}&to={second}").json
    assert (told["before"]["sequence"], told["now"]["sequence"]) == (first, second)
    assert told["n_participants"] == {"before": 20, "now": 32}
    assert {event["event"] for event in told["events"]} == {"continued"}
    assert sum(move["n_participants"] for move in told["moves"]) == 20


def test_asking_again_and_again_shows_nobodys_vote(api, public, address, vote_and_draw):
    vote_and_draw(range(20))
    before = public.get(f"{address}/group-map")
    for person in range(20, 24):
        vote_and_draw([person])
        again = public.get(f"{address}/group-map", headers={"If-None-Match": before.headers["ETag"]})
        assert again.status_code == 304
        now = public.get(f"{address}/group-map").json
        assert now["statements"] == before.json["statements"]
        assert (now["stale"], now["votes_pending"]) == (True, 10 * (person - 19))
        # The platform counts every vote.
        assert api.get(f"{address}/group-map").json["n_participants"] == person + 1
    vote_and_draw([24])
    assert public.get(f"{address}/group-map").json["n_participants"] == 25


@pytest.mark.parametrize(
    ("query", "status"), [("?from=1", 422), ("?from=x&to=2", 422), ("?from=2&to=2", 404), ("?from=1&to=2", 404)]
)
def test_maps_that_are_not_kept_can_not_be_compared(public, address, vote_and_draw, query, status):
    vote_and_draw(range(10))
    answer = public.get(f"{address}/group-map-differences{query}")
    assert answer.status_code == status
    for sequence in ("1", "99999999999999999999", "x"):
        assert public.get(f"{address}/group-map-versions/{sequence}").status_code == 404


def test_what_would_be_without_some_is_told_and_nothing_changes(moderating, parts, address, vote_and_draw):
    vote_and_draw(range(30))
    conversation = found(parts, address)
    references = [reference_of(parts.store.secret, conversation, number) for number in (0, 7)]
    asked = {"without_statements": ["3"], "without_participants": references, "settings": {"n_groups": 3}}
    answer = moderating.post(f"{address}/what-if-maps", json=asked)
    if answer.status_code == 202:  # A busy machine.
        answer = moderating.get(answer.headers["Location"])
    made = answer.json["analysis"]
    assert (made["group_map"]["n_participants"], made["group_map"]["n_groups"]) == (28, 3)
    assert [one["statement"] for one in made["group_map"]["statements"] if one["is_moderated_out"]] == ["3"]
    assert made["differences"]["n_participants"] == {"before": 30, "now": 28}
    after = found(parts, address)
    assert after.sequence == conversation.sequence
    assert "participants" not in made


def test_null_is_as_if_nothing_was_said(moderating, address, vote_and_draw):
    vote_and_draw(range(10))
    asked = {"settings": {"method": None, "n_groups": None}}
    answer = moderating.post(f"{address}/what-if-maps", json=asked)
    if answer.status_code == 202:  # A busy machine.
        answer = moderating.get(answer.headers["Location"])
    assert answer.json["state"] == "done"
    assert answer.json["analysis"]["group_map"]["n_participants"] == 10


def test_what_is_not_there_can_not_be_left_out(api, address, vote_and_draw):
    vote_and_draw(range(6))
    for asked, pointer in (
        ({"without_statements": ["3", "nothing"]}, "#/without_statements/1"),
        ({"without_participants": ["k3x7q2m5rw4a"]}, "#/without_participants/0"),
        ({"without_participants": ["p1"]}, "#/without_participants/0"),
        ({"settings": {"n_groups": 6}}, "#/settings/n_groups"),
        ({"settings": {"method": "magic"}}, "#/settings/method"),
        ({"settings": {"seed": 1}}, "#/settings/seed"),
    ):
        answer = api.post(f"{address}/what-if-maps", json=asked)
        assert answer.status_code in {409, 422}
        assert [one["pointer"] for one in answer.json["errors"]] == [pointer]


def test_a_what_if_map_belongs_to_its_conversation(api, address):
    where = api.post(f"{address}/what-if-maps", json={}, headers={"Prefer": "respond-async"}).headers[
        "Location"
    ]
    assert api.get(where).json["state"] == "waiting"
    job_id = where.rpartition("/")[2]
    other = api.post("/v1/conversations", json={"question": "And the street?", "language": "en"}).json["id"]
    assert api.get(f"/v1/conversations/{other}/what-if-maps/{job_id}").status_code == 404
    assert api.get(f"/v1/group-map-jobs/{job_id}").status_code == 404
    assert api.delete(where).json == {"removed": job_id}
    assert api.delete(where).status_code == 404

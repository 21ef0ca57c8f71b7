"""The analysis alone: votes in, group map out, by the real worker's own function; nothing is stored."""

import dataclasses
import io
import random
import threading
import time

import pytest
from sqlalchemy import func, select

from clustering.pipeline import compute_group_map
from clustering.vocabulary import GROUP_LETTERS, Vote, VoteValue
from clustering.vote_matrix import VoteMatrix
from service.app import app_of
from service.map_requests import AnalysisRequests
from service.store import analysis_jobs
from service.store.analysis_records import AnalysisKind, AnalysisState
from service.store.errors import NotFoundError
from service.store.platform_tables import analysis_jobs as jobs_table
from service.store.platform_tables import analysis_pieces
from worker.analysing import analyse

NO_QUEUE = AnalysisRequests("")


class AtOnce:
    """Stands where `AnalysisRequests` stands: what is asked for is made at once, in a thread."""

    def __init__(self, store):
        self.store, self.threads = store, []

    def ask(self, number):
        self.threads.append(threading.Thread(target=analyse, args=(self.store, NO_QUEUE, number)))
        self.threads[-1].start()
        return True


@pytest.fixture
def analysing(parts):
    """A client with the administrator's key of a service whose analyses are made at once."""
    maker = AtOnce(parts.store)
    client = app_of(dataclasses.replace(parts, analysis_requests=maker)).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = "Bearer an-admin-key-for-tests"
    yield client
    for thread in maker.threads:
        thread.join()


@pytest.fixture(scope="module")
def two_camps():
    chance = random.Random(3)
    return [
        [f"p{person}", f"s{statement}", (1 if person % 2 else -1) * (1 if chance.random() < 0.85 else -1)]
        for person in range(40)
        for statement in range(12)
    ]


def n_rows(store):
    with store.reading() as connection:
        return [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (jobs_table, analysis_pieces)
        ]


def test_small_votes_are_answered_at_once_and_nothing_stays(analysing, parts, two_camps):
    answer = analysing.post("/v1/group-maps", json={"votes": two_camps})
    assert (answer.status_code, answer.json["state"]) == (200, "done")
    made = answer.json["analysis"]
    matrix = VoteMatrix.from_votes([Vote(who, what, VoteValue(vote)) for who, what, vote in two_camps])
    group_map = compute_group_map(matrix)
    assert made["group_map"]["result_hash"] == group_map.result_hash
    assert made["group_map"]["outcome"] == "ready"
    labels = group_map.as_given(group_map.labels).tolist()
    groups = {who: GROUP_LETTERS[label] for who, label in zip(matrix.participants, labels, strict=True)}
    assert {one["participant"]: one["group"] for one in made["participants"]} == groups
    assert set(groups.values()) == {"A", "B"}
    assert made["assessment"] is None
    assert n_rows(parts.store) == [0, 0]


def test_how_sure_it_is_comes_along_when_asked_for(api, parts, two_camps):
    asked = {"votes": two_camps, "settings": {"certainty": True}}
    where = api.post("/v1/group-maps", json=asked).headers["Location"]
    analyse(parts.store, NO_QUEUE, *analysis_jobs.waiting(parts.store, now=time.time() + 60))
    made = api.get(where).json["analysis"]
    assert made["assessment"]["certainty"]["verdict"]
    assert all(0 <= one["membership"] <= 1 for one in made["participants"])


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ([], "no-votes"),
        ([["a", "x", 1]], "too-few-statements"),
        ([["a", str(statement), 1] for statement in range(10)], "too-few-participants"),
    ],
)
def test_too_little_data_is_an_answer(analysing, votes, outcome):
    answer = analysing.post("/v1/group-maps", json={"votes": votes})
    assert (answer.status_code, answer.json["state"]) == (200, "done")
    assert answer.json["analysis"]["group_map"]["outcome"] == outcome


def test_groups_of_fewer_than_five_are_told_to_whose_votes_they_are(analysing, two_camps):
    few = [vote for vote in two_camps if int(vote[0][1:]) < 8]
    made = analysing.post("/v1/group-maps", json={"votes": few, "settings": {"n_groups": 2}}).json["analysis"]
    sizes = [group["n_participants"] for group in made["group_map"]["groups"]]
    assert sum(sizes) == 8
    assert min(sizes) < 5


def test_a_table_gives_the_same_map_as_json(analysing, two_camps):
    table = "participant,statement,vote\n" + "".join(f"{a},{b},{c}\n" for a, b, c in two_camps)
    answers = [
        analysing.post("/v1/group-maps", json={"votes": two_camps, "settings": {"method": "ideal", "seed": 4}}),
        analysing.post("/v1/group-maps?method=ideal&seed=4", data=table, content_type="text/csv"),
    ]
    hashes = {answer.json["analysis"]["group_map"]["result_hash"] for answer in answers}
    assert len(hashes) == 1
    assert answers[1].json["analysis"]["group_map"]["seed"] == 4


def test_what_is_wrong_is_told_with_its_place(analysing, parts):
    answer = analysing.post("/v1/group-maps", json={"votes": [["a", "b", 1], ["a", "c", 7]]})
    assert (answer.status_code, answer.json["type"]) == (422, "/problems/invalid")
    assert [one["pointer"] for one in answer.json["errors"]] == ["#/votes/1/2"]
    table = b"participant,statement,vote\na,b,1\na,c,x\n"
    answer = analysing.post("/v1/group-maps", data=table, content_type="text/csv")
    assert [one["pointer"] for one in answer.json["errors"]] == ["line 3, column vote"]
    assert n_rows(parts.store) == [0, 0]


@pytest.mark.parametrize("sent", [b"\x00", b"", b'{"votes": [', b'{"votes": [], "votes": []}'])
def test_what_is_no_json_is_said_at_once_also_to_whoever_would_not_wait(api, parts, sent):
    answer = api.post(
        "/v1/group-maps", data=sent, content_type="application/json", headers={"Prefer": "respond-async"}
    )
    assert (answer.status_code, answer.json["type"]) == (400, "/problems/bad-json")
    assert n_rows(parts.store) == [0, 0]


def test_settings_in_the_body_come_before_those_in_the_address(analysing, two_camps):
    def made(address, settings):
        answer = analysing.post(f"/v1/group-maps{address}", json={"votes": two_camps, "settings": settings})
        return answer.json["analysis"]["group_map"]

    assert made("?seed=1&groups=3", {})["n_groups"] == 3
    both = made("?seed=1&groups=3", {"n_groups": 2})
    assert (both["seed"], both["n_groups"]) == (1, 2)


def test_what_is_sent_in_another_form_is_refused(analysing):
    for kind in ("text/plain", "application/octet-stream", "text/csv; charset=latin-1"):
        answer = analysing.post("/v1/group-maps", data=b"x", content_type=kind)
        assert (answer.status_code, answer.json["type"]) == (415, "/problems/wrong-content-type")
    answer = analysing.post("/v1/group-maps?method=magic", data=b"x", content_type="text/csv")
    assert [one["pointer"] for one in answer.json["errors"]] == ["?method"]


def test_a_body_that_is_too_large_is_refused(analysing, parts):
    size = 33 * 1024 * 1024
    answer = analysing.post("/v1/group-maps", data=bytes(size), content_type="application/json")
    assert answer.status_code == 413
    # Also when its length isn't told beforehand.
    answer = analysing.post(
        "/v1/group-maps",
        input_stream=io.BytesIO(bytes(size)),
        content_type="application/json",
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 413
    assert n_rows(parts.store) == [0, 0]


def test_without_waiting_the_answer_says_where_to_look(api, parts, two_camps):
    answer = api.post("/v1/group-maps", json={"votes": two_camps}, headers={"Prefer": "respond-async"})
    assert (answer.status_code, answer.json["state"], answer.json["analysis"]) == (202, "waiting", None)
    where = answer.headers["Location"]
    assert api.get(where).json["state"] == "waiting"
    (number,) = analysis_jobs.waiting(parts.store, now=time.time() + 60)
    assert analyse(parts.store, NO_QUEUE, number) is AnalysisState.DONE
    found = api.get(where)
    assert (found.status_code, found.json["state"]) == (200, "done")
    assert found.json["analysis"]["group_map"]["outcome"] == "ready"
    assert n_rows(parts.store) == [1, 0]
    assert api.get(where, headers={"If-None-Match": found.headers["ETag"]}).status_code == 304
    assert api.delete(where).json == {"removed": found.json["id"]}
    assert api.get(where).status_code == 404
    assert n_rows(parts.store) == [0, 0]


def test_what_was_taken_back_is_not_made(api, parts, two_camps):
    where = api.post("/v1/group-maps", json={"votes": two_camps}).headers["Location"]
    (number,) = analysis_jobs.waiting(parts.store, now=time.time() + 60)
    api.delete(where)
    assert analyse(parts.store, NO_QUEUE, number) is None
    assert n_rows(parts.store) == [0, 0]


def test_an_analysis_is_made_once_and_a_mistake_is_kept_to_be_read(api, parts):
    where = api.post("/v1/group-maps", json={"votes": [[]]}).headers["Location"]
    (number,) = analysis_jobs.waiting(parts.store, now=time.time() + 60)
    assert analyse(parts.store, NO_QUEUE, number) is AnalysisState.REFUSED
    assert analyse(parts.store, NO_QUEUE, number) is None
    found = api.get(where).json
    assert (found["state"], found["errors"][0]["pointer"]) == ("refused", "#/votes/0")


def test_an_analysis_is_nobody_elses(api, parts, public, conversation):
    where = api.post("/v1/group-maps", json={"votes": []}).headers["Location"]
    assert public.get(where).status_code == 401
    job_id = where.rpartition("/")[2]
    assert api.get(f"/v1/conversations/{conversation}/what-if-maps/{job_id}").status_code == 404
    assert api.get("/v1/group-map-jobs/unknown").status_code == 404
    own = {"kind": AnalysisKind.GROUP_MAP, "is_test": None}
    assert analysis_jobs.find(parts.store, "default", job_id, **own).id == job_id
    for tenant, others in (
        ("elsewhere", own),
        ("default", own | {"is_test": True}),
        ("default", own | {"kind": AnalysisKind.WHAT_IF_MAP}),
        ("default", own | {"conversation_number": 1}),
    ):
        with pytest.raises(NotFoundError):
            analysis_jobs.find(parts.store, tenant, job_id, **others)


def test_a_tenant_has_so_many_at_once(api, parts):
    answers = [api.post("/v1/group-maps", json={"votes": []}) for _ in range(analysis_jobs.MOST_AT_ONCE + 1)]
    assert [answer.status_code for answer in answers] == [202] * analysis_jobs.MOST_AT_ONCE + [409]
    assert answers[-1].json["type"] == "/problems/too-many"


def test_the_sweep_forgets_what_is_old_and_says_what_was_killed(api, parts):
    where = [api.post("/v1/group-maps", json={"votes": []}).headers["Location"] for _ in range(2)]
    numbers = analysis_jobs.waiting(parts.store, now=time.time() + 60)
    analysis_jobs.take(parts.store, numbers[0])
    now = time.time()
    analysis_jobs.forget_old(parts.store, now=now + 100, limit_seconds=60)
    assert api.get(where[0]).json["state"] == "failed"
    assert "too long" in api.get(where[0]).json["error"]
    assert api.get(where[1]).json["state"] == "waiting"
    analysis_jobs.forget_old(parts.store, now=now + 3700 + 100, limit_seconds=60)
    assert n_rows(parts.store) == [0, 0]


def test_with_a_fault_of_ours_it_says_so(api, parts):
    where = api.post("/v1/group-maps", json={"votes": []}).headers["Location"]
    (number,) = analysis_jobs.waiting(parts.store, now=time.time() + 60)
    with parts.store.writing() as connection:
        connection.execute(jobs_table.update().values(request={}))
    with pytest.raises(KeyError):
        analyse(parts.store, NO_QUEUE, number)
    found = api.get(where).json
    assert (found["state"], found["analysis"]) == ("failed", None)
    assert "our fault" in found["error"]

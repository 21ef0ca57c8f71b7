"""Imports over HTTP: the real command reads the file, on a store of the test's own."""

import io
import time
import zipfile

import pytest


def zipped(files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zip_file:
        for name, text in files.items():
            zip_file.writestr(name, text)
    return made.getvalue()


VOTES = (
    "timestamp,datetime,comment-id,voter-id,vote\n1700000000,,0,0,1\n1700000001,,1,0,-1\n1700000002,,0,1,0\n"
)
COMMENTS = (
    "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
    "1700000000,,0,0,1,0,1,Meer bomen.\n1700000000,,1,0,0,1,1,Minder auto's.\n"
)


@pytest.fixture
def send(api):
    def post(body, address="/v1/imports", client=api, **headers):
        answer = client.post(address, data=body, content_type="application/zip", headers=headers)
        until = time.monotonic() + 120
        while answer.status_code in {200, 202} and answer.json["state"] == "running":
            assert time.monotonic() < until
            time.sleep(0.1)
            answer = client.get(f"/v1/imports/{answer.json['id']}")
        return answer

    return post


def test_a_polis_export_becomes_a_conversation(api, send):
    answer = send(zipped({"votes.csv": VOTES, "comments.csv": COMMENTS}), "/v1/imports?language=nl&id=plein")
    assert answer.json["state"] == "done", answer.json
    assert answer.json["analysis"] == {"conversation": "plein", "n_statements": 2, "n_votes": 3}
    told = api.get("/v1/conversations/plein").json
    assert (told["language"], told["is_test"]) == ("nl", False)
    texts = [one["text"] for one in api.get("/v1/conversations/plein/statements").json["items"]]
    assert texts == ["Meer bomen.", "Minder auto's."]


def test_our_own_zip_comes_back(api, conversation, send):
    api.post(
        f"/v1/conversations/{conversation}/votes", json={"participant": "ann", "statement": "0", "vote": 1}
    )
    body = api.get(f"/v1/conversations/{conversation}/exports/zip").data
    answer = send(body, "/v1/imports?id=again", Prefer="respond-async")
    assert answer.json["analysis"]["conversation"] == "again"
    assert answer.json["analysis"]["n_votes"] == 1


def test_what_can_not_be_imported_is_told_and_leaves_nothing(api, send):
    for body in (b"no zip", zipped({"readme.txt": "hello"}), zipped({"votes.csv": "a,b\n1,2\n"})):
        answer = send(body)
        errors = answer.json["errors"]
        assert [one["pointer"] for one in errors] == ["file"]
        assert "/tmp" not in str(answer.json)
    assert api.get("/v1/conversations").json["items"] == []


def test_nothing_at_all_is_refused(api):
    for address in ("/v1/imports", "/v1/group-maps"):
        answer = api.post(address)
        assert (answer.status_code, answer.json["type"]) == (415, "/problems/wrong-content-type")


def test_a_bomb_is_refused(api, conversation, send):
    body = api.get(f"/v1/conversations/{conversation}/exports/zip").data
    with zipfile.ZipFile(io.BytesIO(body)) as read:
        files = {name: read.read(name) for name in read.namelist()}
    answer = send(zipped(files | {"votes.csv": b"0" * (64 << 20)}), "/v1/imports?id=bomb")
    assert "unpacks to far more" in str(answer.json["errors"])

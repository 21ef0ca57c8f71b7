"""A conversation comes in at the desk: a dry run first, then all or nothing; the real command reads it."""

import io
import re
import time
import zipfile

import pytest

from service.store import analysis_jobs, conversations
from service.store.analysis_records import AnalysisKind, AnalysisState, NewAnalysis
from service.store.desk_records import Role

COMMENTS = (
    "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
    "1700000000,,0,0,2,0,1,<b>Meer</b> bomen.\n1700000000,,1,0,0,1,0,Minder auto's.\n"
)
VOTES = (
    "timestamp,datetime,comment-id,voter-id,vote\n1700000000,,0,0,0\n1700000001,,1,0,-1\n1700000002,,0,1,1\n"
    "1700000003,,0,0,1\n"
)


def zipped(files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zip_file:
        for name, text in files.items():
            zip_file.writestr(name, text)
    return made.getvalue()


@pytest.fixture
def bring():
    """Return a function that sends files, and gives the address and the page of what is found in them."""

    def send(worker, *files):
        opened = [(io.BytesIO(content), name) for name, content in files]
        answer = worker.send("/imports", file=opened)
        assert answer.status_code == 303, answer.text
        return waited(worker, answer.location.removeprefix("/desk"))

    return send


def waited(worker, path):
    until = time.monotonic() + 60
    while (answer := worker.get(path)).headers.get("Refresh"):
        assert time.monotonic() < until
        time.sleep(0.1)
    return path, answer


def test_a_polis_export_is_looked_at_and_then_imported(sign_in, bring, api, parts):
    worker = sign_in(Role.OWNER)
    # The tables one by one, as a Polis report offers them.
    path, page = bring(worker, ("comments.csv", COMMENTS.encode()), ("votes.csv", VOTES.encode()))
    for said in (
        "2 people, 3 votes, 2 statements",
        "4 lines become 3",
        "that nobody decided on",
        "Nothing is imported",
    ):
        assert said in page.text
    assert conversations.list_all(parts.store, "default") == []
    other = sign_in(Role.OWNER, tenant="another-town")
    assert (other.get(path).status_code, other.send(path, question="Mine?").status_code) == (404, 404)
    # The files don't say what it is about: then somebody has to.
    assert worker.send(path, question=" ").status_code == 422
    begun = worker.send(path, question="Wat doen we met het plein?", language="nl", hold_unmoderated="on")
    answer = waited(worker, begun.location.removeprefix("/desk"))[1]
    here = re.match(r"/desk/conversations/(\w+)\?imported=1", answer.location)[1]
    told = api.get(f"/v1/conversations/{here}").json
    assert (told["question"], told["language"]) == ("Wat doen we met het plein?", "nl")
    assert told["is_open"] is False
    states = [one["state"] for one in api.get(f"/v1/conversations/{here}/statements").json["items"]]
    assert states == ["visible", "waiting"]
    overview = worker.get(f"/conversations/{here}?imported=1")
    assert "The conversation is here." in overview.text
    assert "So far 2 people cast 3 votes" in overview.text
    assert "being drawn" in overview.text


def test_our_own_export_comes_beside_the_one_that_is_there(sign_in, bring, api, publish):
    conversation = publish()
    api.post(
        f"/v1/conversations/{conversation}/votes", json={"participant": "ann", "statement": "0", "vote": 1}
    )
    body = api.get(f"/v1/conversations/{conversation}/exports/zip").data
    worker = sign_in(Role.OWNER)
    path, page = bring(worker, ("ours.zip", body))
    assert f"with the id {conversation} already" in page.text
    begun = worker.send(path)
    answer = waited(worker, begun.location.removeprefix("/desk"))[1]
    ids = {one["id"] for one in api.get("/v1/conversations").json["items"]}
    assert len(ids) == 2
    assert answer.location == f"/desk/conversations/{(ids - {conversation}).pop()}?imported=1"


def test_what_can_not_be_read_is_told_and_leaves_nothing(sign_in, bring, parts):
    worker = sign_in(Role.OWNER)
    assert worker.send("/imports").status_code == 422
    for name, content in (("x.zip", b"no zip"), ("y.zip", zipped({"votes.csv": "a,<b>\n1,2\n"}))):
        path, page = bring(worker, (name, content))
        assert "can’t be imported" in page.text
        assert "/tmp" not in page.text
        assert "<b>" not in page.text
        assert worker.send(path, question="Yes?").status_code == 404
    assert conversations.list_all(parts.store, "default") == []


def test_what_was_looked_at_is_found_again_by_its_own_organisation(sign_in, parts):
    worker = sign_in(Role.OWNER)
    assert "Looked at before" not in worker.get("/imports").text
    for tenant, name in (("default", "<b>square</b>.zip"), ("default", ""), ("other", "theirs.zip")):
        analysis_jobs.add(parts.store, NewAnalysis(tenant, AnalysisKind.IMPORT_CHECK, {"name": name}))
    page = worker.get("/imports").text
    assert "Looked at before" in page
    assert "theirs.zip" not in page
    shown = re.findall(r'<a href="/desk(/imports/[0-9a-f]+)"><bdi>(.*?)</bdi>', page)
    assert [name for _, name in shown] == ["Tables of a Polis report", "&lt;b&gt;square&lt;/b&gt;.zip"]
    assert worker.get(shown[1][0]).status_code == 200


def test_a_file_that_is_too_large_is_said_to_be_so(sign_in):
    worker = sign_in(Role.OWNER)
    size, kind = {"CONTENT_LENGTH": str(65 << 20)}, "multipart/form-data; boundary=x"
    refused = worker.client.post("/desk/imports", content_type=kind, environ_overrides=size)
    assert refused.status_code == 413
    assert "This file is too large" in refused.text


def test_files_are_kept_for_a_while_and_not_beyond_five(parts):
    new = NewAnalysis("default", AnalysisKind.IMPORT_CHECK, {})
    jobs = [analysis_jobs.add(parts.store, new, [b"zip", b"zap"]) for _ in range(7)]
    for job in jobs:
        analysis_jobs.take(parts.store, job.number)
        analysis_jobs.finish(parts.store, job.number, AnalysisState.DONE, document=b"{}", keeps_pieces=True)
    analysis_jobs.remove_but_latest(parts.store, "default", AnalysisKind.IMPORT_CHECK, n_kept=4)
    there = [b"".join(analysis_jobs.pieces_of(parts.store, job.number)) for job in jobs]
    assert there == [b""] * 3 + [b"zipzap"] * 4
    analysis_jobs.forget_old(parts.store, now=time.time() + 3_700, limit_seconds=60)
    assert not any(b"".join(analysis_jobs.pieces_of(parts.store, job.number)) for job in jobs)

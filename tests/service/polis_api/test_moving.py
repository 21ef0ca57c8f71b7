"""`poldermodel import-polis` with a running service as its source, over real HTTP: this one's own `/api/v3`."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[3]
N_PEOPLE, N_STATEMENTS = 7, 6

CAST = {
    (who, tid): (1, -1, 0)[(2 * who + tid) % 3]
    for who in range(N_PEOPLE)
    for tid in range(N_STATEMENTS - 2)
    if (who + tid) % 4
}
"""Who votes what, in the sign of tables: agree is +1. The last two statements can't be voted on."""


@pytest.fixture(scope="module")
def there(service):
    """A conversation elsewhere, with a hidden, a waiting and a meta statement, and a changed vote."""
    polis = {"open_data": True, "unsigned_xid": True, "keep_xids": True}
    new = {"question": "What of the square?", "polis": polis}
    made = service.ask("POST", "/v1/conversations", new)["id"]
    texts = [{"text": f"Sentence {number}.", "language": "fr"} for number in range(N_STATEMENTS)]
    service.ask("POST", f"/v1/conversations/{made}/statements", {"statements": texts})
    for decided in ({"tid": 4, "mod": -1}, {"tid": 5, "mod": 0}, {"tid": 3, "is_meta": True}):
        service.ask("PUT", "/api/v3/comments", {"conversation_id": made, **decided})
    first = {(0, 1): -CAST[0, 1]}
    for (who, tid), value in [*first.items(), *CAST.items()]:
        vote = {"conversation_id": made, "tid": tid, "vote": -value, "xid": f"person-{who}"}
        service.ask("POST", "/api/v3/votes", vote)
    return SimpleNamespace(id=made, report=None)


@pytest.fixture(scope="module")
def reported(service, there):
    """The same, with a report."""
    service.ask("POST", "/api/v3/reports", {"conversation_id": there.id})
    (report,) = service.ask("GET", f"/api/v3/reports?conversation_id={there.id}")
    return SimpleNamespace(id=there.id, report=report["report_id"])


@pytest.fixture
def poldermodel(tmp_path):
    """Run a command in a data folder of its own; answer with what came of it."""

    def run(*arguments):
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("POLDERMODEL_")}
        known = inherited | {"POLDERMODEL_DATA_FOLDER": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            [sys.executable, "-m", "service.cli", *map(str, arguments)],
            cwd=tmp_path, env=known, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    def told(*arguments):
        done = run(*arguments, "--json")
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return json.loads(done.stdout)

    return SimpleNamespace(run=run, told=told)


def tables_of(poldermodel, conversation, tmp_path):
    out = tmp_path / "export.zip"
    poldermodel.told("export", conversation, "--out", out, "--format", "polis")
    files = zipfile.ZipFile(out)
    return {
        name: list(csv.DictReader(io.StringIO(files.read(name).decode())))
        for name in ("votes.csv", "comments.csv")
    }


def votes_of(rows):
    return {(int(row["voter-id"]), int(row["comment-id"])): int(row["vote"]) for row in rows}


def test_a_dry_run_without_a_token_reads_person_by_person_and_changes_nothing(
    service, there, poldermodel, tmp_path
):
    found = tmp_path / "found"
    told = poldermodel.told(
        "import-polis", service.address, "--conversation", there.id, "--dry-run", "--folder", found
    )
    assert (told["n_votes"], told["n_xids"], told["is_dry_run"]) == (len(CAST), 0, True)
    assert [path.name for path in found.glob("*.part")] == ["votes-0000000.part"]
    assert not (tmp_path / "data").exists()
    told_why = [one["why"] for one in told["differences"]]
    assert any("external ids" in why for why in told_why)
    assert any("moderators read them" in why for why in told_why)


def test_it_comes_over_with_its_ids_moderation_and_external_ids(service, reported, poldermodel, tmp_path):
    token = tmp_path / "token"
    token.write_text(f"{service.key}\n")
    told = poldermodel.told(
        "import-polis", f"{service.address}/{reported.id}", "--token-file", token, "--keep-xids"
    )
    # A database of its own, so the ids that links and pages use stay what they were.
    assert (told["conversation"], told["report"]) == (reported.id, reported.report)
    assert {name: told[name] for name in told if name.startswith("n_")} == {
        "n_statements": N_STATEMENTS, "n_hidden": 1, "n_waiting": 1, "n_meta": 1, "n_participants": N_PEOPLE,
        "n_votes": len(CAST), "n_votes_changed": 0, "n_xids": N_PEOPLE,
    }  # fmt: skip
    # Counts lag behind the votes there until a map is drawn; nothing else may differ.
    assert {one["what"] for one in told["differences"]} - {"agrees and disagrees of 4 statements"} == {
        "statements nobody decided on"
    }
    here = tables_of(poldermodel, reported.id, tmp_path)
    assert votes_of(here["votes.csv"]) == CAST
    assert [row["comment-body"] for row in here["comments.csv"]] == [
        f"Sentence {n}." for n in range(N_STATEMENTS)
    ]
    # That table says of a waiting statement what it says of a hidden one.
    assert [row["moderated"] for row in here["comments.csv"]] == ["1", "1", "1", "1", "-1", "-1"]
    # What was fetched holds who voted what: it doesn't stay behind.
    assert not list((tmp_path / "data" / "polis-imports").iterdir())


def test_an_interrupted_import_goes_on_where_it_was(service, reported, poldermodel, tmp_path):
    found = tmp_path / "found"
    command = ("import-polis", f"{service.address}/report/{reported.report}", "--folder", found)
    poldermodel.told(*command, "--dry-run")
    # As if it had ended before its last pieces: what is there is not asked again.
    about = json.loads((found / "conversation.json").read_text()) | {"topic": "Asked before."}
    (found / "conversation.json").write_text(json.dumps(about))
    for name in ("source.json", "votes.json", "comments.json"):
        (found / name).unlink()
    told = poldermodel.told(*command, "--id", "7elsewhere")
    assert (told["question"], told["conversation"], told["n_votes"]) == (
        "Asked before.",
        "7elsewhere",
        len(CAST),
    )
    assert votes_of(tables_of(poldermodel, "7elsewhere", tmp_path)["votes.csv"]) == CAST


def test_an_export_comes_over_and_says_what_it_counted_twice(poldermodel, tmp_path):
    folder = ROOT.parent / "shared" / "data" / "polis-exports" / "london.youth.policing"
    told = poldermodel.told("import-polis", shutil.copytree(folder, tmp_path / "export"))
    assert (told["conversation"], told["n_votes"], told["n_votes_changed"]) == ("9xxwa9jpkm", 638, 2)
    by_name = {one["what"]: (one["there"], one["here"]) for one in told["differences"]}
    assert by_name["lines of the log of votes"] == (640, 638)
    assert by_name["agrees and disagrees of 2 statements"] == (39, 37)
    again = poldermodel.run("import-polis", folder)
    assert (again.returncode, again.stderr) == (2, "poldermodel: conversation 9xxwa9jpkm exists already\n")


def test_what_is_wrong_is_one_line(service, there, poldermodel, tmp_path):
    password = tmp_path / "password"
    password.write_text("not a key")
    for arguments, said in [
        ((f"{service.address}/7nothing",), "answers 404"),
        ((f"{service.address}/{there.id}", "--email", "a@example.org"), "--token-file"),
        ((f"{service.address}/{there.id}", "--email", "a@example.org", "--token-file", password), "auth/login"),
    ]:
        done = poldermodel.run("import-polis", *arguments)
        assert (done.returncode, done.stdout) == (2, ""), (arguments, done.stderr)
        assert said in done.stderr
        assert done.stderr.count("\n") == 1

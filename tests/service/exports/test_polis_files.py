"""Polis's tables: the latest votes counted once, agree +1, and nothing that a spreadsheet would run."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from clustering.exchange import read_polis_export
from service.actions.export_conversation import ExportForm, export_conversation
from service.actions.import_conversation import import_conversation
from service.actions.restore_conversation import restore_conversation
from service.exports.cells import FORMULA_STARTS
from service.exports.polis_files import FILES
from service.map_requests import MapRequests
from service.store import group_maps, statements
from worker.jobs import drawn

NO_QUEUE = MapRequests("")
OPEN_DATA = Path(__file__).parents[4] / "shared" / "data" / "polis-exports"


def table(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"))))


@pytest.fixture
def tables(eventful, exported):
    files = exported(eventful, "polis")
    assert sorted(files) == sorted(FILES)
    return {name: table(content) for name, content in files.items() if name != "summary.csv"}


def test_the_latest_vote_counts_once(tables):
    found = {(row["voter-id"], row["comment-id"]): row["vote"] for row in tables["votes.csv"]}
    assert len(found) == len(tables["votes.csv"])
    assert found["2", "0"] == "1"
    assert ("3", "1") not in found
    people = {row["participant"] for row in tables["participants-votes.csv"]}
    # p4 was excluded and p5 erased.
    assert people == {"0", "1", "2", "3", "6", "7"} == {who for who, _ in found}
    for row in tables["participants-votes.csv"]:
        for statement in map(str, range(9)):
            assert row[statement] == found.get((row["participant"], statement), "")


def test_every_count_is_that_of_the_votes(tables):
    cast = tables["votes.csv"]
    groups = {row["comment-id"]: row for row in tables["comment-groups.csv"]}
    for row in tables["comments.csv"]:
        mine = [one["vote"] for one in cast if one["comment-id"] == row["comment-id"]]
        told = [int(row[name]) for name in ("agrees", "disagrees", "passes")]
        assert told == [mine.count("1"), mine.count("-1"), mine.count("0")]
        total = groups[row["comment-id"]]
        names = ("total-votes", "total-agrees", "total-disagrees", "total-passes")
        assert [int(total[name]) for name in names] == [len(mine), *told]
    for row in tables["participants-votes.csv"]:
        mine = [one["vote"] for one in cast if one["voter-id"] == row["participant"]]
        told = [int(row[name]) for name in ("n-votes", "n-agree", "n-disagree")]
        assert told == [len(mine), mine.count("1"), mine.count("-1")]


def test_statements_have_their_state_and_their_writer(tables):
    rows = {row["comment-id"]: row for row in tables["comments.csv"]}
    assert {name: row["moderated"] for name, row in rows.items() if row["moderated"] != "1"} == {"3": "-1"}
    assert [name for name, row in rows.items() if row["is-meta"] == "true"] == ["7"]
    assert rows["8"]["author-id"] == "1"
    assert {row["author-id"] for name, row in rows.items() if name != "8"} == {"-1"}
    written = {row["participant"]: row["n-comments"] for row in tables["participants-votes.csv"]}
    assert written == {name: "1" if name == "1" else "0" for name in written}


def test_no_cell_starts_a_formula(eventful, exported):
    for name, content in exported(eventful, "polis").items():
        for row in csv.reader(io.StringIO(content.decode("utf-8"))):
            for cell in row:
                assert cell in {"-1"} or not cell.startswith(FORMULA_STARTS), (name, cell)


def test_groups_are_those_of_the_published_map(store, two_sided, exported):
    group_maps.publish(store, drawn(store, two_sided.number))
    files = exported(two_sided, "polis")
    rows = table(files["participants-votes.csv"])
    labels = {row["group-id"] for row in rows}
    assert labels == {"0", "1"}
    group_of = {row["participant"]: "ab"[int(row["group-id"])] for row in rows}
    cast = table(files["votes.csv"])
    for row in table(files["comment-groups.csv"]):
        for letter in "ab":
            theirs = [one for one in cast if group_of[one["voter-id"]] == letter]
            mine = [one["vote"] for one in theirs if one["comment-id"] == row["comment-id"]]
            told = [int(row[f"group-{letter}-{name}"]) for name in ("votes", "agrees", "disagrees", "passes")]
            assert told == [len(mine), mine.count("1"), mine.count("-1"), mine.count("0")]
    summary = dict(csv.reader(io.StringIO(files["summary.csv"].decode())))
    assert (summary["voters"], summary["voters-in-conv"], summary["groups"]) == ("20", "20", "2")


def test_our_own_reader_reads_them(store, eventful, as_file):
    read = read_polis_export(as_file(eventful, "polis"))
    assert not read.was_sign_turned
    again = import_conversation(store, NO_QUEUE, read)
    before, after = (drawn(store, one.number) for one in (eventful, again))
    told = {name: json.loads(one.canonical) for name, one in (("before", before), ("after", after))}
    for document in told.values():
        del document["settings"], document["result_hash"]
    assert read.cast_at_ms.min() > 1_500_000_000_000
    assert len(read.statements) == len(statements.list_all(store, eventful))
    assert told["after"]["statements"] == told["before"]["statements"]


def test_the_open_exports_come_back_as_they_were(sqlite_store, open_export, tmp_path):
    """Import, export, import: by our zip everything; by Polis's tables the votes and so the map."""
    first = import_conversation(sqlite_store, NO_QUEUE, open_export)
    expected = drawn(sqlite_store, first.number).result_hash
    for form in (ExportForm.ZIP, ExportForm.POLIS):
        path = tmp_path / f"{form}.zip"
        path.write_bytes(b"".join(export_conversation(sqlite_store, first, form)))
        if form is ExportForm.ZIP:
            again = restore_conversation(sqlite_store, NO_QUEUE, path, conversation_id="7again").conversation
        else:
            again = import_conversation(sqlite_store, NO_QUEUE, read_polis_export(path))
        assert drawn(sqlite_store, again.number).result_hash == expected
        before, after = (statements.list_all(sqlite_store, one) for one in (first, again))
        assert [(one.id, one.state, one.is_meta) for one in after] == [
            (one.id, one.state, one.is_meta) for one in before
        ]
        for was, now in zip(before, after, strict=True):
            is_formula = form is ExportForm.POLIS and was.text.startswith(FORMULA_STARTS)
            assert now.text == (f"'{was.text}" if is_formula else was.text)


def test_counts_of_the_open_exports_are_those_of_the_latest_votes(sqlite_store, open_export, tmp_path):
    made = import_conversation(sqlite_store, NO_QUEUE, open_export)
    packed = b"".join(export_conversation(sqlite_store, made, ExportForm.POLIS))
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        rows = table(opened.read("comments.csv"))
    ids = [one.id for one in open_export.statements]
    latest = {name: {1: 0, -1: 0, 0: 0} for name in ids}
    for where, value in zip(open_export.statement_index, open_export.values, strict=True):
        latest[ids[where]][int(value)] += 1
    assert {
        row["comment-id"]: [int(row[name]) for name in ("agrees", "disagrees", "passes")] for row in rows
    } == {name: [counts[1], counts[-1], counts[0]] for name, counts in latest.items()}


def test_the_statements_that_polis_counts_otherwise_are_those_in_the_documentation():
    """docs/exports.md lists vtaiwan's: in Polis's `comments.csv`, and by the latest votes."""
    folder = OPEN_DATA / "vtaiwan.uberx"
    read = read_polis_export(folder)
    latest = {one.id: [0, 0] for one in read.statements}
    for where, value in zip(read.statement_index, read.values, strict=True):
        if value:
            latest[read.statements[where].id][int(value < 0)] += 1
    differ = set()
    for row in table((folder / "comments.csv").read_bytes()):
        told, own = [int(row["agrees"]), int(row["disagrees"])], latest[row["comment-id"]]
        if told != own:
            differ.add((row["comment-id"], *map(str, told), *map(str, own)))
    page = (Path(__file__).parents[3] / "docs" / "exports.md").read_text(encoding="utf-8")
    listed = re.findall(r"(\d+): (\d+)/(\d+) → (\d+)/(\d+)", page)
    assert len(listed) == 96
    assert set(listed) == differ

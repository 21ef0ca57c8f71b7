"""The analysis alone: four files or none."""

import csv
import json
from pathlib import Path

import pytest

from clustering.errors import ExchangeError
from clustering.settings import MapSettings
from clustering.written_form import hash_of
from service.analysis import FILES, analyse

OPEN_DATA = Path(__file__).parents[3] / "shared" / "data" / "polis-exports"


def _table(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", sorted(path.name for path in OPEN_DATA.iterdir()))
def test_the_four_files_of_an_open_conversation(tmp_path, name):
    steps = []
    document = analyse(OPEN_DATA / name, tmp_path / "out", settings=MapSettings(), step=steps.append)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(FILES)
    assert steps[0] == "Reading the export"
    written = json.loads((tmp_path / "out" / "group-map.json").read_text())
    assert written == document
    assert hash_of(written) == written["result_hash"]
    people = _table(tmp_path / "out" / "participants.csv")
    with (OPEN_DATA / name / "participants-votes.csv").open(newline="", encoding="utf-8") as file:
        assert [row["participant"] for row in people] == [row["participant"] for row in csv.DictReader(file)]
    assert list(people[0]) == ["participant", "x", "y", "placed", "group", "n_votes"]
    assert sum(row["placed"] == "true" for row in people) == written["n_placed"]
    for group in written["groups"]:
        assert sum(row["group"] == group["group"] for row in people) == group["n_participants"]
    assert all((row["group"] != "") == (row["placed"] == "true") for row in people)
    statements = _table(tmp_path / "out" / "statements.csv")
    assert (
        sum(int(row["n_seen"]) for row in statements)
        == written["n_votes"]
        == sum(int(r["n_votes"]) for r in people)
    )
    pca2 = json.loads((tmp_path / "out" / "pca2.json").read_text())
    assert sum(pca2["base-clusters"]["count"]) == written["n_placed"]
    assert len(pca2["group-clusters"]) == written["n_groups"]


def test_again_over_the_same_folder_and_another_method(tmp_path):
    first = analyse(OPEN_DATA / "brexit-consensus", tmp_path, settings=MapSettings())
    again = analyse(OPEN_DATA / "brexit-consensus", tmp_path, settings=MapSettings())
    strict = analyse(OPEN_DATA / "brexit-consensus", tmp_path, settings=MapSettings(method="strict"))
    assert first == again
    assert strict["result_hash"] != first["result_hash"]
    assert json.loads((tmp_path / "group-map.json").read_text())["method"] == "strict"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)


def _export(folder: Path, matrix: str) -> Path:
    folder.mkdir()
    (folder / "participants-votes.csv").write_text(matrix)
    return folder


HEADER = "participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1\n"


def test_how_sure_it_is_stands_beside_the_map_and_outside_its_hash(tmp_path):
    export = OPEN_DATA / "brexit-consensus"
    plain = analyse(export, tmp_path / "plain", settings=MapSettings(method="ideal"))
    judged = analyse(export, tmp_path / "judged", settings=MapSettings(method="ideal"), certainty=True)
    assert judged["result_hash"] == plain["result_hash"] == hash_of(judged)
    assessment = json.loads((tmp_path / "judged" / "group-map.json").read_text())["assessment"]
    assert assessment["result_hash"] == plain["result_hash"]
    # Measured with other means as well (docs/method.md): one hump, two leanings that hardly come back.
    assert assessment["certainty"]["verdict"] in {"no stable groups", "leanings on a spectrum"}
    assert assessment["certainty"]["modality"]["p_value"] > 0.05
    assert all(entry["low"] <= entry["share"] <= entry["high"] for entry in assessment["shared_by_all_groups"])
    assert all(
        entry["q_value"] <= 0.05
        for named in assessment["representative_statements"].values()
        for entry in named
    )


def test_how_sure_a_map_of_nothing_is(tmp_path):
    document = analyse(
        _export(tmp_path / "in", HEADER), tmp_path / "out", settings=MapSettings(), certainty=True
    )
    assert document["outcome"] == "no-votes"
    certainty = document["assessment"]["certainty"]
    assert certainty["verdict"] == "not enough votes yet"
    assert certainty["missing"] == {"participants": 20, "votes_each": 1, "statements": 2}
    assert document["assessment"]["groups"] == []


def test_wrong_data_writes_nothing(tmp_path):
    export = _export(tmp_path / "in", HEADER + "0,,0,1,1,0,7,\n")
    with pytest.raises(ExchangeError):
        analyse(export, tmp_path / "out", settings=MapSettings())
    assert not (tmp_path / "out").exists()


def test_too_little_data_is_an_outcome_in_the_files(tmp_path):
    document = analyse(
        _export(tmp_path / "in", HEADER + "0,,0,1,1,0,1,\n1,,0,0,0,0,,\n"),
        tmp_path / "out",
        settings=MapSettings(),
    )
    assert document["outcome"] == "too-few-statements"
    assert document["missing"] == {"statements": 1}
    people = _table(tmp_path / "out" / "participants.csv")
    assert [(row["participant"], row["x"], row["n_votes"]) for row in people] == [
        ("0", "0.0", "1"),
        ("1", "", "0"),
    ]


def test_text_that_a_spreadsheet_would_run_is_disarmed(tmp_path):
    export = _export(tmp_path / "in", HEADER + "0,,0,1,1,0,1,\n")
    (export / "comments.csv").write_text('comment-id,comment-body\n0,"=HYPERLINK(""http://x"")"\n1,plain\n')
    analyse(export, tmp_path / "out", settings=MapSettings())
    texts = [row["text"] for row in _table(tmp_path / "out" / "statements.csv")]
    assert texts == ['\'=HYPERLINK("http://x")', "plain"]


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(NotADirectoryError, match="expected a folder"):
        analyse(OPEN_DATA / "london.youth.policing", tmp_path / "out", settings=MapSettings())

"""Parquet says what Polis's tables say, with types, and texts as they were written."""

import csv
import io
import json
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime

import duckdb
import pytest

from clustering.vocabulary import GROUP_LETTERS
from service.exports.parquet_file import TIME, parquet_file
from service.exports.parquet_files import COLUMNS
from service.store import group_maps, statements
from worker.jobs import drawn


@pytest.fixture
def frames(exported, tmp_path):
    """Return a function that exports a conversation and returns its tables, each a list of rows by name."""

    def read(conversation):
        found = {}
        for name, content in exported(conversation, "parquet").items():
            (tmp_path / name).write_bytes(content)
            if name.endswith(".parquet"):
                with duckdb.connect() as database:
                    table = database.execute(
                        "SET TimeZone = 'UTC'; FROM read_parquet(?)", [str(tmp_path / name)]
                    )
                    kinds = {column[0]: str(column[1]) for column in table.description}
                    rows = [dict(zip(kinds, row, strict=True)) for row in table.fetchall()]
                assert kinds.keys() == COLUMNS[name].keys()
                found[name.removesuffix(".parquet")] = rows
        return found | {"manifest": json.loads((tmp_path / "manifest.json").read_text())}

    return read


def test_it_says_what_polis_s_tables_say(eventful, exported, frames):
    found = frames(eventful)
    files = exported(eventful, "polis")
    theirs = list(csv.DictReader(io.StringIO(files["votes.csv"].decode())))
    assert [
        (str(row["participant"]), row["statement"], str(row["value"]), str(int(row["cast_at"].timestamp())))
        for row in found["votes"]
    ] == [(row["voter-id"], row["comment-id"], row["vote"], row["timestamp"]) for row in theirs]
    people = {row["participant"]: row["n_votes"] for row in found["participants"]}
    assert people == Counter(row["participant"] for row in found["votes"])
    # The one who was excluded and the one whose data were erased are in none of the files.
    assert people.keys().isdisjoint({4, 5})
    assert found["manifest"]["n_votes"] == len(theirs)
    assert found["manifest"]["n_participants"] == len(people)


def test_texts_are_as_they_were_written(store, eventful, frames):
    kept = statements.list_all(store, eventful)
    rows = frames(eventful)["statements"]
    assert [row["text"] for row in rows] == [one.text for one in kept]
    assert [(row["state"], row["is_meta"]) for row in rows] == [(one.state.value, one.is_meta) for one in kept]
    assert [row["created_at"] for row in rows] == [one.created_at.replace(microsecond=0) for one in kept]


def test_places_and_groups_are_those_of_the_published_map(store, two_sided, frames):
    before = frames(two_sided)
    assert {(row["x"], row["y"], row["group"]) for row in before["participants"]} == {(None, None, None)}
    published = drawn(store, two_sided.number)
    group_maps.publish(store, published)
    document = json.loads(published.presented)
    found = frames(two_sided)["participants"]
    sizes = Counter(row["group"] for row in found)
    assert sizes == {group["group"]: group["n_participants"] for group in document["groups"]}
    assert set(sizes) <= set(GROUP_LETTERS)
    for row in found:
        place = group_maps.own_place(store, two_sided, f"p{row['participant']}")
        assert (place.x, place.y) == (row["x"], row["y"])


def test_moments_and_missing_values_keep_their_kind(tmp_path):
    columns = {"text": "VARCHAR", "when": TIME, "number": "INTEGER"}
    rows = [
        ('a,"b"\nc\r\nd', 1_700_000_000, -3),
        (None, None, None),
        ("\N{GRINNING FACE}" * 20_000, 0, 2**31 - 1),
    ]
    target = tmp_path / "it's.parquet"
    path = tmp_path / "kept.parquet"
    path.write_bytes(b"".join(parquet_file(target, columns, rows)))
    assert not target.exists()
    with duckdb.connect() as database:
        read = database.execute("SET TimeZone = 'UTC'; FROM read_parquet(?)", [str(path)]).fetchall()
    times = [datetime.fromtimestamp(1_700_000_000, UTC), None, datetime.fromtimestamp(0, UTC)]
    assert read == [(text, when, number) for (text, _, number), when in zip(rows, times, strict=True)]


def test_what_cannot_be_written_is_told(tmp_path):
    with pytest.raises(OSError, match=r"the Parquet file could not be written: .*no-folder"):
        list(parquet_file(tmp_path / "no-folder" / "a.parquet", {"n": "INTEGER"}, [(1,)]))
    with pytest.raises(OSError, match="could not be written"):
        list(parquet_file(tmp_path / "a.parquet", {"n": "TINYINT"}, [(1_000,)] * 100_000))
    assert list(tmp_path.iterdir()) == []


def test_whoever_goes_half_way_leaves_nothing(tmp_path):
    rows = ((number,) for number in range(200_000))
    pieces = parquet_file(tmp_path / "a.parquet", {"n": "INTEGER"}, rows)
    next(pieces)
    pieces.close()
    assert list(tmp_path.iterdir()) == []


def test_the_web_server_does_not_load_it():
    told = "import sys, service.actions.export_conversation; print('duckdb' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"

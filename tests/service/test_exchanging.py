"""`poldermodel export` and `import` as people run them: whole files, or one line that says what is wrong."""

import json
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def poldermodel(tmp_path):
    """Run a command in a data folder of its own; answer with what came of it."""

    def run(*arguments, folder="data"):
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("POLDERMODEL_")}
        known = inherited | {"POLDERMODEL_DATA_FOLDER": str(tmp_path / folder), "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            [sys.executable, "-m", "service.cli", *map(str, arguments)],
            cwd=tmp_path, env=known, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    return run


@pytest.fixture
def imported(poldermodel, tmp_path):
    """The id of a conversation with six votes."""
    folder = tmp_path / "polis"
    folder.mkdir()
    (folder / "comments.csv").write_text("comment-id,comment-body\n0,=Zero\n1,One\n")
    (folder / "votes.csv").write_text(
        "timestamp,comment-id,voter-id,vote\n"
        + "".join(f"1500000000,{number},{person},1\n" for person in range(3) for number in range(2))
    )
    done = poldermodel("import", folder, "--id", "7square", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["conversation"]


@pytest.mark.parametrize("form", ["zip", "polis", "matrix", "parquet"])
def test_an_export_is_a_private_file_and_says_what_it_is(poldermodel, imported, tmp_path, form):
    out = tmp_path / "export.zip"
    out.write_text("an earlier one")
    done = poldermodel("export", imported, "--out", out, "--format", form, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told == {
        "conversation": imported, "format": form, "path": str(out), "n_bytes": out.stat().st_size,
    }  # fmt: skip
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert zipfile.ZipFile(out).testzip() is None
    assert not list(tmp_path.glob(".export-*"))


def test_it_comes_back_in_another_place(poldermodel, imported, tmp_path):
    out = tmp_path / "export.zip"
    assert poldermodel("export", imported, "--out", out).returncode == 0
    done = poldermodel("import", out, "--json", folder="elsewhere")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {
        "conversation": imported, "n_statements": 2, "n_votes": 6, "keeps_participants": False,
    }  # fmt: skip


def test_what_is_wrong_is_one_line(poldermodel, imported, tmp_path):
    out = tmp_path / "export.zip"
    assert poldermodel("export", imported, "--out", out).returncode == 0
    broken = tmp_path / "broken.zip"
    broken.write_bytes(out.read_bytes()[:-30])
    for arguments, said in [
        (("export", "nowhere", "--out", tmp_path / "x.zip"), "nowhere"),
        (("export", imported, "--out", tmp_path / "x.zip", "--tenant", "utrecht"), imported),
        (("export", imported, "--out", tmp_path / "no" / "folder" / "x.zip"), "no/folder"),
        (("export", imported, "--out", tmp_path / "x.zip", "--format", "excel"), "excel"),
        (("import", out), "exists already"),
        (("import", out, "--id", "7b", "--tenant", "utrecht"), "utrecht"),
        (("import", broken), "broken.zip"),
    ]:
        done = poldermodel(*arguments)
        assert (done.returncode, done.stdout) == (2, ""), arguments
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert said in done.stderr
    assert not (tmp_path / "x.zip").exists()


# What the interpreter and the libraries take; a conversation may add some, whatever its size.
MOST_MEGABYTES = 100


def test_memory_is_bounded(tmp_path):
    """The made-up conversation of the benchmark, smaller: all in memory would take twice as much."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.exports", "--votes", "300000", "--json"],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    peaks = {name: one["peak_megabytes"] for name, one in told.items()}
    # DuckDB needs 80 MB to be there at all, beside what it may take for its work.
    assert peaks.pop("sqlite parquet") < MOST_MEGABYTES + 60
    assert {name: peak for name, peak in peaks.items() if peak > MOST_MEGABYTES} == {}

"""The notebooks run, in time and without a warning; what is kept in them is what they show."""

import importlib.util
import json
import time
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SECONDS = 120
"""Each takes 15 to 40 on two cores of 2020; twice that, for machines that do something else too."""


@pytest.fixture(scope="module")
def writer():
    spec = importlib.util.spec_from_file_location("write_notebooks", ROOT / "docs" / "write_notebooks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def code_of(path: Path) -> list[str]:
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def outputs_of(notebook) -> list[dict]:
    return [shown for cell in notebook.cells for shown in cell.get("outputs", [])]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_what_is_kept_in_it(path: Path, writer):
    start = time.monotonic()
    now = writer.shown_now(path, folder=path.parent)
    assert time.monotonic() - start < SECONDS
    assert writer.differences(nbformat.read(path, as_version=4), now) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_without_the_open_data_a_notebook_shows_the_sample(path: Path, writer, tmp_path: Path):
    now = writer.shown_now(path, folder=tmp_path)
    figures = [shown for shown in outputs_of(now) if "image/png" in shown.get("data", {})]
    assert len(figures) >= 4
    assert "400" in json.dumps(outputs_of(now)[0])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_kept_notebook_warns_of_nothing_and_every_figure_says_its_finding(path: Path):
    kept = outputs_of(nbformat.read(path, as_version=4))
    assert kept
    assert not [shown for shown in kept if shown.get("name") == "stderr" or shown["output_type"] == "error"]
    figures = [shown for shown in kept if "image/png" in shown.get("data", {})]
    assert all(len(shown["metadata"]["image/png"]["alt"]) > 40 for shown in figures)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_imports_only_the_arithmetic_and_what_reads_well_beside_it(path: Path):
    allowed = {"clustering", "numpy", "pandas", "pathlib", "dataclasses", "itertools", "json", "reddwarf"}
    words = [line.split() for code in code_of(path) for line in code.splitlines()]
    imported = {line[1].split(".")[0] for line in words if line[:1] in (["import"], ["from"])}
    assert imported <= allowed


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_cell_is_a_wall_of_code(path: Path):
    assert max(len(code.splitlines()) for code in code_of(path)) <= 28


def test_another_number_or_another_figure_is_noticed(writer):
    kept = nbformat.read(NOTEBOOKS[0], as_version=4)
    for part in ("text", "picture"):
        changed = nbformat.read(NOTEBOOKS[0], as_version=4)
        is_picture = [(part == "picture") == ("image/png" in s.get("data", {})) for s in outputs_of(changed)]
        shown = outputs_of(changed)[is_picture.index(True)]
        if part == "text":
            shown["text"] = shown["text"].replace("2,031", "2,032")
        else:
            other = [s for s in outputs_of(changed) if "image/png" in s.get("data", {})][-1]
            shown["data"]["image/png"] = other["data"]["image/png"]
        assert len(writer.differences(kept, changed)) == 1

"""The contracts on who may import whom are kept, and would notice if they weren't."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# What is planted at the end of which module, and the contract that must name it.
PLANTED = {
    "service loads the arithmetic": (
        "service/app.py",
        "import clustering.pipeline",
        "never loads the arithmetic",
    ),
    "arithmetic reads the environment": ("clustering/settings.py", "import os", "knows no web, queue"),
    "arithmetic uses the service": ("clustering/tallies.py", "import service.settings", "never the other way"),
    "service uses the worker": ("service/map_requests.py", "import worker", "never the other way"),
    "worker speaks HTTP": ("worker/__init__.py", "import flask", "The worker knows no HTTP"),
    "API speaks to the queue": ("service/api/votes.py", "import rq", "know the queue"),
    "API writes SQL": ("service/api/votes.py", "import sqlalchemy", "Only the store knows SQL"),
    "store climbs the stairs": ("service/store/votes.py", "import service.api.votes", "Floors of the service"),
    "measure judges": ("clustering/tallies.py", "import clustering.judgements", "Floors of the arithmetic"),
    "a map loads scikit-learn": (
        "clustering/pipeline.py",
        "from clustering import ideal_point",
        "never load scikit-learn",
    ),
    "two modules need each other": ("service/store/database.py", "import service.store.votes", "No cycles"),
    "service grows a nameless room": ("service/helpers.py", "", "Floors of the service"),
    "arithmetic grows a nameless room": ("clustering/helpers.py", "", "Floors of the arithmetic"),
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the three packages with their contracts, to plant something in."""
    for package in ("clustering", "service", "worker"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder: Path) -> tuple[int, str]:
    command = [sys.executable, "-I", "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return ran.returncode, " ".join(ran.stdout.split())


def test_the_contracts_are_kept(house: Path):
    code, said = lint(house)
    assert code == 0, said


@pytest.mark.parametrize("planting", PLANTED)
def test_a_planted_violation_is_reported(house: Path, planting: str):
    module, line, contract = PLANTED[planting]
    with (house / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    code, said = lint(house)
    broken = said.partition("Broken contracts")[2]
    assert code == 1, said
    assert contract in broken
    assert module.removesuffix(".py").replace("/__init__", "").replace("/", ".").split(".")[-1] in broken

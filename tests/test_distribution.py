"""What is installed, what it brings along, and what starting up costs."""

import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PACKAGES = ("clustering", "service", "worker")
LOCKS = ("requirements.lock", "requirements-test.lock")
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)(?: ; (.+?))? \\$", re.MULTILINE)


def modules_after(code: str) -> set[str]:
    """Return the names of the modules that a fresh interpreter has loaded after running some code."""
    ending = "\nimport sys, json; print(json.dumps(sorted(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", code + ending], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(json.loads(ran.stdout.splitlines()[-1]))


def test_no_other_distribution_provides_our_three_names():
    providers = importlib.metadata.packages_distributions()
    others = {name: set(providers.get(name, ())) - {"poldermodel"} for name in PACKAGES}
    assert others == {name: set() for name in PACKAGES}


@pytest.mark.parametrize(
    "name", ["clustering", "clustering.vocabulary", "clustering.errors", "clustering.samples"]
)
def test_the_words_load_no_arithmetic(name: str):
    assert not modules_after(f"import {name}") & {"numpy", "scipy", "sklearn", "pandas"}


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"], ["analyse", "--help"]], ids=" ".join)
def test_help_loads_no_arithmetic_and_no_server(arguments: list[str]):
    code = f"import service.cli\ntry:\n    service.cli.main({arguments})\nexcept SystemExit:\n    pass\nprint()"
    heavy = {"numpy", "scipy", "sklearn", "sqlalchemy", "flask", "gunicorn", "rq", "redis"}
    assert not modules_after(code) & heavy


def test_the_web_application_loads_no_arithmetic():
    assert not modules_after("import service.app") & {"scipy", "sklearn", "clustering.pipeline"}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_locked_by_hash_and_by_nothing_else(lock: str):
    text = (ROOT / lock).read_text(encoding="utf-8")
    pins = PIN.findall(text)
    entries = [line for line in text.splitlines() if not line.startswith((" ", "#"))]
    assert len(pins) == len(entries)
    assert "://" not in text
    assert " @ " not in text
    assert not re.search(r"^\s*-(?!-hash=sha256:)", text, re.MULTILINE)
    assert all("--hash=sha256:" in block for block in re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:])


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_satisfies_what_the_project_asks_for(lock: str):
    asked = list(PROJECT["dependencies"])
    if lock == "requirements-test.lock":
        asked += PROJECT["optional-dependencies"]["test"]
    pins = [(name, Version(version)) for name, version, _ in PIN.findall((ROOT / lock).read_text())]
    for requirement in map(Requirement, asked):
        name = canonicalize_name(requirement.name)
        versions = [version for pinned, version in pins if pinned == name]
        assert versions, f"{name} is not locked: refresh the locks as CONTRIBUTING.md says"
        assert all(requirement.specifier.contains(version) for version in versions), name


def test_the_test_lock_only_adds_to_the_other():
    # On which machines a package is needed may differ: more packages may need it for the tests.
    runtime, tests = (
        {(name, release) for name, release, _ in PIN.findall((ROOT / lock).read_text())} for lock in LOCKS
    )
    assert runtime <= tests


def test_the_wheel_holds_the_three_packages_with_their_data(tmp_path: Path):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("poldermodel-*.whl")
    names = {Path(name) for name in zipfile.ZipFile(wheel).namelist()}
    assert {name.parts[0] for name in names if not name.parts[0].endswith(".dist-info")} == set(PACKAGES)
    ours = {
        path.relative_to(ROOT) for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file()
    }
    assert {path for path in ours if "__pycache__" not in path.parts} <= names

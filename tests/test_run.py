"""`./run` installs once, whole or not at all, and then becomes the command it was asked for."""

import ast
import base64
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

METADATA = "Metadata-Version: 2.1\nName: marker\nVersion: {version}\n"
WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
COMMAND = """
import importlib.metadata, json, os, subprocess, sys
def main():
    import marker
    told = {"name": sys.argv[0], "arguments": sys.argv[1:], "process": os.getpid(), "folder": os.getcwd()}
    told |= {"path": sys.path, "marker": marker.VERSION, "here": __file__}
    child = [sys.executable, "-c", "import json, sys; print(json.dumps(sys.path))"]
    told["path of a child"] = json.loads(subprocess.run(child, capture_output=True).stdout)
    told["version"] = importlib.metadata.version("poldermodel")
    print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two versions of a tiny package: what the network is to pip."""
    folder = tmp_path_factory.mktemp("wheels")
    for version in ("1", "2"):
        files = {
            "marker.py": f"VERSION = {version}\n",
            f"marker-{version}.dist-info/METADATA": METADATA.format(version=version),
            f"marker-{version}.dist-info/WHEEL": WHEEL,
        }
        record = "".join(f"{name},sha256={digest(text)},{len(text)}\n" for name, text in files.items())
        files[f"marker-{version}.dist-info/RECORD"] = record
        with zipfile.ZipFile(folder / f"marker-{version}-py3-none-any.whl", "w") as wheel:
            for name, text in files.items():
                wheel.writestr(name, text)
    return folder


def digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


@pytest.fixture
def house(tmp_path: Path, wheels: Path) -> Path:
    """A small project in an awkward place, with its own `run` and lock."""
    folder = tmp_path / "a 'place' with spaces"
    (folder / "service").mkdir(parents=True)
    shutil.copy(ROOT / "run", folder)
    (folder / "service" / "cli.py").write_text(COMMAND)
    (folder / "pyproject.toml").write_text('[project]\nversion = "7.8"\n')
    lock(folder, wheels, "1")
    return folder


def lock(folder: Path, wheels: Path, version: str) -> None:
    wheel = (wheels / f"marker-{version}-py3-none-any.whl").read_bytes()
    pin = f"marker=={version} --hash=sha256:{hashlib.sha256(wheel).hexdigest()}\n"
    (folder / "requirements.lock").write_text(pin)


def environment(wheels: Path, **more: str) -> dict[str, str]:
    """Return the environment of somebody whose pip looks in a folder, and nowhere else."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG")}
    return {**kept, "HOME": "/nonexistent", "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), **more}


def start(folder: Path, wheels: Path, *arguments: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(folder / "run"), *arguments],
        env=environment(wheels, **more),
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finished(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, error = process.communicate(timeout=120)
    return process.returncode, out, error


def test_installs_then_becomes_the_command(house: Path, wheels: Path):
    process = start(house, wheels, "serve", "--port", "1 2", PYTHONPATH="/elsewhere", PYTHONWARNINGS="error")
    code, out, error = finished(process)
    assert code == 0, error
    told = json.loads(out)
    assert told["name"] == "poldermodel"
    assert told["version"] == "7.8"
    assert told["arguments"] == ["serve", "--port", "1 2"]
    # The same process: signals to it, and to its group, reach the command itself.
    assert told["process"] == process.pid
    assert told["folder"] == "/"
    assert told["here"] == str(house / "service" / "cli.py")
    for path in (told["path"], told["path of a child"]):
        assert not {"/elsewhere", "", "/"} & set(path)

    stamped = (house / ".venv" / "installed").stat().st_mtime_ns
    assert finished(start(house, wheels, "again"))[2] == "", "the second time there is nothing to tell"
    assert (house / ".venv" / "installed").stat().st_mtime_ns == stamped

    lock(house, wheels, "2")
    assert json.loads(finished(start(house, wheels, "newer"))[1])["marker"] == 2


def test_two_at_once_install_once(house: Path, wheels: Path):
    both = [finished(process) for process in [start(house, wheels, name) for name in ("one", "two")]]
    assert [code for code, _, _ in both] == [0, 0], both
    assert sum("installing" in error for _, _, error in both) in (1, 2)
    assert sum("waiting for another" in error for _, _, error in both) <= 1
    assert {json.loads(out)["marker"] for _, out, _ in both} == {1}


def test_killed_while_installing_starts_over(house: Path, wheels: Path):
    process = start(house, wheels, "install")
    deadline = time.monotonic() + 60
    while not (house / ".venv" / "bin" / "python").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    finished(process)
    assert not (house / ".venv" / "installed").exists()
    code, out, error = finished(start(house, wheels, "after"))
    assert code == 0, error
    assert json.loads(out)["marker"] == 1


def test_a_package_with_another_hash_is_refused_in_one_line(house: Path, wheels: Path):
    (house / "requirements.lock").write_text(f"marker==1 --hash=sha256:{'0' * 64}\n")
    code, out, error = finished(start(house, wheels, "serve"))
    assert (code, out) == (1, "")
    assert error.splitlines()[-1].startswith(
        "run: could not install requirements.lock; pip's own words are above"
    )
    assert not (house / ".venv" / "installed").exists()


def test_a_folder_that_cannot_be_written_is_refused_in_one_line(house: Path, wheels: Path):
    (house / ".venv.lock").mkdir()
    code, _, error = finished(start(house, wheels, "serve"))
    assert code == 1
    assert len(error.splitlines()) == 1
    assert "writable" in error


def test_help_needs_nothing_installed(house: Path, wheels: Path):
    code, out, _ = finished(start(house, wheels, "--help"))
    assert code == 0
    assert "./run demo" in out
    assert not (house / ".venv").exists()


def test_an_old_python_can_read_it_as_far_as_the_message():
    tree = ast.parse((ROOT / "run").read_text(), feature_version=(3, 6))
    first = next(node for node in tree.body if not isinstance(node, ast.Import | ast.Expr))
    assert ast.unparse(first).startswith("if sys.version_info < (3, 11):")
    imported = {
        node.names[0].name for node in tree.body[: tree.body.index(first)] if isinstance(node, ast.Import)
    }
    assert imported == {"os", "sys"}


def test_it_needs_the_standard_library_only():
    imports = [node for node in ast.walk(ast.parse((ROOT / "run").read_text())) if isinstance(node, ast.Import)]
    assert {alias.name for node in imports for alias in node.names} <= sys.stdlib_module_names

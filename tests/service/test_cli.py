"""The command as people run it: a process, its output, its exit status."""

import json
import os
import re
import select
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import click
import pytest

from service.cli import commands

ROOT = Path(__file__).parents[2]
OPERATIONS = ROOT / "docs" / "operations.md"


@pytest.fixture
def poldermodel(tmp_path):
    """Run a command in a data folder of its own; answer with what came of it."""

    def run(*arguments, **environment):
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("POLDERMODEL_")}
        known = inherited | {"POLDERMODEL_DATA_FOLDER": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            [sys.executable, "-m", "service.cli", *map(str, arguments)],
            cwd=tmp_path, env=known | environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    return run


@pytest.fixture
def export(tmp_path):
    """A small export in Polis's files."""
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "summary.csv").write_text("topic,What about the square?\nconversation-description,Ours\n")
    (folder / "comments.csv").write_text(
        "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
        + "".join(f"1500000000000,then,{number},0,6,6,1,Sentence {number}.\n" for number in range(8))
    )
    (folder / "votes.csv").write_text(
        "timestamp,datetime,comment-id,voter-id,vote\n"
        + "".join(
            f"1500000000000,then,{number},{person},{1 if (person + number) % 2 else -1}\n"
            for person in range(12)
            for number in range(8)
        )
    )
    header = "participant,group-id,n-comments,n-votes,n-agree,n-disagree," + ",".join(map(str, range(8)))
    rows = [
        f"{person},0,0,8,4,4," + ",".join(str(1 if (person + number) % 2 else -1) for number in range(8))
        for person in range(12)
    ]
    (folder / "participants-votes.csv").write_text("\n".join([header, *rows]) + "\n")
    return folder


def test_help_is_quick_and_names_every_command(poldermodel):
    start = time.monotonic()
    helped = poldermodel("--help")
    took = time.monotonic() - start
    assert helped.returncode == 0
    for command in ("serve", "demo", "web", "worker", "assessor", "sweep", "migrate", "import", "analyse"):
        assert f"  {command} " in helped.stdout
    # Half a second is the aim on an idle machine; tests share theirs.
    assert took < 1.5


def test_every_command_and_option_is_documented():
    row = r"^\| `([a-z-]+(?: [a-z]+)?)[^`]*` \|([^|]*)\|"
    rows = re.findall(row, OPERATIONS.read_text(encoding="utf-8"), re.MULTILINE)
    documented = {command: set(re.findall(r"--[\w-]+", options)) for command, options in rows}
    assert documented == {
        name: {
            option
            for parameter in command.params
            if isinstance(parameter, click.Option) and not parameter.hidden
            for option in parameter.opts
        }
        for name, command in single_commands()
    }


def single_commands():
    for name, command in commands.commands.items():
        if isinstance(command, click.Group):
            yield from ((f"{name} {part}", one) for part, one in command.commands.items())
        else:
            yield name, command


def test_migrating_twice_is_harmless(poldermodel, tmp_path):
    for _ in range(2):
        done = poldermodel("migrate")
        assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "data" / "poldermodel.sqlite3").exists()


def test_an_export_is_imported(poldermodel, export):
    done = poldermodel("import", export, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["n_statements"], found["n_votes"]) == (8, 96)
    assert found["conversation"].startswith("7")


@pytest.mark.parametrize("command", ["import", "analyse"])
def test_wrong_data_is_one_line_and_status_2(poldermodel, export, tmp_path, command):
    (export / "participants-votes.csv").write_text("nonsense\n")
    (export / "votes.csv").write_text("nonsense\n")
    done = poldermodel(command, export, *(["--out", tmp_path / "out"] if command == "analyse" else []))
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("poldermodel: ")
    assert not (tmp_path / "out").exists()


def test_an_analysis_needs_no_store(poldermodel, export, tmp_path):
    done = poldermodel("analyse", export, "--out", tmp_path / "out", "--groups", 2, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["n_groups"] == 2
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "group-map.json", "participants.csv", "pca2.json", "statements.csv",
    ]  # fmt: skip
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["migrate"], {"DATABASE_URL": "mysql://somewhere/one"}, "postgresql://"),
        (["migrate"], {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}, "doesn't answer"),
        (["serve"], {"POLDERMODEL_PORT": "many"}, "port"),
        (["web"], {"DATABASE_URL": "postgresql://127.0.0.1:1/none"}, "POLDERMODEL_SECRET"),
        (["worker"], {"REDIS_URL": ""}, "REDIS_URL"),
        (["analyse", ".", "--out", "out", "--groups", "9"], {}, "9"),
        (["import", "nowhere"], {}, "nowhere"),
    ],
)
def test_what_is_wrong_is_said_without_a_trace(poldermodel, arguments, environment, said):
    done = poldermodel(*arguments, **environment)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_was_asked_for_and_is_taken_is_an_error(poldermodel):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = poldermodel("serve", "--port", taken.getsockname()[1])
        port = taken.getsockname()[1]
    assert done.returncode == 2
    assert "in use" in done.stderr
    assert str(port) in done.stderr


def test_a_folder_with_too_long_a_name_for_a_socket_is_told(poldermodel, tmp_path):
    folder = tmp_path / ("long" * 20)
    folder.mkdir()
    done = poldermodel("serve", "--port", "0", TMPDIR=str(folder))
    assert done.returncode == 2
    assert "set TMPDIR to a folder with a shorter name" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not list(folder.iterdir())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_demonstration_shows_a_page_and_leaves_nothing(tmp_path, number):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("POLDERMODEL_")}
    environment |= {"TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT), "POLDERMODEL_PORT": "0"}
    running = subprocess.Popen(
        [sys.executable, "-m", "service.cli", "demo"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        ready, _, _ = select.select([running.stdout], [], [], 90)
        assert ready
        address = running.stdout.readline().strip()
        assert "/conversations/7" in address
        assert address.endswith("/map")
        document = address.replace("/conversations/", "/v1/conversations/").removesuffix("/map") + "/group-map"
        with urllib.request.urlopen(document, timeout=20) as answer:
            assert json.load(answer)["outcome"] == "ready"
    finally:
        running.send_signal(number)
        running.wait(40)
        running.stdout.close()
    deadline = time.monotonic() + 10
    while list(tmp_path.iterdir()):
        assert time.monotonic() < deadline, list(tmp_path.iterdir())
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("damage", "said"),
    [("key", "admin-key"), ("secret", "POLDERMODEL_SECRET"), ("file", "database"), ("later", "database")],
)
def test_a_data_folder_that_is_not_as_it_was_is_told_before_anything_starts(
    poldermodel, export, tmp_path, damage, said
):
    assert poldermodel("import", export).returncode == 0
    file = tmp_path / "data" / "poldermodel.sqlite3"
    if damage == "key":
        (tmp_path / "data" / "admin-key").write_text("")
    elif damage == "secret":
        (tmp_path / "data" / "secret").write_text("another " * 8)
    elif damage == "file":
        file.write_bytes(b"no database at all " * 500)
    else:
        with sqlite3.connect(file) as connection:
            connection.execute("UPDATE alembic_version SET version_num = 'of a later release'")
        connection.close()
    done = poldermodel("serve", "--port", "0")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["analyse", "/no/such/place", "--out", "x"], "does not exist"),
        (["analyse", "."], "--out"),
        (["analyse", ".", "--out", "x", "--groups", "9"], "9 is not in the range"),
        (["analyse", ".", "--out", "x", "--method", "fancy"], "'fancy' is not one of"),
        (["nonsense"], "nonsense"),
        (["serve", "--port", "70000"], "70000 is not in the range"),
    ],
)
def test_wrong_use_is_one_line_too(arguments, says):
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", *arguments], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert says in done.stderr

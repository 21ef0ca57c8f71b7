"""Real servers for the tests: PostgreSQL and Valkey, each in a temporary folder, ended with the session."""

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
import redis

from clustering.vocabulary import ParticipantId, StatementId, VoteValue
from service.embedded.redis_server import address
from service.embedded.redis_server import command as redis_server_command
from service.lifetime import dying_with_parent
from service.store import conversations, statements
from service.store.database import open_store
from service.store.migrating import migrate
from service.store.records import NewConversation, NewStatement, NewVote

SECRET = b"a secret for tests only, thirty-two bytes"


def _postgresql_binaries() -> Path:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    assert versions, "PostgreSQL's server is needed for these tests: install your system's `postgresql` package"
    return versions[-1].parent


def _unprivileged() -> dict:
    # PostgreSQL refuses to run as root.
    if os.getuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(answers, *, seconds: float = 30.0):
    deadline = time.monotonic() + seconds
    while True:
        try:
            return answers()
        except (OSError, psycopg.OperationalError, redis.ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@pytest.fixture(scope="session")
def postgresql_server():
    """The address of a private PostgreSQL, without a database name; `fsync` is on, as in production."""
    binaries, account = _postgresql_binaries(), _unprivileged()
    # A short path: a socket's path may have 107 bytes at most, and pytest's own folders are deep.
    with tempfile.TemporaryDirectory(prefix="pm-pg-") as folder:
        if account:
            os.chown(folder, account["user"], account["group"])
        data = Path(folder) / "data"
        run = {"cwd": folder, "check": True, "stdout": subprocess.DEVNULL, **account}
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "poldermodel", "-A", "trust", "-E", "UTF8",
             "--locale=C", "--no-sync"], **run,
        )  # fmt: skip
        port = _free_port()
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-p", str(port), "-k", folder, "-h", "127.0.0.1",
             "-c", "max_connections=200", "-c", "log_min_messages=fatal"],
            cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **account,
        )  # fmt: skip
        address = f"postgresql://poldermodel@127.0.0.1:{port}"
        try:
            _wait_for(lambda: psycopg.connect(f"{address}/postgres").close())
            yield address
        finally:
            server.terminate()
            server.wait(30)


@contextlib.contextmanager
def _database(server, template="template1"):
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield f"{server}/{name}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgresql_url(postgresql_server):
    """An empty database, dropped afterwards."""
    with _database(postgresql_server) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path):
    """An SQLite file that isn't there yet."""
    return f"sqlite:///{tmp_path / 'store.sqlite3'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """The address of an empty database, on SQLite and on PostgreSQL in turn."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    """An SQLite file with every table, to be copied: making them takes longer than most tests do."""
    file = tmp_path_factory.mktemp("migrated") / "store.sqlite3"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_database(postgresql_server):
    """The name of a PostgreSQL database with every table, to be copied."""
    with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE migrated")
    migrate(f"{postgresql_server}/migrated")
    return "migrated"


@pytest.fixture
def sqlite_store_url(sqlite_url, tmp_path, migrated_file):
    """The address of an SQLite file with every table and nothing in them."""
    shutil.copy(migrated_file, tmp_path / "store.sqlite3")
    return sqlite_url


@pytest.fixture
def postgresql_store_url(postgresql_server, migrated_database):
    """The address of a PostgreSQL database with every table and nothing in them, dropped afterwards."""
    with _database(postgresql_server, migrated_database) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request):
    """The address of a migrated database, on SQLite and on PostgreSQL in turn."""
    return request.getfixturevalue(f"{request.param}_store_url")


@pytest.fixture
def store(store_url):
    """A migrated store, on SQLite and on PostgreSQL in turn."""
    opened = open_store(store_url, secret=SECRET)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(sqlite_store_url):
    """A migrated store on SQLite only, for tests of what stands above the store."""
    opened = open_store(sqlite_store_url, secret=SECRET)
    yield opened
    opened.close()


@pytest.fixture
def conversation(store):
    """An open conversation with the statements "0" to "9"."""
    made = conversations.create(store, "default", NewConversation("What should happen to the square?"))
    statements.add(store, made, [NewStatement(f"Sentence number {number}.") for number in range(10)])
    return conversations.find(store, "default", made.id)


@pytest.fixture
def vote():
    """Make a vote from a participant's id, a statement's id and a value."""

    def make(participant: str, statement: str, value: int) -> NewVote:
        return NewVote(ParticipantId(participant), StatementId(statement), VoteValue(value))

    return make


@pytest.fixture
def redis_server():
    """A private Redis-compatible server: its address, and its process for tests that kill it."""
    with tempfile.TemporaryDirectory(prefix="pm-redis-") as folder:
        server = subprocess.Popen(
            redis_server_command(Path(folder)), stdout=subprocess.DEVNULL, preexec_fn=dying_with_parent()
        )
        connection = redis.Redis.from_url(address(Path(folder)))
        _wait_for(connection.ping)
        connection.close()
        yield SimpleNamespace(url=address(Path(folder)), process=server, folder=Path(folder))
        server.kill()
        server.wait(30)


@pytest.fixture
def redis_url(redis_server):
    """The address of a private Redis-compatible server."""
    return redis_server.url

"""The store as a whole: its schema, its promises about the disk, its errors."""

import multiprocessing
import os
import socket
import threading
import time
import traceback
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, text

from service.store import (
    conversations,
    desk_tables,  # noqa: F401 - its tables are in the metadata too.
    house_style_tables,  # noqa: F401 - its table is in the metadata too.
    outside_tables,  # noqa: F401 - its tables are in the metadata too.
    platform_tables,  # noqa: F401 - its tables are in the metadata too.
    votes,
)
from service.store.agreed_secret import agree_on_secret
from service.store.database import is_migrated, open_store
from service.store.errors import StoreError, StoreFaultError, StoreOutdatedError, StoreUnavailableError
from service.store.migrating import migrate
from service.store.platform_tables import tenants
from service.store.records import NewConversation
from service.store.tables import SCHEMA, metadata


def test_the_migrations_make_exactly_the_tables(store):
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_latest_migration_is_the_one_this_program_expects():
    assert ScriptDirectory("service/store/migrations").get_current_head() == SCHEMA


def test_migrating_twice_and_twice_at_once_is_harmless(database_url):
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=migrate, args=(database_url,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    migrate(database_url)


def test_a_store_knows_whether_it_is_migrated(database_url):
    store = open_store(database_url, secret=b"")
    assert not is_migrated(store)
    with pytest.raises(StoreOutdatedError, match="poldermodel migrate"):
        conversations.list_all(store, "default")
    migrate(database_url)
    assert is_migrated(store)
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    assert not is_migrated(store)
    with pytest.raises(StoreError, match="can bring up to date"):
        migrate(database_url)
    store.close()


def test_sqlite_flushes_every_commit_and_keeps_its_rules(sqlite_store):
    with sqlite_store.reading() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("synchronous", "foreign_keys", "journal_mode", "journal_size_limit")
        }
        version = connection.connection.driver_connection.execute("SELECT sqlite_version()").fetchone()[0]
    assert (found["synchronous"], found["foreign_keys"]) == (2, 1)
    assert found["journal_size_limit"] == 64 * 1024 * 1024
    # An old SQLite with several processes may damage a write-ahead log.
    is_safe = tuple(map(int, version.split("."))) >= (3, 51, 3)
    assert found["journal_mode"] == ("wal" if is_safe else "delete")


def test_no_vote_waits_for_the_log_to_be_copied(sqlite_store):
    new = [NewConversation(f"Question {number}?", description="x" * 200_000) for number in range(30)]
    file = Path(sqlite_store.engine.url.database)
    before = file.stat().st_size
    for one in new:
        conversations.create(sqlite_store, "default", one)
    # More pages than a thousand, after which SQLite by itself would have copied them during somebody's commit.
    log = file.with_name(f"{file.name}-wal").stat().st_size
    assert log > 1_100 * 4_096
    assert file.stat().st_size == before
    sqlite_store.settle()
    assert file.stat().st_size > before
    # All of it was copied: what comes next begins the log anew.
    conversations.create(sqlite_store, "default", new[0])
    assert file.with_name(f"{file.name}-wal").stat().st_size == log


def test_a_writer_waits_for_the_other_and_not_much_longer(sqlite_store):
    conversations.create(sqlite_store, "default", NewConversation("Question?"))
    held, waited = threading.Event(), []

    def write():
        held.wait()
        began = time.monotonic()
        with sqlite_store.writing() as connection:
            waited.append(time.monotonic() - began)
            connection.execute(text("UPDATE conversations SET n_votes = n_votes + 1"))

    others = [threading.Thread(target=write) for _ in range(3)]
    for one in others:
        one.start()
    with sqlite_store.writing() as connection:
        connection.execute(text("UPDATE conversations SET n_votes = n_votes + 1"))
        held.set()
        time.sleep(0.6)
    ended = time.monotonic()
    for one in others:
        one.join()
    assert min(waited) >= 0.5
    # By itself SQLite sleeps a tenth of a second from one try to the next after so long a wait.
    assert time.monotonic() - ended < 5.0
    with sqlite_store.reading() as connection:
        assert connection.execute(text("SELECT n_votes FROM conversations")).scalar() == 4
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10_000


def test_one_statement_can_be_a_transaction_of_its_own(store):
    conversations.create(store, "default", NewConversation("Question?"))
    with store.writing_at_once() as connection:
        connection.execute(text("UPDATE conversations SET n_votes = 7"))
        if store.is_sqlite:
            # It is kept and nothing is locked, before this connection goes on.
            assert not connection.connection.driver_connection.in_transaction
            with store.writing() as other:
                other.execute(text("UPDATE conversations SET n_votes = n_votes + 1"))
    with store.reading() as connection:
        assert connection.execute(text("SELECT n_votes FROM conversations")).scalar() == 7 + store.is_sqlite


def test_postgresql_flushes_every_commit_whatever_its_default(postgresql_url):
    migrate(postgresql_url)
    store = open_store(postgresql_url, secret=b"")
    with store.writing() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
        assert connection.exec_driver_sql("SHOW fsync").scalar() == "on"
    store.close()


@pytest.mark.parametrize("address", ["mysql://host/one", "nonsense", "sqlite://", "sqlite:///:memory:", ""])
def test_other_addresses_are_refused(address):
    with pytest.raises(StoreError, match="database address"):
        open_store(address, secret=b"")


def test_a_database_that_does_not_answer_is_unavailable():
    store = open_store("postgresql://nobody@127.0.0.1:1/none", secret=b"")
    with pytest.raises(StoreUnavailableError):
        store.ping()
    store.close()


def test_a_database_that_says_nothing_is_given_up_on():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        store = open_store(f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/none", secret=b"")
        start = time.monotonic()
        with pytest.raises(StoreUnavailableError):
            store.ping()
        assert time.monotonic() - start < 10
        store.close()


def test_an_error_tells_no_data(store, conversation, vote):
    store.close()
    with store.writing() as connection:
        connection.exec_driver_sql("DROP TABLE current_votes")
    with pytest.raises(StoreOutdatedError) as caught:
        votes.record(store, conversation, [vote("ann@example.org", "3", 1)])
    assert "ann" not in str(caught.value)


def test_reading_sees_one_moment(store, conversation, vote):
    with store.reading() as connection:
        query = "SELECT sequence FROM conversations"
        before = connection.exec_driver_sql(query).scalar()
        if not store.is_sqlite or connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal":
            votes.record(store, conversation, [vote("ann", "3", 1)])
        assert connection.exec_driver_sql(query).scalar() == before


def test_another_secret_is_noticed(database_url):
    migrate(database_url)
    first, other = open_store(database_url, secret=b"one" * 12), open_store(database_url, secret=b"two" * 12)
    agree_on_secret(first)
    agree_on_secret(first)
    with pytest.raises(StoreError, match="POLDERMODEL_SECRET"):
        agree_on_secret(other)
    first.close()
    other.close()


def test_ids_start_with_a_digit_and_are_not_guessable(store):
    ids = {conversations.create(store, "default", NewConversation("What?")).id for _ in range(20)}
    assert len(ids) == 20
    assert all(one[0].isdigit() and len(one) == 11 and one.isalnum() for one in ids)


def test_nobody_else_can_read_the_file(tmp_path):
    before = os.umask(0o022)
    try:
        address = f"sqlite:///{tmp_path / 'made' / 'store.sqlite3'}"
        migrate(address)
        store = open_store(address, secret=b"")
        with store.writing() as connection:
            connection.exec_driver_sql("SELECT 1")
            modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "made").iterdir()}
        store.close()
    finally:
        os.umask(before)
    assert set(modes.values()) == {0o600}
    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o700


def test_what_is_no_database_is_told_in_words(tmp_path):
    (tmp_path / "store.sqlite3").write_bytes(os.urandom(5_000))
    with pytest.raises(StoreUnavailableError, match="not a database"):
        migrate(f"sqlite:///{tmp_path / 'store.sqlite3'}")


def test_not_even_the_cause_of_an_error_tells_data(store):
    with pytest.raises(StoreFaultError) as caught, store.writing() as connection:
        connection.execute(insert(tenants).values(id="ann@example.org", created_at=None))
    written = "".join(traceback.format_exception(caught.value))
    assert "created_at" in str(caught.value)
    assert "ann@" not in written.replace('id="ann@example.org"', "")

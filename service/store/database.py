"""Open the store: one engine, its limits, its transactions."""

import contextlib
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, exc, make_url, text
from sqlalchemy.engine import URL

from service.store.errors import StoreError, StoreFaultError, StoreOutdatedError, StoreUnavailableError
from service.store.tables import SCHEMA

FIRST_SAFE_WAL = (3, 51, 3)
"""Older SQLite can corrupt a write-ahead log that several processes reset. Source: SQLite's release notes."""

MOST_LOG_BYTES = 64 * 1024 * 1024
"""What SQLite keeps of its write-ahead log's file once everything in it stands in the database."""

PAGES_BEFORE_A_CHECKPOINT = 16_000
"""How much of the log a writer lets gather before it copies it into the database itself: 64 MB.

The sweep does that every few seconds (`Store.settle`), so that no vote waits for it; where no sweep runs, a
writer does it after so many pages."""

BUSY_SECONDS = 10
"""How long a writer waits for another one before it gives up."""

RETRY_SECONDS = 0.001
"""How soon a writer tries again."""

_SET_POSTGRESQL = (
    # Acknowledged means flushed to disk, whatever the server's own default is.
    "SET synchronous_commit = on",
    f"SET lock_timeout = '{BUSY_SECONDS}s'",
    # A process that lost its network must not hold a conversation's lock for ever.
    "SET idle_in_transaction_session_timeout = '60s'",
)


@dataclass(frozen=True)
class Store:
    """An open database and the secret that participants' ids are hashed with."""

    engine: Engine
    secret: bytes

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees one moment of the database throughout."""
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with _errors_of_the_store(), self.engine.connect() as connection:
            connection.execution_options(**options)
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection whose changes are kept together, or not at all when an exception passes."""
        with _errors_of_the_store(), self.engine.connect() as connection:
            connection.execution_options(sqlite_is_writing=True)
            with connection.begin():
                yield connection

    @contextmanager
    def writing_at_once(self) -> Iterator[Connection]:
        """Yield a connection for one statement, which is a transaction of its own.

        SQLite begins, writes and commits within one call. A process that computes may get its turn late between
        two calls, and every vote would wait for the lock that it holds.
        """
        if not self.is_sqlite:
            with self.writing() as connection:
                yield connection
            return
        with _errors_of_the_store(), self.engine.connect() as connection:
            connection.execution_options(sqlite_is_at_once=True)
            with connection.begin():
                yield connection

    def ping(self) -> None:
        """Read one row; raises `StoreUnavailableError` when the database doesn't answer."""
        with self.reading() as connection:
            connection.execute(text("SELECT 1"))

    def settle(self) -> None:
        """Copy what stands in SQLite's write-ahead log into the database; nobody waits for it.

        Raises
        ------
        StoreUnavailableError
            When the database doesn't answer.
        """
        if not self.is_sqlite:
            return
        with _errors_of_the_store(), self.engine.connect() as connection:
            # Within no transaction: what is read in one would keep the log from being copied to its end.
            connection.execution_options(sqlite_is_at_once=True)
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").all()

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def open_store(database_url: str, *, secret: bytes) -> Store:
    """Return the store at an SQLite or PostgreSQL address.

    Raises
    ------
    StoreError
        For an address of another kind.
    """
    try:
        url = make_url(re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", database_url))
    except exc.ArgumentError:
        raise StoreError("database address: expected sqlite:///FILE or postgresql://…") from None
    if url.get_backend_name() == "sqlite":
        return Store(_sqlite(url), secret)
    if url.get_backend_name() == "postgresql":
        return Store(_postgresql(url), secret)
    raise StoreError(
        f"database address: expected sqlite:///FILE or postgresql://…, got {url.get_backend_name()}://"
    )


def _sqlite(url: URL) -> Engine:
    """Return an engine on one SQLite file, made if it isn't there."""
    if not url.database or url.database == ":memory:":
        raise StoreError("database address: SQLite needs a file, several processes share it")
    if not url.database.startswith("file:"):
        _make_private(Path(url.database))
    module = _sqlite_module()
    engine = create_engine(
        url,
        module=module,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None, "check_same_thread": False},
    )
    journal = "WAL" if module.sqlite_version_info >= FIRST_SAFE_WAL else "DELETE"

    def prepare(connection: Any, _: object) -> None:
        # What somebody had erased must not stand in a page that is free.
        safety = ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON")
        # After many changes at once the log is cut back, instead of staying as large as it ever was.
        limits = (
            f"journal_size_limit = {MOST_LOG_BYTES}",
            f"wal_autocheckpoint = {PAGES_BEFORE_A_CHECKPOINT}",
        )
        for pragma in (f"journal_mode = {journal}", *limits, *safety):
            connection.execute(f"PRAGMA {pragma}")

    def begin(connection: Connection) -> None:
        # The driver would begin on its own, too late and without the write lock.
        asked = connection.get_execution_options()
        if asked.get("sqlite_is_writing"):
            _take_write_lock(connection, module)
        elif not asked.get("sqlite_is_at_once"):
            connection.exec_driver_sql("BEGIN")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def _take_write_lock(connection: Connection, module: Any) -> None:
    """Begin to write, trying again each millisecond while another process writes.

    SQLite itself waits longer from try to try, a tenth of a second in the end: whoever came later and tried in
    the right moment went first, and some votes waited for dozens of others.
    """
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        deadline = time.monotonic() + BUSY_SECONDS
        while time.monotonic() < deadline:
            try:
                driver.execute("BEGIN IMMEDIATE")
            except module.Error as error:
                if "locked" not in str(error):
                    break
                time.sleep(RETRY_SECONDS)
            else:
                return
        # Through the engine, which tells what is wrong in its own words.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout = {1_000 * BUSY_SECONDS}")


def _make_private(file: Path) -> None:
    """Make a database file that nobody else can read; SQLite gives its other files the same permissions."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError, PermissionError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _sqlite_module() -> Any:
    """Return the newest SQLite there is: the bundled one where it can be installed."""
    try:
        from pysqlite3 import dbapi2
    except ImportError:
        import sqlite3 as dbapi2
    return dbapi2


def _postgresql(url: URL) -> Engine:
    """Return an engine on a PostgreSQL server."""
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=10,
        max_overflow=20,
        pool_timeout=BUSY_SECONDS,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5},
    )

    def prepare(connection: Any, _: object) -> None:
        with connection.cursor() as cursor:
            for statement in _SET_POSTGRESQL:
                cursor.execute(statement)
        connection.commit()

    event.listen(engine, "connect", prepare)
    return engine


def is_migrated(store: Store) -> bool:
    """Return whether the tables are those this program expects."""
    try:
        with store.reading() as connection:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == SCHEMA
    except StoreOutdatedError:
        return False


@contextmanager
def _errors_of_the_store() -> Iterator[None]:
    """Turn the database's own errors into the store's, at its border."""
    try:
        yield
    except exc.DBAPIError as error:
        # The first line names the cause; the rest would repeat the SQL with people's data in it.
        cause = str(error.orig).partition("\n")[0]
        if "no such table" in cause or getattr(error.orig, "sqlstate", None) == "42P01":
            raise StoreOutdatedError(
                f"the database lacks a table ({cause}); run `poldermodel migrate`"
            ) from error
        if isinstance(error, exc.OperationalError | exc.InterfaceError) or error.connection_invalidated:
            raise StoreUnavailableError(f"the database doesn't answer: {cause}") from error
        if type(error) is exc.DatabaseError:
            # No fault of a statement: SQLite says so of a file that is damaged, or is no database at all.
            raise StoreUnavailableError(f"the database can't be read: {cause}") from error
        # Not from the error: PostgreSQL's details, below the first line, repeat the row.
        raise StoreFaultError(f"{type(error).__name__}: {cause}") from None
    except exc.TimeoutError as error:
        raise StoreUnavailableError("the database is too busy: no connection came free") from error

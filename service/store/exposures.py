"""With what probability each statement was shown to whom, written down beside the requests.

Whoever chooses what people see must know the chances afterwards: a vote weighs 1/propensity where shares are to
be unbiased. A request that chooses doesn't wait for the disk: a thread writes what has gathered each second.
One line per participant and statement, the latest showing, under the keyed hash that their votes are under.
"""

import atexit
import logging
import threading
from dataclasses import dataclass

from sqlalchemy.dialects import postgresql, sqlite

from service.store import participants
from service.store.clock import now_seconds
from service.store.database import Store
from service.store.errors import StoreError
from service.store.platform_records import HashedParticipant
from service.store.records import Conversation
from service.store.tables import exposures

WRITE_EVERY_SECONDS = 1.0
"""How long what was shown waits to be written: a crash loses no more than this."""

MOST_WAITING = 10_000
"""Most showings kept while the database doesn't answer; further ones are lost, and the log says so."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Exposure:
    """A statement shown to a participant: how likely that was, and which draw chose it."""

    conversation: Conversation
    participant: str | HashedParticipant
    statement_number: int
    propensity: float
    because: str


class ExposureLog:
    """Takes showings from many threads and writes them together. One per process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: dict[tuple[int, bytes, int], dict] = {}
        self._lock = threading.Lock()
        self._is_closed = threading.Event()
        self._thread: threading.Thread | None = None

    def note(self, exposure: Exposure) -> None:
        """Keep a showing, to be written soon; never waits and never fails."""
        hashed = participants.id_hash(self._store, exposure.conversation, exposure.participant)
        key = exposure.conversation.number, hashed, exposure.statement_number
        with self._lock:
            if len(self._waiting) >= MOST_WAITING and key not in self._waiting:
                return
            self._waiting[key] = {
                "conversation": key[0],
                "id_hash": key[1],
                "statement_number": key[2],
                "propensity": exposure.propensity,
                "because": exposure.because,
                "shown_at": now_seconds(),
            }
            # A thread made earlier would not survive a fork.
            if self._thread is None and not self._is_closed.is_set():
                self._thread = threading.Thread(target=self._run, name="exposure-log", daemon=True)
                self._thread.start()
                atexit.register(self.close)

    def close(self) -> None:
        """Write what waits, then stop."""
        self._is_closed.set()
        if self._thread is not None:
            self._thread.join(10 * WRITE_EVERY_SECONDS)
        self.write()

    def write(self) -> None:
        """Write what waits; what can't be written now waits on."""
        with self._lock:
            rows = self._waiting
            self._waiting = {}
        if not rows:
            return
        try:
            self._upsert(list(rows.values()))
        except StoreError as error:
            with self._lock:
                kept = dict(list(rows.items())[: MOST_WAITING - len(self._waiting)])
                self._waiting = kept | self._waiting
            lost = len(rows) - len(kept)
            _log.warning("what was shown is not written down yet (%d lost): %s", lost, error)

    def _upsert(self, rows: list[dict]) -> None:
        insert = (sqlite if self._store.is_sqlite else postgresql).insert(exposures)
        latest = {name: insert.excluded[name] for name in ("propensity", "because", "shown_at")}
        keys = ["conversation", "id_hash", "statement_number"]
        with self._store.writing() as connection:
            connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=latest), rows)

    def _run(self) -> None:
        while not self._is_closed.wait(WRITE_EVERY_SECONDS):
            self.write()

"""A table for open data: ballots without names, in random order, with days for times; not anonymous."""

import hashlib
from array import array
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from random import SystemRandom
from typing import Any

from service.exports.cells import as_text, table
from service.exports.manifest import MANIFEST, Progress, manifest, unwatched
from service.exports.zip_stream import ZipStream
from service.store.database import Store
from service.store.exporting import Ballot, Reading, reading
from service.store.records import Conversation, StatementRecord, StatementState

FORM = "poldermodel-open-table"
FORM_VERSION = 1
BANNER_FILE = "READ-ME-FIRST.txt"
BALLOTS = "ballots.csv"
STATEMENTS = "statements.csv"
BANNER = (
    "Pseudonymous, not anonymous. / Gepseudonimiseerd, niet anoniem.\n\n"
    "Nobody's name or id is in these files, and the row numbers were drawn at random for this file alone. But "
    "a ballot says much about a person: whoever knows how somebody voted on a few statements may find their "
    "row, and read the rest. manifest.json says how many ballots are unlike all others.\n\n"
    "In deze bestanden staan geen namen. De nummers van de rijen zijn geloot, alleen voor dit bestand. Maar "
    "wie weet hoe iemand op een paar stellingen stemde, kan die rij misschien vinden en de andere stemmen "
    "lezen. In manifest.json staat hoeveel stembiljetten uniek zijn.\n"
)
AT_ONCE = 500

Row = Sequence[Any]


def open_table(store: Store, conversation: Conversation, *, progress: Progress = unwatched) -> Iterator[bytes]:
    """Yield a zip with everybody's ballot on the visible statements."""
    with reading(store, conversation) as found:
        ballots = _Ballots(found, progress)
        made = ZipStream()
        yield from made.member(BANNER_FILE, [BANNER.encode()])
        yield from made.member(STATEMENTS, table(ballots.statements()))
        yield from made.member(BALLOTS, table(ballots.rows()))
        document = manifest(
            found, found.published_map(), form=FORM, form_version=FORM_VERSION, files=made.files,
            more={"banner": BANNER.partition("\n")[0], **ballots.figures()},
        )  # fmt: skip
        yield from made.member(MANIFEST, [document])
        yield from made.end()


class _Ballots:
    """The rows, and how many of them are unlike all others."""

    def __init__(self, found: Reading, progress: Progress) -> None:
        self._found = found
        self._progress = progress
        self._shown: list[StatementRecord] = [
            one for one, _ in found.statements() if one.state is StatementState.VISIBLE
        ]
        self._column = {one.number: column for column, one in enumerate(self._shown)}
        # Eight bytes of a hash stand for a ballot: of a million ballots two would be taken for one with a
        # chance of 1 in 30 million.
        self._fingerprints = array("Q")
        self._n_votes = 0

    def statements(self) -> Iterator[Row]:
        yield "statement", "text", "language", "is_meta"
        for one in self._shown:
            yield as_text(one.id), as_text(one.text), one.language, str(one.is_meta).lower()

    def rows(self) -> Iterator[Row]:
        yield "row", "first_day", "last_day", *(as_text(one.id) for one in self._shown)
        left_out = {one.participant_number for one in self._found.left_out()}
        everybody = array("I", (one for one in range(self._found.counts.n_participants) if one not in left_out))
        SystemRandom().shuffle(everybody)
        for first in range(0, len(everybody), AT_ONCE):
            these = everybody[first : first + AT_ONCE].tolist()
            days = self._found.last_cast(these)
            for ballot in self._found.ballots(these):
                cells = self._cells(ballot)
                if cells is not None:
                    number = len(self._fingerprints)
                    yield number, *map(_day, days[ballot.participant_number]), *cells
            self._progress(self._n_votes, max(self._n_votes, self._found.counts.n_votes))

    def figures(self) -> dict[str, Any]:
        """Return how many ballots there are, and what share of them is unlike all others."""
        ordered = sorted(self._fingerprints)
        n_ballots = len(ordered)
        n_unique = sum(
            (place == 0 or ordered[place - 1] != one) and (place == n_ballots - 1 or ordered[place + 1] != one)
            for place, one in enumerate(ordered)
        )
        return {
            "n_ballots": n_ballots,
            "n_statements": len(self._shown),
            "n_votes": self._n_votes,
            "n_unique_ballots": n_unique,
            "share_unique_ballots": round(n_unique / n_ballots, 4) if n_ballots else 0.0,
        }

    def _cells(self, ballot: Ballot) -> list[int | str] | None:
        """Return a ballot's cells, and note what it is like; nothing when no visible statement was voted on."""
        cells: list[int | str] = [""] * len(self._shown)
        shown = [(statement, value) for statement, value in ballot.votes if statement in self._column]
        if not shown:
            return None
        for statement, value in shown:
            cells[self._column[statement]] = value
        self._n_votes += len(shown)
        digest = hashlib.blake2b(repr(shown).encode(), digest_size=8).digest()
        self._fingerprints.append(int.from_bytes(digest))
        return cells


def _day(seconds: int) -> str:
    """Return a day, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()

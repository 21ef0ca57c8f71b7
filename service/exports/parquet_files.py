"""A conversation as Parquet, for data frames: typed columns, times as times, texts as they were written."""

import tempfile
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from clustering.vocabulary import GROUP_LETTERS
from service.exports.manifest import MANIFEST, Progress, manifest, unwatched
from service.exports.parquet_file import TIME, parquet_file
from service.exports.zip_stream import ZipStream
from service.store.database import Store
from service.store.exporting import Reading, reading
from service.store.records import Conversation

FORM = "poldermodel-parquet"
FORM_VERSION = 1
VOTES = "votes.parquet"
PARTICIPANTS = "participants.parquet"
STATEMENTS = "statements.parquet"
COLUMNS = {
    VOTES: {"participant": "INTEGER", "statement": "VARCHAR", "value": "TINYINT", "cast_at": TIME},
    PARTICIPANTS: {
        "participant": "INTEGER",
        "n_votes": "INTEGER",
        "x": "DOUBLE",
        "y": "DOUBLE",
        "group": "VARCHAR",
    },
    STATEMENTS: {
        "statement": "VARCHAR",
        "text": "VARCHAR",
        "state": "VARCHAR",
        "is_meta": "BOOLEAN",
        "language": "VARCHAR",
        "created_at": TIME,
        "n_agree": "INTEGER",
        "n_disagree": "INTEGER",
        "n_pass": "INTEGER",
    },
}
"""Of each file the columns, with their types as SQL has them."""

Row = Sequence[Any]


def parquet_files(
    store: Store, conversation: Conversation, *, progress: Progress = unwatched
) -> Iterator[bytes]:
    """Yield a zip with current votes, people and statements; who was left out is in none of them."""
    with tempfile.TemporaryDirectory(prefix="poldermodel-") as folder, reading(store, conversation) as found:
        tables, made = _Tables(found, progress), ZipStream()
        # The votes are counted while they are written; the other tables need the counts.
        rows = {VOTES: tables.votes, PARTICIPANTS: tables.participants, STATEMENTS: tables.statements}
        for name, table in rows.items():
            written = parquet_file(Path(folder) / name, COLUMNS[name], table())
            yield from made.member(name, written, is_packed=True)
        document = manifest(
            found, found.published_map(), form=FORM, form_version=FORM_VERSION, files=made.files,
            more={"n_participants": tables.n_participants, "n_votes": tables.n_votes},
        )  # fmt: skip
        yield from made.member(MANIFEST, [document])
        yield from made.end()


class _Tables:
    """The rows of each table."""

    def __init__(self, found: Reading, progress: Progress) -> None:
        self._found = found
        self._progress = progress
        self._statements = [one for one, _ in found.statements()]
        self._left_out = {one.participant_number for one in found.left_out()}
        self._counts: list[Counter[int]] = [Counter() for _ in self._statements]
        self._votes_of = array("I", bytes(4 * found.counts.n_participants))
        self.n_votes = 0

    @property
    def n_participants(self) -> int:
        """How many people have a vote."""
        return sum(n > 0 for n in self._votes_of)

    def votes(self) -> Iterator[Row]:
        """Yield everybody's current votes in the order they were cast, and count them."""
        ids = [one.id for one in self._statements]
        for some in self._found.cast_votes():
            for one in some:
                if one.participant_number in self._left_out:
                    continue
                self._counts[one.statement_number][one.value] += 1
                self._votes_of[one.participant_number] += 1
                self.n_votes += 1
                yield one.participant_number, ids[one.statement_number], one.value, one.cast_at
            self._progress(self.n_votes, max(self.n_votes, self._found.counts.n_votes))

    def participants(self) -> Iterator[Row]:
        """Yield who voted, with their place and group on the published map."""
        published = self._found.published_map()
        for number, n_votes in enumerate(self._votes_of):
            if not n_votes:
                continue
            place = None if published is None else published.place_of(number)
            group = -1 if published is None else published.group_of(number)
            x, y = (None, None) if place is None else map(repr, place)
            yield number, n_votes, x, y, GROUP_LETTERS[group] if group >= 0 else None

    def statements(self) -> Iterator[Row]:
        """Yield all statements, in every state, with their counts."""
        for one, count in zip(self._statements, self._counts, strict=True):
            created_at = int(one.created_at.timestamp())
            state, is_meta = one.state.value, str(one.is_meta).lower()
            yield (
                one.id, one.text, state, is_meta, one.language, created_at, count[1], count[-1], count[0],
            )  # fmt: skip

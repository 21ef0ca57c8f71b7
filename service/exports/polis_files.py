"""Polis's five tables, as its server writes them, with its counts put right; docs/exports.md names each column.

Agree is +1, as in Polis's own exports (its database has it the other way round). Everybody's latest vote counts
once. People who were excluded or erased are not in it, so that the counts are those of the map.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from service.exports.cells import as_text, table
from service.exports.manifest import Progress, unwatched
from service.exports.zip_stream import ZipStream
from service.store.database import Store
from service.store.exporting import MapStamp, Reading, reading
from service.store.records import Conversation, StatementState

SUMMARY = "summary.csv"
STATEMENTS = "comments.csv"
VOTES = "votes.csv"
BALLOTS = "participants-votes.csv"
GROUPS = "comment-groups.csv"
FILES = (SUMMARY, STATEMENTS, VOTES, BALLOTS, GROUPS)
NOBODY = -1
"""The author of a statement that no participant with a vote wrote: the organiser's, for one."""

Row = Sequence[Any]


def polis_files(store: Store, conversation: Conversation, *, progress: Progress = unwatched) -> Iterator[bytes]:
    """Yield a zip with the five tables."""
    with reading(store, conversation) as found:
        tables = _Tables(found, progress)
        made = ZipStream()
        yield from made.member(VOTES, table(tables.votes()))
        # The ballots are counted while they are written; the other tables need the counts.
        yield from made.member(BALLOTS, table(tables.ballots()))
        yield from made.member(STATEMENTS, table(tables.statements()))
        yield from made.member(GROUPS, table(tables.groups()))
        yield from made.member(SUMMARY, table(tables.summary()))
        yield from made.end()


class _Tables:
    """The rows of each table."""

    def __init__(self, found: Reading, progress: Progress) -> None:
        self._found = found
        self._progress = progress
        self._statements = [one for one, _ in found.statements()]
        self._left_out = {one.participant_number for one in found.left_out()}
        self._authors = _authors(found)
        self._written = Counter(self._authors.values())
        self._map: MapStamp | None = found.published_map()
        # Statement number → group → value → how many; group −1 holds those without one.
        self._counts: list[dict[int, Counter[int]]] = [{} for _ in self._statements]
        self._n_ballots: Counter[int] = Counter()

    def votes(self) -> Iterator[Row]:
        yield "timestamp", "datetime", "comment-id", "voter-id", "vote"
        ids, n_votes = [as_text(one.id) for one in self._statements], 0
        for some in self._found.cast_votes():
            for one in some:
                if one.participant_number not in self._left_out:
                    yield (
                        one.cast_at, moment(one.cast_at), ids[one.statement_number], one.participant_number,
                        one.value,
                    )  # fmt: skip
            n_votes += len(some)
            self._progress(n_votes, 2 * self._found.counts.n_votes)

    def ballots(self) -> Iterator[Row]:
        fixed = ("participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree")
        yield *fixed, *(as_text(one.id) for one in self._statements)
        n_votes = self._found.counts.n_votes
        done = n_votes
        for ballot in self._found.ballots():
            who = ballot.participant_number
            if who in self._left_out:
                continue
            group = -1 if self._map is None else self._map.group_of(who)
            self._n_ballots[group] += 1
            cells: list[int | str] = [""] * len(self._statements)
            for statement, value in ballot.votes:
                cells[statement] = value
                self._counts[statement].setdefault(group, Counter())[value] += 1
            total = Counter(value for _, value in ballot.votes)
            told = "" if group < 0 else group
            yield who, told, self._written[who], len(ballot.votes), total[1], total[-1], *cells
            done += len(ballot.votes)
            self._progress(done, 2 * n_votes)

    def statements(self) -> Iterator[Row]:
        yield (
            "timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "is-meta",
            "passes", "comment-body",
        )  # fmt: skip
        for one in self._statements:
            total, when = self._total(one.number), int(one.created_at.timestamp())
            author = self._authors.get(one.number, NOBODY)
            shown = 1 if one.state is StatementState.VISIBLE else -1
            yield (
                when, moment(when), as_text(one.id), author, total[1], total[-1],
                shown, str(one.is_meta).lower(), total[0], as_text(one.text),
            )  # fmt: skip

    def groups(self) -> Iterator[Row]:
        names = ("votes", "agrees", "disagrees", "passes")
        letters = [(group, chr(ord("a") + group)) for group in self._groups()]
        yield (
            "comment-id", "comment", *(f"total-{name}" for name in names),
            *(f"group-{letter}-{name}" for _, letter in letters for name in names),
        )  # fmt: skip
        for one in self._statements:
            counts = self._counts[one.number]
            of_groups = (counts.get(group, Counter()) for group, _ in letters)
            cells = [count for total in (self._total(one.number), *of_groups) for count in _four(total)]
            yield as_text(one.id), as_text(one.text), *cells

    def summary(self) -> Iterator[Row]:
        conversation, n_people = self._found.conversation, self._n_ballots.total()
        yield "topic", as_text(conversation.question)
        yield "url", ""
        yield "voters", n_people
        yield "voters-in-conv", n_people - self._n_ballots[-1]
        yield "commenters", len(self._written)
        yield "comments", len(self._statements)
        yield "groups", len(self._groups())
        yield "conversation-description", as_text(conversation.description)

    def _groups(self) -> list[int]:
        return sorted(group for group in self._n_ballots if group >= 0)

    def _total(self, number: int) -> Counter[int]:
        return sum(self._counts[number].values(), Counter())


def _authors(found: Reading) -> dict[int, int]:
    """Return statement number → the number of the participant who wrote it, as far as they voted too."""
    written: dict[bytes, list[int]] = {}
    for one, author in found.statements():
        if author is not None:
            written.setdefault(author, []).append(one.number)
    if not written:
        return {}
    return {
        statement: number
        for some in found.participants()
        for number, hashed, _ in some
        for statement in written.get(hashed, ())
    }


def _four(total: Counter[int]) -> tuple[int, int, int, int]:
    """Return how many votes, agrees, disagrees and passes."""
    return total.total(), total[1], total[-1], total[0]


@lru_cache(maxsize=4_096)
def moment(seconds: int) -> str:
    """Return a time as Polis writes it, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%a %b %d %H:%M:%S UTC %Y")

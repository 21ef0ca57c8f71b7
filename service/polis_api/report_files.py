"""The five tables of `reportExport`, in Polis's columns and order.

Agree is 1. Everybody's latest vote counts once; who was excluded or erased is not in them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from service.exports.cells import as_text, table
from service.exports.polis_files import moment
from service.polis_api.answers import MODERATED
from service.store.database import Store
from service.store.exporting import Reading, reading
from service.store.outside_numbers import Numbering
from service.store.records import Conversation, StatementRecord, StatementState

FILES = ("summary.csv", "comments.csv", "votes.csv", "participant-votes.csv", "comment-groups.csv")

Row = Sequence[Any]


def report_file(
    store: Store,
    conversation: Conversation,
    name: str,
    *,
    numbers: Numbering,
    shows_every_text: bool,
    address: str,
) -> Iterator[bytes]:
    """Yield one of the five tables, some rows at a time; all of one moment.

    Parameters
    ----------
    shows_every_text
        Whether statements that nobody approved are written out.
    address
        Where the conversation is.
    """
    with reading(store, conversation) as found:
        tables = _Tables(found, numbers, shows_every_text=shows_every_text, address=address)
        rows = {
            "summary.csv": tables.summary,
            "comments.csv": tables.comments,
            "votes.csv": tables.votes,
            "participant-votes.csv": tables.participants,
            "comment-groups.csv": tables.groups,
        }
        yield from table(rows[name]())


class _Tables:
    """The rows of each table."""

    def __init__(self, found: Reading, numbers: Numbering, *, shows_every_text: bool, address: str) -> None:
        self._found = found
        self._address = address
        self._numbers = numbers
        self._shows_every_text = shows_every_text
        rows = found.statements()
        numbered = ((numbers.statements.outside(one.number), one) for one, _ in rows)
        self._by_tid = sorted(numbered, key=lambda pair: pair[0])
        self._left_out = {one.participant_number for one in found.left_out()}
        self._authors = {one.number: author for one, author in rows if author is not None}
        self._map = found.published_map()

    def votes(self) -> Iterator[Row]:
        yield "timestamp", "datetime", "comment-id", "voter-id", "vote"
        pids, tids = self._numbers.participants, self._numbers.statements
        for one in self._found.votes_by_statement():
            if one.participant_number not in self._left_out:
                yield (
                    one.cast_at, moment(one.cast_at), tids.outside(one.statement_number),
                    pids.outside(one.participant_number), one.value,
                )  # fmt: skip

    def participants(self) -> Iterator[Row]:
        fixed = ("participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree")
        yield *fixed, *(tid for tid, _ in self._by_tid)
        at = {one.number: position for position, (_, one) in enumerate(self._by_tid)}
        written = Counter(self._written_by().values())
        for ballot in self._found.ballots():
            who = ballot.participant_number
            if who in self._left_out:
                continue
            group = self._group_of(who)
            cells: list[int | str] = [""] * len(at)
            for statement, value in ballot.votes:
                cells[at[statement]] = value
            total = Counter(value for _, value in ballot.votes)
            told = "" if group < 0 else group
            pid = self._numbers.participants.outside(who)
            yield pid, told, written[who], len(ballot.votes), total[1], total[-1], *cells

    def comments(self) -> Iterator[Row]:
        yield (
            "timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "passes",
            "is-meta", "is-seed", "comment-body",
        )  # fmt: skip
        counts, wrote = self._counts(), self._written_by()
        for tid, one in self._by_tid:
            total, when = sum(counts[one.number].values(), Counter()), int(one.created_at.timestamp())
            author = self._numbers.participants.outside(wrote[one.number]) if one.number in wrote else 0
            yield (
                when, moment(when), tid, author, total[1], total[-1], MODERATED[one.state], total[0],
                str(one.is_meta).lower(), str(one.number not in self._authors).lower(), self._text(one),
            )  # fmt: skip

    def groups(self) -> Iterator[Row]:
        names = ("votes", "agrees", "disagrees", "passes")
        counts = self._counts()
        there = sorted({group for some in counts.values() for group in some if group >= 0})
        letters = [chr(ord("a") + group) for group in there]
        yield (
            "comment-id", "comment", *(f"total-{name}" for name in names),
            *(f"group-{letter}-{name}" for letter in letters for name in names),
        )  # fmt: skip
        for tid, one in self._by_tid:
            some = counts[one.number]
            totals = [sum(some.values(), Counter()), *(some.get(group, Counter()) for group in there)]
            cells = [count for total in totals for count in (total.total(), total[1], total[-1], total[0])]
            yield tid, self._text(one), *cells

    def summary(self) -> Iterator[Row]:
        groups = Counter(
            self._group_of(ballot.participant_number)
            for ballot in self._found.ballots()
            if ballot.participant_number not in self._left_out
        )
        n_people, n_alone = groups.total(), groups.pop(-1, 0)
        conversation = self._found.conversation
        yield "topic", as_text(conversation.question)
        yield "url", self._address
        yield "voters", n_people
        yield "voters-in-conv", n_people - n_alone
        yield "commenters", len(set(self._authors.values()))
        yield "comments", len(self._by_tid)
        yield "groups", len([group for group in groups if group >= 0])
        yield "conversation-description", as_text(conversation.description)

    def _text(self, one: StatementRecord) -> str:
        is_shown = self._shows_every_text or one.state is StatementState.VISIBLE
        return as_text(one.text) if is_shown else ""

    def _group_of(self, participant_number: int) -> int:
        return -1 if self._map is None else self._map.group_of(participant_number)

    def _written_by(self) -> dict[int, int]:
        """Return statement number → the number of the participant who wrote it, as far as they voted too."""
        written: dict[bytes, list[int]] = {}
        for statement, author in self._authors.items():
            written.setdefault(author, []).append(statement)
        if not written:
            return {}
        return {
            statement: number
            for some in self._found.participants()
            for number, hashed, _ in some
            for statement in written.get(hashed, ())
        }

    def _counts(self) -> dict[int, dict[int, Counter[int]]]:
        """Return statement number → group → value → how many; group −1 holds those without one."""
        counts: dict[int, dict[int, Counter[int]]] = {one.number: {} for _, one in self._by_tid}
        for ballot in self._found.ballots():
            if ballot.participant_number in self._left_out:
                continue
            group = self._group_of(ballot.participant_number)
            for statement, value in ballot.votes:
                counts[statement].setdefault(group, Counter())[value] += 1
        return counts

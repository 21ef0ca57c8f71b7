"""Bring a conversation from a running Polis into a folder, piece by piece; what is there isn't asked again.

Who voted what comes in one table where a report is known; otherwise person by person, a hundred to a file, so
that an interrupted fetch goes on where it was.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from service.polis_api.source import PolisSource, SourceAddress, SourceError

PEOPLE_AT_ONCE = 100
EMPTY_BEFORE_THE_END = 20
"""How many people without votes in a row end the count, beyond those who are known of."""

_AGREE = -1
"""What agree is in the answers of the API; in its tables it is 1."""

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What there is now.

    Attributes
    ----------
    folder
        `conversation.json`, `comments.json`, `votes.json`, `source.json`; `xids.json` where they may be seen.
    missing
        What could not be had, each with why.
    """

    folder: Path
    conversation: str
    report: str | None
    missing: tuple[str, ...]


def fetch(source: PolisSource, address: SourceAddress, folder: Path, *, step: Step) -> Fetched:
    """Return a conversation's answers as files; those that are there already are kept as they are.

    Raises
    ------
    SourceError
        When the conversation, its statements or its votes can't be had.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    pieces = _Pieces(source, folder, step)
    return pieces.fetched(address)


class _Pieces:
    """The pieces of one conversation."""

    def __init__(self, source: PolisSource, folder: Path, step: Step) -> None:
        self._source = source
        self._folder = folder
        self._step = step
        self._missing: list[str] = []

    def fetched(self, address: SourceAddress) -> Fetched:
        if self._has("source.json"):
            told = self._read("source.json")
            return Fetched(self._folder, told["conversation"], told["report"], tuple(told["missing"]))
        conversation, report = self._named(address)
        self._step("Asking for the conversation")
        about = self._once(
            "conversation.json", lambda: self._source.json("conversations", conversation_id=conversation)
        )
        self._once("comments.json", lambda: self._statements(conversation))
        n_changed = self._votes(about, conversation, report)
        self._xids(conversation)
        told = {
            "base": self._source.base,
            "conversation": conversation,
            "report": report,
            "fetched_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "agree": _AGREE,
            "n_votes_changed": n_changed,
            "missing": self._missing,
        }
        self._write("source.json", told)
        return Fetched(self._folder, conversation, report, tuple(self._missing))

    def _named(self, address: SourceAddress) -> tuple[str, str | None]:
        """Return the conversation's id and, where one is known or may be asked for, a report's."""
        if address.report is not None:
            found = self._source.json("reports", report_id=address.report)
            if not isinstance(found, list) or not found:
                raise SourceError(f"{self._source.base}: there is no report {address.report}")
            return str(found[0]["conversation_id"]), address.report
        if address.conversation is None:
            raise SourceError(
                f"{self._source.base}: expected the address of a conversation or a report, or --conversation"
            )
        try:
            found = self._source.json("reports", conversation_id=address.conversation)
        except SourceError:
            found = []
        return address.conversation, next((str(one["report_id"]) for one in found), None)

    def _statements(self, conversation: str) -> Any:
        self._step("Asking for the statements")
        asked = {"conversation_id": conversation, "include_voting_patterns": True}
        try:
            return self._source.json("comments", moderation=True, **asked)
        except SourceError as error:
            if error.status not in (400, 401, 403):
                raise
        self._missing.append("statements that aren't visible: only moderators may list them there")
        return self._source.json("comments", **asked)

    def _votes(self, about: Mapping[str, Any], conversation: str, report: str | None) -> int:
        """Write everybody's latest vote; return how many lines of the log a later one replaced, where known."""
        if report is not None:
            try:
                self._step("Asking for the votes")
                return self._votes_of_table(self._source.text(f"reportExport/{report}/votes.csv"))
            except SourceError as error:
                if error.status not in (400, 401, 403, 404):
                    raise
        self._write("votes.json", list(self._votes_of_people(about, conversation)))
        return 0

    def _votes_of_table(self, text: str) -> int:
        latest: dict[tuple[int, int], tuple[int, int]] = {}
        n_lines = 0
        try:
            for row in csv.DictReader(io.StringIO(text)):
                n_lines += 1
                pair, when = (int(row["voter-id"]), int(row["comment-id"])), _milliseconds(row["timestamp"])
                # Of two votes of the same moment the later line counts.
                if pair not in latest or latest[pair][1] <= when:
                    latest[pair] = int(row["vote"]), when
        except (KeyError, ValueError, TypeError) as error:
            raise SourceError(f"votes.csv of the report can't be read: {error!r:.100}") from None
        votes = [
            {"pid": pid, "tid": tid, "vote": _AGREE * value, "modified": str(when)}
            for (pid, tid), (value, when) in sorted(latest.items())
        ]
        self._write("votes.json", votes)
        return n_lines - len(votes)

    def _votes_of_people(self, about: Mapping[str, Any], conversation: str) -> Iterator[dict[str, Any]]:
        known, first, n_empty = self._known_people(about, conversation), 0, 0
        while first < known or n_empty < EMPTY_BEFORE_THE_END:
            self._step(f"Asking for votes: {first:,} of {max(known, first):,} people")
            ballots = self._once(
                f"votes-{first:07d}.part", lambda first=first: self._ballots(conversation, first)
            )
            for ballot in ballots:
                n_empty = 0 if ballot else n_empty + 1
                yield from ballot
            first += PEOPLE_AT_ONCE

    def _ballots(self, conversation: str, first: int) -> list[list[dict[str, Any]]]:
        ballots = []
        for number in range(first, first + PEOPLE_AT_ONCE):
            try:
                votes = self._source.json("votes", conversation_id=conversation, pid=number)
            except SourceError as error:
                if error.status in (401, 403):
                    raise SourceError(
                        f"{self._source.base}: who voted what isn't public there (answer {error.status}): "
                        "give --token-file, or the address of a report",
                        error.status,
                    ) from None
                raise
            kept = ("pid", "tid", "vote", "modified")
            ballots.append([{name: one[name] for name in kept if name in one} for one in votes])
        return ballots

    def _known_people(self, about: Mapping[str, Any], conversation: str) -> int:
        """Return one more than the highest number that anybody is known to have."""
        highest = int(about.get("participant_count") or 0) - 1
        try:
            drawn = self._source.json("math/pca2", conversation_id=conversation)
            highest = max([highest, *(int(number) for number in drawn.get("user-vote-counts", {}))])
        except SourceError as error:
            # 304 is Polis's word for no map yet.
            if error.status not in (304, 403, 404):
                raise
        return highest + 1

    def _xids(self, conversation: str) -> None:
        if self._has("xids.json"):
            return
        self._step("Asking for external ids")
        try:
            found = self._source.json("xids", conversation_id=conversation)
        except SourceError as error:
            if not 400 <= error.status < 500:
                raise
            self._missing.append("external ids (xid): only the owner may list them there")
            return
        named = [one for one in found if isinstance(one, dict) and "pid" in one and "xid" in one]
        if named:
            self._write("xids.json", named)

    def _once(self, name: str, ask: Callable[[], Any]) -> Any:
        if not self._has(name):
            self._write(name, ask())
        return self._read(name)

    def _has(self, name: str) -> bool:
        return (self._folder / name).exists()

    def _read(self, name: str) -> Any:
        return json.loads((self._folder / name).read_bytes())

    def _write(self, name: str, value: Any) -> None:
        """Write a file whole or not at all."""
        aside = self._folder / f".{name}"
        aside.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        aside.replace(self._folder / name)


def _milliseconds(text: str) -> int:
    # Newer tables have seconds, older ones milliseconds.
    when = int(text)
    return when * 1_000 if when < 10**11 else when

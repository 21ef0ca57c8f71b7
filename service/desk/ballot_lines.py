"""Ballots as they are typed in: a line for each, with its number and a letter for each statement."""

import re
from collections.abc import Sequence
from typing import Any

from clustering.vocabulary import StatementId

_VALUES = {"a": 1, "e": 1, "d": -1, "o": -1, "p": 0, "g": 0}
"""Agree, disagree, pass; and in Dutch: eens, oneens, geen mening."""

_BLANK = ".-_"
_LINE = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]{0,63})(?:[\s:;,]+([A-Za-z.\-_\s]*))?", re.ASCII)


class LineError(ValueError):
    """A line that can't be read: its number, and the end of a word's key that says why."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")
        self.line = line
        self.why = why


def ballots_of(text: str, statements: Sequence[StatementId]) -> list[dict[str, Any]]:
    """Return ballots in the form that the API takes; a statement that was left blank is left out.

    Raises
    ------
    LineError
        For a line that is no ballot, has marks for more statements than there are, or a number that is taken.

    Examples
    --------
    >>> ballots_of("12 ad.\\n13: pa", [StatementId("0"), StatementId("1"), StatementId("2")])[1]
    {'ballot': '13', 'votes': [{'statement': '0', 'vote': 0}, {'statement': '1', 'vote': 1}]}
    """
    found: dict[str, dict[str, Any]] = {}
    for place, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise LineError(place, "unreadable")
        number, marks = match[1], "".join((match[2] or "").lower().split())
        if len(marks) > len(statements):
            raise LineError(place, "too-long")
        if number in found:
            raise LineError(place, "twice")
        if set(marks) - set(_VALUES) - set(_BLANK):
            raise LineError(place, "unreadable")
        votes = [
            {"statement": statement, "vote": _VALUES[mark]}
            for statement, mark in zip(statements, marks, strict=False)
            if mark not in _BLANK
        ]
        found[number] = {"ballot": number, "votes": votes}
    return list(found.values())

"""The words everybody in this project uses, with what each means.

JSON fields, SQL columns and identifiers equal these words; `docs/vocabulary.md` is generated from the
docstrings below.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NewType

from clustering.errors import IdError, VoteValueError

ParticipantId = NewType("ParticipantId", str)
"""Someone who votes; an opaque id. Never a name, an address or a number that means something elsewhere."""

StatementId = NewType("StatementId", str)
"""Names a sentence to vote on, within its conversation."""

ConversationId = NewType("ConversationId", str)
"""Names one question and all votes on it."""

MAX_ID_LENGTH = 200
"""Longest id accepted, in characters: room for a URL-like platform id, small enough to index."""

GROUP_LETTERS = "ABCDE"
"""Opinion groups are lettered in this order; Polis and this project look for at most five."""

_DECIMAL = re.compile(r"0|[1-9][0-9]*")


class VoteValue(IntEnum):
    """What somebody said of a statement. Unseen is no vote, never 0."""

    DISAGREE = -1
    PASS = 0
    AGREE = 1


class Outcome(StrEnum):
    """What a computation came to; too little data is an answer, never an exception."""

    READY = "ready"
    TOO_FEW_PARTICIPANTS = "too-few-participants"
    TOO_FEW_STATEMENTS = "too-few-statements"
    NO_VOTES = "no-votes"
    NO_STRUCTURE = "no-structure"
    FAILED = "failed"


class Verdict(StrEnum):
    """What can be said of a conversation's opinion groups; every one of them is an answer."""

    DISTINCT_GROUPS = "distinct groups"
    SPECTRUM = "leanings on a spectrum"
    NO_STABLE_GROUPS = "no stable groups"
    NO_SHARED_PATTERN = "no shared pattern"
    NOT_ENOUGH_VOTES = "not enough votes yet"


class ChoiceReason(StrEnum):
    """Why a map has the number of groups it has.

    `clearest`: the division with the highest silhouette, and it comes back in random halves of the people.
    `fewer-come-back`: that one doesn't, but one with fewer groups does. `none-comes-back`: none does with
    groups large enough. `asked-for`; `not-possible`: asked for, but there aren't so many different places.
    `not-looked-for`: too few votes, or all stand on one place.
    """

    CLEAREST = "clearest"
    FEWER_COME_BACK = "fewer-come-back"
    NONE_COMES_BACK = "none-comes-back"
    ASKED_FOR = "asked-for"
    NOT_POSSIBLE = "not-possible"
    NOT_LOOKED_FOR = "not-looked-for"


@dataclass(frozen=True, slots=True)
class Vote:
    """One participant's agree (+1), disagree (−1) or pass (0) on one statement."""

    participant: ParticipantId
    statement: StatementId
    value: VoteValue


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence to vote on.

    Attributes
    ----------
    id
        Names the statement within its conversation.
    text
        The sentence.
    is_moderated_out
        Hidden by a moderator: it takes no part in the map.
    is_meta
        About the conversation itself; it takes no part in the map either, but stays on view.
    """

    id: StatementId
    text: str = ""
    is_moderated_out: bool = False
    is_meta: bool = False


def identifier(value: object, *, of: str) -> str:
    """Return an id as the text it is kept as.

    Parameters
    ----------
    value
        Text of 1 to 200 printable characters, or a whole number ≥ 0 (kept as its decimal digits, so that the
        number 7 and the text "7" name the same thing).
    of
        What the id names, for the error message.

    Raises
    ------
    IdError
        For anything else: booleans, fractions, nothing, empty or over-long text, control characters and
        lone surrogates.

    Examples
    --------
    >>> identifier(7, of="participant"), identifier("zoë", of="participant")
    ('7', 'zoë')
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise IdError(f"{of} id: expected text or a whole number, got {value!r}")
    text = str(value)
    if isinstance(value, int) and value < 0:
        raise IdError(f"{of} id: expected a whole number of 0 or more, got {value}")
    if not 1 <= len(text) <= MAX_ID_LENGTH:
        raise IdError(f"{of} id: expected 1 to {MAX_ID_LENGTH} characters, got {len(text)}")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise IdError(f"{of} id: control characters and lone surrogates are not allowed, got {text!r:.60}")
    return text


def vote_value(value: object) -> VoteValue:
    """Return a vote's value: agree +1, disagree −1 or pass 0.

    Raises
    ------
    VoteValueError
        For anything but the whole numbers −1, 0 and 1; `True`, `1.0`, `None` and NaN are refused too,
        because each has meant something else in somebody's data.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value not in (-1, 0, 1):
        raise VoteValueError(
            f"vote: expected 1 (agree), -1 (disagree) or 0 (pass), got {value!r:.60}; "
            "a statement not seen has no vote at all"
        )
    return VoteValue(value)


def natural_key(id_text: str) -> tuple[int, int, str]:
    """Return a sort key that puts numbers first, in counting order, and text after them.

    Examples
    --------
    >>> sorted(["10", "b", "9", "a"], key=natural_key)
    ['9', '10', 'a', 'b']
    """
    if _DECIMAL.fullmatch(id_text):
        return 0, int(id_text), ""
    return 1, 0, id_text


def in_natural_order(ids: Iterable[str]) -> list[str]:
    """Return ids in natural order: numbers by value, then text by code point."""
    return sorted(ids, key=natural_key)

"""A participant adds a statement of their own: it waits for a moderator, or is shown at once."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from service.map_requests import MapRequests
from service.store import statements
from service.store.database import Store
from service.store.platform_records import HashedParticipant
from service.store.records import Conversation, NewStatement, StatementRecord, StatementState

MOST_WAITING = 10
"""Most statements of one participant that may wait for a moderator at a time."""


class SubmissionRefusal(StrEnum):
    """Why a participant's statement was not taken."""

    SAME_TEXT = "same-text"
    TOO_MANY_WAITING = "too-many-waiting"


@dataclass(frozen=True, slots=True)
class RefusedStatement:
    """A statement that was not taken, why, and the id of the one that says the same."""

    reason: SubmissionRefusal
    same_as: str | None = None


def submit_statement(
    store: Store,
    map_requests: MapRequests,
    conversation: Conversation,
    text: str,
    *,
    author: HashedParticipant,
    language: str,
    is_shown_at_once: bool,
) -> StatementRecord | RefusedStatement:
    """Keep a participant's statement, unless a visible one says the same or too many of theirs wait.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    said = _plain(text)
    for one in statements.list_all(store, conversation):
        if one.state is StatementState.VISIBLE and _plain(one.text) == said:
            return RefusedStatement(SubmissionRefusal.SAME_TEXT, same_as=one.id)
    mine = statements.own(store, conversation, author)
    if any(one.state is StatementState.WAITING and _plain(one.text) == said for one in mine):
        return RefusedStatement(SubmissionRefusal.SAME_TEXT)
    if sum(one.state is StatementState.WAITING for one in mine) >= MOST_WAITING:
        return RefusedStatement(SubmissionRefusal.TOO_MANY_WAITING)
    state = StatementState.VISIBLE if is_shown_at_once else StatementState.WAITING
    (added,) = statements.add(
        store, conversation, [NewStatement(text, state=state, language=language, author=author)]
    )
    map_requests.ask(conversation.number)
    return added


def _plain(text: str) -> str:
    """Return a text without what doesn't change what it says: case, blanks, and marks at its end."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip(".!… ")

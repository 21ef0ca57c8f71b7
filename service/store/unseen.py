"""What a participant can still be asked. Read at each showing, so it reads no texts and nobody else's votes.

The list of statements is read again only when the log of changes has a newer line: every statement that is
added, shown, hidden or erased writes one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import bindparam, select

from service.store import participants
from service.store.database import Store
from service.store.platform_records import HashedParticipant
from service.store.records import Conversation, StatementState
from service.store.tables import changes, current_votes, statements
from service.store.votes import WITHDRAWN

MOST_LISTS = 64
"""Conversations whose list of statements a process keeps in memory."""

_SELECT_CHANGED = (
    select(changes.c.sequence)
    .where(changes.c.conversation == bindparam("here"))
    .order_by(changes.c.sequence.desc())
    .limit(1)
)
_SELECT_STATEMENTS = (
    select(statements.c.number, statements.c.id, statements.c.state)
    .where(statements.c.conversation == bindparam("here"))
    .order_by(statements.c.number)
)
_SELECT_OWN = select(current_votes.c.statement_number, current_votes.c.value).where(
    current_votes.c.conversation == bindparam("here"),
    current_votes.c.participant_number == bindparam("who"),
    current_votes.c.value != WITHDRAWN,
)


@dataclass(frozen=True, eq=False, slots=True)
class Listed:
    """The statements of a conversation as of one change; the same object as long as nothing changed.

    Attributes
    ----------
    ids
        Number → id, of statements in any state.
    visible
        Id → number, of the visible ones, in the order of numbers.
    """

    ids: Mapping[int, str]
    visible: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Unseen:
    """What a participant can still be asked, and what they said so far.

    Attributes
    ----------
    listed
        All statements.
    numbers
        Statement id → number, of the visible ones without a vote, in the order of numbers.
    own_votes
        Statement id → 1, 0 or −1; of statements in any state.
    n_visible
        How many statements are visible, seen or not.
    """

    listed: Listed
    numbers: Mapping[str, int]
    own_votes: Mapping[str, int]
    n_visible: int


def unseen_by(
    store: Store, conversation: Conversation, participant_id: str | HashedParticipant | None
) -> Unseen:
    """Return what a participant, or somebody not known yet, can still be asked."""
    with store.reading() as connection:
        who = None
        if participant_id is not None:
            who = participants.number_of(connection, store, conversation, participant_id)
        wanted = {"here": conversation.number, "who": who}
        own = {} if who is None else dict(connection.execute(_SELECT_OWN, wanted).all())
        changed = connection.execute(_SELECT_CHANGED, {"here": conversation.number}).scalar()
    listed = _listed(store, conversation.number, changed)
    if not own:
        return Unseen(listed, listed.visible, {}, len(listed.visible))
    return Unseen(
        listed,
        numbers={id_text: number for id_text, number in listed.visible.items() if number not in own},
        own_votes={listed.ids[number]: value for number, value in own.items() if number in listed.ids},
        n_visible=len(listed.visible),
    )


@lru_cache(maxsize=MOST_LISTS)
def _listed(store: Store, conversation_number: int, changed: int | None) -> Listed:  # noqa: ARG001
    """Return the statements as they are; what was kept is found again by the change it was read after."""
    with store.reading() as connection:
        rows = connection.execute(_SELECT_STATEMENTS, {"here": conversation_number}).all()
    return Listed(
        ids={number: id_text for number, id_text, _ in rows},
        visible={id_text: number for number, id_text, state in rows if state == StatementState.VISIBLE},
    )

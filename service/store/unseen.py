"""What a participant can still be asked. Read at each showing, so it reads no texts and nobody else's votes."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from service.store import participants
from service.store.database import Store
from service.store.platform_records import HashedParticipant
from service.store.records import Conversation, StatementState
from service.store.tables import current_votes, statements
from service.store.votes import WITHDRAWN

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


@dataclass(frozen=True, slots=True)
class Unseen:
    """What a participant can still be asked, and what they said so far.

    Attributes
    ----------
    numbers
        Statement id → number, of the visible ones without a vote, in the order of numbers.
    own_votes
        Statement id → 1, 0 or −1; of statements in any state.
    n_visible
        How many statements are visible, seen or not.
    """

    numbers: dict[str, int]
    own_votes: dict[str, int]
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
        rows = connection.execute(_SELECT_STATEMENTS, {"here": conversation.number}).all()
    visible = [(id_text, number) for number, id_text, state in rows if state == StatementState.VISIBLE]
    return Unseen(
        numbers={id_text: number for id_text, number in visible if number not in own},
        own_votes={id_text: own[number] for number, id_text, _ in rows if number in own},
        n_visible=len(visible),
    )

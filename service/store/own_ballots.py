"""One participant's votes by statement number; nobody else's are touched."""

from sqlalchemy import bindparam, select

from service.store.database import Store
from service.store.exporting import CastVote
from service.store.records import Conversation
from service.store.tables import current_votes, votes
from service.store.votes import WITHDRAWN

_SELECT = (
    select(
        current_votes.c.participant_number,
        current_votes.c.statement_number,
        current_votes.c.value,
        votes.c.cast_at,
    )
    .join(
        votes,
        (votes.c.conversation == current_votes.c.conversation) & (votes.c.sequence == current_votes.c.sequence),
    )
    .where(
        current_votes.c.conversation == bindparam("here"),
        current_votes.c.participant_number == bindparam("who"),
        current_votes.c.value != WITHDRAWN,
    )
    .order_by(current_votes.c.statement_number)
)


def ballot(store: Store, conversation: Conversation, participant_number: int) -> list[CastVote]:
    """Return a participant's current votes, by statement number."""
    with store.reading() as connection:
        wanted = {"here": conversation.number, "who": participant_number}
        return [CastVote(*row) for row in connection.execute(_SELECT, wanted)]

"""One participant's votes by statement number; nobody else's are touched."""

from sqlalchemy import bindparam, exists, select

from service.store.database import Store
from service.store.exporting import CastVote
from service.store.records import Conversation
from service.store.tables import current_votes, left_out_participants, votes
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

_SELECT_COUNTED = _SELECT.where(
    ~exists().where(
        left_out_participants.c.conversation == bindparam("here"),
        left_out_participants.c.participant_number == bindparam("who"),
    )
)


def ballot(store: Store, conversation: Conversation, participant_number: int) -> list[CastVote]:
    """Return a participant's current votes, by statement number."""
    with store.reading() as connection:
        wanted = {"here": conversation.number, "who": participant_number}
        return [CastVote(*row) for row in connection.execute(_SELECT, wanted)]


def counted_ballot(store: Store, conversation: Conversation, participant_number: int) -> list[CastVote]:
    """Return a participant's current votes as far as they count: none of somebody who was excluded."""
    with store.reading() as connection:
        wanted = {"here": conversation.number, "who": participant_number}
        return [CastVote(*row) for row in connection.execute(_SELECT_COUNTED, wanted)]

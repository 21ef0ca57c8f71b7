"""What people who voted answered about themselves, and their votes on some statements: to weigh shares by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select

from service.store.database import Store
from service.store.records import Conversation
from service.store.tables import about_answers, current_votes, left_out_participants, participants
from service.store.votes import WITHDRAWN

AT_ONCE = 500
"""People whose votes are read together."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Somebody who voted and answered: their number, and question id → option id."""

    participant_number: int
    answers: Mapping[str, str]


def answered(store: Store, conversation: Conversation) -> Sequence[Answered]:
    """Return who voted and answered something about themselves, by number; nobody who is off the map.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    here = conversation.number
    same = and_(
        participants.c.conversation == about_answers.c.conversation,
        participants.c.id_hash == about_answers.c.id_hash,
    )
    out = select(left_out_participants.c.participant_number).where(left_out_participants.c.conversation == here)
    query = (
        select(participants.c.number, about_answers.c.answers)
        .join_from(about_answers, participants, same)
        .where(about_answers.c.conversation == here, participants.c.number.not_in(out))
        .order_by(participants.c.number)
    )
    with store.reading() as connection:
        return [Answered(row.number, row.answers) for row in connection.execute(query)]


def votes_of(
    store: Store, conversation: Conversation, numbers: Sequence[int], statement_numbers: Sequence[int]
) -> list[tuple[int, int, int]]:
    """Return (participant, statement, value) of some people's current votes on some statements, by numbers."""
    found = []
    kept = (current_votes.c.conversation == conversation.number) & (current_votes.c.value != WITHDRAWN)
    columns = (current_votes.c.participant_number, current_votes.c.statement_number, current_votes.c.value)
    with store.reading() as connection:
        for first in range(0, len(numbers), AT_ONCE):
            query = select(*columns).where(
                kept,
                current_votes.c.participant_number.in_(list(numbers[first : first + AT_ONCE])),
                current_votes.c.statement_number.in_(list(statement_numbers)),
            )
            found += [(row[0], row[1], row[2]) for row in connection.execute(query)]
    return found

"""Votes of the people in a part of the map, counted: nobody's own ballot leaves the store."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select

from service.store.database import Store
from service.store.records import Conversation
from service.store.tables import current_votes, left_out_participants
from service.store.votes import WITHDRAWN

AT_ONCE = 500
"""People whose votes are counted together."""

Counts = Counter[tuple[int, int]]
"""(Statement number, value) → votes."""


def counted(store: Store, conversation: Conversation, numbers: Sequence[int]) -> tuple[Counts, Counts]:
    """Return the votes of some people, and those of everybody else who isn't left out of the map.

    Parameters
    ----------
    numbers
        Participants' numbers.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    here, cast = current_votes.c.conversation == conversation.number, current_votes.c
    left_out = select(left_out_participants.c.participant_number).where(
        left_out_participants.c.conversation == conversation.number
    )
    kept = here & (cast.value != WITHDRAWN) & cast.participant_number.not_in(left_out)
    query = (
        select(cast.statement_number, cast.value, func.count())
        .where(kept)
        .group_by(cast.statement_number, cast.value)
    )
    inside: Counts = Counter()
    # One transaction, so that both counts are of the same votes.
    with store.reading() as connection:
        everybody: Counts = Counter({(row[0], row[1]): row[2] for row in connection.execute(query)})
        for first in range(0, len(numbers), AT_ONCE):
            these = cast.participant_number.in_(list(numbers[first : first + AT_ONCE]))
            inside.update({(row[0], row[1]): row[2] for row in connection.execute(query.where(these))})
    everybody.subtract(inside)
    return inside, everybody

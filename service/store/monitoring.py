"""How a conversation goes, in numbers: votes by day, how far people come, which statements few have seen."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, not_, select

from service.store.clock import as_time
from service.store.database import Store
from service.store.merges import copied_lines
from service.store.records import Conversation
from service.store.tables import current_votes, participants, votes
from service.store.votes import WITHDRAWN

_DAY_SECONDS = 86_400


def votes_by_day(store: Store, conversation: Conversation, *, most: int = 60) -> list[tuple[date, int]]:
    """Return how many votes were cast on each of the latest days with any, in UTC, oldest first.

    Votes that were copied where statements were merged aren't counted: nobody cast them.
    """
    day = (votes.c.cast_at - votes.c.cast_at % _DAY_SECONDS).label("day")
    query = (
        select(day, func.count())
        .where(votes.c.conversation == conversation.number, votes.c.cast_at > 0)
        .group_by(day)
        .order_by(day.desc())
        .limit(most)
    )
    with store.reading() as connection:
        for first, last in copied_lines(connection, conversation.number):
            query = query.where(not_(votes.c.sequence.between(first, last)))
        rows = connection.execute(query).all()
    return [(as_time(seconds).date(), n_votes) for seconds, n_votes in reversed(rows)]


def votes_per_participant(store: Store, conversation: Conversation) -> Mapping[int, int]:
    """Return number of votes → how many participants have so many current ones; nobody has none."""
    each = (
        select(func.count().label("n_votes"))
        .where(current_votes.c.conversation == conversation.number, current_votes.c.value != WITHDRAWN)
        .group_by(current_votes.c.participant_number)
        .subquery()
    )
    query = select(each.c.n_votes, func.count()).group_by(each.c.n_votes)
    with store.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def votes_per_statement(store: Store, conversation: Conversation) -> Mapping[int, int]:
    """Return statement number → how many people have voted on it; those without votes are left out."""
    query = (
        select(current_votes.c.statement_number, func.count())
        .where(current_votes.c.conversation == conversation.number, current_votes.c.value != WITHDRAWN)
        .group_by(current_votes.c.statement_number)
    )
    with store.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def channels(store: Store, conversation: Conversation) -> Mapping[str, int]:
    """Return channel → how many participants came by it; "" is whoever came without one."""
    query = (
        select(participants.c.channel, func.count())
        .where(participants.c.conversation == conversation.number)
        .group_by(participants.c.channel)
    )
    with store.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}

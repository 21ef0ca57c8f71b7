"""What a process does when it writes its first vote, done before anybody waits for it."""

import contextlib
import secrets

from sqlalchemy import select

from clustering.vocabulary import ParticipantId, StatementId, VoteValue
from service.store import votes
from service.store.conversations import conversation_of
from service.store.database import Store
from service.store.records import NewVote, StatementState
from service.store.tables import conversations, statements

_SELECT_ONE = (
    select(conversations, statements.c.id.label("statement"))
    .join(statements, statements.c.conversation == conversations.c.number)
    .where(conversations.c.is_open, statements.c.state == StatementState.VISIBLE)
    .limit(1)
)


class _TakenBackError(Exception):
    """Ends a transaction of which nothing is to be kept."""


def rehearse_a_vote(store: Store) -> None:
    """Write a vote of somebody who doesn't exist, change it, and take all of it back.

    A process makes each question to the database ready when it asks it for the first time. For a vote that is a
    third of a second, most of it under the lock for which every other process waits. Where there is no open
    conversation yet, nothing is done.

    Raises
    ------
    StoreError
        When the database doesn't answer.
    """
    with store.reading() as connection:
        row = connection.execute(_SELECT_ONE).mappings().first()
    if row is None:
        return
    somebody, statement = ParticipantId(secrets.token_hex(16)), StatementId(row["statement"])
    with contextlib.suppress(_TakenBackError), store.writing() as connection:
        for value in (VoteValue(1), VoteValue(-1)):
            new = NewVote(participant=somebody, statement=statement, value=value)
            votes.record_within(connection, store, conversation_of(row), [new])
        raise _TakenBackError

"""A vote that is rehearsed: everything made ready, nothing kept."""

import pytest
from sqlalchemy import event, select

from clustering.vocabulary import ParticipantId, StatementId, VoteValue
from service.store import conversations, statements, votes
from service.store.errors import StoreError
from service.store.records import DEFAULT_TENANT, NewConversation, NewStatement, NewVote
from service.store.rehearsal import rehearse_a_vote
from service.store.tables import metadata


def everything(store):
    with store.reading() as connection:
        return {
            table.name: connection.execute(select(table).order_by(*table.primary_key)).all()
            for table in metadata.sorted_tables
        }


@pytest.fixture
def conversation(store):
    made = conversations.create(store, DEFAULT_TENANT, NewConversation("How?", id="how"))
    statements.add(store, made, [NewStatement("Cycle streets are safe.")])
    return made


def vote_of(somebody, value=VoteValue.AGREE):
    return NewVote(ParticipantId(somebody), StatementId("0"), value)


def test_nothing_of_it_is_kept(store, conversation):
    votes.record(store, conversation, [vote_of("anna")])
    before = everything(store)
    rehearse_a_vote(store)
    assert everything(store) == before
    (recorded,) = votes.record(store, conversation, [vote_of("bram")])
    assert recorded.sequence == before["conversations"][0].sequence + 1


def test_the_next_vote_asks_nothing_that_was_not_asked_before(store, conversation):
    asked = []
    event.listen(store.engine, "before_cursor_execute", lambda _c, _k, statement, *_: asked.append(statement))
    rehearse_a_vote(store)
    rehearsed = set(asked)
    asked.clear()
    for value in (VoteValue.AGREE, VoteValue.DISAGREE):
        votes.record(store, conversation, [vote_of("anna", value)])
    assert len(asked) >= 8
    assert set(asked) <= rehearsed


def test_where_nobody_can_vote_nothing_is_done(store):
    made = conversations.create(store, DEFAULT_TENANT, NewConversation("How?", id="how", is_open=False))
    statements.add(store, made, [NewStatement("Cycle streets are safe.")])
    before = everything(store)
    rehearse_a_vote(store)
    assert everything(store) == before


def test_a_store_that_does_not_answer_is_said(store, conversation):
    with store.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE statements RENAME TO elsewhere")
    with pytest.raises(StoreError):
        rehearse_a_vote(store)

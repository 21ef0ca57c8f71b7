"""Conversations and statements: found by their tenant only, changed in sequence."""

import pytest
from sqlalchemy import select

from service.store import conversations, statements
from service.store.errors import AlreadyExistsError, NotFoundError
from service.store.records import NewConversation, NewStatement, StatementState
from service.store.tables import changes


def log_of(store, conversation):
    with store.reading() as connection:
        query = (
            select(changes).where(changes.c.conversation == conversation.number).order_by(changes.c.sequence)
        )
        return [(row.sequence, row.kind, row.payload) for row in connection.execute(query)]


def test_what_was_created_is_found_again(store):
    new = NewConversation("Waarheen?", "Über den Platz", "de", is_test=True, settings={"seed": 3})
    made = conversations.create(store, "default", new)
    assert conversations.find(store, "default", made.id) == conversations.find(store, None, made.id) == made
    assert (made.question, made.language, made.is_open, made.is_test) == ("Waarheen?", "de", True, True)
    assert (dict(made.settings), made.sequence) == ({"seed": 3}, 0)


def test_another_tenants_conversation_is_not_found(store):
    made = conversations.create(store, "one", NewConversation("Ours?"))
    with pytest.raises(NotFoundError):
        conversations.find(store, "other", made.id)
    assert conversations.list_all(store, "other") == []


def test_a_taken_id_is_refused(store):
    made = conversations.create(store, "default", NewConversation("First?"))
    with pytest.raises(AlreadyExistsError):
        conversations.create(store, "default", NewConversation("Second?", id=made.id))


def test_listing_goes_on_after_a_number(store):
    made = [conversations.create(store, "default", NewConversation(f"{number}?")) for number in range(5)]
    first = conversations.list_all(store, "default", limit=2)
    assert first == made[:2]
    assert conversations.list_all(store, "default", after=first[-1].number) == made[2:]


def test_only_what_can_change_the_map_or_the_voting_moves_the_sequence(store):
    made = conversations.create(store, "default", NewConversation("What?"))
    assert conversations.change(store, made, question="Better?", description="d", language="en").sequence == 0
    assert conversations.change(store, made, is_open=True).sequence == 0
    closed = conversations.change(store, made, is_open=False, settings={"seed": 1})
    assert (closed.sequence, closed.is_open, dict(closed.settings)) == (2, False, {"seed": 1})
    assert [(sequence, kind) for sequence, kind, _ in log_of(store, made)] == [
        (1, "conversation-changed"),
        (2, "conversation-changed"),
    ]
    assert conversations.change(store, made, is_open=False, settings={"seed": 1}).sequence == 2


def test_statements_keep_given_ids_and_others_get_free_numbers(store):
    made = conversations.create(store, "default", NewConversation("What?"))
    added = statements.add(
        store, made, [NewStatement("a"), NewStatement("b", id="0x"), NewStatement("c", id="3")]
    )
    added += statements.add(store, made, [NewStatement("d"), NewStatement("e")])
    assert [(one.number, one.id) for one in added] == [(0, "0"), (1, "0x"), (2, "3"), (3, "4"), (4, "5")]
    assert statements.list_all(store, made) == added
    assert statements.list_all(store, made, after=2, limit=1) == added[3:4]
    assert conversations.find(store, None, made.id).sequence == 5


def test_a_taken_statement_id_adds_none_of_them(store, conversation):
    with pytest.raises(AlreadyExistsError):
        statements.add(store, conversation, [NewStatement("fine", id="fine"), NewStatement("taken", id="3")])
    assert len(statements.list_all(store, conversation)) == 10
    assert statements.add(store, conversation, [NewStatement("next")])[0].number == 10


def told(name, value, before):
    return {"statement": "3", name: value, "before": {name: before}}


def test_moderating_moves_the_sequence_only_when_something_changes(store, conversation):
    hidden = statements.moderate(store, conversation, "3", state=StatementState.HIDDEN)
    assert hidden.state is StatementState.HIDDEN
    statements.moderate(store, conversation, "3", state=StatementState.HIDDEN)
    assert statements.moderate(store, conversation, "3", is_meta=True).is_meta
    assert conversations.find(store, None, conversation.id).sequence == conversation.sequence + 2
    assert log_of(store, conversation)[-2:] == [
        (conversation.sequence + 1, "statement-moderated", told("state", "hidden", "visible")),
        (conversation.sequence + 2, "statement-moderated", told("is_meta", True, False)),
    ]


def test_an_unknown_statement_is_not_found(store, conversation):
    with pytest.raises(NotFoundError):
        statements.moderate(store, conversation, "nowhere", state=StatementState.HIDDEN)

"""An export becomes a conversation: all of it or nothing, the latest votes in the order they were cast."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from clustering.pipeline import compute_group_map
from clustering.vocabulary import Statement, StatementId
from clustering.vote_matrix import VoteMatrix
from service.actions.import_conversation import import_conversation
from service.embedded.demonstration import simulated
from service.map_requests import MapRequests
from service.store import conversations, statements, votes
from service.store.errors import AlreadyExistsError
from service.store.records import StatementState
from service.store.tables import changes
from service.store.tables import votes as log
from worker.jobs import drawn

NO_QUEUE = MapRequests("")


@dataclass
class Small:
    question: str = "What?"
    description: str = "With a \x00 in it."
    statements: list = field(
        default_factory=lambda: [
            Statement(StatementId("5"), "Five."),
            Statement(StatementId("7"), "Seven.", is_moderated_out=True),
            Statement(StatementId("9"), "Nine.", is_meta=True),
        ]
    )
    participants: tuple = ("ann", "bea", "silent")
    participant_index: tuple = (0, 0, 1)
    statement_index: tuple = (0, 1, 2)
    values: tuple = (1, -1, 0)
    cast_at_ms: tuple = (3_000, 1_000, 2_000)


def test_what_is_imported_is_what_was_exported(store):
    made = import_conversation(store, NO_QUEUE, Small())
    assert [(one.id, one.state, one.is_meta) for one in statements.list_all(store, made)] == [
        ("5", StatementState.VISIBLE, False),
        ("7", StatementState.HIDDEN, False),
        ("9", StatementState.VISIBLE, True),
    ]
    found = conversations.find(store, "default", made.id)
    assert (found.question, found.description) == ("What?", "With a \N{REPLACEMENT CHARACTER} in it.")
    assert [(one.statement, int(one.value)) for one in votes.own_votes(store, made, "ann")] == [
        ("5", 1),
        ("7", -1),
    ]
    counted = votes.counts(store, made)
    assert (counted.n_participants, counted.n_statements, counted.n_votes, counted.sequence) == (3, 3, 3, 6)


def test_the_log_is_in_the_order_of_casting_and_has_no_gaps(store):
    made = import_conversation(store, NO_QUEUE, Small())
    with store.reading() as connection:
        query = select(log).where(log.c.conversation == made.number).order_by(log.c.sequence)
        lines = connection.execute(query).all()
        others = connection.execute(select(changes.c.sequence)).scalars().all()
    assert [(line.sequence, line.statement_number, line.cast_at) for line in lines] == [
        (4, 1, 1),
        (5, 2, 2),
        (6, 0, 3),
    ]
    assert sorted(others) == [1, 2, 3]


def test_voting_goes_on_where_the_import_ended(store, vote):
    made = import_conversation(store, NO_QUEUE, Small())
    unchanged, changed, new = votes.record(
        store, made, [vote("ann", "5", 1), vote("ann", "5", 0), vote("cor", "9", 1)]
    )  # fmt: skip
    assert (unchanged.sequence, unchanged.is_new_line) == (6, False)
    assert (changed.sequence, new.sequence) == (7, 8)
    assert votes.counts(store, made).n_participants == 4
    assert statements.add(store, made, []) == []


def test_a_new_statement_gets_an_id_that_is_free(store):
    from service.store.records import NewStatement

    made = import_conversation(store, NO_QUEUE, Small())
    added = statements.add(store, made, [NewStatement("Three."), NewStatement("Four."), NewStatement("More.")])
    assert [one.id for one in added] == ["3", "4", "6"]


def test_all_or_nothing(store):
    broken = Small(statement_index=(0, 0, 2), participant_index=(0, 0, 1))
    with pytest.raises(Exception, match=r"(?i)unique"):
        import_conversation(store, NO_QUEUE, broken)
    assert conversations.list_all(store, "default") == []


def test_a_taken_id_is_refused(store):
    import_conversation(store, NO_QUEUE, Small(), conversation_id="7abc")
    with pytest.raises(AlreadyExistsError):
        import_conversation(store, NO_QUEUE, Small(), conversation_id="7abc")


def test_the_map_of_an_import_is_the_map_of_the_export(store):
    export = simulated()
    made = import_conversation(store, NO_QUEUE, export, language="nl")
    matrix = VoteMatrix.from_arrays(
        participants=export.participants,
        statements=export.statements,
        participant_index=export.participant_index,
        statement_index=export.statement_index,
        values=export.values,
    )
    assert drawn(store, made.number).result_hash == compute_group_map(matrix).result_hash


def test_nothing_at_all_can_be_imported(store):
    empty = Small(
        statements=[], participants=(), participant_index=(), statement_index=(), values=(), cast_at_ms=()
    )
    made = import_conversation(store, NO_QUEUE, empty)
    assert drawn(store, made.number).outcome == "no-votes"

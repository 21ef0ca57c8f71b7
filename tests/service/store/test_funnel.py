"""How far people came, and what they told of themselves, as both databases count it."""

from clustering.vocabulary import VoteValue
from service.store import about_answers, leaving, represented, statements, votes
from service.store.funnel import Funnel, funnel
from service.store.records import NewStatement, NewVote, StatementState


def cast(store, conversation, person, numbers):
    ids = [one.id for one in statements.list_all(store, conversation)]
    new = [NewVote(person, ids[number], VoteValue.AGREE) for number in numbers]
    votes.record(store, conversation, new)


def test_people_are_counted_at_each_step(store, conversation):
    n_before = len(statements.list_all(store, conversation))
    statements.add(store, conversation, [NewStatement(text=f"Statement {n}") for n in range(12 - n_before)])
    assert funnel(store, conversation) == Funnel(0, {1: 0, 5: 0, 10: 0}, 0, 12, 0)
    for person, n_votes in (("a", 1), ("b", 5), ("c", 11), ("d", 12), ("e", 3)):
        cast(store, conversation, person, range(n_votes))
    last = statements.list_all(store, conversation)[-1]
    votes.record(store, conversation, [NewVote("e", last.id, None)])
    leaving.erase(store, conversation, "e")
    # Nobody was shown anything here, so how many opened it isn't known.
    assert funnel(store, conversation) == Funnel(None, {1: 4, 5: 3, 10: 2}, 1, 12, 1)
    statements.moderate(store, conversation, last.id, state=StatementState.HIDDEN)
    found = funnel(store, conversation)
    assert (found.n_all, found.n_visible, found.n_after[10]) == (2, 11, 2)


def test_who_answered_and_how_they_voted(store, conversation):
    for person in ("a", "b", "c"):
        cast(store, conversation, person, [0])
        about_answers.keep(store, conversation, person, answers={"age": f"of {person}"})
    # Who never voted has no number, and who is off the map isn't weighed.
    about_answers.keep(store, conversation, "d", answers={"age": "old"})
    leaving.exclude(store, conversation, 1, reason="to try")
    found = represented.answered(store, conversation)
    assert [(one.participant_number, one.answers) for one in found] == [
        (0, {"age": "of a"}),
        (2, {"age": "of c"}),
    ]
    assert sorted(represented.votes_of(store, conversation, [0, 2], [0])) == [(0, 0, 1), (2, 0, 1)]
    assert represented.votes_of(store, conversation, [0], [1]) == []

"""Paper ballots at the desk: two people, the same pile, once."""

import pytest

from service.desk.ballot_lines import LineError, ballots_of
from service.store import conversations, statements, votes
from service.store.desk_records import Role
from service.store.records import NewConversation, NewStatement, StatementState


@pytest.fixture
def here(parts):
    """A conversation with three statements."""
    made = conversations.create(parts.store, "default", NewConversation("What should happen?"))
    statements.add(parts.store, made, [NewStatement(f"Sentence {number}.") for number in range(3)])
    return made


def enter(worker, here, lines, **fields):
    form = {"batch": "hall-1", "order": ["0", "1", "2"], "lines": lines, **fields}
    return worker.send(f"/conversations/{here.id}/paper/entry", **form)


def test_a_pile_counts_when_two_people_typed_the_same(sign_in, parts, here):
    ann, bob = sign_in(Role.MODERATOR), sign_in(Role.MODERATOR, email="bob@example.org")
    assert enter(ann, here, "1 adp\n2 a.\n").location.endswith("done=kept")
    assert enter(ann, here, "1 adp\n2 a.\n").location.endswith("done=kept")
    assert votes.counts(parts.store, here).n_votes == 0
    assert "Type it in a second time" in bob.get(f"/conversations/{here.id}/paper").text
    differs = enter(bob, here, "1 add\n2 a\n")
    assert differs.status_code == 409
    assert "1 add" in differs.text
    # In Dutch it is typed with e, o and g.
    assert enter(bob, here, "2 E\n1 e o g").location.endswith("done=recorded")
    assert votes.counts(parts.store, here).n_votes == 4
    assert parts.map_requests.asked == [here.number]
    assert enter(bob, here, "1 aaa").status_code == 409
    page = ann.get(f"/conversations/{here.id}/paper").text
    assert "Counts since" in page
    forget = ann.send(f"/conversations/{here.id}/paper/forget", batch="hall-1")
    assert forget.location.endswith("done=counts")


def test_a_pile_that_does_not_count_is_forgotten_or_counted_at_once(sign_in, parts, here):
    ann = sign_in(Role.MODERATOR)
    enter(ann, here, "1 aaa")
    assert ann.send(f"/conversations/{here.id}/paper/forget", batch="hall-1").location.endswith("forgotten")
    assert ann.send(f"/conversations/{here.id}/paper/forget", batch="hall-1").status_code == 404
    assert enter(ann, here, "1 ddd", single="on").location.endswith("done=recorded")
    assert votes.counts(parts.store, here).n_votes == 3


@pytest.mark.parametrize("lines", ["", "1 aaaa", "1 a\n1 d", "1 xyz", "<b> a", "é a", "1 a\n" * 2])
def test_what_cannot_be_read_is_said_and_kept_on_the_page(sign_in, parts, here, lines):
    refused = enter(sign_in(Role.MODERATOR), here, lines)
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert votes.counts(parts.store, here).n_votes == 0


def test_votes_on_a_hidden_statement_are_refused_whole(sign_in, parts, here):
    statements.moderate(parts.store, here, "1", state=StatementState.HIDDEN)
    refused = enter(sign_in(Role.MODERATOR), here, "1 aaa")
    assert refused.status_code == 409
    assert "Ballot 1, statement 1" in refused.text


def test_a_line_error_says_which_line():
    with pytest.raises(LineError, match="line 3: twice"):
        ballots_of("1 a\n\n1 d", ["0"])

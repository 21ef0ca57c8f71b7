"""Merging statements at the desk: from the queue and from a statement's own page, with the way back."""

import html

import pytest

from service.store import conversations, statements
from service.store.desk_records import Role
from service.store.records import NewConversation, NewStatement, NewVote, StatementChange, StatementState
from service.store.votes import own_votes, record

JSON = {"Accept": "application/json", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def here(parts):
    """Two that say the same, both voted on, one that waits and says it too, and one about people themselves."""
    made = conversations.create(parts.store, "default", NewConversation("What should happen?", language="nl"))
    texts = ("More trees on the square.", "On the square more trees!", "Keep the market.", "I live here.")
    statements.add(parts.store, made, [NewStatement(text) for text in texts])
    statements.add(parts.store, made, [NewStatement("More trees on a square.", state=StatementState.WAITING)])
    statements.moderate_all(parts.store, made, [StatementChange("3", is_meta=True)])
    record(parts.store, made, [NewVote("ann", "1", 1), NewVote("bob", "1", 1), NewVote("bob", "0", -1)])
    return made


def address(here, rest):
    return f"/conversations/{here.id}/moderate{rest}"


def votes_on(parts, here, statement):
    told = {who: own_votes(parts.store, here, who) for who in ("ann", "bob")}
    return {who: int(one.value) for who, all_of in told.items() for one in all_of if one.statement == statement}


def test_from_a_statements_own_page_and_back(sign_in, here, parts):
    worker = sign_in(Role.MODERATOR)
    page = address(here, "/1")
    assert 'value="1-0"' in worker.get(page).text
    back = f"/desk{page}"
    done = worker.send(address(here, "/merge"), pair="1-0", next=back)
    shown = html.unescape(worker.get(done.location.removeprefix("/desk")).text)
    assert "Merged. 1 vote counts for the statement that stays." in shown
    assert votes_on(parts, here, "0") == {"ann": 1, "bob": -1}
    merged = statements.find(parts.store, here, 1)
    assert (merged.state, merged.reason) == (
        StatementState.HIDDEN,
        "Samengevoegd met: ‘More trees on the square.’",
    )
    # It can't be merged once more, and the other one says what is part of it now.
    assert 'name="pair"' not in worker.get(page).text
    assert "Part of this statement now:" in worker.get(address(here, "/0")).text
    (standing,) = [
        one for one in conversations.list_changes(parts.store, here) if one.kind == "statement-merged"
    ]
    assert parts.map_requests.asked == [here.number]
    worker.send(address(here, "/undo"), undo=str(standing.sequence), next=back)
    assert votes_on(parts, here, "0") == {"bob": -1}
    log = html.unescape(worker.get(f"/conversations/{here.id}/log").text)
    assert "Hidden; 1 vote was copied." in log
    assert "No longer merged; 1 copied vote was withdrawn." in log
    assert "No longer merged" in worker.get(page).text


def test_from_the_queue_by_key_and_by_button(sign_in, here, parts):
    worker = sign_in(Role.MODERATOR)
    queue = worker.get(address(here, "")).text
    assert 'name="pair" value="4-0"' in queue
    told = worker.send(address(here, "/merge"), headers=JSON, pair="4-0").json
    assert (told["n"], told["told"]) == (1, "Merged. 0 votes count for the statement that stays.")
    assert statements.find(parts.store, here, 4).state is StatementState.HIDDEN
    assert worker.send(address(here, "/undo"), headers=JSON, undo=told["undo"]).json == {"n": 1}
    assert statements.find(parts.store, here, 4).state is StatementState.WAITING
    done = worker.send(address(here, "/merge"), pair="4-0")
    assert "Merged. 0 votes" in worker.get(done.location.removeprefix("/desk")).text


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"pair": "2", "other": "2"}, "This is the same statement."),
        ({"pair": "2", "other": "3"}, "about people themselves"),
        ({"pair": "2", "other": "4"}, "must be shown first"),
        ({"pair": "2", "other": "nothing"}, "There is no statement with this number."),
        ({"pair": "99-2"}, "There is no statement with this number."),
        ({"pair": "x-²"}, "There is no statement with this number."),
        ({}, "There is no statement with this number."),
    ],
)
def test_what_is_refused_is_said_in_words(sign_in, here, parts, form, told):
    worker = sign_in(Role.MODERATOR)
    done = worker.send(address(here, "/merge"), next=f"/desk{address(here, '/2')}", **form)
    assert told in html.unescape(worker.get(done.location.removeprefix("/desk")).text)
    assert parts.map_requests.asked == []
    assert worker.send(address(here, "/merge"), headers=JSON, **form).status_code == 403


def test_another_statement_is_named_by_its_number(sign_in, here, parts):
    worker = sign_in(Role.MODERATOR)
    worker.send(address(here, "/merge"), pair="1", other="2")
    assert votes_on(parts, here, "2") == {"ann": 1, "bob": 1}

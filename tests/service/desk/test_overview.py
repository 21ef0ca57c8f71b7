"""The overview's numbers are those of the votes."""

from datetime import UTC, datetime

import pytest

from service.desk.overview import numbers_of
from service.store import conversations, monitoring, statements, webhooks
from service.store.desk_records import Role
from service.store.records import NewConversation, NewStatement, NewVote, StatementState
from service.store.votes import record


@pytest.fixture
def here(parts):
    """Twelve statements; one person votes on one, one on six, two on all, one takes the only vote back."""
    made = conversations.create(parts.store, "default", NewConversation("What should happen?"))
    statements.add(parts.store, made, [NewStatement(f"Sentence {number}.") for number in range(12)])
    statements.add(parts.store, made, [NewStatement("Waits.", state=StatementState.WAITING)])
    far = {"a": 1, "b": 6, "c": 12, "d": 12}
    cast = [
        NewVote(who, str(number), 1, channel="letter" if who == "a" else "")
        for who in far
        for number in range(far[who])
    ]
    record(parts.store, made, [*cast, NewVote("e", "0", -1), NewVote("e", "0", None)])
    return made


def test_the_numbers(app, parts, here):
    with app.app_context():
        told = numbers_of(here)
    assert [(one.n_votes, one.is_all, one.n_people, one.percent) for one in told["steps"]] == [
        (1, False, 4, 100),
        (5, False, 3, 75),
        (10, False, 2, 50),
        (12, True, 2, 50),
    ]
    assert told["n_in_state"] == {"visible": 12, "waiting": 1, "hidden": 0}
    assert dict(told["channels"]) == {"": 4, "letter": 1}
    assert [(one.id, n) for one, n in told["least_seen"]][:2] == [("6", 2), ("7", 2)]
    today = datetime.now(UTC).date()
    # Votes that were changed or taken back were cast too: every line of the log is one.
    assert monitoring.votes_by_day(parts.store, here) in ([(today, 33)], [(told["days"][-1].day, 33)])


def test_the_page_says_it_in_words(sign_in, parts, here):
    page = sign_in(Role.MODERATOR).get(f"/conversations/{here.id}").text
    for said in (
        "1 statement waits for your decision",
        "The first map is being drawn",
        "10 votes or more",
        "letter",
    ):
        assert said in page
    assert "1 statement waits" not in sign_in(Role.VIEWER).get(f"/conversations/{here.id}").text


def test_an_empty_conversation_says_so(sign_in, parts):
    made = conversations.create(parts.store, "default", NewConversation("What should happen?"))
    assert "Nobody has voted yet." in sign_in(Role.VIEWER).get(f"/conversations/{made.id}").text


def test_webhooks_that_fail_are_told(sign_in, api, parts, here):
    hook = {"url": "https://portal.example.org/hooks", "kinds": ["group-map.published"]}
    made = api.post("/v1/webhooks", json=hook).json["id"]
    page = sign_in(Role.VIEWER)
    assert "could not be told" not in page.get(f"/conversations/{here.id}").text
    webhooks.disable(parts.store, webhooks.find(parts.store, "default", made), because="410")
    assert "1 addresses are" in page.get(f"/conversations/{here.id}").text


def test_targets_stand_beside_the_numbers(sign_in, api, parts, here):
    owner, at = sign_in(Role.OWNER), f"/conversations/{here.id}"
    assert "Set a target" in owner.get(at).text
    assert "What you hope for" not in sign_in(Role.VIEWER).get(at).text
    owner.send(f"{at}/targets", participants="1.000", votes="40")
    page = owner.get(at).text
    for said in ("5 of 1,000", "0 %", "31 of 40", "77 %", 'value="1,000"'):
        assert said in page
    # What can't be is said, and changes nothing; the API's own changes leave targets alone.
    for wrong in ("many", "0", "-3", "1e6", "99999999999"):
        answer = owner.send(f"{at}/targets", participants=wrong, votes="50")
        assert "Nothing was changed" in owner.get(answer.location.removeprefix("/desk")).text
    assert api.patch(f"/v1/conversations/{here.id}", json={"settings": {}}).status_code == 200
    assert conversations.find(parts.store, None, here.id).settings["targets"] == {
        "participants": 1000,
        "votes": 40,
    }
    owner.send(f"{at}/targets", participants="", votes="4")
    page = owner.get(at).text
    assert "31 of 4<" in page
    assert "100 %" in page
    assert "of 1,000" not in page

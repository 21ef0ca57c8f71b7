"""Deciding on statements and participants: what is decided is kept with a name, and can be taken back."""

import html
import re

import pytest

from service.store import conversations, statements
from service.store.desk_records import Role
from service.store.records import NewConversation, NewStatement, NewVote, StatementState
from service.store.votes import record
from worker.jobs import redraw

JSON = {"Accept": "application/json", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def here(parts):
    """A conversation with three statements that wait, and one that is shown."""
    made = conversations.create(parts.store, "default", NewConversation("What should happen?", language="en"))
    texts = ("More trees on the square.", "Fewer cars.", "On the square more trees!")
    new = [NewStatement(text, state=StatementState.WAITING) for text in texts]
    statements.add(parts.store, made, [*new, NewStatement("Keep the market.")])
    return made


def states(parts, here):
    return [str(one.state) for one in statements.list_all(parts.store, here)]


def address(here, rest="/moderate"):
    return f"/conversations/{here.id}{rest}"


def test_the_queue_is_searched_and_filtered(sign_in, here):
    worker = sign_in(Role.MODERATOR)
    waiting = worker.get(address(here)).text
    assert waiting.count("data-statement=") == 3
    assert "Keep the market." not in waiting
    found = worker.get(address(here, "/moderate?state=all&q=TREES+square")).text
    assert found.count("data-statement=") == 2
    assert "No statement holds these words" in worker.get(address(here, "/moderate?q=zebra")).text
    assert worker.get(address(here, "/moderate?state=xx&first=-1&q=%00")).status_code == 200


def test_deciding_on_one_by_its_button_and_on_several_at_once(sign_in, here, parts, api):
    worker = sign_in(Role.MODERATOR)
    back = f"/desk/conversations/{here.id}/moderate?state=waiting"
    done = worker.send(address(here), act="visible:0", next=back)
    assert done.location.startswith(f"{back}&undo=")
    worker.send(address(here), act="hidden", statement=["1", "2"], reason="Somebody has said this already.")
    assert states(parts, here) == ["visible", "hidden", "hidden", "visible"]
    assert statements.list_all(parts.store, here)[1].reason == "Somebody has said this already."
    # Now the other one that waits is seen to say nearly the same.
    assert "looks like" in worker.get(address(here, "/moderate?state=hidden")).text
    assert parts.map_requests.asked == [here.number] * 2
    last = api.get(f"/v1/conversations/{here.id}/changes").json["items"][-1]
    assert last["by"] == "Ann moderator (moderator@default.example.org)"
    # What isn't there, or is no decision, changes nothing.
    assert worker.send(address(here), act="hidden", statement=["0", "nothing"]).status_code == 404
    assert worker.send(address(here), act="deleted:0").status_code == 403
    assert states(parts, here)[0] == "visible"


def test_a_decision_is_taken_back_unless_somebody_decided_since(sign_in, here, parts):
    worker = sign_in(Role.MODERATOR)
    told = worker.send(address(here), headers=JSON, one="0", act="hidden", reason="Why?").json
    assert told["n"] == 1
    assert worker.send(address(here, "/moderate/undo"), headers=JSON, undo=told["undo"]).json == {"n": 1}
    first = statements.list_all(parts.store, here)[0]
    assert (first.state, first.reason) == (StatementState.WAITING, "")
    # Taken back twice is harmless; and a newer decision stays.
    assert worker.send(address(here, "/moderate/undo"), headers=JSON, undo=told["undo"]).json == {"n": 0}
    older = worker.send(address(here), headers=JSON, one="0", act="hidden").json
    worker.send(address(here), headers=JSON, one="0", act="visible")
    assert worker.send(address(here, "/moderate/undo"), headers=JSON, undo=older["undo"]).json == {"n": 0}
    assert states(parts, here)[0] == "visible"
    for nonsense in ("", "x", "-", "9" * 30, "1-2-3"):
        assert worker.send(address(here, "/moderate/undo"), headers=JSON, undo=nonsense).json == {"n": 0}


def test_hiding_changes_the_map_and_undoing_restores_its_hash(sign_in, here, parts, api):
    worker = sign_in(Role.MODERATOR)
    worker.send(address(here), act="visible", statement=["0", "1", "2"])
    cast = [
        NewVote(f"p{person}", f"{number}", (1, -1, 0)[(person * (number + 1)) % 3])
        for person in range(12)
        for number in range(4)
    ]
    record(parts.store, here, cast)

    def result_hash():
        redraw(parts.store, parts.map_requests, here.number)
        return api.get(f"/v1/conversations/{here.id}/group-map").json["result_hash"]

    before = result_hash()
    told = worker.send(address(here), headers=JSON, one="1", act="hidden").json
    assert result_hash() != before
    worker.send(address(here, "/moderate/undo"), headers=JSON, undo=told["undo"])
    assert result_hash() == before


def test_a_text_is_changed_with_its_history_kept(sign_in, here):
    worker = sign_in(Role.MODERATOR)
    page = address(here, "/moderate/1")
    assert worker.send(page, text="Fewer cars here.", state="visible", reason="").status_code == 303
    shown = worker.get(page).text
    assert re.search(r"<del[^>]*>Fewer cars\.</del> <ins[^>]*>Fewer cars here\.</ins>", shown)
    assert "Was waiting, now shown." in shown
    for text, state in ((" ", "visible"), ("x" * 141, "visible"), ("Fine.", "gone")):
        refused = worker.send(page, text=text, state=state)
        assert refused.status_code == 422
    assert worker.get(address(here, "/moderate/99")).status_code == 404
    assert "says nearly the same" in worker.get(address(here, "/moderate/2")).text.lower()


def test_the_log_tells_of_everything(sign_in, here, parts, api):
    owner = sign_in(Role.OWNER)
    owner.send(address(here), act="visible", statement=["0", "1"])
    api.patch(f"/v1/conversations/{here.id}", json={"is_open": False})
    api.patch(f"/v1/conversations/{here.id}", json={"outcome": "Trees."})
    api.patch(f"/v1/conversations/{here.id}", json={"is_open": True})
    record(parts.store, here, [NewVote("p", "0", 1)])
    api.post(f"/v1/conversations/{here.id}/exclusions", json={"participant": "p", "reason": "<i>Why</i>"})
    page = html.unescape(owner.get(address(here, "/log")).text)
    for told in ("was excluded", "was closed", "was opened", "settings were changed", "Was waiting", "<i>Why"):
        assert told in page
    assert "<i>Why" not in owner.get(address(here, "/log")).text
    assert owner.get(address(here, "/log?before=2")).text.count("Added,") == 1


def test_participants_are_excluded_with_a_reason_and_let_back_in(sign_in, here, parts, api):
    worker = sign_in(Role.MODERATOR)
    worker.send(address(here), act="visible:0")
    record(parts.store, here, [NewVote("p", "0", 1), NewVote("q", "0", 1)])
    api.post(f"/v1/conversations/{here.id}/exclusions", json={"participant": "p", "reason": "A trial."})
    (gone,) = api.get(f"/v1/conversations/{here.id}/exclusions").json["items"]
    assert gone["reference"] in worker.get(address(here, "/participants")).text
    worker.send(address(here, "/participants/readmit"), participant=gone["reference"])
    assert api.get(f"/v1/conversations/{here.id}/exclusions").json["items"] == []
    # Without a reason nothing happens.
    worker.send(address(here, "/participants/exclude"), participant=gone["reference"], reason=" ")
    assert api.get(f"/v1/conversations/{here.id}/exclusions").json["items"] == []
    answer = worker.send(
        address(here, "/participants/exclude"), participant=[gone["reference"], "nobody"], reason="Twice."
    )
    assert answer.location.endswith("?n=1")
    assert [one["reason"] for one in api.get(f"/v1/conversations/{here.id}/exclusions").json["items"]] == [
        "Twice."
    ]
    asked = worker.send(address(here, "/participants/evidence"))
    assert "being worked on" in worker.get(asked.location.removeprefix("/desk")).text
    assert worker.get(address(here, "/participants?job=" + "0" * 32)).status_code == 404

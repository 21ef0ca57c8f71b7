"""The list of conversations: all of them can be reached, by pages and by search."""

import re

from service.desk.conversation_list import AT_ONCE
from service.store import conversations, statements
from service.store.desk_records import Role
from service.store.records import NewConversation, NewStatement, StatementChange


def test_every_conversation_is_found_by_pages_and_by_search(sign_in, parts):
    worker = sign_in(Role.VIEWER)
    assert 'role="search"' not in worker.get("").text
    names = [f"Question {number:03} of 100% of us?" for number in range(AT_ONCE + 5)]
    for name in names:
        conversations.create(parts.store, "default", NewConversation(name))
    conversations.create(parts.store, "another-town", NewConversation("Question 7 of theirs?"))
    first = worker.get("").text
    found = re.findall(r"Question \d{3}", first)
    assert found == [name[:12] for name in reversed(names)][:AT_ONCE]
    following = re.search(r'href="/desk(\?before=\d+)"', first)[1]
    assert re.findall(r"Question \d{3}", worker.get(following).text) == [
        name[:12] for name in reversed(names[:5])
    ]
    assert re.findall(r"Question \d+", worker.get("?q=003+QUESTION").text) == ["Question 003"]
    # What means something to the database means itself here.
    assert worker.get("?q=100%25+of").text.count("<h2>") == AT_ONCE
    for strange in ("_", "%25%25", "%00", "'"):
        assert worker.get(f"?q=nothing{strange}").status_code == 200
    assert "holds these words" in worker.get("?q=theirs").text
    assert worker.get("?before=x").status_code == 200


def test_a_statements_history_is_its_own(parts):
    made = conversations.create(parts.store, "default", NewConversation("Question?"))
    statements.add(parts.store, made, [NewStatement("More trees."), NewStatement("Fewer cars.")])
    statements.moderate_all(parts.store, made, [StatementChange("1", text="Fewer cars, please.")])
    kinds = ("statement-added", "statement-moderated")
    found = conversations.changes_of_statement(parts.store, made, "1", kinds=kinds)
    assert [one.kind for one in found] == ["statement-moderated", "statement-added"]
    assert {one.payload["statement"] for one in found} == {"1"}
    assert conversations.changes_of_statement(parts.store, made, "1' OR '1'='1", kinds=kinds) == []

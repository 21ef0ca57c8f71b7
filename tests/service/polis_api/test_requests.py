"""What Polis's pages and tools put into an address, and how they read what comes back."""

import base64
import json

import pytest

from service.store import conversations, leaving


@pytest.fixture
def voted(public, conversation, drawn):
    """A conversation with votes of two people and its map, and the first one's token."""
    first = public.post("/api/v3/votes", json={"conversation_id": conversation, "tid": 0, "vote": -1}).json
    public.post("/api/v3/votes", json={"conversation_id": conversation, "tid": 1, "vote": 1})
    drawn()
    return conversation, {"Authorization": f"Bearer {first['auth']['token']}"}


def test_a_list_is_said_in_three_ways(public, voted):
    here, _ = voted
    for keys in ("keys=n,tids", "keys=n&keys=tids", "keys[]=n&keys[]=tids", "keys=tids,nothing&keys=n"):
        found = public.get(f"/api/v3/math/pca2?conversation_id={here}&{keys}").json
        assert set(found) == {"n", "tids"}, keys
    for tids in ("tids=1,3", "tids=1&tids=3", "tids[]=3&tids[]=1", "tids=[1,3]"):
        found = public.get(f"/api/v3/comments?conversation_id={here}&{tids}").json
        assert [one["tid"] for one in found] == [1, 3], tids
    left = public.get(
        f"/api/v3/nextComment?conversation_id={here}&without=0&without=1&without=2&without=4"
    ).json
    assert left["tid"] == 3
    # What can only be one thing is not guessed among several.
    assert public.get(f"/api/v3/votes?conversation_id={here}&pid=0&pid=1").status_code == 422


def test_statements_come_in_pages_with_how_many_there_are(public, voted):
    here, _ = voted
    page = public.get(f"/api/v3/comments?conversation_id={here}&limit=2&offset=2").json
    assert [one["tid"] for one in page["comments"]] == [2, 3]
    assert page["pagination"] == {"limit": 2, "offset": 2, "total": 5, "hasMore": True}
    last = public.get(f"/api/v3/comments?conversation_id={here}&limit=2&offset=4").json
    assert ([one["tid"] for one in last["comments"]], last["pagination"]["hasMore"]) == ([4], False)


def test_statements_by_what_became_of_them(public, api, voted):
    here, _ = voted
    api.put("/api/v3/comments", json={"conversation_id": here, "tid": 2, "mod": -1})
    api.put("/api/v3/comments", json={"conversation_id": here, "tid": 3, "mod": 0})

    def tids(query, client=api):
        return [one["tid"] for one in client.get(f"/api/v3/comments?conversation_id={here}&{query}").json]

    assert tids("modIn=true") == tids("mod_gt=0") == tids("mod=1") == [0, 1, 4]
    assert tids("modIn=false") == [2, 3]
    assert tids("moderation=true&mod_gt=-2") == [0, 1, 2, 3, 4]
    assert tids("moderation=true&mod=-2") == []
    assert tids("modIn=false&moderation=true", public) == []


def test_the_language_that_the_browser_asks_for(public, api, voted):
    here, _ = voted
    for number in range(5):
        told = {"translations": {"nl": {"text": "Zin."}, "fr": {"text": "Phrase."}}}
        answer = api.patch(f"/v1/conversations/{here}/statements/{number}", json=told)
        assert answer.status_code == 200, answer.json
    asked = f"/api/v3/participationInit?conversation_id={here}&pid=mypid&lang=acceptLang"
    begun = public.get(asked, headers={"Accept-Language": "fr-FR,fr;q=0.9"}).json
    assert [one["lang"] for one in begun["nextComment"]["translations"]] == ["fr"]
    assert len(public.get(asked).json["nextComment"]["translations"]) == 2


def test_whoever_voted_is_told_their_pid_with_the_next_statement(public, voted):
    here, first = voted
    address = f"/api/v3/nextComment?conversation_id={here}&not_voted_by_pid=mypid"
    assert public.get(address, headers=first).json["currentPid"] == 0
    assert "currentPid" not in public.get(address).json


def test_a_token_names_its_conversation_as_in_polis(public, conversation):
    vote = {"conversation_id": conversation, "tid": 0, "vote": -1}
    token = public.post("/api/v3/votes", json=vote).json["auth"]["token"]
    middle = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    assert claims["conversation_id"] == conversation


def test_whoever_was_excluded_is_in_no_answer_to_others(public, api, parts, voted, opened):
    here, first = voted
    opened(open_data=True)
    address = f"/api/v3/votes?conversation_id={here}&pid=0"
    assert len(public.get(address).json) == 1
    leaving.exclude(parts.store, conversations.find(parts.store, None, here), 0, reason="Votes of a machine.")
    assert public.get(address).json == api.get(address).json == []
    assert len(public.get(address, headers=first).json) == 1
    stats = public.get(f"/api/v3/conversationStats?conversation_id={here}&report_id=r1").json
    assert len(stats["voteTimes"]) == 1
    assert public.get(f"/api/v3/conversationStats?conversation_id={here}&until=1").json["voteTimes"] == []


def test_a_summary_says_where_the_conversation_is(api, voted):
    here, _ = voted
    api.post("/api/v3/reports", json={"conversation_id": here})
    report = api.get(f"/api/v3/reports?conversation_id={here}").json[0]["report_id"]
    lines = api.get(f"/api/v3/reportExport/{report}/summary.csv").text.splitlines()
    assert f"url,http://localhost/{here}" in lines

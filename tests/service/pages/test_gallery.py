"""The gallery: every state has its answers, in both languages, and nothing of what is sent is kept."""

from service.pages.gallery import ELEMENT_LANGUAGES, STYLES
from service.pages.gallery_answers import EXAMPLES
from service.pages.gallery_states import STATES
from service.store import conversations

EXAMPLE = "/widget-gallery/states/{}/v1/conversations/{}"


def test_every_state_is_offered_and_shown(public):
    for name, state in STATES.items():
        page = public.get("/widget-gallery", query_string={"state": name, "lang": "ar", "style": STYLES[1]})
        assert page.status_code == 200
        assert f'<option value="{name}" selected>' in page.text
        assert f'service="/widget-gallery/states/{name}" lang="ar" view="{state.view}"' in page.text
        assert 'class="stage style-harbour"' in page.text
    languages = [f'<option value="{tag}"' in page.text for tag in ELEMENT_LANGUAGES]
    assert all(languages)


def test_what_is_not_offered_is_not_shown(public):
    for query in ({"state": "<script>"}, {"style": "none"}, {"theme": "'"}, {"lang": "xx"}):
        page = public.get("/widget-gallery", query_string=query)
        assert 'service="/widget-gallery/states/start"' in page.text
        assert 'class="stage style-plain"' in page.text
        assert "<script>" not in page.text


def test_every_state_answers(public):
    for name, state in STATES.items():
        for example, language in EXAMPLES.items():
            told = public.get(EXAMPLE.format(name, example))
            if "GET " in state.refusals:
                assert told.mimetype == "application/problem+json"
            else:
                assert told.json["language"] == language
                read_everything(public, EXAMPLE.format(name, example))


def read_everything(public, address):
    statements = public.get(f"{address}/statements?limit=1000").json["items"]
    votes = public.get(f"{address}/own-votes").json["items"]
    assert {one["statement"] for one in votes} <= {one["id"] for one in statements}
    group_map = public.get(f"{address}/group-map").json
    assert set(group_map) >= {"outcome", "groups", "axes", "certainty", "published_at", "votes_pending"}


def test_the_next_statement_is_one_that_was_neither_seen_nor_is_at_hand(public):
    address = EXAMPLE.format("halfway", "example")
    seen = {one["statement"] for one in public.get(f"{address}/own-votes").json["items"]}
    first = public.get(f"{address}/next-statement").json
    assert (first["n_seen"], first["n_statements"]) == (len(seen), 45)
    other = public.get(f"{address}/next-statement", headers={"Without": first["statement"]["id"]}).json
    assert len({first["statement"]["id"], other["statement"]["id"]} - seen) == 2
    done = public.get(f"{EXAMPLE.format('done', 'example')}/next-statement").json
    assert (done["statement"], done["n_seen"]) == (None, 45)


def test_the_dutch_example_is_the_mirror_of_the_english_one(public):
    here, there = (
        public.get(f"{EXAMPLE.format('translated', one)}/statements").json["items"][0]
        for one in ("example", "voorbeeld")
    )
    assert (here["language"], list(here["translations"])) == ("nl", ["en"])
    assert (there["language"], there["text"]) == ("en", here["translations"]["en"]["text"])
    assert there["translations"]["nl"]["text"] == here["text"]
    outcomes = {public.get(EXAMPLE.format("closed", one)).json["outcome"] for one in ("example", "voorbeeld")}
    assert len(outcomes) == 2


def test_nothing_that_is_sent_is_kept(public, parts):
    address = EXAMPLE.format("start", "example")
    sent = {"votes": [{"statement": "1", "vote": 1}] * 3}
    key = {"Idempotency-Key": "once"}
    assert len(public.post(f"{address}/vote-batches", json=sent, headers=key).json["items"]) == 3
    other = public.post(f"{address}/statements", json={"text": "Benches."}, headers=key)
    assert (other.status_code, other.json["items"][0]["text"]) == (201, "Benches.")
    assert public.post(f"{address}/participant-tokens", json={}).json["token"] == ""
    assert public.get(f"{address}/own-votes").json["items"] == []
    assert conversations.list_all(parts.store, "default") == []


def test_what_is_not_there_and_nonsense_are_refused_as_everywhere(public):
    for method, path in (
        ("GET", EXAMPLE.format("nothing", "example")),
        ("GET", EXAMPLE.format("start", "elsewhere")),
        ("GET", EXAMPLE.format("start", "example") + "/votes"),
        ("DELETE", EXAMPLE.format("start", "example") + "/votes"),
        ("GET", "/widget-gallery/states/nothing/conversations/example/map"),
    ):
        assert public.open(path, method=method).status_code == 404
    address = EXAMPLE.format("start", "example") + "/votes"
    assert public.post(address, data=b"{", content_type="application/json").status_code == 400
    assert public.post(address, data=b"x=1", content_type="text/plain").status_code == 415


def test_its_map_leads_back(public):
    answer = public.get("/widget-gallery/states/done/conversations/voorbeeld/map")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/widget-gallery?state=results&lang=nl")

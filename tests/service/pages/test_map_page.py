import re
from html.parser import HTMLParser

import pytest

from service.api.group_map_schemas import GroupMapAnswer
from service.store import conversations, statements
from service.store.records import StatementState

HTML = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
HOSTILE = [
    "<script>document.title='hacked'</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }} {% raw %}",
    "</title></svg></table><style>*{display:none}</style>",
    "\u202egnirts desrever\u202c & &amp; &lt;b&gt;",
    "javascript:alert(1)//'\"`",
]


class Page(HTMLParser):
    """What a browser would see: tags, attributes, and the text outside of tags."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def of(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def read(public):
    def get(conversation, **query):
        answer = public.get(f"/conversations/{conversation}/map", query_string=query, headers=HTML)
        assert answer.status_code == 200, answer.data
        page = Page(answer.text)
        page.answer = answer
        page.text = re.sub(r"\s+", " ", page.text.replace("\u202f", " ").replace("\xa0", " "))
        return page

    return get


def test_a_ready_map_in_english_and_dutch(read, publish, document, sample):
    conversation = publish(document, description="A description.\nOf two lines.")
    page = read(conversation)
    assert page.of("html")[0]["lang"] == "en"
    assert page.text.count(sample.question) == 2
    assert "The votes show three opinion groups: group A (" in page.text
    assert "people are on the map" in page.text
    for group in document["groups"]:
        assert f"Group {group['group']} {group['n_participants']} people" in page.text
        for one in group["representative_statements"]:
            assert next(s.text for s in sample.statements if s.id == one["statement"]) in page.text
    assert document["result_hash"] in page.text
    dutch = read(conversation, lang="nl")
    assert dutch.of("html")[0]["lang"] == "nl"
    assert dutch.answer.headers["Content-Language"] == "nl"
    assert "De stemmen laten drie groepen zien" in dutch.text
    # The question and the statements stay in their own language, and say so.
    assert dutch.of("h1")[0]["lang"] == "en"


def test_a_long_description_does_not_hide_the_finding(read, publish, document):
    page = read(publish(document, description="A long story. " * 30))
    assert page.text.index("About this conversation") < page.text.index("The votes show")
    assert {"id": "about"} in page.of("details")


def test_the_picture_shows_no_single_person(read, publish, document):
    page = read(publish(document))
    circles = len(page.of("circle"))
    assert circles == sum(len(group["bubbles"]) for group in document["groups"])
    assert circles <= document["n_placed"] / 10


def test_nothing_runs_or_is_styled_inline(read, publish, document):
    page = read(publish(document))
    for tag, attributes in page.tags:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert tag not in {"style", "iframe", "object", "embed", "base"}
    assert [set(one) for one in page.of("script")] == [{"type", "src"}]
    policy = page.answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "Set-Cookie" not in page.answer.headers
    addresses = [one["href"] for one in page.of("a") + page.of("link")] + [
        one["src"] for one in page.of("script")
    ]
    assert not [address for address in addresses if "://" in address or address.startswith("//")]


def test_every_reference_on_the_page_leads_somewhere(read, publish, document):
    page = read(publish(document))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for one in page.of("a"):
        if one["href"].startswith("#"):
            assert one["href"][1:] in ids
    for _, attributes in page.tags:
        for name in ("aria-labelledby", "aria-describedby"):
            assert attributes.get(name, ids[0]) in ids


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(read, publish, document, text):
    texts = {one["statement"]: text for one in document["statements"]}
    page = read(publish(document, texts=texts, question=text, description=text))
    assert re.sub(r"\s+", " ", text) in page.text
    assert len(page.of("script")) == 1
    assert not page.of("img")
    assert not page.of("style")


def ungrouped(document, outcome, missing=None):
    return document | {
        "outcome": outcome,
        "missing": missing,
        "groups": [],
        "n_groups": 0,
        "candidates": [],
        "consensus": {"agree": [], "disagree": []},
        "statements": [one | {"groups": {}, "group_aware_consensus": None} for one in document["statements"]],
    }


@pytest.mark.parametrize(
    ("outcome", "missing", "says"),
    [
        ("no-votes", None, "Nobody has voted yet."),
        (
            "too-few-participants",
            {"participants": 3, "votes_each": 7},
            "At least 3 more people need to vote on at least 7",
        ),
        ("too-few-participants", {"participants": 1, "votes_each": 7}, "At least 1 more person needs to vote"),
        ("too-few-participants", None, "More people need to vote"),
        ("too-few-statements", {"statements": 1}, "At least 1 more statement with votes is needed."),
        ("too-few-statements", None, "More statements with votes are needed."),
        ("no-structure", None, "There are no separate opinion groups."),
        ("failed", None, "The map could not be drawn."),
    ],
)
def test_every_outcome_has_its_design(read, publish, document, outcome, missing, says):
    page = read(publish(ungrouped(document, outcome, missing)))
    assert says in page.text
    assert "map-heading" not in page.answer.text
    assert "All statements" in page.text


def test_a_map_without_groups_is_a_cloud(read, publish, document):
    bubbles = [one for group in document["groups"] for one in group["bubbles"]]
    cloud = ungrouped(document, "no-structure") | {"bubbles": bubbles}
    page = read(publish(cloud))
    assert len(page.of("circle")) == len(bubbles)
    assert "No groups stand apart." in page.text
    assert [one["aria-label"] for one in page.of("svg") if one.get("role") == "img"] == [
        "Map of everybody as one cloud, without groups."
    ]
    assert "The groups on the map" not in page.text
    # Maps published before there were clouds stay readable.
    del cloud["bubbles"]
    assert not read(publish(cloud)).of("circle")


def test_a_cloud_is_what_the_api_says_it_is(public, publish, document):
    bubbles = [one for group in document["groups"] for one in group["bubbles"]]
    identifier = publish(ungrouped(document, "no-structure") | {"bubbles": bubbles})
    answer = public.get(f"/v1/conversations/{identifier}/group-map").json
    read = GroupMapAnswer.model_validate(answer)
    assert read.model_dump(mode="json")["bubbles"] == answer["bubbles"] == bubbles


def test_before_the_first_vote_and_before_the_first_map(read, publish, api, parts):
    conversation = publish()
    assert "Nobody has voted yet." in read(conversation).text
    vote = {"participant": "a", "statement": "1", "vote": 1}
    assert api.post(f"/v1/conversations/{conversation}/votes", json=vote).status_code == 201
    page = read(conversation)
    assert "The first map is being drawn." in page.text
    assert "1 newer vote is waiting" in page.text


def test_a_group_of_fewer_than_five_says_nothing_of_them(read, publish, document):
    last = document["groups"][-1]
    letter = last["group"]
    last |= {
        "n_participants": None,
        "centre": None,
        "bubbles": [],
        "outline": [],
        "representative_statements": [],
    }
    for one in document["statements"]:
        one["groups"][letter] = dict.fromkeys(("n_agree", "n_disagree", "n_pass", "n_seen"))
    page = read(publish(document))
    assert f"group {letter} (fewer than 5 people)" in page.text
    assert "not shown: fewer than 5 people" in page.text
    assert f"label group-{letter}" not in page.answer.text


def test_a_single_group(read, publish, document):
    document["groups"] = document["groups"][:1]
    for one in document["statements"]:
        one["groups"] = {"A": one["groups"]["A"]}
    assert "The votes show one group of" in read(publish(document)).text


def test_a_statement_hidden_since_is_not_shown(read, publish, document, parts, sample):
    conversation = publish(document)
    first = document["groups"][0]["representative_statements"][0]["statement"]
    text = next(one.text for one in sample.statements if one.id == first)
    assert text in read(conversation).text
    found = conversations.find(parts.store, None, conversation)
    tags = {read(conversation).answer.headers["ETag"]}
    # Even when one moderator's act follows another before the map is redrawn, nobody keeps the older page.
    for hidden in (next(one.id for one in sample.statements if one.id != first), first):
        statements.moderate(parts.store, found, hidden, state=StatementState.HIDDEN)
        tags.add(read(conversation).answer.headers["ETag"])
    assert len(tags) == 3
    page = read(conversation)
    assert text not in page.text
    assert "(this statement is no longer shown)" in page.text
    assert "Newer changes are waiting for the next map." in page.text


def test_the_etag_names_what_is_shown(public, publish, document, parts):
    conversation = publish(document)
    address = f"/conversations/{conversation}/map"
    first = public.get(address, headers=HTML)
    tag = first.headers["ETag"]
    assert f"data-version={tag}" in first.text
    again = public.get(address, headers=HTML | {"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Content-Security-Policy"]
    other = public.get(f"{address}?lang=nl", headers=HTML | {"If-None-Match": tag})
    assert other.status_code == 200
    number = conversations.find(parts.store, None, conversation).number
    publish.redraw(number, document, 999)
    assert public.get(address, headers=HTML | {"If-None-Match": tag}).status_code == 200


def test_many_statements_are_cut_off_with_a_word(read, publish, document):
    pattern = document["statements"][0]
    document = ungrouped(document, "no-structure")
    document["statements"] = [pattern | {"statement": str(n), "groups": {}} for n in range(400)]
    texts = {str(n): f"Statement number {n}." for n in range(400)}
    page = read(publish(document, texts=texts))
    assert "The 300 statements with the most votes" in page.text
    assert len(page.of("tr")) == 301


def test_nobody_there(public):
    for path in ("/conversations/7nothing/map", "/conversations/%00/map", "/nothing"):
        plain = public.get(path)
        assert (plain.status_code, plain.content_type) == (404, "application/problem+json")
        page = public.get(path, headers=HTML)
        assert (page.status_code, page.mimetype) == (404, "text/html")
        assert "This page does not exist" in page.text
        assert page.headers["X-Request-Id"]


def test_the_start_page_lists_nothing(public, publish, document, sample):
    publish(document)
    page = public.get("/", headers=HTML)
    assert page.status_code == 200
    assert sample.question not in page.text
    assert 'href="docs"' in page.text


def test_assets(public, read, publish, document):
    page = read(publish(document))
    for address in [one["href"] for one in page.of("link")] + [page.of("script")[0]["src"]]:
        answer = public.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert public.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    for name in ("routes.py", "../routes.py", "%2e%2e/routes.py", "layout.html"):
        assert public.get(f"/assets/{name}").status_code == 404


def test_real_maps_are_what_the_api_says_they_are(public, publish, document):
    answer = public.get(f"/v1/conversations/{publish(document)}/group-map").json
    read = GroupMapAnswer.model_validate(answer)
    assert read.model_dump(mode="json").keys() == answer.keys()
    group = read.groups[0].model_dump()
    assert group.keys() == answer["groups"][0].keys()
    assert (
        group["representative_statements"][0].keys()
        == answer["groups"][0]["representative_statements"][0].keys()
    )
    assert read.statements[0].model_dump().keys() == answer["statements"][0].keys()
    assert read.consensus.agree[0].model_dump().keys() == answer["consensus"]["agree"][0].keys()
    assert read.candidates[0].model_dump().keys() == answer["candidates"][0].keys()
    assert read.certainty is None


def test_real_assessments_are_what_the_api_says_they_are(public, publish, document, assessed):
    conversation = publish(document, assessed=assessed)
    answer = public.get(f"/v1/conversations/{conversation}/group-map").json
    read = GroupMapAnswer.model_validate(answer)
    assert read.model_dump(mode="json")["certainty"] == answer["certainty"] | {
        "made_at": answer["certainty"]["made_at"].replace("+00:00", "Z")
    }
    for kind in ("groups", "shared_by_all_groups", "shared_by_most_people", "dividing", "unsure", "candidates"):
        assert answer["certainty"][kind], kind
    assert answer["certainty"]["groups"][0]["representative_statements"]


def test_words_in_a_language_that_nobody_stated(read, public, publish, document):
    conversation = publish(document, language="und")
    for accepted, spoken in (("nl,en;q=0.5", "nl"), ("tr", "en"), ("", "en")):
        answer = public.get(f"/conversations/{conversation}/map", headers=HTML | {"Accept-Language": accepted})
        page = Page(answer.text)
        assert page.of("html")[0]["lang"] == spoken
        # The question's language isn't the page's: an empty `lang` says that nobody knows.
        assert page.of("h1")[0]["lang"] == ""
        assert 'lang="und"' not in answer.text

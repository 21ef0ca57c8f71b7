"""What the page says of how sure the map is: each verdict in words, and only what is sure of statements."""

import re

import pytest

from service.pages.certainty import MOST_LISTED, certainty_of
from service.pages.drawing import cloud_of, drawing_of
from service.store import conversations, statements
from service.store.records import StatementState


@pytest.fixture
def page_text(public):
    """Return a function that reads a page's text, without tags."""

    def get(conversation, **query):
        answer = public.get(f"/conversations/{conversation}/map", query_string=query)
        assert answer.status_code == 200, answer.data
        bare = re.sub(r"<[^>]*>", "", answer.text).replace("\u202f", " ").replace("\u2060", "")
        return re.sub(r"\s+", " ", bare), answer

    return get


SAYS = {
    "distinct groups": "There are three groups here, with few people in between: group A (",
    "leanings on a spectrum": "People lean to three sides: group A (",
    "no stable groups": "People differ, but there are no stable groups.",
    "no shared pattern": "What somebody thinks of one statement says nothing of what they think of another.",
    "not enough votes yet": "It is too early to tell: 14 more people need to vote on at least 7 statements.",
}


@pytest.mark.parametrize("verdict", SAYS)
def test_every_verdict_is_said_in_plain_words(page_text, publish, document, assessed, verdict):
    assessed["certainty"] |= {"verdict": verdict, "missing": {"participants": 14, "votes_each": 7}}
    conversation = publish(document, assessed=assessed)
    text, answer = page_text(conversation)
    assert SAYS[verdict] in text
    assert "The votes show three opinion groups" not in text
    # Groups that are chance have no border and nothing that marks them out.
    has_groups = verdict not in {"no stable groups", "no shared pattern"}
    assert ('class="hull' in answer.text) is has_groups
    assert ("What marks each group" in text) is has_groups
    assert ("What divides" in text) is has_groups
    assert "What most people share" in text
    dutch, _ = page_text(conversation, lang="nl")
    assert SAYS[verdict] not in dutch
    assert "Wat de meeste" in dutch or "Waar de meeste mensen hetzelfde over denken" in dutch


def test_groups_statements_and_shares_are_the_sure_ones_with_intervals(page_text, publish, document, assessed):
    group = assessed["groups"][0]["group"]
    first = assessed["representative_statements"][group][0]
    first |= {"share": 0.81, "low": 0.77, "high": 0.85, "n_seen": 312, "direction": "agree"}
    others = [one for letter, one in assessed["representative_statements"].items() if letter != group]
    others[0].clear()
    assessed["groups"][0] |= {"recovery": 0.974, "seen_by_few": ["1", "2"]}
    assessed["certainty"]["n_in_between"] = None
    text, _ = page_text(publish(document, assessed=assessed))
    assert f"Group {group}: 81 % (77–85) of 312 people agree" in text
    assert "Nothing marks this group out for sure." in text
    assert f"we would find back 97 % of group {group}" in text
    assert "Fewer than 5 people stand between the groups." in text
    assert "Fewer than ten people of this group saw 2 statements" in text
    assert "Classic scores, as Polis counts them" in text


def test_another_number_of_groups_than_comes_back_is_said(page_text, publish, document, assessed):
    assessed["certainty"]["n_groups"] = 2
    text, _ = page_text(publish(document, assessed=assessed))
    assert "The map shows 3 groups; a division into 2 comes back with other people." in text


def test_until_it_is_known_the_page_says_so(page_text, publish, document):
    text, _ = page_text(publish(document))
    assert "How sure this is, is still being worked out." in text
    assert "Agrees more than the others" in text


def test_strict_maps_have_no_verdict(page_text, publish, document, assessed):
    assessed["certainty"] = None
    text, _ = page_text(publish(document, assessed=assessed))
    assert "How sure this is can't be said for this method." in text
    assert "What divides" in text


def test_an_assessment_changes_the_page_and_ages_with_the_map(
    public, page_text, publish, document, assessed, parts
):
    conversation = publish(document)
    found = conversations.find(parts.store, None, conversation)
    _, bare = page_text(conversation)
    publish.judge(found.number, assessed, found.sequence)
    text, judged = page_text(conversation)
    assert judged.headers["ETag"] != bare.headers["ETag"]
    assert "was worked out on an earlier map" not in text
    publish.redraw(found.number, document, 999)
    text, newer = page_text(conversation)
    assert newer.headers["ETag"] != judged.headers["ETag"]
    assert "How sure it is was worked out on an earlier map" in text


def test_a_statement_hidden_since_is_not_spoken_of(page_text, publish, document, assessed, parts, sample):
    conversation = publish(document, assessed=assessed)
    hidden = assessed["shared_by_most_people"][0]["statement"]
    text = next(one.text for one in sample.statements if one.id == hidden)
    assert text in page_text(conversation)[0]
    found = conversations.find(parts.store, None, conversation)
    statements.moderate(parts.store, found, hidden, state=StatementState.HIDDEN)
    assert text not in page_text(conversation)[0]


def test_groups_that_are_not_on_the_map_any_more_are_left_out(document, assessed):
    flat = assessed["certainty"] | {
        **{
            name: assessed[name]
            for name in ("shared_by_all_groups", "shared_by_most_people", "dividing", "unsure")
        },
        "groups": [
            one | {"representative_statements": assessed["representative_statements"][one["group"]]}
            for one in assessed["groups"]
        ],
        "stale": True,
        "made_at": "2026-03-09T16:01:32+00:00",
    }
    sure = certainty_of(flat, {}, letters=["A", "B"])
    assert set(sure.marking) == set(sure.recovery) == {"A", "B"}
    assert sure.dividing == ()
    assert certainty_of(None, {}, letters=["A"]) is None
    assert MOST_LISTED == 5


def test_people_without_groups_are_a_cloud(page_text, publish, document, assessed):
    bubbles = [one for group in document["groups"] for one in group["bubbles"]]
    cloud = document | {
        "outcome": "no-structure",
        "groups": [],
        "n_groups": 0,
        "bubbles": bubbles,
        "statements": [one | {"groups": {}, "group_aware_consensus": None} for one in document["statements"]],
    }
    assessed["certainty"] |= {"verdict": "no stable groups", "n_groups": 0, "n_in_between": 0}
    assessed |= {"groups": [], "representative_statements": {}, "shared_by_all_groups": [], "dividing": []}
    text, answer = page_text(publish(cloud, assessed=assessed))
    assert "People differ, but there are no stable groups." in text
    assert "No groups stand apart." in text
    assert answer.text.count("<circle") == len(bubbles)
    assert "hull" not in answer.text
    assert "The groups on the map" not in text
    drawn = cloud_of(bubbles)
    assert all(0 <= one.x <= drawn.width and 0 <= one.y <= drawn.height for one in drawn.cloud)
    assert cloud_of([]) is None


def test_groups_that_are_chance_are_a_cloud_as_well(page_text, publish, document, assessed):
    assessed["certainty"] |= {"verdict": "no shared pattern"}
    text, answer = page_text(publish(document, assessed=assessed))
    bubbles = [one for group in document["groups"] for one in group["bubbles"]]
    assert "No groups stand apart." in text
    assert answer.text.count("<circle") == len(bubbles)
    assert 'class="label' not in answer.text
    assert "Group A" not in text


def test_of_a_group_that_is_one_bubble_the_border_says_it_all(document):
    alone = document["groups"][0] | {"bubbles": document["groups"][0]["bubbles"][:1]}
    drawn = drawing_of([alone]).groups[0]
    assert (drawn.circles, drawn.hull != "") == ((), True)

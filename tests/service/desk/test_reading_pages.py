"""Pages about the map: the report, statements and the map itself say the same of the same map, safely."""

import csv
import io
import json
import re
import time
import zlib

import numpy as np
import pytest
from sqlalchemy import insert

from clustering.outlines import bubble_size, bubbles, outline
from clustering.vocabulary import VoteValue
from service.desk.representing import known_figures, representing
from service.identity.references import reference_of
from service.store import (
    about_answers,
    analysis_jobs,
    assessments,
    conversations,
    group_maps,
    leaving,
    statements,
    votes,
)
from service.store.analysis_records import AnalysisState
from service.store.desk_records import Role
from service.store.records import NewVote, PublishedAssessment, StatementState
from service.store.tables import map_versions
from worker.analysing import analyse
from worker.jobs import redraw

PAGES = ("report", "statements", "statements/1", "map", "map?group=A&statement=1")
EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}\u202e'


@pytest.fixture
def viewer(sign_in):
    return sign_in(Role.VIEWER)


@pytest.fixture
def drawn(publish, document, assessed):
    return publish(document, assessed=assessed, description="Why we ask.")


def text_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_answers_in_both_languages(viewer, drawn, language):
    for page in PAGES:
        joined = "&" if "?" in page else "?"
        answer = viewer.get(f"/conversations/{drawn}/{page}{joined}lang={language}")
        assert answer.status_code == 200, page
        assert answer.headers["Content-Language"] == language
        # Every text was filled in.
        assert not re.search(r"\{\w+\}", text_of(answer.text)), page


@pytest.mark.parametrize("page", ["report", "statements", "map", "statements.csv"])
def test_before_the_first_map_every_page_says_so(viewer, publish, page):
    assert viewer.get(f"/conversations/{publish()}/{page}").status_code == 200


def test_hostile_texts_stay_texts(viewer, publish, document, assessed):
    texts = {one["statement"]: f"{EVIL} {one['statement']}" for one in document["statements"]}
    found = publish(document, assessed=assessed, texts=texts, question=EVIL, description=EVIL)
    for page in (*PAGES, "map.svg"):
        html = viewer.get(f"/conversations/{found}/{page}").text
        assert "<script>alert" not in html, page
        assert "<img" not in html, page
        assert "49" not in re.findall(r"onerror=alert\(2\)&gt;(.{4})", html), page


def test_every_claim_of_the_report_has_its_people_and_interval(viewer, drawn):
    html = viewer.get(f"/conversations/{drawn}/report?lang=en").text
    summary = html[html.index("summary-heading") : html.index("groups-heading")]
    # The last paragraph explains how to read the others.
    said = text_of(summary[: summary.index('class="fine"')])
    claims = re.findall(r"\d+ %(?: \(\d+\u2060?–\u2060?\d+\) of \d+ people)?", said)
    assert len(claims) >= 3
    assert all(claim.endswith("people") for claim in claims), claims
    rows = re.findall(r'<li class="share-row.*?</li>', html, re.S)
    assert len(rows) > 10
    for row in rows:
        told = text_of(row)
        assert "n = " in told or "too few" in told or "not shown" in told, told
        if "n = " in told:
            assert len(re.findall(r"\d+ % \(\d+–\d+\)", told)) == 3, told


def test_a_report_without_structure_says_so_and_draws_no_groups(viewer, publish, document, assessed):
    assessed["certainty"]["verdict"] = "no stable groups"
    html = viewer.get(f"/conversations/{publish(document, assessed=assessed)}/report?lang=en").text
    assert "there are no stable groups" in html
    assert "pattern-hull group" not in html
    assert 'class="bubbles cloud"' in html
    assert not re.search(r'class="who"><svg class="mark', html)


def test_the_report_counts_what_was_left_out_and_says_why(viewer, parts, drawn):
    found = conversations.find(parts.store, "default", drawn)
    change = [statements.StatementChange("2", state=StatementState.HIDDEN, reason="Insults <b>somebody</b>")]
    statements.moderate_all(parts.store, found, change)
    html = viewer.get(f"/conversations/{drawn}/report?lang=en").text
    n = len(statements.list_all(parts.store, found))
    assert f"Of {n} statements {n - 1} can be seen, 0 wait for a decision, and 1 are hidden." in html
    assert "Insults &lt;b&gt;somebody&lt;/b&gt;" in html
    assert "No participants were left out." in html
    with pytest.raises(Exception, match="no participant"):
        leaving.exclude(parts.store, found, 0, reason="")


def test_the_table_of_statements_is_the_page_in_numbers(viewer, drawn, document):
    answer = viewer.get(f"/conversations/{drawn}/statements.csv?sort=order")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    counted = {one["statement"]: one for one in document["statements"]}
    assert len(lines) == len(counted)
    for line in lines:
        assert int(line["everybody_n_seen"]) == counted[line["statement"]]["n_seen"]
    chosen = viewer.get(f"/conversations/{drawn}/statements.csv?kind=dividing").text
    assert 1 < len(chosen.splitlines()) < len(lines)


def test_unknown_statements_and_maps_are_not_found(viewer, drawn):
    for page in ("statements/nope", "report?version=1", "map?version=x", "map?version=" + "9" * 40,
                 "map/compare?from=1&to=2"):  # fmt: skip
        assert viewer.get(f"/conversations/{drawn}/{page}").status_code == 404, page


def test_moderators_name_groups_and_everybody_reads_it(sign_in, viewer, drawn, parts):
    page = f"/conversations/{drawn}/map"
    assert "label-A" not in viewer.get(page).text
    assert viewer.send(f"{page}/labels", mark=viewer.mark(page), **{"label-A": "x"}).status_code == 403
    moderator = sign_in(Role.MODERATOR)
    fields = {"label-A": "  Green   <b>first</b> ", "label-B": "x" * 300, "label-Z": "?", "label-": "?"}
    assert moderator.send(f"{page}/labels", mark=moderator.mark(page), **fields).status_code == 303
    kept = conversations.find(parts.store, "default", drawn).settings["group_labels"]
    assert kept == {"A": "Green <b>first</b>", "B": "x" * 60}
    for where in ("map", "report", "statements"):
        assert "Green &lt;b&gt;first&lt;/b&gt;" in viewer.get(f"/conversations/{drawn}/{where}").text
    moderator.send(f"{page}/labels", mark=moderator.mark(page), **{"label-A": " "})
    assert list(conversations.find(parts.store, "default", drawn).settings["group_labels"]) == ["B"]


def test_bubbles_of_the_picture_stand_in_the_table(viewer, drawn, document):
    lines = list(csv.DictReader(io.StringIO(viewer.get(f"/conversations/{drawn}/map.csv").text)))
    bubbles = [one for group in document["groups"] for one in group["bubbles"]]
    assert [int(one["n_participants"]) for one in lines] == [one["n_participants"] for one in bubbles]
    assert min(int(one["n_participants"]) for one in lines) >= 10
    picture = viewer.get(f"/conversations/{drawn}/map.svg")
    assert picture.mimetype == "image/svg+xml"
    assert picture.text.count("<circle") >= len(bubbles)


QUESTIONS = [
    {
        "id": "age",
        "text": "How old <b>are</b> you?",
        "options": [{"id": one, "text": f"option {one}"} for one in ("young", "old", "rare", "unsaid")],
    }
]


@pytest.fixture
def told(parts, publish, document, assessed):
    """A conversation whose old people are too many, and agree with statement 1, as the young don't."""
    made = publish(document, assessed=assessed)
    found = conversations.find(parts.store, "default", made)
    conversations.change(parts.store, found, settings={"about_questions": QUESTIONS})
    for number in range(120):
        who = "rare" if number < 3 else "unsaid" if number < 10 else "old" if number < 90 else "young"
        value = VoteValue.AGREE if who == "old" else VoteValue.DISAGREE
        votes.record(parts.store, found, [NewVote(f"p{number}", one, value) for one in sure_of(assessed)])
        about_answers.keep(parts.store, found, f"p{number}", answers={"age": who})
    return found


def sure_of(assessed):
    return [one["statement"] for one in assessed["shared_by_all_groups"][:3]]


def test_who_took_part_beside_all_residents(sign_in, viewer, told, parts):
    page = f"/conversations/{told.id}/representing"
    assert "no figures to compare with yet" in viewer.get(f"{page}?lang=en").text
    assert viewer.send(page, mark=viewer.mark(page), **{"f-0-0": "1"}).status_code == 403
    moderator = sign_in(Role.MODERATOR)
    refused = moderator.send(page, mark=moderator.mark(page), **{"f-0-0": "many", "f-0-1": "5"})
    assert refused.status_code == 422
    assert 'value="many"' in refused.text
    fields = {"f-0-0": "6.000", "f-0-1": "3 900", "f-0-2": "100", "f-0-3": ""}
    assert moderator.send(page, mark=moderator.mark(page), **fields).status_code == 303
    kept = conversations.find(parts.store, "default", told.id)
    assert known_figures(kept)["age"] == {"young": 6000.0, "old": 3900.0, "rare": 100.0}
    found = representing(parts.store, kept, statements.list_all(parts.store, kept))
    # Seven would not say, and three of an option are too few: they share the line of the young.
    assert found.n_people == 113
    assert [(one.texts, one.n_people) for one in found.questions[0].rows] == [
        (("option young", "option rare"), 33),
        (("option old",), 80),
    ]
    assert found.questions[0].rows[1].difference.low > 0
    assert found.n_effective < 113
    for one in found.weighed:
        # Four of ten residents are old, of those who came seven of ten.
        assert (one.plain.percent, one.weighed.percent) == (71, 39)
        assert one.weighed.low < 39 < one.weighed.high
        assert one.weighed.high - one.weighed.low > one.plain.high - one.plain.low
    assert len(found.weighed) == 3
    for where in ("report", "representing"):
        html = viewer.get(f"/conversations/{told.id}/{where}?lang=en").text
        assert "113 people who voted told something of themselves" in html
        assert "How old &lt;b&gt;are&lt;/b&gt; you?" in html


def test_who_is_off_the_map_is_not_weighed_and_few_people_are_not_either(parts, told):
    own = {"age": {"young": 50, "old": 50}}
    conversations.change(parts.store, told, settings={"about_questions": QUESTIONS, "own_figures": own})
    kept = conversations.find(parts.store, "default", told.id)
    assert representing(parts.store, kept, []).n_people == 110
    for number in range(71):
        leaving.exclude(parts.store, kept, number, reason="to try")
    found = representing(parts.store, kept, statements.list_all(parts.store, kept))
    assert (found.trust, found.weighed, found.n_people) == ("none", (), 49)


@pytest.fixture
def kept(parts, drawn, document):
    """Three maps of a conversation that were kept, an hour apart; nobody voted yet in the first."""
    number = conversations.find(parts.store, "default", drawn).number
    earlier = document | {"n_votes": document["n_votes"] - 500}
    first = earlier | {"groups": [], "n_groups": 0, "outcome": "no-structure"}
    rows = [
        {
            "conversation": number,
            "sequence": sequence,
            "method_version": 1,
            "outcome": one["outcome"],
            "result_hash": "sha256:x",
            "published_at": 1_790_000_000 + 3600 * sequence,
            "is_at_closing": False,
            "groups": zlib.compress(bytes([0] * 20 + [1] * 20)),
            "presented": zlib.compress(json.dumps(one).encode()),
        }
        for sequence, one in ((1, first), (2, earlier), (3, document))
    ]
    with parts.store.writing() as connection:
        connection.execute(insert(map_versions), rows)
    return drawn


def test_how_sure_a_kept_map_was_stands_beside_it_and_beside_no_other(
    viewer, publish, kept, assessed, parts, public
):
    number = conversations.find(parts.store, "default", kept).number
    assessed["certainty"]["verdict"] = "distinct groups"
    told = PublishedAssessment(number, 1, 2, json.dumps(assessed).encode(), b"")
    # A newer map has been judged already.
    assert not assessments.publish(parts.store, told)
    told = text_of(viewer.get(f"/conversations/{kept}/report?version=2&lang=en").text)
    assert "These groups are firm: with other people like these we find them again" in told
    assert "of just this map." in told
    assert "not known of this map" not in told
    other = text_of(viewer.get(f"/conversations/{kept}/report?version=3&lang=en").text)
    assert "not known of this map" in other
    page = text_of(viewer.get(f"/conversations/{kept}/map?version=3&lang=en").text)
    assert "not known of this map" in page
    assert "refreshes by itself" not in page
    answers = [public.get(f"/v1/conversations/{kept}/group-map-versions/{one}").json for one in (2, 3)]
    judged = answers[0]["certainty"]
    assert (judged["verdict"], judged["as_of"], judged["stale"]) == ("distinct groups", 2, False)
    assert answers[1]["certainty"] is None
    assert "assessment" not in answers[0]["group_map"]


def test_earlier_maps_are_read_and_compared(viewer, kept, document):
    page = viewer.get(f"/conversations/{kept}/map?lang=en").text
    # To show, to compare from and to; a statement may be called 2 as well.
    assert [page.count(f'<option value="{one}"') >= 3 for one in (1, 2, 3)] == [True] * 3
    earlier = viewer.get(f"/conversations/{kept}/report?version=2&lang=en")
    assert "This report speaks of an earlier map." in earlier.text
    assert "version=2" in earlier.text
    assert "not known of this map" in text_of(earlier.text)
    compared = viewer.get(f"/conversations/{kept}/map/compare?from=3&to=2&lang=en").text
    assert f"{document['n_votes']:,}" in compared
    assert f"{document['n_votes'] - 500:,}" in compared
    assert "Group A stayed, and is group A now." in compared
    assert viewer.get(f"/conversations/{kept}/map/compare?from=1&to=3&lang=nl").status_code == 200
    for name in ("statements", "map.csv", "map.svg", "statements.csv"):
        assert viewer.get(f"/conversations/{kept}/{name}?version=2").status_code == 200, name


def test_a_map_with_too_little_to_draw_is_told_in_words(request, viewer, document, assessed, parts):
    """Chance groups of one dot each: three dots are no cloud."""
    for group in document["groups"]:
        del group["bubbles"][1:]
    kept = request.getfixturevalue("kept")
    number = conversations.find(parts.store, "default", kept).number
    assessed["certainty"]["verdict"] = "no stable groups"
    assessments.publish(parts.store, PublishedAssessment(number, 1, 2, json.dumps(assessed).encode(), b""))
    for address in ("map/compare?from=2&to=3", "map?version=2", "report?version=2"):
        answer = viewer.get(f"/conversations/{kept}/{address}&lang=en")
        assert answer.status_code == 200, address
        assert "there are no stable groups" in answer.text, address
        assert 'class="bubbles cloud"' not in answer.text
    assert viewer.get(f"/conversations/{kept}/map.svg?version=2").status_code == 404


def test_the_map_of_a_hundred_thousand_people_is_as_light_as_any(viewer, publish, document, assessed):
    rng = np.random.default_rng(0)
    for group, n_people in zip(document["groups"], (50_000, 30_000, 20_000), strict=True):
        places = rng.normal(group["centre"], 0.8, size=(n_people, 2))
        found = bubbles(places, smallest=bubble_size(100_000))
        group["n_participants"] = n_people
        group["bubbles"] = [vars_of(one) for one in found]
        group["outline"] = outline(found, margin=0.1).tolist()
    document["n_placed"] = document["n_participants"] = 100_000
    here = publish(document, assessed=assessed)
    page = viewer.get(f"/conversations/{here}/map")
    assert len(page.data) <= 400_000
    lines = list(csv.DictReader(io.StringIO(viewer.get(f"/conversations/{here}/map.csv").text)))
    assert sum(int(one["n_participants"]) for one in lines) == 100_000
    assert min(int(one["n_participants"]) for one in lines) >= 10


def vars_of(bubble):
    return {"x": bubble.x, "y": bubble.y, "n_participants": bubble.n_participants, "radius": bubble.radius}


def test_what_if_shows_another_map_and_changes_nothing(sign_in, viewer, publish, parts, sample):
    texts = {one.id: one.text for one in sample.statements}
    made = conversations.find(parts.store, "default", publish(texts=texts))
    cast = [NewVote(one.participant, one.statement, one.value) for one in sample.votes]
    votes.record(parts.store, made, cast)
    parts.map_requests.ask(made.number)
    redraw(parts.store, parts.map_requests, made.number)
    before, page = group_maps.stamp(parts.store, made.number), f"/conversations/{made.id}/map/what-if"
    assert viewer.get(page).status_code == 403
    moderator = sign_in(Role.MODERATOR)
    mark = moderator.mark(page)
    assert 'value="3" checked' in moderator.get(f"{page}?without=3").text
    refused = moderator.send(page, mark=mark, people="nobodynobody <b>")
    assert refused.status_code == 422
    assert "nobodynobody, &lt;b&gt;" in refused.text
    people = [reference_of(parts.store.secret, made, number) for number in range(40)]
    answer = moderator.send(page, mark=mark, without=["3", "nope"], participant=people, groups="2")
    assert answer.status_code == 303
    waiting = moderator.client.get(answer.location)
    assert waiting.headers["Refresh"] == "2"
    job = analysis_jobs.waiting(parts.store, now=time.time() + 60)[0]
    assert analyse(parts.store, parts.analysis_requests, job) == AnalysisState.DONE
    done = moderator.client.get(f"{answer.location}?lang=en")
    assert "Refresh" not in done.headers
    told = text_of(done.text)
    assert "Left out: 1 statement and 40 people." in told
    assert done.text.count('class="map"') == 2
    assert "People who voted 400 360" in told
    assert re.search(r"Groups 3 2\b", told)
    assert group_maps.stamp(parts.store, made.number) == before
    # Another conversation's page doesn't show it.
    other = publish()
    assert moderator.client.get(answer.location.replace(made.id, other)).status_code == 404

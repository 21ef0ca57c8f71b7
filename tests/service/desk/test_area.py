"""A part of the map: whole bubbles of people, counted on the server, told with intervals and never of a few."""

import re
from collections import Counter

import orjson
import pytest

from clustering.samples import neighbourhood_conversation
from service.desk.area import _people_within, area
from service.desk.map_values import desk_map
from service.desk.reading_maps import read_map
from service.map_requests import MapRequests
from service.store import conversations, group_maps, statements, votes
from service.store.desk_records import Role
from service.store.records import NewConversation, NewStatement, NewVote
from worker.jobs import redraw

EVERYWHERE = [(-1e6, -1e6), (1e6, -1e6), (1e6, 1e6), (-1e6, 1e6)]


@pytest.fixture
def made(parts):
    """A conversation with all votes of the sample, and its map."""
    sample = neighbourhood_conversation(language="en")
    found = conversations.create(parts.store, "default", NewConversation(sample.question, language="en"))
    added = [NewStatement(text=one.text, id=one.id, is_meta=one.is_meta) for one in sample.statements]
    statements.add(parts.store, found, added)
    cast = [NewVote(one.participant, one.statement, one.value) for one in sample.votes]
    votes.record(parts.store, found, cast)
    redraw(parts.store, MapRequests(""), found.number)
    return conversations.find(parts.store, "default", found.id)


def test_a_part_is_made_of_the_bubbles_that_the_map_shows(parts, made):
    document = orjson.loads(group_maps.read(parts.store, made).document)
    drawing = desk_map(parts.store, made, read_map(parts.store, made)).page.drawing
    bubbles = [one for group in document["groups"] for one in group["bubbles"]]
    for one in bubbles:
        x, y = drawing.frame.point((one["x"], one["y"]))
        # Points of a drawing have one decimal.
        around = [(x - 0.06, y - 0.06), (x + 0.06, y - 0.06), (x + 0.06, y + 0.06), (x - 0.06, y + 0.06)]
        numbers, n_placed = _people_within(parts.store, made, drawing.frame, around)
        assert len(numbers) == one["n_participants"] >= 10
        assert n_placed == document["n_placed"]
    everybody, _ = _people_within(parts.store, made, drawing.frame, EVERYWHERE)
    assert len(everybody) == sum(one["n_participants"] for one in bubbles)


def test_it_tells_what_a_count_by_hand_tells_and_nothing_of_a_few(parts, made):
    drawing = desk_map(parts.store, made, read_map(parts.store, made)).page.drawing
    records = statements.list_all(parts.store, made)
    half = [(0, 0), (drawing.width / 2, 0), (drawing.width / 2, drawing.height), (0, drawing.height)]
    found = area(parts.store, made, records, frame=drawing.frame, corners=half)
    numbers, n_placed = _people_within(parts.store, made, drawing.frame, half)
    assert (found.n_people, found.n_others) == (len(numbers), n_placed - len(numbers))
    assert len(found.differing) == 10
    sample, order = neighbourhood_conversation(language="en"), {}
    for one in sample.votes:
        order.setdefault(one.participant, len(order))
    last = {(order[one.participant], one.statement): int(one.value) for one in sample.votes}
    inside = set(numbers)
    for one in found.differing:
        count = Counter(
            (person in inside, value)
            for (person, statement), value in last.items()
            if statement == one.statement.id
        )
        assert one.n_inside == sum(n for (is_in, _), n in count.items() if is_in)
        assert one.n_others == sum(n for (is_in, _), n in count.items() if not is_in)
        value = 1 if one.direction == "agree" else -1
        assert one.inside.percent == round(100 * count[True, value] / one.n_inside)
        assert one.inside.low <= one.inside.percent <= one.inside.high
        assert not one.difference.low <= 0 <= one.difference.high
    sizes = [abs(one.difference.percent) for one in found.differing]
    assert sizes == sorted(sizes, reverse=True)
    for corners in (EVERYWHERE, [(0, 0), (1, 0), (1, 1)]):
        none = area(parts.store, made, records, frame=drawing.frame, corners=corners)
        assert (none.n_people, none.n_others, none.differing, none.alike) == (None, None, (), ())


def test_the_page_takes_ranges_and_lines_drawn_by_hand(sign_in, made):
    viewer, page = sign_in(Role.VIEWER), f"/conversations/{made.id}/map/area"
    told = viewer.get(f"{page}?left=0&right=50&lang=en")
    assert told.status_code == 200
    people = re.search(r"In this part stand (\d+) people, elsewhere on the map (\d+) people", told.text)
    assert sum(int(one) for one in people.groups()) > 300
    assert told.text.count("n = ") >= 10
    height = float(re.search(r'data-height="([\d.]+)"', told.text)[1])
    line = f"0,0 240,0 240,{height} 0,{height}"
    by_hand = viewer.get(f"{page}?lang=en&corners={line.replace(' ', '+')}").text
    assert people[0] in by_hand
    assert "too few people in this part" in viewer.get(f"{page}?left=0&lang=en").text
    # Before anything is chosen there is nothing to say.
    assert "area-found" not in viewer.get(f"{page}?lang=en").text
    for odd in (
        "corners=x",
        "corners=1,2+3,4",
        "left=-1&top=9999",
        "corners=nan,1+inf,2+3,3",
        "corners=1e9,1+2,2+3,3",
    ):
        assert viewer.get(f"{page}?lang=nl&{odd}").status_code == 200, odd

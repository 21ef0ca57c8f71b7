import itertools
import re

import pytest

from service.pages.drawing import LABEL_HEIGHT, LABEL_WIDTH, WIDTH, cloud_of, drawing_of, smooth


def group(letter, x, y, *, size=1.0, n_bubbles=3):
    corners = [[x - size, y - size], [x + size, y - size], [x + size, y + size], [x - size, y + size]]
    bubbles = [{"x": x, "y": y + i / 10, "n_participants": 10, "radius": 0.2} for i in range(n_bubbles)]
    return {
        "group": letter,
        "n_participants": 10 * n_bubbles,
        "centre": [x, y],
        "bubbles": bubbles,
        "outline": corners,
    }


HIDDEN = {"group": "B", "n_participants": None, "centre": None, "bubbles": [], "outline": []}


def test_the_sample_fits_and_keeps_its_proportions(document):
    drawn = drawing_of(document["groups"])
    assert drawn.width == WIDTH
    places = {one.letter: one for one in drawn.groups}
    for one in drawn.groups:
        for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", one.hull):
            assert -1 <= float(x) <= drawn.width + 1
            assert -1 <= float(y) <= drawn.height + 1
    bubbles = [
        (bubble, circle)
        for given in document["groups"]
        for bubble, circle in zip(given["bubbles"], places[given["group"]].circles, strict=True)
    ]
    (a, drawn_a), (b, drawn_b), *_ = bubbles
    scale = (drawn_b.x - drawn_a.x) / (b["x"] - a["x"])
    for (one, at), (other, there) in itertools.combinations(bubbles, 2):
        # One scale for both axes, and up is up; positions are rounded to a tenth.
        assert there.x - at.x == pytest.approx(scale * (other["x"] - one["x"]), abs=0.5)
        assert there.y - at.y == pytest.approx(-scale * (other["y"] - one["y"]), abs=0.5)


def test_labels_do_not_overlap():
    drawn = drawing_of([group(letter, x / 50, 0, size=2) for x, letter in enumerate("ABCDE")])
    for one, other in itertools.combinations(drawn.groups, 2):
        assert abs(one.x - other.x) >= LABEL_WIDTH - 1 or abs(one.y - other.y) >= LABEL_HEIGHT - 1
    for one in drawn.groups:
        assert LABEL_WIDTH / 2 <= one.x <= drawn.width - LABEL_WIDTH / 2
        assert LABEL_HEIGHT / 2 <= one.y <= drawn.height - LABEL_HEIGHT / 2


def test_what_must_not_be_seen_is_not_drawn():
    assert drawing_of([]) is None
    assert drawing_of([HIDDEN]) is None
    assert [one.letter for one in drawing_of([group("A", 0, 0), HIDDEN]).groups] == ["A"]


def test_everybody_in_one_place():
    drawn = drawing_of([group("A", 0, 0, size=0)])
    assert drawn.height > 0
    assert len(drawn.groups[0].circles) == 3


def test_a_group_of_one_bubble_is_its_hull():
    drawn = drawing_of([group("A", 0, 0, n_bubbles=1), group("B", 5, 0)])
    assert [len(one.circles) for one in drawn.groups] == [0, 3]


def test_too_few_corners_are_no_hull():
    assert smooth([(0, 0), (1, 1)]) == ""


def test_a_cloud_keeps_its_proportions_and_fits():
    places = ((-2, 0), (1, 1), (3, -1), (0, 0), (0, 0))
    bubbles = [{"x": x, "y": y, "n_participants": 10, "radius": 0.3} for x, y in places]
    drawn = cloud_of(bubbles)
    assert drawn.groups == ()
    left, middle, right, *_ = drawn.cloud
    assert (middle.x - left.x) / (right.x - middle.x) == pytest.approx(1.5, abs=0.02)
    # Up on the map is up in the drawing, whose second coordinate runs down.
    assert middle.y < left.y < right.y
    assert all(one.radius <= one.x <= drawn.width - one.radius for one in drawn.cloud)
    assert all(one.radius <= one.y <= drawn.height - one.radius for one in drawn.cloud)
    # A few dots far apart would look like groups.
    assert cloud_of(bubbles[:4]) is None

"""When a change is told or shown: events, differences and the number of groups exactly at their limits."""

import json
from dataclasses import dataclass, replace

import numpy as np
import pytest

from clustering.differences import differences
from clustering.events import group_events
from clustering.pipeline import compute_group_map
from clustering.steadiness import present


def _said(*flows):
    """Return what is said of n people going from group a to group b, for each (a, b, n)."""
    before = np.concatenate([[a] * n for a, _, n in flows])
    now = np.concatenate([[b] * n for _, b, n in flows])
    return [(e.event, "".join(e.before), "".join(e.now)) for e in group_events(before, now)]


def test_half_of_a_group_is_most_of_it():
    assert _said((0, 0, 10), (0, -1, 30)) == [("continued", "A", "A")]
    assert _said((0, 0, 5), (0, 1, 5), (1, 1, 5)) == [("merged", "AB", "B"), ("split", "A", "AB")]
    assert ("continued", "A", "A") in _said((0, 0, 50), (0, 1, 50), (1, 1, 51))
    assert _said((0, 0, 49), (0, 1, 51), (1, 1, 52)) == [("merged", "AB", "B"), ("new", "", "A")]


def test_a_quarter_of_a_group_is_a_part_of_it():
    assert _said((0, 0, 75), (0, 1, 25)) == [("split", "A", "AB")]
    assert _said((0, 0, 76), (0, 1, 24)) == [("continued", "A", "A"), ("new", "", "B")]
    # A part makes up half of the group it has become.
    assert _said((0, 0, 60), (0, 1, 40), (1, 1, 40), (1, 2, 40)) == [
        ("split", "A", "AB"),
        ("split", "B", "BC"),
    ]
    assert _said((0, 0, 60), (0, 1, 40), (1, 1, 41)) == [("continued", "A", "A"), ("continued", "B", "B")]


def test_kinds_come_in_their_order():
    kinds = [
        kind
        for kind, *_ in _said((0, 0, 9), (1, 0, 9), (2, 1, 5), (2, 2, 5), (3, 3, 4), (4, -1, 2), (-1, 4, 3))
    ]
    assert kinds == ["merged", "split", "continued", "new", "gone"]


def _told(statements):
    return {"n_participants": 1, "n_votes": 2, "n_placed": 3, "n_groups": 4, "statements": statements}


def _entry(statement, n_agree, n_seen, n_disagree=0, **groups):
    counted = {"n_agree": n_agree, "n_disagree": n_disagree, "n_seen": n_seen}
    groups = {g: {"n_agree": a, "n_disagree": 0, "n_seen": n} for g, (a, n) in groups.items()}
    return {"statement": statement, **counted, "groups": groups}


def _moved(before, now):
    nobody = np.zeros(0, int)
    return differences(_told(before), _told(now), groups_before=nobody, groups_now=nobody)["statements"]


def test_two_of_a_hundred_are_a_move():
    assert _moved([_entry("1", 500, 1_000)], [_entry("1", 519, 1_000)]) == []
    assert _moved([_entry("1", 500, 1_000)], [_entry("1", 520, 1_000)]) == [
        {
            "statement": "1",
            "group": None,
            "agree": {"before": 0.5, "now": 0.52},
            "disagree": {"before": 0.0, "now": 0.0},
        }
    ]
    (fell,) = _moved([_entry("1", 500, 1_000, 300)], [_entry("1", 500, 1_000, 270)])
    assert fell["disagree"] == {"before": 0.3, "now": 0.27}


@pytest.mark.parametrize(
    ("then", "now", "is_told"), [(4, 50, False), (50, 4, False), (5, 5, True), (None, 5, False)]
)
def test_five_people_must_have_seen_it_both_times(then, now, is_told):
    before = _entry("1", 0, 100) | {"groups": {"A": {"n_agree": 0, "n_disagree": 0, "n_seen": then}}}
    after = _entry("1", 0, 100, A=(now, now))
    assert [one["group"] for one in _moved([before], [after])] == (["A"] if is_told else [])


def test_what_moved_most_comes_first_of_groups_with_the_same_letter():
    before = [_entry("1", 10, 100, A=(0, 50), B=(10, 50)), _entry("2", 50, 100)]
    now = [_entry("1", 20, 100, A=(20, 50), C=(0, 50)), _entry("2", 25, 100), _entry("3", 1, 1)]
    assert [(one["statement"], one["group"]) for one in _moved(before, now)] == [
        ("1", "A"),
        ("2", None),
        ("1", None),
    ]


@pytest.mark.parametrize(("n", "said"), [(4, []), (5, [5]), (7, [5]), (8, [10]), (12, [10]), (13, [15])])
def test_moves_are_told_of_five_and_rounded_to_fives(n, said):
    told = differences(_told([]), _told([]), groups_before=np.zeros(n, int), groups_now=np.full(n, 4))
    assert [(m["before"], m["now"], m["n_participants"]) for m in told["moves"]] == [
        ("A", "E", k) for k in said
    ]


@dataclass(frozen=True)
class _Kept:
    presentation: bytes
    places: bytes


def _shown_other(group_map, since):
    """Return what was shown before: two groups or three, and the other number winning since so many votes."""
    shown, wins = present(group_map), group_map.n_groups
    winning = {"n_groups": wins, "since_votes": since}
    record = shown.presentation_document() | {"n_groups": 5 - wins, "steadying": winning}
    return _Kept(json.dumps(record).encode(), shown.places_bytes())


def test_another_number_of_groups_is_shown_once_votes_grew_by_fifteen_hundredths(two_camps):
    group_map = compute_group_map(two_camps(90, 20, seed=2))
    n_votes = group_map.matrix.n_votes
    # The most votes from which so many are 15 % more.
    since = int(n_votes / 1.15)
    assert present(group_map, _shown_other(group_map, since)).grouping.n_groups == 2
    assert present(group_map, _shown_other(group_map, since + 1)).grouping.n_groups == 3


def test_and_by_twenty_votes_at_least(two_camps):
    matrix = two_camps(20, 6, seed=3)
    group_map = compute_group_map(matrix)
    assert matrix.n_votes < 130
    shown = _shown_other(group_map, matrix.n_votes - 20)
    assert group_map.n_groups == 3
    assert present(group_map, shown).grouping.n_groups == 3
    waiting = present(group_map, _shown_other(group_map, matrix.n_votes - 19))
    assert waiting.grouping.n_groups == 2
    assert waiting.steadying == {"n_groups": 3, "since_votes": matrix.n_votes - 19}


def test_letters_go_to_the_groups_that_share_most_people_in_all(two_camps):
    """Two groups that would both like A: the assignment that keeps most people's letters wins."""
    group_map = compute_group_map(two_camps(90, 20, seed=2))
    shown = present(group_map)
    places = np.frombuffer(shown.places_bytes(), [("x", "<f8"), ("y", "<f8"), ("group", "i1")]).copy()
    first = np.flatnonzero(places["group"] == 0)
    # Most of either group were in A; of the larger, 10 were in B.
    places["group"] = 0
    places["group"][first[:10]] = 1
    kept = _Kept(json.dumps(shown.presentation_document()).encode(), places.tobytes())
    n_first, n_second = first.size, 90 - first.size
    expected = "AB" if n_first - 10 > n_second + 10 else "BA"
    assert present(group_map, kept).letters == expected
    assert replace(group_map, grouping=None).n_groups == 0


def test_shares_are_of_people_with_a_group_both_times():
    """One person is all of a group in which nobody else is on both maps."""
    assert _said((0, 3, 1)) == [("continued", "A", "D")]
    assert _said((0, 3, 1), (0, -1, 1), (-1, 3, 1)) == [("continued", "A", "D")]
    assert _said((0, 1, 1), (0, 2, 1)) == [("split", "A", "BC")]
    assert _said((1, 0, 1), (2, 0, 1)) == [("merged", "BC", "A")]

"""What differs between two maps: events, moves to the nearest five, shares that moved."""

import numpy as np
import pytest

from clustering.differences import differences
from clustering.errors import ShapeError


def told(statements, n=40):
    return {"n_participants": n, "n_votes": 3 * n, "n_placed": n, "n_groups": 2, "statements": statements}


def counts(n_agree, n_disagree, n_seen):
    return {"n_agree": n_agree, "n_disagree": n_disagree, "n_seen": n_seen}


def entry(statement, everybody, **groups):
    return {"statement": statement, **counts(*everybody), "groups": {g: counts(*c) for g, c in groups.items()}}


NOBODY = np.zeros(0, dtype=np.int8)


def shares(before, now):
    return differences(told(before), told(now), groups_before=NOBODY, groups_now=NOBODY)["statements"]


def test_a_map_does_not_differ_from_itself():
    labels = np.array([0] * 20 + [1] * 20)
    same = told([entry("1", (30, 5, 40), A=(15, 1, 20), B=(15, 4, 20))])
    found = differences(same, same, groups_before=labels, groups_now=labels)
    assert found["statements"] == []
    assert found["n_votes"] == {"before": 120, "now": 120}
    assert [(one["event"], one["before"], one["now"]) for one in found["events"]] == [
        ("continued", ["A"], ["A"]),
        ("continued", ["B"], ["B"]),
    ]
    assert found["moves"] == [
        {"before": "A", "now": "A", "n_participants": 20},
        {"before": "B", "now": "B", "n_participants": 20},
    ]


def test_moves_are_told_to_the_nearest_five_and_never_of_fewer():
    before = np.array([0] * 33 + [1] * 20 + [-1] * 10)
    now = np.array([0] * 26 + [1] * 7 + [1] * 16 + [0] * 4 + [0] * 10)
    found = differences(told([]), told([]), groups_before=before, groups_now=now)
    assert {(one["before"], one["now"]): one["n_participants"] for one in found["moves"]} == {
        ("A", "A"): 25,
        ("A", "B"): 5,
        ("B", "B"): 15,
    }
    assert all(one["n_participants"] % 5 == 0 for one in found["moves"])


def test_a_split_is_an_event():
    before = np.zeros(40, dtype=np.int8)
    now = np.array([0] * 20 + [1] * 20)
    found = differences(told([]), told([]), groups_before=before, groups_now=now)
    assert found["events"] == [{"event": "split", "before": ["A"], "now": ["A", "B"]}]


def test_shares_that_moved_are_told_largest_first_by_group_too():
    before = [entry("1", (20, 10, 40), A=(10, 5, 20), B=(10, 5, 20)), entry("2", (50, 0, 100))]
    now = [entry("1", (24, 10, 40), A=(14, 5, 20), B=(10, 5, 20)), entry("2", (51, 0, 100))]
    assert shares(before, now) == [
        {
            "statement": "1",
            "group": "A",
            "agree": {"before": 0.5, "now": 0.7},
            "disagree": {"before": 0.25, "now": 0.25},
        },
        {
            "statement": "1",
            "group": None,
            "agree": {"before": 0.5, "now": 0.6},
            "disagree": {"before": 0.25, "now": 0.25},
        },
    ]


def test_of_fewer_than_five_nothing_is_told():
    hidden = {"n_agree": None, "n_disagree": None, "n_seen": None}
    before = [entry("1", (0, 4, 4)), entry("2", (0, 0, 0)), {**entry("3", (9, 0, 9)), "groups": {"A": hidden}}]
    now = [entry("1", (40, 4, 44)), entry("2", (9, 0, 9)), entry("3", (9, 0, 9), A=(9, 0, 9))]
    assert shares(before, now) == []


def test_statements_and_groups_of_only_one_map_are_not_compared():
    before = [entry("1", (9, 0, 9), A=(9, 0, 9))]
    now = [entry("1", (9, 0, 9), B=(0, 9, 9)), entry("new", (0, 9, 9))]
    assert shares(before, now) == []


def test_people_are_the_same_both_times():
    with pytest.raises(ShapeError, match=r"\(0,\) and \(3,\)"):
        differences(told([]), told([]), groups_before=NOBODY, groups_now=np.zeros(3, dtype=np.int8))

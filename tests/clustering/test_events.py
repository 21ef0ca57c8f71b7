"""What became of each group: told cases, and rules that hold for any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustering.errors import ShapeError
from clustering.events import group_events


def _said(before, now):
    return [(e.event, "".join(e.before), "".join(e.now)) for e in group_events(np.array(before), np.array(now))]


def _flow(*flows):
    """Return labels of `n` people from group a to group b, for each (a, b, n)."""
    before = np.concatenate([[a] * n for a, _, n in flows])
    now = np.concatenate([[b] * n for _, b, n in flows])
    return before, now


@pytest.mark.parametrize(
    ("flows", "said"),
    [
        ([(0, 0, 10), (1, 1, 5)], [("continued", "A", "A"), ("continued", "B", "B")]),
        ([(0, 2, 10), (1, 1, 5)], [("continued", "A", "C"), ("continued", "B", "B")]),
        ([(0, 0, 6), (0, 2, 4), (1, 1, 5)], [("split", "A", "AC"), ("continued", "B", "B")]),
        (
            [(0, 0, 8), (0, 2, 2), (1, 1, 5)],
            [("continued", "A", "A"), ("continued", "B", "B"), ("new", "", "C")],
        ),
        ([(0, 0, 10), (1, 0, 5)], [("merged", "AB", "A")]),
        ([(0, 0, 10), (1, -1, 5)], [("continued", "A", "A"), ("gone", "B", "")]),
        ([(0, 0, 10), (-1, 1, 5)], [("continued", "A", "A"), ("new", "", "B")]),
        ([(0, -1, 10), (-1, 0, 10)], [("new", "", "A"), ("gone", "A", "")]),
        ([(0, 0, 4), (0, 1, 4), (0, 2, 4), (1, 3, 4)], [("split", "A", "ABC"), ("continued", "B", "D")]),
        ([(-1, -1, 3)], []),
    ],
)
def test_told_cases(flows, said):
    assert _said(*_flow(*flows)) == said


LABELS = st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 4)), max_size=60)


@given(LABELS)
def test_every_group_is_named_and_the_order_of_people_is_nothing(pairs):
    before = np.array([a for a, _ in pairs], int)
    now = np.array([b for _, b in pairs], int)
    events = group_events(before, now)
    assert {x for e in events for x in e.before} == {"ABCDE"[b] for b in before[before >= 0]}
    assert {x for e in events for x in e.now} == {"ABCDE"[n] for n in now[now >= 0]}
    assert events == group_events(before[::-1], now[::-1])
    alone = [e for e in events if e.event in {"new", "gone"}]
    assert all(len(e.before) + len(e.now) == 1 for e in alone)


@given(LABELS)
def test_time_turned_around_turns_the_events(pairs):
    """What continued forwards continued backwards; what was new is gone."""
    before = np.array([a for a, _ in pairs], int)
    now = np.array([b for _, b in pairs], int)
    forwards, backwards = group_events(before, now), group_events(now, before)
    assert {e.before + e.now for e in forwards if e.event == "continued" and len(forwards) == 1} <= {
        e.now + e.before for e in backwards
    }


def test_another_number_of_people_is_refused():
    with pytest.raises(ShapeError, match=r"as many people before as now, got \(2,\) and \(3,\)"):
        group_events(np.zeros(2, int), np.zeros(3, int))

"""First votes in a minute beside Poisson's distribution, at the limits of the window and of the hour around."""

import numpy as np
import pytest
from scipy import stats

from clustering.coordination import bursts, first_votes_at

MINUTE, HOUR = 60_000, 3_600_000


def _evenly(n, *, every=MINUTE * 6):
    return np.arange(n, dtype=np.int64) * every


@pytest.mark.parametrize(("n", "is_found"), [(9, False), (10, True)])
def test_ten_at_once_are_the_fewest(n, is_found):
    at = np.concatenate((_evenly(100), np.full(n, 50 * HOUR)))
    assert [one.rows.tolist() for one in bursts(at)] == ([list(range(100, 100 + n))] if is_found else [])


def test_the_window_is_a_minute_and_its_end_is_not_in_it():
    start = 5 * HOUR + 3 * MINUTE
    within = start + np.linspace(0, MINUTE - 1, 12).astype(np.int64)
    at = np.concatenate((_evenly(100), within, [start + MINUTE]))
    (found,) = bursts(at)
    assert found.rows.tolist() == list(range(100, 112))
    assert found.seen["start_ms"] == start
    assert found.seen["n_people"] == 12


def test_the_rate_is_that_of_the_hour_around_without_the_window():
    """One every six minutes: ten in the hour around, so 10/59 of one in a minute beside the window's own."""
    at = np.concatenate((_evenly(300) + 1, np.full(12, 15 * HOUR + 2 * MINUTE)))
    (found,) = bursts(at)
    assert found.seen["expected"] == pytest.approx(10 / 59)


def test_at_the_end_the_hour_reaches_no_further_than_the_conversation():
    """Nine came in the half hour before the last minute (and the first of them at its end)."""
    end = 10 * HOUR
    before = end - 30 * MINUTE + np.arange(9) * 3 * MINUTE
    at = np.concatenate(([0], before, np.full(15, end)))
    (found,) = bursts(at)
    # From half an hour before the window's middle to the end: 29.5 minutes, one of them the window.
    assert found.rows.tolist() == list(range(10, 25))
    assert found.seen["expected"] == pytest.approx(8 / 28.5)


def test_where_nobody_else_came_one_first_vote_is_expected_in_the_time_there_is():
    at = np.concatenate(([0], np.full(14, 2 * HOUR)))
    (found,) = bursts(at)
    assert found.seen["expected"] == pytest.approx(1 / 28.5)


def test_the_chance_is_poisson_s_times_the_number_of_windows():
    """Four a minute all day long; so many at once as the chance of one in a hundred asks for, and one fewer."""
    calm = np.arange(4 * 60 * 10, dtype=np.int64) * (MINUTE // 4)
    instant = 5 * HOUR + 7_000

    def found(n):
        return len(bursts(np.concatenate((calm, np.full(n, instant)))))

    def is_rare(n):
        # The window that starts with them holds four of the calm ones too; 236 are left of the hour around.
        return stats.poisson.sf(n + 4 - 1, 236 / 59) * (calm.size + n) <= 0.01

    least = next(n for n in range(5, 60) if is_rare(n))
    assert [found(least - 1), found(least)] == [0, 1]


def test_windows_do_not_overlap_and_the_fullest_comes_first():
    first, second = 20 * HOUR, 30 * HOUR
    crowd = np.concatenate((np.full(11, first), np.full(20, first + MINUTE // 2), np.full(12, second)))
    found = bursts(np.concatenate((_evenly(500), crowd)))
    assert [one.seen["n_people"] for one in found] == [32.0, 13.0]
    together = np.concatenate([one.rows for one in found])
    assert len(np.unique(together)) == together.size


def test_who_never_voted_or_when_nobody_knows_is_in_no_burst():
    at = np.concatenate((np.full(5, -1), _evenly(50) + 1, np.full(12, 2 * HOUR + 1)))
    (found,) = bursts(at)
    assert found.rows.min() >= 5


def test_a_first_vote_in_the_first_millisecond_is_known():
    assert first_votes_at(np.array([0, 0]), np.array([0, 7]), n_participants=1).tolist() == [0]

"""Counting requests within a sliding minute: each by themselves, whatever the others do."""

import threading

from service.api.request_counts import RequestCounts


class Clock:
    def __init__(self):
        self.seconds = 600.0

    def __call__(self):
        return self.seconds


def test_the_last_window_counts_by_how_much_of_it_lies_within_a_minute():
    clock = Clock()
    counts = RequestCounts(clock=clock)
    assert [counts.count("ann", most=6).n_left for _ in range(7)] == [5, 4, 3, 2, 1, 0, 0]
    refused = counts.count("ann", most=6)
    assert (refused.is_within, refused.resets_in) == (False, 70)
    # Whoever waits so long has room again, and not much before.
    clock.seconds += 68
    assert not counts.count("ann", most=6).is_within
    clock.seconds += 2
    assert counts.count("ann", most=6).is_within
    clock.seconds += 170
    assert [counts.count("ann", most=6).n_left for _ in range(6)] == [5, 4, 3, 2, 1, 0]
    assert counts.count("bob", most=6).n_left == 5
    clock.seconds += 90
    # Half a window in, half of the six count; the refused ones never did.
    assert [counts.count("ann", most=6).is_within for _ in range(4)] == [True, True, True, False]
    clock.seconds += 120
    assert counts.count("ann", most=6).n_left == 5


def test_who_stays_away_is_forgotten():
    clock = Clock()
    counts = RequestCounts(clock=clock)
    for number in range(1_000):
        counts.count(number, most=1)
    clock.seconds += 125
    counts.count("ann", most=1)
    assert len(counts._here) + len(counts._before) == 1


def test_counting_starts_no_threads_and_loses_nothing_between_them():
    counts, before = RequestCounts(), threading.active_count()
    counted = []

    def ask():
        counted.extend(counts.count("ann", most=500) for _ in range(200))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(one.is_within for one in counted) == 500
    assert threading.active_count() == before

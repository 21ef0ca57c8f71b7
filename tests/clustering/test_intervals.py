"""Intervals beside those of statsmodels and SciPy."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from clustering.intervals import Interval, difference_interval, share_interval, share_quantile

COUNTS = [(0, 5, 3, 7), (12, 40, 30, 44), (1, 2, 0, 2), (90, 100, 10, 100), (7, 7, 6, 9)]


@pytest.mark.parametrize(("s1", "n1", "s2", "n2"), COUNTS)
def test_a_difference_is_newcombe_s_when_its_parts_are_wilson_s(s1: int, n1: int, s2: int, n2: int):
    def wilson(s: int, n: int) -> Interval:
        low, high = proportion_confint(s, n, alpha=0.1, method="wilson")
        return Interval(np.asarray(s / n), np.asarray(low), np.asarray(high))

    ours = difference_interval(wilson(s1, n1), wilson(s2, n2))
    low, high = confint_proportions_2indep(s1, n1, s2, n2, method="newcomb", compare="diff", alpha=0.1)
    assert float(ours.share) == pytest.approx(s1 / n1 - s2 / n2)
    assert float(ours.low) == pytest.approx(low, abs=1e-12)
    assert float(ours.high) == pytest.approx(high, abs=1e-12)


@pytest.mark.parametrize(("s", "n"), [(0, 4), (4, 4), (13, 40), (1, 2)])
def test_a_share_s_interval_is_central_and_widened_to_the_share(s: int, n: int):
    found = share_interval(s, n)
    posterior = stats.beta(s + 1, n - s + 1)
    assert float(found.low) == pytest.approx(min(posterior.ppf(0.05), s / n), abs=1e-12)
    assert float(found.high) == pytest.approx(max(posterior.ppf(0.95), s / n), abs=1e-12)
    assert float(found.share) == s / n


def test_many_asked_make_it_the_usual_interval():
    found = share_interval(40_000, 100_000)
    low, high = proportion_confint(40_000, 100_000, alpha=0.1, method="wilson")
    # Prior and Wilson's correction are each worth about one imagined vote in a hundred thousand.
    assert (float(found.low), float(found.high)) == pytest.approx((low, high), abs=2e-5)


def test_nobody_asked_leaves_half_and_every_share_possible():
    found = share_interval([0], [0])
    assert found.share.tolist() == [0.5]
    assert [*found.low, *found.high] == pytest.approx([0.05, 0.95])
    assert float(share_quantile(0, 0, level=0.1)) == pytest.approx(0.1)


def test_a_wider_level_is_wider():
    narrow, wide = share_interval(3, 9, level=0.5), share_interval(3, 9, level=0.99)
    assert wide.low < narrow.low < narrow.high < wide.high

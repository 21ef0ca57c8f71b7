"""Intervals without arrays are those with them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from clustering.intervals import difference_interval, share_interval
from clustering.settings import INTERVAL_LEVEL
from clustering.share_ends import Z_90, difference_ends, share_ends


def parts(n_trials):
    whole = st.integers(0, int(n_trials)).map(float)
    return st.tuples(whole | st.floats(0, n_trials), st.just(n_trials))


@given((st.integers(1, 3_000) | st.integers(1, 1_000_000)).map(float).flatmap(parts))
@example((0.0, 1.0))
@example((1.0, 1.0))
@example((50.0, 100_000.0))
@example((57.3, 60.0))
def test_they_are_the_ends_that_everything_else_shows(counts):
    low, high = share_ends(*counts)
    known = share_interval(*counts)
    assert 0 <= low <= counts[0] / counts[1] <= high <= 1
    # Pages show whole percentages, of which this is a hundredth.
    assert (low, high) == pytest.approx((float(known.low), float(known.high)), abs=1e-4)


@given(*[st.tuples(st.integers(0, 400), st.integers(1, 400)).map(lambda one: (min(one), max(one)))] * 2)
def test_differences_are_those_of_arrays(one, other):
    found = difference_ends(*one, *other)
    known = difference_interval(share_interval(*one), share_interval(*other))
    # Each end is off by a hundredth of a percentage point at most, so both together by hardly more.
    assert found == pytest.approx([float(each) for each in (known.share, known.low, known.high)], abs=2e-4)


def test_the_level_is_that_of_every_interval():
    assert pytest.approx(stats.norm.ppf((1 + INTERVAL_LEVEL) / 2), abs=1e-12) == Z_90


@pytest.mark.parametrize("counts", [(0, 0), (-1, 5), (6, 5), (float("nan"), 5)])
def test_what_is_no_share_is_refused(counts):
    with pytest.raises(ValueError, match="expected 0 to"):
        share_ends(*counts)

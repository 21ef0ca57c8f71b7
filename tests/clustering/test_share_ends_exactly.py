"""Both ways of finding an end beside SciPy's quantiles, as near as each is meant to come."""

import numpy as np
import pytest
from scipy import special, stats

from clustering.share_ends import _expanded, _quantile, _reached, _solved, share_ends


@pytest.mark.parametrize("n", [1, 2, 5, 13, 55, 97, 1_000, 100_000])
def test_a_solved_end_is_the_quantile(n):
    for s in sorted({0, 1, n // 7, n // 3, n // 2, n - 1, n}):
        a, b = s + 1.0, n - s + 1.0
        for level in (0.05, 0.95):
            # Newton's last step is below a millionth, and the error left is its square.
            assert _solved(a, b, level, a / (a + b)) == pytest.approx(stats.beta(a, b).ppf(level), abs=1e-7)


def test_a_bad_start_leads_to_the_same_end():
    for start in (-3.0, 0.0, 1e-9, 0.5, 1 - 1e-9, 1.0, 7.0):
        assert _solved(9.0, 4.0, 0.05, start) == pytest.approx(stats.beta(9, 4).ppf(0.05), abs=1e-7)


def test_what_lies_below_is_scipy_s_incomplete_beta_function():
    for a, b in [(1, 1), (2, 50), (50, 2), (30, 31), (1_000, 400)]:
        scale = special.gammaln(a + b) - special.gammaln(a) - special.gammaln(b)
        for x in (0.001, 0.03, 0.3, 0.5, 0.71, 0.97, 0.999):
            assert _reached(a, b, x, scale) == pytest.approx(special.betainc(a, b, x), abs=1e-9)


def _skewness(a, b):
    return float(stats.beta(a, b).stats("s"))


@pytest.mark.parametrize(
    ("a", "b", "error"), [(50, 50, 2e-5), (56, 45, 2e-5), (300, 330, 2e-6), (6e4, 5e4, 1e-9)]
)
def test_the_expansion_is_as_near_as_its_order_lets_it_come(a, b, error):
    for side, level in ((-1, 0.05), (1, 0.95)):
        found = _expanded(a, b, side * stats.norm.ppf(0.95), _skewness(a, b))
        assert found == pytest.approx(stats.beta(a, b).ppf(level), abs=error)
        assert _quantile(a, b, side) == pytest.approx(stats.beta(a, b).ppf(level), abs=error)


def test_the_expansion_is_used_from_a_hundred_on_and_for_little_skewness_only():
    """Elsewhere the end is exact, which the expansion is not."""
    for a, b, is_expanded in [(49.0, 51.0, True), (49.0, 50.0, False), (30.0, 71.0, False), (52.0, 73.0, True)]:
        z = -1.6448536269514722
        expanded = _expanded(a, b, z, _skewness(a, b))
        assert expanded != pytest.approx(stats.beta(a, b).ppf(0.05), abs=1e-9)
        assert (_quantile(a, b, -1) == pytest.approx(expanded, abs=1e-12)) == is_expanded
        assert (abs(_skewness(a, b)) <= 0.1 and a + b >= 100) == is_expanded


@pytest.mark.parametrize("n", [1, 7, 400])
def test_where_all_say_the_same_the_share_itself_is_an_end(n):
    assert share_ends(n, n)[1] == 1.0
    assert share_ends(0, n)[0] == 0.0
    # The central interval of Beta(n + 1, 1), whose quantiles are roots.
    assert share_ends(n, n)[0] == pytest.approx(0.05 ** (1 / (n + 1)), abs=1e-7)
    assert share_ends(0, n)[1] == pytest.approx(1 - 0.05 ** (1 / (n + 1)), abs=1e-7)


@pytest.mark.parametrize("counts", [(-0.1, 3), (3.1, 3), (0, 0), (1, -1)])
def test_what_is_no_share_is_told(counts):
    with pytest.raises(ValueError, match=rf"expected 0 to {counts[1]} of more than 0, got {counts[0]}"):
        share_ends(*counts)


def test_weighed_counts_need_not_be_whole():
    assert share_ends(2.5, 7.25) == pytest.approx(tuple(stats.beta(3.5, 5.75).ppf([0.05, 0.95])), abs=1e-7)
    assert np.diff(share_ends(0.5, 0.75)) > np.diff(share_ends(50.0, 75.0))

"""Which statements mark a group out and which are shared: the limits of Polis's rules, beside statsmodels."""

import math

import numpy as np
import pytest
from statsmodels.stats.proportion import proportions_ztest

from clustering.consensus import consensus_statements
from clustering.representativeness import representative_statements, side_scores
from clustering.tallies import Tallies

Z_90 = 1.2816


def _tallies(*groups):
    """Return tallies of groups given as rows of (agree, disagree, seen) per statement."""
    table = np.array(groups)
    return Tallies(table[:, :, 0], table[:, :, 1], table[:, :, 2])


def _named(*groups, left_out=()):
    counts = _tallies(*groups)
    is_left_out = np.isin(np.arange(counts.n_seen.shape[1]), left_out)
    return [
        [(s.statement, s.direction) for s in named]
        for named in representative_statements(counts, is_left_out=is_left_out)
    ]


def test_scores_are_statsmodels_tests_on_counts_plus_one():
    rng = np.random.default_rng(0)
    seen = rng.integers(5, 60, (3, 8))
    success = rng.integers(0, seen + 1)
    scores = side_scores(success, seen)
    for group in range(3):
        for j in range(8):
            s, n = success[group, j], seen[group, j]
            other_s, other_n = success[:, j].sum() - s, seen[:, j].sum() - n
            assert scores.share[group, j] == pytest.approx((s + 1) / (n + 2))
            assert scores.ratio[group, j] == pytest.approx((s + 1) / (n + 2) / ((other_s + 1) / (other_n + 2)))
            alone, _ = proportions_ztest(s + 1, n + 1, value=0.5, prop_var=0.5)
            assert scores.share_z[group, j] == pytest.approx(alone)
            apart, _ = proportions_ztest([s + 1, other_s + 1], [n + 1, other_n + 1])
            assert scores.ratio_z[group, j] == pytest.approx(apart)
    product = scores.ratio * scores.ratio_z * scores.share * scores.share_z
    assert scores.rank == pytest.approx(product)


def test_of_many_that_pass_the_five_with_the_highest_product_are_named():
    agreed = [(40 - 2 * j, 2 * j, 40) for j in range(8)]
    (named, _) = _named(agreed, [(4, 36, 40)] * 8)
    # The fewer disagree, the higher all four factors.
    assert named == [(j, "agree") for j in range(5)]


def test_what_is_rejected_comes_after_what_is_agreed_with():
    group = [(1, 39, 40), (30, 10, 40), (2, 38, 40), (40, 0, 40)]
    named, _ = _named(group, [(36, 4, 40), (4, 36, 40), (36, 4, 40), (4, 36, 40)])
    assert named == [(3, "agree"), (1, "agree"), (0, "disagree"), (2, "disagree")]


def test_the_best_agree_comes_first_though_others_stand_out_more():
    """Everybody agrees with the first; the group alone rejects the second."""
    counts = _tallies([(38, 2, 40), (0, 40, 40)], [(30, 10, 40), (40, 0, 40)])
    named, _ = representative_statements(counts, is_left_out=np.zeros(2, bool))
    assert [(s.statement, s.direction, s.is_best_agree) for s in named] == [
        (0, "agree", True),
        (1, "disagree", False),
    ]
    first = named[0]
    assert (first.n_success, first.n_seen) == (38, 40)
    assert first.share == pytest.approx(39 / 42)
    assert first.representativeness == pytest.approx(39 / 42 / (31 / 42))
    second = named[1]
    assert (second.n_success, second.n_seen, second.share) == (40, 40, pytest.approx(41 / 42))


def test_with_five_others_the_best_agree_takes_the_place_of_the_last():
    group = [(38, 2, 40)] + [(0, 40 - j, 40) for j in range(5)]
    named, _ = _named(group, [(30, 10, 40)] + [(40, 0, 40)] * 5)
    assert named == [(0, "agree"), *((j, "disagree") for j in (1, 2, 3, 4))]


def test_where_nothing_passes_the_strongest_is_named():
    group, others = [(8, 12, 40), (9, 12, 40), (3, 14, 40)], [(8, 12, 40), (8, 12, 40), (8, 12, 40)]
    named, _ = _named(group, others)
    assert named == [(2, "disagree")]
    assert _named(group, others, left_out=(2,))[0] == [(1, "agree")]


@pytest.mark.parametrize("n_seen", [10, 20, 50, 200])
def test_consensus_begins_where_z_passes_the_ninety_percent_point(n_seen):
    # 2 √(n + 1) ((s + 1) / (n + 1) − ½) > 1.2816, solved for s.
    least = math.floor(Z_90 * math.sqrt(n_seen + 1) / 2 + (n_seen + 1) / 2 - 1) + 1
    counts = _tallies([(least, 0, n_seen), (least - 1, 0, n_seen), (0, least, n_seen), (0, least - 1, n_seen)])
    found = consensus_statements(counts, is_left_out=np.zeros(4, bool))
    assert [s.statement for s in found.agree] == [0]
    assert [s.statement for s in found.disagree] == [2]
    (shared,) = found.agree
    assert (shared.n_success, shared.n_seen) == (least, n_seen)
    assert shared.share == pytest.approx((least + 1) / (n_seen + 2))
    assert shared.share_z == pytest.approx(proportions_ztest(least + 1, n_seen + 1, value=0.5, prop_var=0.5)[0])


def test_consensus_names_five_on_either_side_of_equal_ones_the_first():
    counts = _tallies([(90, 5, 100)] * 4 + [(95, 5, 100)] * 3 + [(5, 90, 100)] * 7)
    found = consensus_statements(counts, is_left_out=np.arange(14) == 5)
    assert [s.statement for s in found.agree] == [4, 6, 0, 1, 2]
    assert [s.statement for s in found.disagree] == [7, 8, 9, 10, 11]


def test_more_votes_weigh_more_among_equal_shares():
    counts = _tallies([(18, 2, 20), (180, 20, 200)])
    assert [s.statement for s in consensus_statements(counts, is_left_out=np.zeros(2, bool)).agree] == [1, 0]

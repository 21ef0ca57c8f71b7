"""Counts, shares, representativeness, consensus and priorities against independent formulas."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from clustering.consensus import consensus_statements, group_aware_consensus
from clustering.errors import ShapeError
from clustering.priorities import statement_priorities
from clustering.proportions import difference_z, share_z, smoothed_share
from clustering.representativeness import representative_statements, side_scores
from clustering.tallies import Tallies, group_and_overall_tallies, overall_tallies, tallies

COUNTS = st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS)
def test_the_share_is_the_mean_of_a_uniform_prior_updated(counts):
    s, n = counts
    assert smoothed_share(s, n) == pytest.approx(stats.beta(s + 1, n - s + 1).mean())


@given(COUNTS)
def test_the_z_of_a_share_is_the_score_test_on_counts_plus_one(counts):
    s, n = counts
    oracle = ((s + 1) - 0.5 * (n + 1)) / math.sqrt(0.25 * (n + 1))
    assert share_z(s, n) == pytest.approx(oracle)


@given(COUNTS, COUNTS)
def test_the_z_of_a_difference_squares_to_pearson_s_chi_square_on_counts_plus_one(first, second):
    (s1, n1), (s2, n2) = first, second
    z = float(difference_z(s1, n1, s2, n2))
    table = np.array([[s1 + 1, n1 - s1], [s2 + 1, n2 - s2]])
    if table[:, 1].sum() == 0:
        assert z == 0.0
        return
    chi_square = stats.chi2_contingency(table, correction=False).statistic
    assert z**2 == pytest.approx(chi_square, abs=1e-9)
    assert z == pytest.approx(-float(difference_z(s2, n2, s1, n1)))


def test_counts_by_group_are_those_of_a_loop(two_camps):
    matrix = two_camps(80, 12, seed=1)
    labels = np.random.default_rng(0).integers(-1, 3, 80)
    counted = tallies(matrix, labels, n_groups=3)
    dense = np.full(matrix.votes.shape, 9)
    coordinates = matrix.votes.tocoo()
    dense[coordinates.row, coordinates.col] = coordinates.data
    for group in range(3):
        members = dense[labels == group]
        assert counted.n_agree[group].tolist() == (members == 1).sum(axis=0).tolist()
        assert counted.n_disagree[group].tolist() == (members == -1).sum(axis=0).tolist()
        assert counted.n_pass[group].tolist() == (members == 0).sum(axis=0).tolist()
        assert counted.n_seen[group].tolist() == (members != 9).sum(axis=0).tolist()
    everybody = overall_tallies(matrix)
    assert everybody.n_seen[0].tolist() == (dense != 9).sum(axis=0).tolist()
    assert everybody.n_agree[0].tolist() == (dense == 1).sum(axis=0).tolist()
    for at_once, apart in zip(
        group_and_overall_tallies(matrix, labels, n_groups=3), (counted, everybody), strict=True
    ):
        assert np.array_equal(at_once.n_agree, apart.n_agree)
        assert np.array_equal(at_once.n_disagree, apart.n_disagree)
        assert np.array_equal(at_once.n_seen, apart.n_seen)


def test_labels_of_other_people_are_refused(two_camps):
    with pytest.raises(ShapeError, match=r"expected shape \(20,\), got \(19,\)"):
        tallies(two_camps(20, 5, seed=0), np.zeros(19, int), n_groups=1)


def _tallies(*groups):
    """Return tallies of groups given as rows of (agree, disagree, seen) per statement."""
    table = np.array(groups)
    return Tallies(table[:, :, 0], table[:, :, 1], table[:, :, 2])


NONE_OUT = np.zeros(3, bool)


def test_what_marks_each_group_out():
    counts = _tallies(
        [(30, 2, 32), (16, 16, 32), (20, 12, 32)],
        [(3, 29, 32), (16, 16, 32), (20, 12, 32)],
    )
    first, second = representative_statements(counts, is_left_out=NONE_OUT)
    assert [(s.statement, s.direction) for s in first] == [(0, "agree")]
    assert first[0].is_best_agree
    # The second group's best agree is shared by both, and comes before what it rejects.
    assert [(s.statement, s.direction) for s in second] == [(2, "disagree"), (0, "disagree")] or [
        (s.statement, s.direction) for s in second
    ] == [(2, "agree"), (0, "disagree")]


def test_statements_left_out_are_never_named():
    counts = _tallies([(30, 2, 32)] * 3, [(3, 29, 32)] * 3)
    left_out = np.array([True, False, True])
    for named in representative_statements(counts, is_left_out=left_out):
        assert {s.statement for s in named} == {1}
    assert {s.statement for s in consensus_statements(counts.total(), is_left_out=left_out).agree} <= {1}
    everything = np.ones(3, bool)
    assert representative_statements(counts, is_left_out=everything) == [[], []]


def test_at_most_five_a_group_agrees_first():
    rng = np.random.default_rng(4)
    agree = rng.integers(0, 60, (2, 40))
    counts = Tallies(agree, 60 - agree, np.full((2, 40), 60))
    for named in representative_statements(counts, is_left_out=np.zeros(40, bool)):
        assert 1 <= len(named) <= 5
        directions = [s.direction for s in named]
        assert directions == sorted(directions)


def test_the_ratio_compares_with_all_other_groups_together():
    counts = _tallies([(8, 0, 10)], [(2, 0, 10)], [(5, 0, 20)])
    scores = side_scores(counts.n_agree, counts.n_seen)
    assert scores.ratio[0, 0] == pytest.approx((9 / 12) / (8 / 32))


def test_consensus_is_ordered_and_needs_a_majority():
    counts = _tallies([(90, 5, 100), (60, 30, 100), (50, 50, 100), (95, 2, 100), (3, 95, 100), (0, 0, 0)])
    consensus = consensus_statements(counts, is_left_out=np.zeros(6, bool))
    assert [s.statement for s in consensus.agree] == [3, 0, 1]
    assert [s.statement for s in consensus.disagree] == [4]


def test_group_aware_consensus_multiplies_the_groups_shares():
    counts = _tallies([(8, 1, 10)], [(3, 7, 10)])
    assert group_aware_consensus(counts) == pytest.approx([9 / 12 * 4 / 12])
    assert group_aware_consensus(counts, direction="disagree") == pytest.approx([2 / 12 * 8 / 12])


@pytest.mark.parametrize(
    ("a", "p", "s", "e", "priority"),
    [
        # Worked by hand from ((1 − p)(E + 1) a (1 + 8·2^(−S/5)))² with a = (A+1)/(S+2), p = (P+1)/(S+2).
        (0, 0, 0, 0.0, ((1 - 1 / 2) * 1 * (1 / 2) * 9) ** 2),
        (20, 3, 20, 0.0, ((1 - 4 / 22) * (21 / 22) * (1 + 8 / 16)) ** 2),
        (18, 3, 20, 1.0, ((1 - 4 / 22) * 2 * (19 / 22) * (1 + 8 / 16)) ** 2),
    ],
)
def test_priorities_by_hand(a, p, s, e, priority):
    counts = Tallies(np.array([[a]]), np.array([[s - a - p]]), np.array([[s]]))
    ours = statement_priorities(counts, extremity=np.array([e]), is_meta=np.array([False]))
    assert ours == pytest.approx([priority])


def test_a_meta_statement_has_a_fixed_priority():
    counts = Tallies(np.array([[3]]), np.array([[1]]), np.array([[9]]))
    assert statement_priorities(counts, extremity=np.array([2.0]), is_meta=np.array([True])).tolist() == [49.0]

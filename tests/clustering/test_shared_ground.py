"""What is shared, what divides and what leaves unsure: at the limits, and beside SciPy's Beta distribution."""

import numpy as np
import pytest
from scipy import stats

from clustering.shared_ground import shared_ground
from clustering.tallies import Tallies


def _ground(*groups, sizes=None, left_out=()):
    """Return the shared ground of groups given as rows of (agree, disagree, seen) per statement."""
    table = np.array(groups)
    counts = Tallies(table[:, :, 0], table[:, :, 1], table[:, :, 2])
    is_left_out = np.isin(np.arange(table.shape[1]), left_out)
    sizes = table[:, :, 2].max(axis=1) if sizes is None else np.array(sizes)
    return shared_ground(counts, counts.total(), sizes=sizes, is_left_out=is_left_out)


@pytest.mark.parametrize(("n_seen", "is_claimed"), [(9, False), (10, True)])
def test_ten_people_of_a_group_must_have_seen_it(n_seen, is_claimed):
    ground = _ground([(90, 5, 100)], [(n_seen, 0, n_seen)], sizes=[100, 50])
    assert bool(ground.by_all_groups) == is_claimed
    assert ground.is_seen_by_few.tolist() == [[False], [not is_claimed]]
    alone = _ground([(n_seen, 0, n_seen)])
    assert bool(alone.by_most_people) == is_claimed


@pytest.mark.parametrize(("size", "has_veto"), [(4, False), (5, True)])
def test_a_group_of_five_hundredths_has_a_veto(size, has_veto):
    ground = _ground([(90, 5, 95)], [(0, 30, 30)], sizes=[100 - size, size])
    assert bool(ground.by_all_groups) != has_veto
    # Without a say it is no side of a division either, which takes two.
    assert bool(ground.dividing) == has_veto


def _bound(s, n):
    return stats.beta(s + 1, n - s + 1).ppf(0.1)


def test_shared_is_what_surely_more_than_half_share_ordered_by_the_lower_bound():
    agreed = [(n, 0, 100) for n in range(40, 80, 3)]
    ground = _ground(agreed)
    expected = [j for j, (n, _, seen) in enumerate(agreed) if _bound(n, seen) > 0.5][::-1]
    assert 0 < len(expected) < len(agreed)
    for found in (ground.by_all_groups, ground.by_most_people):
        assert [s.statement for s in found] == expected
        for shared in found:
            n = agreed[shared.statement][0]
            posterior = stats.beta(n + 1, 100 - n + 1)
            assert shared.bound == pytest.approx(posterior.ppf(0.1))
            assert (shared.low, shared.high) == pytest.approx(posterior.ppf([0.05, 0.95]))
            assert (shared.share, shared.direction) == (n / 100, "agree")
    assert {s.worst_group for s in ground.by_all_groups} == {0}
    assert {s.worst_group for s in ground.by_most_people} == {-1}


def test_rejecting_together_is_sharing_too():
    ground = _ground([(2, 80, 100), (95, 2, 100)], [(1, 28, 30), (29, 0, 30)])
    for found in (ground.by_all_groups, ground.by_most_people):
        assert [(s.statement, s.direction) for s in found] == [(1, "agree"), (0, "disagree")]
    assert [s.worst_group for s in ground.by_all_groups] == [1, 0]


def test_the_worst_group_is_the_one_with_the_lowest_bound_not_share():
    """Of 9 in 10 less is known than of 160 in 200."""
    ground = _ground([(160, 0, 200)], [(9, 0, 10)], sizes=[200, 20])
    assert _bound(9, 10) < _bound(160, 200)
    (shared,) = ground.by_all_groups
    assert (shared.worst_group, shared.share) == (1, 0.9)


def test_lists_end_at_ten():
    groups = [[(190 - j, 0, 200) for j in range(12)], [(150 - j, 40, 200) for j in range(12)]]
    ground = _ground(*groups)
    assert [s.statement for s in ground.by_all_groups] == list(range(10))
    assert [s.statement for s in ground.by_most_people] == list(range(10))
    apart = _ground([(190 - j, 0, 200) for j in range(12)], [(10, 180, 200)] * 12)
    assert [d.statement for d in apart.dividing] == list(range(10))
    passed = _ground([(20 + j, 0, 200) for j in range(12)] + [(200, 0, 200)] * 30)
    assert [u.statement for u in passed.unsure] == list(range(10))


def test_the_furthest_groups_divide_and_their_gap_has_its_interval():
    groups = [[(50, 40, 100)], [(20, 70, 100)], [(80, 10, 100)]]
    (found,) = _ground(*groups).dividing
    assert (found.statement, found.most, found.least) == (0, 2, 1)
    assert found.gap == pytest.approx(0.6)
    up, down = (stats.beta(n + 1, 101 - n).ppf([0.05, 0.95]) for n in (80, 20))
    assert found.low == pytest.approx(0.6 - np.hypot(0.8 - up[0], down[1] - 0.2))
    assert found.high == pytest.approx(0.6 + np.hypot(up[1] - 0.8, 0.2 - down[0]))


def test_a_gap_that_may_be_none_divides_nobody():
    assert _ground([(15, 5, 20)], [(12, 8, 20)]).dividing == []
    assert _ground([(50, 50, 100)], [(50, 50, 100)]).dividing == []


def test_a_group_that_hardly_saw_it_is_no_side_of_a_division():
    groups = [[(90, 5, 100)], [(0, 9, 9)], [(60, 30, 100)]]
    (found,) = _ground(*groups, sizes=[100, 50, 100]).dividing
    assert (found.most, found.least) == (0, 2)
    assert _ground(*groups[:2], sizes=[100, 50]).dividing == []


def test_unsure_is_what_surely_more_pass_on_than_on_the_average_statement():
    # Of 400 votes 80 are passes, one in five; of thirty in a hundred the interval begins at 0.229.
    ground = _ground([(70, 0, 100), (75, 0, 100), (85, 0, 100), (90, 0, 100)])
    assert [u.statement for u in ground.unsure] == [0]
    (found,) = ground.unsure
    assert (found.low, found.share, found.high) == pytest.approx(
        (stats.beta(31, 71).ppf(0.05), 0.3, stats.beta(31, 71).ppf(0.95))
    )
    assert stats.beta(26, 76).ppf(0.05) < 0.2


def test_what_is_left_out_is_on_no_list_and_counts_for_no_average():
    groups = [[(90, 5, 100), (90, 5, 100), (10, 10, 100)], [(10, 85, 100), (92, 5, 100), (90, 5, 100)]]
    ground = _ground(*groups, left_out=(0, 2))
    assert [s.statement for s in ground.by_all_groups] == [1]
    assert [s.statement for s in ground.by_most_people] == [1]
    assert ground.dividing == []
    assert ground.unsure == []
    # With the third statement out the first is passed on more than the average of the two left.
    passed = _ground([(60, 0, 100), (95, 0, 100), (0, 0, 100)], left_out=(2,))
    assert [u.statement for u in passed.unsure] == [0]


def test_without_groups_only_everybody_is_asked():
    counts = Tallies(*np.zeros((3, 0, 2), int))
    everybody = Tallies(np.array([[90, 5]]), np.array([[5, 5]]), np.array([[100, 60]]))
    ground = shared_ground(counts, everybody, sizes=np.zeros(0, int), is_left_out=np.zeros(2, bool))
    assert (ground.by_all_groups, ground.dividing) == ([], [])
    assert [s.statement for s in ground.by_most_people] == [0]
    assert [u.statement for u in ground.unsure] == [1]


def test_the_widest_gap_and_the_surest_doubt_come_first():
    apart = _ground([(60, 0, 100), (95, 0, 100), (80, 0, 100)], [(10, 0, 100)] * 3)
    assert [d.statement for d in apart.dividing] == [1, 2, 0]
    passed = _ground([(60, 0, 100), (40, 0, 100), (50, 0, 100), (100, 0, 100), (100, 0, 100), (100, 0, 100)])
    assert [u.statement for u in passed.unsure] == [1, 2, 0]

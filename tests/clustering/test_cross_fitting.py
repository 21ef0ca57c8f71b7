"""Statements judged by groups they had no part in: the parts, the matching, and the tests beside SciPy's."""

import numpy as np
import pytest
from scipy import stats

from clustering.cross_fitting import cross_fitted_statements
from clustering.grouping import Grouping
from clustering.settings import N_FOLDS
from clustering.vocabulary import Statement
from clustering.vote_matrix import VoteMatrix


def _matrix(dense, *, left_out=()):
    """Return the matrix of a dense array, 9 where unseen."""
    rows, columns = np.nonzero(dense != 9)
    return VoteMatrix.from_arrays(
        participants=[f"p{row}" for row in range(len(dense))],
        statements=[Statement(str(j), is_moderated_out=j in left_out) for j in range(dense.shape[1])],
        participant_index=rows,
        statement_index=columns,
        values=dense[rows, columns],
    )


def _grouping(labels, n_groups=2):
    return Grouping(np.array(labels, np.int8), np.zeros((n_groups, 2)), 0.0, 0.0)


TRUE = np.repeat([0, 1], [30, 20])
EVERYBODY = np.ones(50, bool)


def _votes(n_statements=12, *, seed=0):
    """Return votes in which the groups differ less and less from one statement to the next."""
    rng = np.random.default_rng(seed)
    lean = np.linspace(0.48, 0.0, n_statements)
    chance = 0.5 + np.where(TRUE[:, None] == 0, lean, -lean)
    dense = np.where(rng.random(chance.shape) < chance, 1, -1)
    dense[rng.random(dense.shape) < 0.1] = 9
    return dense


def _named(matrix, regroup, is_placed=EVERYBODY, labels=TRUE):
    return cross_fitted_statements(matrix, _grouping(labels), is_placed, regroup=regroup, seed=0)


def _oracle(dense):
    """Return the q-value of each statement, group and side, from SciPy and from counts of the true groups."""
    p = {}
    for group in (0, 1):
        own, others = dense[group == TRUE], dense[group != TRUE]
        for side, value in (("agree", 1), ("disagree", -1)):
            for j in range(dense.shape[1]):
                s, n = (own[:, j] == value).sum() + 1, (own[:, j] != 9).sum() + 1
                t, m = (others[:, j] == value).sum() + 1, (others[:, j] != 9).sum() + 1
                pooled = (s + t) / (n + m)
                apart = (s / n - t / m) / np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
                alone = (s - n / 2) / np.sqrt(n / 4)
                p[group, j, side] = max(stats.norm.sf(apart), stats.norm.sf(alone))
    return dict(zip(p, stats.false_discovery_control(list(p.values())), strict=True))


@pytest.mark.parametrize("names", [(0, 1), (1, 0)])
def test_with_the_true_groups_the_tests_are_scipy_s_whatever_the_groups_are_called(names):
    dense = _votes()
    named = _named(_matrix(dense), lambda votes: _grouping(np.array(names)[TRUE]))
    q = _oracle(dense)
    for group, found in enumerate(named):
        believed = {(j, side) for (g, j, side), value in q.items() if g == group and value <= 0.05}
        assert len(found) == min(len(believed), 5)
        for statement in found:
            assert (statement.statement, statement.direction) in believed
            expected = q[group, statement.statement, statement.direction]
            assert statement.q_value == pytest.approx(expected, rel=1e-9)
        ranks = [statement.rank for statement in found]
        assert ranks == sorted(ranks, reverse=True)


def test_no_statement_has_a_part_in_the_groups_it_is_judged_by():
    matrix, seen = _matrix(_votes(13), left_out=(3,)), []

    def regroup(votes):
        seen.append({int(statement.id) for statement in votes.statements})
        return _grouping(TRUE)

    _named(matrix, regroup)
    held_out = [set(range(13)) - kept for kept in seen]
    assert len(seen) == N_FOLDS
    # Every statement is held out once; the twelve that take part as evenly as can be.
    assert sorted(j for part in held_out for j in part) == list(range(13))
    assert sorted(len(part - {3}) for part in held_out) == [2, 2, 2, 3, 3]


def test_parts_without_groups_or_with_another_number_of_them_name_nothing():
    matrix = _matrix(_votes())
    assert _named(matrix, lambda votes: None) == [[], []]
    assert _named(matrix, lambda votes: _grouping(TRUE, n_groups=3)) == [[], []]


def test_statements_left_out_are_not_tested():
    dense = _votes()
    named = _named(_matrix(dense, left_out=(0, 1)), lambda votes: _grouping(TRUE))
    assert {s.statement for found in named for s in found}.isdisjoint({0, 1})
    q = _oracle(dense[:, 2:])
    for group, found in enumerate(named):
        assert found
        for s in found:
            assert s.q_value == pytest.approx(q[group, s.statement - 2, s.direction], rel=1e-9)


def test_who_is_not_placed_is_not_counted():
    dense = _votes()
    strangers = np.vstack((dense[:25], np.full((4, 12), -1), dense[25:]))
    is_placed = np.ones(54, bool)
    is_placed[25:29] = False
    named = _named(_matrix(strangers), lambda votes: _grouping(TRUE), is_placed=is_placed)
    assert named == _named(_matrix(dense), lambda votes: _grouping(TRUE))


def test_fewer_statements_than_parts():
    named = _named(_matrix(_votes()[:, :2]), lambda votes: _grouping(TRUE))
    assert {s.statement for s in named[0]} == {0, 1}

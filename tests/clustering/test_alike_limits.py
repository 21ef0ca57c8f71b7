"""When ballots are alike: closed forms for people of whom the model expects everything or nothing."""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.special import logit

from clustering.coordination import USUAL, ballots_alike, one_sided_ballots
from clustering.vocabulary import Statement
from clustering.vote_matrix import VoteMatrix


@dataclass
class _Fitted:
    """People with a leaning t of their own to all statements: p = (1 + t) / 2."""

    positions: np.ndarray
    loadings: np.ndarray
    easiness: np.ndarray

    @classmethod
    def leaning(cls, leanings, n_statements):
        places = np.column_stack((logit((1 + np.array(leanings)) / 2), np.zeros(len(leanings))))
        loadings = np.tile([1.0, 0.0], (n_statements, 1))
        return cls(places, loadings, np.zeros(n_statements))


def _matrix(dense):
    """Return the matrix of a dense array, 9 where unseen."""
    rows, columns = np.nonzero(dense != 9)
    return VoteMatrix.from_arrays(
        participants=[f"p{row}" for row in range(len(dense))],
        statements=[Statement(str(column)) for column in range(dense.shape[1])],
        participant_index=rows,
        statement_index=columns,
        values=dense[rows, columns],
    )


def _same(n_people, n_statements):
    ballot = np.where(np.random.default_rng(0).random(n_statements) < 0.5, 1, -1)
    return np.tile(ballot, (n_people, 1))


@pytest.mark.parametrize(("n", "is_found"), [(24, False), (25, True)])
def test_five_standard_deviations_are_needed(n, is_found):
    """Where nothing is expected, n agreements of n are √n standard deviations."""
    found = ballots_alike(_matrix(_same(3, n)), _Fitted.leaning([0, 0, 0], n))
    assert [one.rows.tolist() for one in found] == ([[0, 1, 2]] if is_found else [])
    for one in found:
        assert (one.kind, one.usual) == ("alike", USUAL["alike"])
        # Single precision.
        assert one.seen == {"n_people": 3.0, "agreement": pytest.approx(1.0), "z": pytest.approx(5.0, rel=1e-6)}


@pytest.mark.parametrize(("n", "is_found"), [(19, False), (20, True)])
def test_twenty_statements_both_decided_on_are_needed(n, is_found):
    """Of people who lean to opposite sides disagreement is expected: z = n (1 + t²) / √(n (1 − t⁴))."""
    dense = np.hstack((_same(4, n), np.zeros((4, 5), int)))
    found = ballots_alike(_matrix(dense), _Fitted.leaning([0.8, -0.8, 0.8, -0.8], n + 5))
    assert bool(found) == is_found
    if is_found:
        # Those on opposite sides are alike, and chained they are all four.
        z = 20 * 1.64 / np.sqrt(20 * (1 - 0.64**2))
        (one,) = found
        assert one.rows.tolist() == [0, 1, 2, 3]
        assert one.seen["z"] == pytest.approx(z, rel=1e-5)


@pytest.mark.parametrize(("n_apart", "is_found"), [(5, True), (6, False)])
def test_nine_in_ten_must_agree(n_apart, is_found):
    dense = _same(3, 50)
    dense[0, :n_apart] *= -1
    found = ballots_alike(_matrix(dense), _Fitted.leaning([0, 0, 0], 50))
    assert [one.rows.tolist() for one in found] == ([[0, 1, 2]] if is_found else [])
    if is_found:
        assert found[0].seen["agreement"] == pytest.approx(0.9)
        assert found[0].seen["z"] == pytest.approx(40 / np.sqrt(50), rel=1e-6)


def test_two_alike_are_no_set_and_two_sets_are_two():
    dense = np.vstack((_same(3, 40), -_same(3, 40), np.where(np.arange(40) % 2, 1, -1)[None]))
    model = _Fitted.leaning([0] * 7, 40)
    assert sorted(one.rows.tolist() for one in ballots_alike(_matrix(dense), model)) == [[0, 1, 2], [3, 4, 5]]
    assert ballots_alike(_matrix(dense[[0, 1, 3, 4, 6]]), _Fitted.leaning([0] * 5, 40)) == []


def test_passes_and_unseen_statements_are_no_agreement():
    dense = _same(3, 60)
    dense[0, :20], dense[1, 20:40], dense[2, 40:] = 0, 9, 0
    # Each pair has twenty decided statements in common: √20 standard deviations are too few.
    assert ballots_alike(_matrix(dense), _Fitted.leaning([0, 0, 0], 60)) == []
    dense[:, 45:55] = 1
    (found,) = ballots_alike(_matrix(dense), _Fitted.leaning([0, 0, 0], 60))
    # The third now has thirty in common with either, so the first two are in one set by way of the third.
    assert found.rows.tolist() == [0, 1, 2]
    assert found.seen["z"] == pytest.approx(np.sqrt(30), rel=1e-6)


def test_what_people_expect_of_each_other_is_taken_off():
    """Of people who lean one way agreement is expected: z = n (1 − t²) / √(n (1 − t⁴))."""
    n, t = 100, 0.9
    assert ballots_alike(_matrix(np.ones((5, n), int)), _Fitted.leaning([t] * 5, n)) == []
    n, t = 100, 0.7
    (found,) = ballots_alike(_matrix(np.ones((5, n), int)), _Fitted.leaning([t] * 5, n))
    assert found.seen["z"] == pytest.approx(np.sqrt(n * (1 - t**2) / (1 + t**2)), rel=1e-5)


@pytest.mark.parametrize(("n_votes", "is_told"), [(9, False), (10, True)])
@pytest.mark.parametrize(("kind", "value"), [("all-agree", 1), ("all-disagree", -1), ("all-pass", 0)])
def test_ten_votes_all_the_same_are_told(kind, value, n_votes, is_told):
    dense = np.full((2, 12), 9)
    dense[0, :n_votes] = value
    dense[1, :11] = [1, -1, 0, 1, 1, -1, 0, 1, -1, 1, 0]
    found = one_sided_ballots(_matrix(dense))
    assert [(one.kind, one.rows.tolist(), one.usual) for one in found] == (
        [(kind, [0], USUAL[kind])] if is_told else []
    )
    assert all(one.seen == {"n_people": 1.0, "share": 0.5} for one in found)

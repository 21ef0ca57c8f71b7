"""The verdict and everything it rests on, together."""

import json
from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from clustering.assessment import assessment
from clustering.eligibility import is_placed
from clustering.errors import ShapeError
from clustering.group_choice import GroupChoice
from clustering.grouping import candidate_groupings
from clustering.ideal_point import IdealPointModel
from clustering.modality import Modality
from clustering.pipeline import compute_group_map
from clustering.projection import participant_places, principal_axes
from clustering.shared_pattern import SharedPattern
from clustering.stability import assess, verdict
from clustering.vocabulary import ChoiceReason, Statement, Verdict
from clustering.vote_matrix import VoteMatrix

PATTERN, NO_PATTERN = SharedPattern(0.3, 0.1, 0.025, 100, 39), SharedPattern(0.1, 0.1, 0.075, 100, 39)
GROUPS, NO_GROUPS = GroupChoice(2, ChoiceReason.CLEAREST, ()), GroupChoice(0, ChoiceReason.NONE_COMES_BACK, ())


QUICK = {"n_simulations": 39}
"""As few simulations as can give a p-value of 0.05 with one to spare."""


def _crowds(p_value, valley_depth):
    return Modality(p_value, 5.0, valley_depth, np.array([1.0, 0.0]), 100, 200)


@pytest.mark.parametrize(
    ("choice", "pattern", "crowds", "expected"),
    [
        (GROUPS, PATTERN, _crowds(0.05, 0.5), Verdict.DISTINCT_GROUPS),
        (GROUPS, PATTERN, _crowds(0.051, 0.0), Verdict.SPECTRUM),
        (GROUPS, PATTERN, _crowds(0.005, 0.51), Verdict.SPECTRUM),
        (GROUPS, PATTERN, None, Verdict.SPECTRUM),
        (GROUPS, None, None, Verdict.SPECTRUM),
        (NO_GROUPS, PATTERN, _crowds(0.005, 0.0), Verdict.NO_STABLE_GROUPS),
        (NO_GROUPS, None, None, Verdict.NO_STABLE_GROUPS),
        (GROUPS, NO_PATTERN, None, Verdict.NO_SHARED_PATTERN),
        (NO_GROUPS, NO_PATTERN, None, Verdict.NO_SHARED_PATTERN),
    ],
)
def test_the_verdict_s_rule(choice, pattern, crowds, expected):
    assert verdict(choice, pattern, crowds) is expected


def _on_classic(matrix, **options):
    """Assess the places of `classic`."""
    matrix = matrix.rows(matrix.in_ballot_order())
    placed = np.flatnonzero(is_placed(matrix))
    places = participant_places(matrix, principal_axes(matrix))[placed]
    candidates = candidate_groupings(places, seed=0, also=options.get("n_groups"))
    return assess(
        places, covariances=None, matrix=matrix.rows(placed), candidates=candidates, seed=0, **QUICK, **options
    )


def _on_ideal(matrix, **options):
    """Assess the places of `ideal`."""
    matrix = matrix.rows(matrix.in_ballot_order())
    model = IdealPointModel().fit(matrix.votes)
    candidates = candidate_groupings(model.positions_, seed=0)
    return assess(
        model.positions_,
        covariances=model.covariances_,
        matrix=matrix,
        candidates=candidates,
        seed=0,
        **QUICK,
        **options,
    )


def _dense(votes):
    rows, columns = np.nonzero(~np.isnan(votes))
    return VoteMatrix.from_arrays(
        participants=range(votes.shape[0]),
        statements=[Statement(str(at)) for at in range(votes.shape[1])],
        participant_index=rows,
        statement_index=columns,
        values=votes[rows, columns].astype(int),
    )


@pytest.mark.parametrize("assessed", [_on_classic, _on_ideal])
def test_two_camps_are_distinct_groups(assessed, two_camps):
    certainty = assessed(two_camps(120, 30, seed=7))
    assert certainty.verdict is Verdict.DISTINCT_GROUPS
    assert (certainty.choice.n_groups, certainty.choice.reason) == (2, ChoiceReason.CLEAREST)
    assert certainty.probabilities.shape == (120, 2)
    assert np.allclose(certainty.probabilities.sum(axis=1), 1.0)
    assert min(certainty.recovery) > 0.9
    assert certainty.is_in_between.sum() < 12


@pytest.mark.parametrize("assessed", [_on_classic, _on_ideal])
def test_votes_without_a_pattern_make_no_groups(assessed):
    rng = np.random.default_rng(3)
    votes = np.where(rng.random((100, 30)) < rng.uniform(0.2, 0.8, 30), 1.0, -1.0)
    votes[rng.random(votes.shape) < 0.3] = np.nan
    certainty = assessed(_dense(votes))
    assert certainty.verdict is Verdict.NO_SHARED_PATTERN
    assert certainty.choice.n_groups == 0
    assert certainty.modality is None
    assert certainty.probabilities.shape == (100, 0)
    assert not certainty.is_in_between.any()
    assert certainty.recovery == ()


def test_a_real_spectrum_is_called_one(named_export):
    """Taiwan's Uber conversation: two leanings that come back, one skewed hump."""
    matrix = named_export("vtaiwan.uberx").vote_matrix()
    matrix = matrix.rows(np.flatnonzero(is_placed(matrix))[:500])
    certainty = _on_ideal(matrix)
    assert certainty.verdict is Verdict.SPECTRUM
    assert certainty.modality.p_value > 0.05


def test_the_quick_part_says_the_same_of_groups_and_claims_less(two_camps):
    matrix = two_camps(80, 20, seed=2)
    thorough, quick = _on_classic(matrix), _on_classic(matrix, thorough=False)
    assert quick.choice == thorough.choice
    assert np.array_equal(quick.probabilities, thorough.probabilities)
    assert (quick.shared_pattern, quick.modality, quick.recovery) == (None, None, None)
    assert (quick.verdict, quick.is_thorough) == (Verdict.SPECTRUM, False)


def test_a_number_asked_for_changes_the_groups_and_not_the_verdict(two_camps):
    matrix = two_camps(80, 20, seed=2)
    free = _on_classic(matrix)
    for n_groups in (1, 3):
        asked = _on_classic(matrix, n_groups=n_groups)
        assert (asked.choice.n_groups, asked.choice.reason) == (n_groups, ChoiceReason.ASKED_FOR)
        assert asked.verdict is free.verdict
        assert asked.probabilities.shape == (80, n_groups)
        assert len(asked.recovery) == n_groups


def test_names_and_threads_change_nothing(two_camps):
    matrix = two_camps(90, 25, seed=5)
    shuffled = matrix.rows(np.random.default_rng(0).permutation(90))
    documents = []
    for n_threads in (1, 2):
        with threadpool_limits(limits=n_threads):
            documents += [_on_classic(one).to_document() for one in (matrix, shuffled)]
    assert all(document == documents[0] for document in documents)
    assert json.loads(json.dumps(documents[0], allow_nan=False)) == documents[0]


def test_another_seed_draws_anew(two_camps):
    matrix = two_camps(60, 20, seed=6)
    matrix = matrix.rows(matrix.in_ballot_order())
    places = participant_places(matrix, principal_axes(matrix))
    candidates = candidate_groupings(places, seed=0)
    options = {"covariances": None, "matrix": matrix, "candidates": candidates, **QUICK}
    first, again, other = (assess(places, seed=seed, **options).to_document() for seed in (1, 1, 2))
    assert first == again != other


def test_copies_of_a_ballot_are_looked_at_as_one_person(two_camps):
    """Forty copies make no third group, and change no test."""
    honest = two_camps(80, 20, seed=2)
    rows = np.concatenate((np.arange(80), np.zeros(40, int)))
    matrix = VoteMatrix(range(120), honest.statements, honest.votes[rows])
    places = participant_places(honest, principal_axes(honest))
    weights = np.where(np.isin(np.arange(120), [0, *range(80, 120)]), 1 / 41, 1.0)
    candidates = candidate_groupings(places, seed=0)
    stretched = [replace(c, labels=c.labels[rows]) for c in candidates]
    alone = assess(places, covariances=None, matrix=honest, candidates=candidates, seed=0, **QUICK)
    many = assess(
        places[rows], covariances=None, matrix=matrix, candidates=stretched, seed=0, weights=weights, **QUICK
    )
    assert many.choice == alone.choice
    # The votes' mean variance, from which the error is taken, is that of all ballots.
    assert many.verdict is alone.verdict
    assert many.recovery == alone.recovery
    assert many.probabilities.shape == (120, 2)


@pytest.mark.parametrize("n", [0, 1, 2, 19])
def test_too_few_people_is_an_answer(n, two_camps):
    certainty = _on_classic(two_camps(n, 12, seed=1, share_seen=1.0))
    assert certainty.verdict is Verdict.NOT_ENOUGH_VOTES
    nobody = {"votes_each": 1, "statements": 2}
    assert certainty.missing == {"participants": 20 - n, **({"votes_each": 7} if n else nobody)}
    assert (certainty.choice.n_groups, certainty.choice.reason) == (0, ChoiceReason.NOT_LOOKED_FOR)
    assert certainty.to_document()["missing"] == certainty.missing


def test_too_few_people_and_groups_asked_for(two_camps):
    certainty = _on_classic(two_camps(12, 12, seed=1), n_groups=2)
    assert (certainty.verdict, certainty.choice.n_groups) == (Verdict.NOT_ENOUGH_VOTES, 2)
    assert np.array_equal(certainty.probabilities, np.full((12, 2), 0.5))
    assert certainty.is_in_between.all()


def test_one_statement_and_everybody_on_one_place():
    lonely = _on_classic(_dense(np.tile([[1.0], [-1.0]], (15, 1))))
    assert (lonely.verdict, lonely.missing) == (Verdict.NOT_ENOUGH_VOTES, {"statements": 1})
    agreed = _on_classic(_dense(np.ones((30, 9))))
    assert agreed.verdict is Verdict.NO_SHARED_PATTERN
    assert agreed.choice.reason is ChoiceReason.NOT_LOOKED_FOR
    assert agreed.modality is None


def test_shapes_that_do_not_fit(two_camps):
    matrix = two_camps(40, 12, seed=1)
    places = np.random.default_rng(0).normal(size=(40, 2))
    candidates = candidate_groupings(places, seed=0)
    with pytest.raises(ShapeError, match="positions"):
        assess(places[1:], covariances=None, matrix=matrix, candidates=candidates, seed=0)
    with pytest.raises(ShapeError, match="covariances"):
        assess(places, covariances=np.zeros((3, 2, 2)), matrix=matrix, candidates=candidates, seed=0)
    shorter = candidate_groupings(places[1:], seed=0)
    with pytest.raises(ShapeError, match="labels"):
        assess(places, covariances=None, matrix=matrix, candidates=shorter, seed=0)


@pytest.mark.parametrize("at", [0, 11])
def test_a_statement_without_votes_makes_no_difference_to_how_sure_a_map_is(two_camps, at):
    """Where it stands, first or last, is no matter either."""
    matrix = two_camps(60, 12, seed=4)
    coordinates = matrix.votes.tocoo()
    others = [statement for number, statement in enumerate(matrix.statements) if number != at]
    kept = coordinates.col != at
    columns = coordinates.col[kept]
    found = []
    for statements, turned in ((matrix.statements, columns), (others, columns - (columns > at))):
        votes = VoteMatrix.from_arrays(
            participants=matrix.participants,
            statements=statements,
            participant_index=coordinates.row[kept],
            statement_index=turned,
            values=coordinates.data[kept],
        )
        found.append(assessment(compute_group_map(votes), n_simulations=9).certainty)
    # People stand in the order of their ballots, in which statements are numbered otherwise.
    assert np.sort(found[0].membership) == pytest.approx(np.sort(found[1].membership), abs=1e-9)
    assert found[0].verdict == found[1].verdict

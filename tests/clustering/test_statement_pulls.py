"""What a map publishes for choosing: the model's own numbers, from the first votes on, whatever the method."""

import numpy as np
import pytest

from clustering.ideal_point import IdealPointModel
from clustering.pipeline import compute_group_map
from clustering.settings import MapSettings
from clustering.statement_pulls import statement_pulls
from clustering.tallies import overall_tallies
from clustering.vocabulary import ParticipantId, Statement, StatementId, Vote, VoteValue
from clustering.vote_matrix import VoteMatrix


@pytest.mark.parametrize("method", ["classic", "ideal", "strict"])
def test_pulls_are_those_of_the_model_up_to_a_turn(two_camps, method):
    matrix = two_camps(80, 24, seed=3)
    group_map = compute_group_map(matrix, settings=MapSettings(method=method))
    pulls = statement_pulls(group_map, seeds={"5"})
    model = IdealPointModel(min_votes=2).fit(matrix.votes)
    ids = [statement.id for statement in matrix.statements]
    assert [one.statement for one in pulls] == ids
    assert [one.statement for one in pulls if one.is_seed] == [one for one in ids if one == "5"]
    # Lengths don't depend on how the plane is turned, but a little on where the fit starts.
    lengths = [np.hypot(*one.pull) for one in pulls]
    assert np.corrcoef(lengths, np.hypot(*model.loadings_.T))[0, 1] > 0.9
    assert [one.easiness for one in pulls] == pytest.approx(model.easiness_, abs=0.3)
    counts = overall_tallies(matrix)
    assert [one.n_seen for one in pulls] == counts.n_seen[0].tolist()
    assert [one.n_pass for one in pulls] == counts.n_pass[0].tolist()


def test_copies_of_a_ballot_pull_as_one(two_camps):
    once = two_camps(80, 24, seed=5)
    copied = once.rows(np.concatenate((np.zeros(40, dtype=np.intp), np.arange(80))))
    alone, among_copies = (statement_pulls(compute_group_map(matrix)) for matrix in (once, copied))
    # The counts say what was cast; what statements tell of people doesn't change by a campaign.
    assert among_copies[0].n_seen > alone[0].n_seen
    assert [one.easiness for one in among_copies] == pytest.approx([one.easiness for one in alone], abs=0.05)
    lengths = [[np.hypot(*one.pull) for one in pulls] for pulls in (alone, among_copies)]
    assert lengths[1] == pytest.approx(lengths[0], abs=0.05)


def test_of_very_many_people_some_are_enough(two_camps):
    matrix = two_camps(400, 24, seed=3)
    group_map = compute_group_map(matrix)
    everybody = statement_pulls(group_map)
    half = statement_pulls(group_map, most_people=200)
    assert half != everybody
    assert [one.n_seen for one in half] == [one.n_seen for one in everybody]
    lengths = [[np.hypot(*one.pull) for one in pulls] for pulls in (everybody, half)]
    assert np.corrcoef(lengths)[0, 1] > 0.8


def test_statements_left_out_pull_nowhere_but_are_counted(two_camps):
    matrix = two_camps(40, 12, seed=1)
    hidden = [
        Statement(one.id, one.text, is_moderated_out=number == 4)
        for number, one in enumerate(matrix.statements)
    ]
    pulls = statement_pulls(compute_group_map(VoteMatrix(matrix.participants, hidden, matrix.votes)))
    assert pulls[4].pull == (0.0, 0.0)
    assert pulls[4].n_seen == matrix.votes_per_statement[4]
    assert pulls[5].pull != (0.0, 0.0)


def test_without_votes_nothing_is_known():
    statements = [Statement(StatementId("a")), Statement(StatementId("b"))]
    (a, b) = statement_pulls(compute_group_map(VoteMatrix.from_votes([], statements=statements)))
    assert (a.pull, a.easiness, a.n_seen, b.n_seen) == ((0.0, 0.0), 0.0, 0, 0)
    one_vote = [Vote(ParticipantId("p"), StatementId("a"), VoteValue.PASS)]
    (a, b) = statement_pulls(compute_group_map(VoteMatrix.from_votes(one_vote, statements=statements)))
    assert (a.pull, a.n_seen, a.n_pass, b.n_seen) == ((0.0, 0.0), 1, 1, 0)


def test_the_choice_of_people_is_even_from_the_first_to_the_last(two_camps):
    group_map = compute_group_map(two_camps(31, 9, seed=2))
    votes = group_map.matrix.votes.toarray()
    for most, chosen in ((2, [0, 30]), (4, [0, 10, 20, 30])):
        pulls = statement_pulls(group_map, most_people=most)
        # Of so few, only the share that agrees is known: its log-odds with one imagined vote on either side.
        n_agree, n_disagree = (votes[chosen] == 1).sum(axis=0), (votes[chosen] == -1).sum(axis=0)
        assert [one.easiness for one in pulls] == pytest.approx(np.log((n_agree + 1) / (n_disagree + 1)))

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clustering.errors import IdError, ShapeError, VoteValueError
from clustering.vocabulary import Statement, Vote
from clustering.vote_matrix import VoteMatrix

VOTES = st.lists(
    st.builds(
        Vote, st.sampled_from("abcdefg"), st.sampled_from(["0", "1", "2", "10"]), st.sampled_from([-1, 0, 1])
    ),
    max_size=60,
)


def _cells(matrix):
    """Return the matrix as a plain mapping: participant, statement → vote."""
    coordinates = matrix.votes.tocoo()
    return {
        (matrix.participants[row], matrix.statements[column].id): int(value)
        for row, column, value in zip(coordinates.row, coordinates.col, coordinates.data, strict=True)
    }


@given(VOTES)
def test_the_latest_vote_counts(votes):
    assert _cells(VoteMatrix.from_votes(votes)) == {(v.participant, v.statement): int(v.value) for v in votes}


@given(VOTES, st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)  # The first call loads compiled loops.
def test_ballot_order_and_digest_know_no_names_and_no_arrival(votes, random):
    latest = list({(v.participant, v.statement): v for v in votes}.values())
    people = sorted({v.participant for v in latest})
    renamed = dict(zip(people, random.sample(people, len(people)), strict=True))
    shuffled = random.sample([Vote(renamed[v.participant], v.statement, v.value) for v in latest], len(latest))
    first, second = VoteMatrix.from_votes(latest), VoteMatrix.from_votes(shuffled)
    second = VoteMatrix.from_votes(shuffled, statements=first.statements)
    assert first.rows(first.in_ballot_order()).digest() == second.rows(second.in_ballot_order()).digest()


def test_the_digest_sees_every_vote_and_moderation():
    votes = [Vote("a", "0", 1), Vote("a", "1", 0), Vote("b", "0", -1)]
    other_vote = [*votes[:2], Vote("b", "0", 0)]
    unseen = votes[:2]
    hidden = VoteMatrix.from_votes(votes, statements=[Statement("0", is_moderated_out=True), Statement("1")])
    digests = {VoteMatrix.from_votes(v).digest() for v in (votes, other_vote, unseen)} | {hidden.digest()}
    assert len(digests) == 4


def test_columns_stand_in_natural_order_with_their_votes():
    statements = [Statement("10"), Statement("9"), Statement("b")]
    matrix = VoteMatrix.from_arrays(
        participants=["p"],
        statements=statements,
        participant_index=[0, 0],
        statement_index=[0, 2],
        values=[1, -1],
    )
    assert [s.id for s in matrix.statements] == ["9", "10", "b"]
    assert _cells(matrix) == {("p", "10"): 1, ("p", "b"): -1}


def test_a_pass_is_a_vote_and_unseen_is_none():
    matrix = VoteMatrix.from_votes([Vote("a", "0", 0)], statements=[Statement("0"), Statement("1")])
    assert matrix.votes_per_participant.tolist() == [1]
    assert matrix.votes_per_statement.tolist() == [1, 0]


def test_people_without_votes_are_participants():
    matrix = VoteMatrix.from_votes([Vote("b", "0", 1)], participants=["a", "b"])
    assert matrix.n_participants == 2
    assert matrix.votes_per_participant.tolist() == [0, 1]


def test_many_participants_and_statements_sort_beyond_sixteen_bits():
    """The radix sort works in 16-bit digits; ids beyond 65,535 need a second one."""
    rng = np.random.default_rng(0)
    rows, columns = rng.integers(0, 70_000, 5_000), rng.integers(0, 70_000, 5_000)
    values = rng.integers(-1, 2, 5_000)
    matrix = VoteMatrix.from_arrays(
        participants=range(70_000),
        statements=[Statement(str(column)) for column in range(70_000)],
        participant_index=rows,
        statement_index=columns,
        values=values,
    )
    latest = dict(zip(zip(rows.tolist(), columns.tolist(), strict=True), values.tolist(), strict=True))
    coordinates = matrix.votes.tocoo()
    read = zip(coordinates.row.tolist(), coordinates.col.tolist(), coordinates.data.tolist(), strict=True)
    assert {(row, column): value for row, column, value in read} == latest


def _from(**changed):
    arguments = {
        "participants": ["a", "b"],
        "statements": [Statement("0")],
        "participant_index": [0, 1],
        "statement_index": [0, 0],
        "values": [1, -1],
    }
    return VoteMatrix.from_arrays(**{**arguments, **changed})


@pytest.mark.parametrize(
    ("changed", "error", "says"),
    [
        ({"values": [1]}, ShapeError, r"^votes: .*participants \(2,\).*values \(1,\)"),
        ({"participant_index": [0, 2]}, ShapeError, "^participant index: expected 0 to 1, got 0 to 2"),
        ({"statement_index": [0, -1]}, ShapeError, "^statement index"),
        ({"values": [1, 2]}, VoteValueError, "^vote 1: expected 1, 0 or -1"),
        ({"values": [True, True]}, VoteValueError, "bool"),
        ({"values": [1.0, float("nan")]}, VoteValueError, "float64"),
        ({"participants": ["a", "a"]}, IdError, "^participant id: 'a' stands twice; every participant needs"),
        ({"statements": [Statement("0"), Statement("0")]}, IdError, "^statement id: '0' stands twice"),
    ],
)
def test_what_can_be_no_matrix(changed, error, says):
    with pytest.raises(error, match=says):
        _from(**changed)


def test_a_ballot_s_digest_is_splitmix64_s_published_sequence():
    # One disagree on the first statement takes the first two numbers of SplitMix64 with seed 0.
    matrix = VoteMatrix.from_votes([Vote("ann", "0", -1)])
    assert [hex(part) for part in matrix.ballot_digests[0].tolist()] == [
        "0xe220a8397b1dcdaf",
        "0x6e789e6aa1b965f4",
    ]


def test_people_of_whom_nobody_voted_have_cast_no_votes():
    matrix = VoteMatrix.from_votes([], statements=[Statement("1")], participants=["ann", "bob", "cat"])
    assert matrix.votes.shape == (3, 1)
    assert matrix.votes_per_participant.tolist() == [0, 0, 0]
    assert matrix.votes.indptr.tolist() == [0, 0, 0, 0]


@settings(deadline=None)
@given(VOTES, st.data())
def test_rows_are_those_asked_for_and_keep_their_digests(votes, data):
    matrix = VoteMatrix.from_votes(votes)
    asked = st.lists(st.integers(0, matrix.n_participants - 1), max_size=12)
    order = np.array(data.draw(asked) if matrix.n_participants else [], dtype=np.intp)
    expected = matrix.votes[order]
    if data.draw(st.booleans()):
        assert matrix.ballot_digests.shape == (matrix.n_participants, 2)
    chosen = matrix.rows(order)
    assert (chosen.votes.indptr.tolist(), chosen.votes.indices.tolist(), chosen.votes.data.tolist()) == (
        expected.indptr.tolist(),
        expected.indices.tolist(),
        expected.data.tolist(),
    )
    anew = VoteMatrix(chosen.participants, chosen.statements, expected)
    assert np.array_equal(chosen.ballot_digests, anew.ballot_digests)


@settings(deadline=None)
@given(VOTES)
def test_in_ballot_order_activity_rises_and_equal_ballots_stand_together(votes):
    matrix = VoteMatrix.from_votes(votes)
    ordered = matrix.rows(matrix.in_ballot_order())
    assert (np.diff(ordered.votes_per_participant) >= 0).all()
    dense = np.full(ordered.votes.shape, 9)
    cells = ordered.votes.tocoo()
    dense[cells.row, cells.col] = cells.data
    ballots = [tuple(row) for row in dense.tolist()]
    n_runs = sum(one != other for one, other in zip(ballots, [None, *ballots], strict=False))
    assert n_runs == len(set(ballots))


def test_ballots_whose_sort_keys_collide_are_ordered_by_the_rest_of_their_digests(colliding):
    matrix, digests = colliding
    order = matrix.in_ballot_order()
    assert digests[order].tolist() == sorted(digests.tolist())


@pytest.fixture
def colliding():
    """Return people with one vote each, and digests given to them that share the first 44 bits."""
    votes = [Vote(f"p{person}", "0", 1) for person in range(6)]
    matrix = VoteMatrix.from_votes(votes)
    first = np.uint64(7) << np.uint64(40)
    digests = np.array([[first + np.uint64(f), s] for f, s in ((3, 1), (1, 9), (3, 0), (2, 5), (1, 2), (1, 9))])
    matrix.__dict__["ballot_digests"] = digests.astype(np.uint64)
    return matrix, digests

"""The whole map: the same votes always say the same, and too little data is an answer."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from benchmarks.made_up import matrix as made_up
from clustering.errors import SettingsError
from clustering.pipeline import compute_group_map
from clustering.settings import ENGINE_VERSION, MapSettings
from clustering.vocabulary import Outcome, Statement, Vote
from clustering.vote_matrix import VoteMatrix
from clustering.written_form import hash_of

ROOT = Path(__file__).parents[2]


def _log(matrix):
    """Return the votes of a matrix as a list of Vote."""
    coordinates = matrix.votes.tocoo()
    return [
        Vote(matrix.participants[row], matrix.statements[column].id, int(value))
        for row, column, value in zip(coordinates.row, coordinates.col, coordinates.data, strict=True)
    ]


def test_a_hundred_random_vote_orders_give_one_result_hash(two_camps):
    matrix = two_camps(120, 25, seed=3)
    votes, rng = _log(matrix), np.random.default_rng(0)
    hashes = set()
    for _ in range(100):
        shuffled = [votes[at] for at in rng.permutation(len(votes))]
        hashes.add(compute_group_map(VoteMatrix.from_votes(shuffled)).result_hash)
    assert len(hashes) == 1


def test_one_and_two_threads_give_one_result_hash(named_export):
    matrix = named_export("american-assembly.bowling-green").vote_matrix()
    hashes = set()
    for n_threads in (1, 2):
        with threadpool_limits(limits=n_threads):
            assert {pool["num_threads"] for pool in threadpool_info()} <= {1, n_threads}
            hashes.add(compute_group_map(matrix).result_hash)
    assert len(hashes) == 1


def test_of_very_many_people_too_the_order_makes_no_difference():
    """From 50,000 people on a quick map keeps the order given; one from scratch never does."""
    made = made_up(51_000, 12, 300_000)
    turned = made.rows(np.random.default_rng(0).permutation(made.n_participants))
    assert compute_group_map(made).result_hash == compute_group_map(turned).result_hash


HASH_OF_MANY_VOTES = """
from benchmarks.made_up import matrix
from clustering.pipeline import compute_group_map
from clustering.settings import MapSettings
print(compute_group_map(matrix(8_000, 300, 420_000), settings=MapSettings(method="ideal")).result_hash)
"""


def test_threads_that_share_the_votes_give_one_result_hash():
    """From 300,000 votes on the loops run in as many threads as there are processors."""
    hashes = {
        subprocess.run(
            [sys.executable, "-c", HASH_OF_MANY_VOTES],
            env={**os.environ, "NUMBA_NUM_THREADS": n_threads, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for n_threads in ("1", "2", "3")
    }
    assert len(hashes) == 1
    assert hashes.pop().startswith("sha256:")


def test_names_and_silent_participants_change_nothing(two_camps):
    matrix = two_camps(60, 15, seed=5)
    votes = _log(matrix)
    renamed = [replace(vote, participant=vote.participant[::-1] + "x") for vote in votes]
    plain = compute_group_map(VoteMatrix.from_votes(votes))
    assert compute_group_map(VoteMatrix.from_votes(renamed)).result_hash == plain.result_hash
    with_silent = compute_group_map(VoteMatrix.from_votes(votes, participants=["aaa-silent", "zzz-silent"]))
    same = ("input_hash", "n_placed", "groups", "statements", "consensus", "axes", "n_participants")
    first, second = plain.to_document(), with_silent.to_document()
    # A silent participant is a row without votes: only the digests of the rows may differ.
    assert [first[key] for key in same[1:]] == [second[key] for key in same[1:]]


def test_another_vote_seed_or_moderation_gives_another_hash(two_camps):
    matrix = two_camps(60, 15, seed=5)
    votes = _log(matrix)
    changed = [replace(votes[0], value=-votes[0].value or 1), *votes[1:]]
    hidden = [replace(statement, is_moderated_out=statement.id == "3") for statement in matrix.statements]
    maps = [
        compute_group_map(matrix),
        compute_group_map(matrix, settings=MapSettings(seed=1)),
        compute_group_map(VoteMatrix.from_votes(changed)),
        compute_group_map(VoteMatrix.from_votes(votes, statements=hidden)),
        compute_group_map(matrix, settings=MapSettings(n_groups=3)),
    ]
    assert len({group_map.result_hash for group_map in maps}) == len(maps)


def test_anybody_can_recompute_the_hash_from_the_written_form(two_camps):
    document = json.loads(json.dumps(compute_group_map(two_camps(60, 15, seed=5)).to_document()))
    assert hash_of(document) == document["result_hash"]
    document["groups"][0]["n_participants"] += 1
    assert hash_of(document) != document["result_hash"]


def test_the_two_camps_are_found(two_camps):
    group_map = compute_group_map(two_camps(200, 30, seed=7))
    assert group_map.outcome is Outcome.READY
    assert group_map.n_groups == 2
    sizes = [group["n_participants"] for group in group_map.to_document()["groups"]]
    assert sizes == pytest.approx([120, 80], abs=20)


def _voting(n_people, n_statements, ballot):
    return [
        Vote(f"p{person}", str(statement), ballot(person, statement))
        for person in range(n_people)
        for statement in range(n_statements)
    ]


HIDDEN = [Statement(str(at), is_moderated_out=True) for at in range(9)]


@pytest.mark.parametrize(
    ("votes", "statements", "outcome", "missing"),
    [
        ([], [], "no-votes", {"participants": 7, "votes_each": 1}),
        ([], [Statement("0"), Statement("1")], "no-votes", {"participants": 7, "votes_each": 1}),
        (_voting(1, 9, lambda p, s: 1), [], "too-few-participants", {"participants": 6, "votes_each": 7}),
        (_voting(30, 1, lambda p, s: (-1) ** p), [], "too-few-statements", {"statements": 1}),
        (_voting(30, 9, lambda p, s: (-1) ** s), [], "no-structure", {}),
        (_voting(30, 9, lambda p, s: 0), [], "no-structure", {}),
        (_voting(30, 9, lambda p, s: (-1) ** (p + s)), HIDDEN, "too-few-statements", {"statements": 2}),
        (
            _voting(2, 9, lambda p, s: (-1) ** (p + s)),
            [],
            "too-few-participants",
            {"participants": 5, "votes_each": 7},
        ),
        (
            _voting(6, 9, lambda p, s: (-1) ** (p + s)),
            [],
            "too-few-participants",
            {"participants": 1, "votes_each": 7},
        ),
        (_voting(7, 9, lambda p, s: (-1) ** (p + s)), [], "ready", {}),
        # Nobody with seven votes: the most active are placed instead, all of them alike.
        (_voting(20, 3, lambda p, s: (-1) ** (p * (s + 1))), [], "ready", {}),
    ],
)
def test_too_little_data_is_an_outcome(votes, statements, outcome, missing):
    group_map = compute_group_map(VoteMatrix.from_votes(votes, statements=statements))
    document = group_map.to_document()
    assert (document["outcome"], document["missing"]) == (outcome, missing or None)
    assert document["n_votes"] == len(votes)
    assert (document["groups"] == []) == (outcome != "ready")
    assert sum(entry["n_seen"] for entry in document["statements"]) == len(votes)
    json.dumps(document, allow_nan=False)


@pytest.mark.parametrize("n_statements", [2, 5, 9, 40])
def test_equal_ballots_share_a_group(n_statements):
    """Twenty people, three different ballots: also when nobody has seven votes."""
    votes = _voting(20, n_statements, lambda p, s: (1, -1, 0)[(p % 3 + s) % 3])
    group_map = compute_group_map(VoteMatrix.from_votes(votes))
    assert group_map.outcome is Outcome.READY
    assert group_map.is_placed.all()
    labels = group_map.as_given(group_map.labels)
    names = group_map.as_given(np.arange(20))
    assert len(names) == 20
    order = VoteMatrix.from_votes(votes).participants
    for ballot in range(3):
        same = [label for name, label in zip(order, labels, strict=True) if int(name[1:]) % 3 == ballot]
        assert len(set(same)) == 1


def test_equally_active_people_are_placed_alike():
    """Sixteen people with three votes and one with four: all are placed, where Polis would leave two out."""
    votes = [
        v
        for v in _voting(17, 9, lambda p, s: (-1) ** (p * s))
        if int(v.statement) < (4 if v.participant == "p0" else 3)
    ]
    assert compute_group_map(VoteMatrix.from_votes(votes)).is_placed.sum() == 17


def test_more_groups_than_places_is_no_structure():
    votes = _voting(20, 9, lambda p, s: (-1) ** (p + s))
    group_map = compute_group_map(VoteMatrix.from_votes(votes), settings=MapSettings(n_groups=3))
    assert group_map.outcome is Outcome.NO_STRUCTURE


def _noise(n_people, n_statements, *, seed):
    rng = np.random.default_rng(seed)
    chance = rng.random(n_statements)
    return _voting(n_people, n_statements, lambda p, s: 1 if rng.random() < chance[s] else -1)


@pytest.mark.parametrize("seed", range(4))
def test_in_noise_ideal_reports_no_groups_and_shows_a_cloud(seed):
    matrix = VoteMatrix.from_votes(_noise(100, 25, seed=seed))
    group_map = compute_group_map(matrix, settings=MapSettings("ideal"))
    document = group_map.to_document()
    assert (document["outcome"], document["n_groups"], document["groups"]) == ("no-structure", 0, [])
    assert group_map.is_placed.all()
    assert len(group_map.candidates) == 4
    assert sum(bubble["n_participants"] for bubble in document["bubbles"]) == 100
    assert min(bubble["n_participants"] for bubble in document["bubbles"]) >= 10
    # What was asked for is given, and Polis's way always finds some.
    assert compute_group_map(matrix, settings=MapSettings("ideal", n_groups=3)).n_groups == 3
    classic = compute_group_map(matrix).to_document()
    assert classic["n_groups"] >= 2
    assert classic["bubbles"] == []


def test_nine_people_without_groups_are_no_cloud():
    matrix = VoteMatrix.from_votes(_noise(9, 25, seed=0))
    document = compute_group_map(matrix, settings=MapSettings("ideal")).to_document()
    assert (document["outcome"], document["bubbles"]) == ("no-structure", [])


def test_copies_of_a_ballot_are_no_group_of_their_own():
    """Forty copies count for one person: a group of them alone is too small to report."""
    noise = _noise(100, 25, seed=1)
    copies = [Vote(f"copy{p}", str(s), 1) for p in range(40) for s in range(25)]
    group_map = compute_group_map(VoteMatrix.from_votes(noise + copies), settings=MapSettings("ideal"))
    assert group_map.outcome is Outcome.NO_STRUCTURE


@pytest.mark.parametrize("n_groups", [1, 2, 3, 4, 5])
def test_a_forced_number_of_groups(two_camps, n_groups):
    group_map = compute_group_map(two_camps(40, 12, seed=1), settings=MapSettings(n_groups=n_groups))
    assert group_map.n_groups == n_groups == len(group_map.to_document()["groups"])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"method": "fancy"}, "method: expected one of classic, ideal, strict"),
        ({"seed": -1}, "seed"),
        ({"seed": True}, "seed"),
        ({"seed": 2**32}, "seed"),
        ({"n_groups": 0}, "groups: expected a whole number from 1 to 5"),
        ({"n_groups": 6}, "groups"),
        ({"n_groups": 2.0}, "groups"),
    ],
)
def test_settings_out_of_range(wrong, says):
    with pytest.raises(SettingsError, match=says):
        MapSettings(**wrong)


def test_unknown_settings_are_refused_and_known_ones_come_back():
    with pytest.raises(SettingsError, match="unknown colour"):
        MapSettings.from_document({"colour": "red"})
    settings = MapSettings(method="strict", seed=9, n_groups=3)
    assert MapSettings.from_document(settings.to_document()) == settings


def test_the_engine_has_the_version_of_the_distribution():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["version"] == ENGINE_VERSION


def test_the_arrays_that_come_in_are_never_changed(two_camps):
    matrix = two_camps(60, 15, seed=5)
    before = [part.copy() for part in (matrix.votes.data, matrix.votes.indices, matrix.votes.indptr)]
    compute_group_map(matrix)
    after = (matrix.votes.data, matrix.votes.indices, matrix.votes.indptr)
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


@pytest.mark.parametrize("n_statements", [2, 3, 31, 32, 33, 50])
@pytest.mark.parametrize("rank", [1, 2])
def test_votes_that_vary_in_one_or_two_directions_only(n_statements, rank):
    """A second axis that is not there is empty, not noise; few and many statements take different roads."""
    votes = _voting(24, n_statements, lambda p, s: (-1) ** (p // 2 if s % rank else p))
    group_map = compute_group_map(VoteMatrix.from_votes(votes))
    n_axes = np.count_nonzero(group_map.axes.variance_shares)
    assert n_axes == rank
    assert group_map.axes.variance_shares.sum() == pytest.approx(1.0)
    assert np.count_nonzero(group_map.axes.components.any(axis=1)) == rank


def test_strict_counts_copies_and_ties_as_polis_does(two_camps):
    """Everybody weighs one, and of equally active people the earlier ones join those who are placed."""
    matrix = two_camps(40, 20, seed=5)
    copied = matrix.rows(np.concatenate((np.arange(40), np.repeat(3, 12))))
    votes = VoteMatrix(range(52), copied.statements, copied.votes)
    strict, classic = (
        compute_group_map(votes, settings=MapSettings(method=name)) for name in ("strict", "classic")
    )
    assert strict.weights.tolist() == [1.0] * 52
    assert classic.as_given(classic.weights)[[3, 45]] == pytest.approx([1 / 13, 1 / 13])
    rows, columns = np.nonzero(np.arange(8)[None, :] < np.repeat([8, 3], [10, 9])[:, None])
    few = VoteMatrix.from_arrays(
        participants=range(19),
        statements=[Statement(str(number)) for number in range(8)],
        participant_index=rows,
        statement_index=columns,
        values=np.where((rows + columns) % 3 == 0, 1, -1),
    )
    placed = {
        name: int(compute_group_map(few, settings=MapSettings(method=name)).is_placed.sum())
        for name in ("strict", "classic")
    }
    assert placed == {"strict": 15, "classic": 19}

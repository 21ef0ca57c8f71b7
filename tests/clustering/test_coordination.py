"""Evidence of coordinated ballots against brute force, planted sets and planted bursts."""

import numpy as np
import pytest
from scipy.special import expit

from clustering import coordination
from clustering.coordination import ballots_alike, bursts, first_votes_at, one_sided_ballots
from clustering.ideal_fit import fit_ideal_points
from clustering.pipeline import compute_group_map
from clustering.settings import MapSettings
from clustering.vocabulary import Statement
from clustering.vote_matrix import VoteMatrix
from clustering.what_if import without


def _matrix(votes):
    """Return the matrix of an array, NaN where unseen."""
    rows, columns = np.nonzero(~np.isnan(votes))
    return VoteMatrix.from_arrays(
        participants=[f"p{row}" for row in range(len(votes))],
        statements=[Statement(str(column)) for column in range(votes.shape[1])],
        participant_index=rows,
        statement_index=columns,
        values=votes[rows, columns].astype(int),
    )


def _crowd(n, n_statements, *, seed=0):
    rng = np.random.default_rng(seed)
    chance = expit(
        rng.normal(size=(n, 2)) @ rng.normal(0, 1, (2, n_statements)) + rng.normal(0, 1, n_statements)
    )
    votes = np.where(rng.random(chance.shape) < chance, 1.0, -1.0)
    votes[rng.random(votes.shape) < 0.1] = 0
    votes[rng.random(votes.shape) < 0.3] = np.nan
    return votes


def _with_copies(n=200, n_copies=6, *, noise=0.03, seed=0):
    rng = np.random.default_rng(seed + 100)
    votes = _crowd(n, 60, seed=seed)
    ballot = rng.choice([-1.0, 1.0], 60)
    copies = np.where(rng.random((n_copies, 60)) < noise, -ballot, ballot)
    return _matrix(np.vstack((votes, copies)))


def _brute_force(matrix, model):
    votes, found = matrix.votes.toarray(), []
    p = expit(model.positions @ model.loadings.T + model.easiness)
    for i in range(len(votes)):
        for k in range(i + 1, len(votes)):
            both = (votes[i] != 0) & (votes[k] != 0)
            if both.sum() < 20:
                continue
            agreed = (votes[i] == votes[k])[both].sum()
            same = (p[i] * p[k] + (1 - p[i]) * (1 - p[k]))[both]
            z = (agreed - same.sum()) / np.sqrt((same * (1 - same)).sum())
            if agreed / both.sum() >= 0.9 and z >= 5:
                found.append((i, k, z, agreed / both.sum()))
    return found


@pytest.mark.parametrize("block", [7, 50, 10_000])
def test_alike_ballots_are_those_brute_force_finds(monkeypatch, block):
    monkeypatch.setattr(coordination, "ALIKE_BLOCK", block)
    matrix = _with_copies()
    model = fit_ideal_points(matrix.votes)
    pairs = _brute_force(matrix, model)
    assert len(pairs) >= 3
    sets = []
    for i, k, *_ in pairs:
        joined = [one for one in sets if {i, k} & one]
        sets = [one for one in sets if one not in joined] + [{i, k}.union(*joined)]
    expected = sorted(sorted(one) for one in sets if len(one) >= 3)
    found = ballots_alike(matrix, model)
    assert sorted(one.rows.tolist() for one in found) == expected
    assert set(range(200, 206)) <= {row for one in expected for row in one}
    for evidence in found:
        inside = [pair for pair in pairs if pair[0] in evidence.rows]
        assert evidence.seen["n_people"] == len(evidence.rows)
        # Sums in single precision.
        assert evidence.seen["z"] == pytest.approx(min(pair[2] for pair in inside), rel=1e-3)
        assert evidence.seen["agreement"] == pytest.approx(min(pair[3] for pair in inside), rel=1e-5)


def test_an_honest_crowd_is_not_alike():
    matrix = _matrix(_crowd(200, 60, seed=4))
    assert ballots_alike(matrix, fit_ideal_points(matrix.votes)) == []


def test_short_ballots_are_not_compared():
    matrix = _matrix(_crowd(60, 19))
    assert ballots_alike(matrix, fit_ideal_points(matrix.votes)) == []


def test_ballots_all_the_same():
    votes = np.full((8, 12), np.nan)
    votes[0], votes[1], votes[2] = 1, -1, 0
    votes[3, :9] = 1
    votes[4], votes[4, 3] = 1, 0
    votes[5, :10] = 1
    votes[6] = np.tile([1, -1], 6)
    found = {one.kind: one for one in one_sided_ballots(_matrix(votes))}
    assert {kind: one.rows.tolist() for kind, one in found.items()} == {
        "all-agree": [0, 5],
        "all-disagree": [1],
        "all-pass": [2],
    }
    # Six people have ten votes or more.
    assert found["all-agree"].seen == {"n_people": 2, "share": pytest.approx(2 / 6)}
    assert all(one.usual for one in found.values())
    assert one_sided_ballots(_matrix(np.full((3, 12), np.nan))) == []


def test_first_votes():
    at = first_votes_at(np.array([0, 1, 0, 2]), np.array([50, 30, 20, -1]), n_participants=4)
    assert at.tolist() == [20, 30, -1, -1]


def test_a_planted_burst_is_found_and_even_arrivals_are_not():
    rng = np.random.default_rng(0)
    evenly = np.sort(rng.integers(0, 10 * 3_600_000, 600))
    assert bursts(evenly) == []
    start = 5 * 3_600_000
    planted = np.concatenate((evenly, start + rng.integers(0, 50_000, 20)))
    mixed = rng.permutation(planted.size)
    (found,) = bursts(planted[mixed])
    assert set(np.flatnonzero(planted[mixed] >= 0)) >= set(found.rows)
    assert {row for row in range(planted.size) if mixed[row] >= 600} <= set(found.rows.tolist())
    assert abs(found.seen["start_ms"] - start) <= 60_000
    # Sixty an hour, one a minute.
    assert found.seen["expected"] == pytest.approx(1, abs=0.6)
    assert (found.rows == np.sort(found.rows)).all()


def test_a_launch_is_no_burst_but_what_stands_out_of_it_is():
    rng = np.random.default_rng(1)
    launch = rng.integers(0, 3_600_000, 1_000)
    assert bursts(launch) == []
    assert len(bursts(np.concatenate((launch, 1_800_000 + rng.integers(0, 40_000, 60))))) == 1


@pytest.mark.parametrize("times", [[], [-1, -1], [5], [5] * 9])
def test_too_few_for_a_burst(times):
    assert bursts(np.array(times, dtype=np.int64)) == []


def test_the_map_without_some_people_is_that_of_the_others(two_camps):
    matrix = two_camps(90, 20, seed=2)
    settings = MapSettings(seed=3)
    left = without(matrix, np.array([0, 5, 89]), settings=settings)
    others = np.setdiff1d(np.arange(90), [0, 5, 89])
    assert left.result_hash == compute_group_map(matrix.rows(others), settings=settings).result_hash
    assert left.matrix.n_participants == 87
    assert left.matrix.n_statements == matrix.n_statements
    assert without(matrix, np.array([], dtype=int)).result_hash == compute_group_map(matrix).result_hash
    assert without(matrix, np.arange(90)).outcome.value == "no-votes"
    with pytest.raises(IndexError):
        without(matrix, np.array([90]))

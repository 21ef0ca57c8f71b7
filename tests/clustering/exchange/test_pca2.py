"""Polis's `math/pca2` of a map: every entry counted again from the votes, and what of it the public sees."""

from dataclasses import replace

import numpy as np
import pytest

from clustering.exchange.pca2 import Pca2Numbers, pca2_document
from clustering.exchange.pca2_views import public_document, shown_document
from clustering.pipeline import compute_group_map
from clustering.settings import MapSettings
from clustering.steadiness import present
from clustering.vocabulary import Statement, Vote
from clustering.vote_matrix import VoteMatrix


def _matrix(sizes, *, names=str):
    """Return votes of groups of these sizes that answer alike but for chance; statement 13 nobody saw."""
    rng = np.random.default_rng(5)
    crowd = np.repeat(np.arange(len(sizes)), sizes)
    lean = rng.choice([-2.5, 2.5], (len(sizes), 12))
    votes = np.where(rng.random((len(crowd), 12)) < 1 / (1 + np.exp(-lean[crowd])), 1, -1)
    votes[rng.random(votes.shape) < 0.1] = 0
    seen = np.argwhere(rng.random(votes.shape) < 0.85)
    cast = [
        Vote(names(person + 3), str(statement), int(votes[person, statement])) for person, statement in seen
    ]
    statements = [Statement(str(j), is_moderated_out=j == 2, is_meta=j == 7) for j in [*range(12), 13]]
    return VoteMatrix.from_votes(cast, statements=statements)


@pytest.fixture(scope="module")
def group_map():
    return compute_group_map(_matrix([70, 50, 4]), settings=MapSettings(n_groups=3))


@pytest.fixture(scope="module")
def document(group_map):
    return pca2_document(group_map, math_tick=17, last_vote_ms=1_700_000_000_000)


def _ads(group_map, people, statement):
    matrix = group_map.matrix
    rows = [row for row, name in enumerate(matrix.participants) if int(name) in people]
    votes = matrix.votes[rows].tocoo()
    cast = votes.data[votes.col == [s.id for s in matrix.statements].index(str(statement))]
    return {"A": int((cast == 1).sum()), "D": int((cast == -1).sum()), "S": len(cast)}


def test_the_whole(group_map, document):
    matrix = group_map.matrix
    assert (document["n"], document["n-cmts"], document["math_tick"]) == (124, 12, 17)
    assert (document["lastVoteTimestamp"], document["lastModTimestamp"]) == (1_700_000_000_000, None)
    assert document["tids"] == list(range(12))
    assert document["mod-in"] == [j for j in [*range(12), 13] if j != 2]
    assert (document["mod-out"], document["meta-tids"]) == ([2, 7], [7])
    counts = np.diff(matrix.votes.indptr)
    assert document["user-vote-counts"] == {
        name: int(n) for name, n in zip(matrix.participants, counts, strict=True)
    }
    placed = [int(name) for name, n in zip(matrix.participants, counts, strict=True) if n >= 7]
    assert document["in-conv"] == sorted(placed)


def test_axes_are_in_polis_s_sign_and_places_in_ours(group_map, document):
    pca = document["pca"]
    assert pca["center"] == pytest.approx(-group_map.axes.centre[:12])
    assert np.array(pca["comps"]) == pytest.approx(-group_map.axes.components[:, :12])
    assert np.array(pca["comment-projection"]) == pytest.approx(group_map.statement_places[:12].T)
    assert pca["comment-extremity"] == pytest.approx(np.hypot(*pca["comment-projection"]))


def test_base_clusters_are_neighbours_of_one_group(group_map, document):
    base, placed = document["base-clusters"], int(group_map.is_placed.sum())
    assert base["id"] == list(range(len(base["members"])))
    assert base["count"] == [len(members) for members in base["members"]]
    assert sorted(one for members in base["members"] for one in members) == document["in-conv"]
    # A hundred at most: of 124 people one or two stand together.
    assert 100 < placed <= 124
    assert max(base["count"]) <= 3
    row = {int(name): at for at, name in enumerate(group_map.matrix.participants)}
    for at, members in enumerate(base["members"]):
        rows = [row[one] for one in members]
        assert [base["x"][at], base["y"][at]] == pytest.approx(group_map.places[rows].mean(axis=0))
        assert len(set(group_map.labels[rows])) == 1
    for entry in document["group-clusters"]:
        people = [one for at in entry["members"] for one in base["members"][at]]
        assert set(people) == {
            int(group_map.matrix.participants[r]) for r in np.flatnonzero(group_map.labels == entry["id"])
        }
        assert entry["center"] == pytest.approx(group_map.grouping.centres[entry["id"]])
    for tid, sides in document["votes-base"].items():
        for at, members in enumerate(base["members"]):
            counted = _ads(group_map, set(members), tid)
            assert {side: sides[side][at] for side in "ADS"} == counted


def test_up_to_a_hundred_people_each_is_a_base_cluster():
    few = pca2_document(compute_group_map(_matrix([60, 40]), settings=MapSettings(n_groups=2)))
    assert set(few["base-clusters"]["count"]) == {1}


def test_groups_are_counted(group_map, document):
    for group, (gid, said) in enumerate(document["group-votes"].items()):
        inside = np.flatnonzero(group_map.labels == group)
        people = {int(group_map.matrix.participants[row]) for row in inside}
        assert (gid, said["id"], said["n-members"]) == (str(group), group, len(people))
        assert said["votes"] == {str(tid): _ads(group_map, people, tid) for tid in range(12)}
    judged = group_map.judged
    assert document["group-aware-consensus"] == pytest.approx(
        {str(j): judged.group_aware_consensus[j] for j in range(12)}
    )
    assert document["comment-priorities"] == pytest.approx({str(j): judged.priorities[j] for j in range(12)})
    assert document["comment-priorities"]["7"] == 49.0


def test_statements_that_mark_out_and_that_are_shared(group_map, document):
    for group, entries in enumerate(document["repness"].values()):
        for entry, held in zip(entries, group_map.judged.representative[group], strict=True):
            counted = document["group-votes"][str(group)]["votes"][str(entry["tid"])]
            side = "A" if entry["repful-for"] == "agree" else "D"
            assert (entry["n-success"], entry["n-trials"]) == (counted[side], counted["S"])
            assert entry["p-success"] == pytest.approx((counted[side] + 1) / (counted["S"] + 2))
            assert (entry["p-test"], entry["repness"], entry["repness-test"]) == (
                held.share_z,
                held.representativeness,
                held.representativeness_z,
            )
            assert ("best-agree" in entry, "n-agree" in entry) == (held.is_best_agree, held.is_best_agree)
            if held.is_best_agree:
                assert (entry["best-agree"], entry["n-agree"]) == (True, entry["n-success"])
    everybody = {int(name) for name in group_map.matrix.participants}
    for side, letter in (("agree", "A"), ("disagree", "D")):
        for entry in document["consensus"][side]:
            counted = _ads(group_map, everybody, entry["tid"])
            assert (entry["n-success"], entry["n-trials"]) == (counted[letter], counted["S"])
            assert entry["p-success"] == pytest.approx((counted[letter] + 1) / (counted["S"] + 2))
            z = 2 * np.sqrt(counted["S"] + 1) * ((counted[letter] + 1) / (counted["S"] + 1) - 0.5)
            assert entry["p-test"] == pytest.approx(z)


def test_names_that_are_no_numbers_become_their_positions_in_order():
    matrix = _matrix([12, 8], names=lambda n: f"who{n}")
    people = pca2_document(compute_group_map(matrix))["user-vote-counts"]
    by_name = dict(zip(matrix.participants, np.diff(matrix.votes.indptr).tolist(), strict=True))
    assert people == {str(at): by_name[name] for at, name in enumerate(sorted(by_name))}


def test_one_name_that_is_no_number_makes_all_of_them_positions():
    matrix = _matrix([12, 8], names=lambda n: "somebody" if n == 7 else str(100 + n))
    people = pca2_document(compute_group_map(matrix))["user-vote-counts"]
    by_name = dict(zip(matrix.participants, np.diff(matrix.votes.indptr).tolist(), strict=True))
    in_order = sorted(by_name, key=lambda name: (name == "somebody", name))
    assert people == {str(at): by_name[name] for at, name in enumerate(in_order)}


def test_numbers_given_are_used(group_map, document):
    people = {str(name): 1_000 + int(name) for name in group_map.matrix.participants}
    tids = {str(s.id): 500 + int(s.id) for s in group_map.matrix.statements}
    told = pca2_document(group_map, numbers=Pca2Numbers(people, tids, [2, 0, 1]))
    assert told["tids"] == [500 + tid for tid in document["tids"]]
    assert told["in-conv"] == [1_000 + pid for pid in document["in-conv"]]
    assert [entry["id"] for entry in told["group-clusters"]] == [0, 1, 2]
    # The first group is now called 2.
    assert told["group-votes"]["2"]["n-members"] == document["group-votes"]["0"]["n-members"]
    assert len(told["repness"]["0"]) == len(document["repness"]["1"])


def test_no_groups_no_base_clusters():
    nothing = pca2_document(compute_group_map(VoteMatrix.from_votes([])))
    assert nothing["base-clusters"] == {"id": [], "members": [], "x": [], "y": [], "count": []}
    assert (nothing["group-clusters"], nothing["repness"], nothing["group-aware-consensus"]) == ([], {}, {})


def _shown(group_map, *, turn, letters):
    presented = replace(present(group_map), turn=turn, letters=letters)
    pids = {str(name): int(name) for name in group_map.matrix.participants}
    tids = {str(s.id): int(s.id) for s in group_map.matrix.statements}
    return shown_document(presented, pids=pids, tids=tids, math_tick=1, last_vote_ms=2)


def test_what_is_shown_is_turned_and_lettered(group_map, document):
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    shown = _shown(group_map, turn=turn, letters="CAB")
    assert np.array(shown["pca"]["comps"]) == pytest.approx(turn.T @ document["pca"]["comps"])
    for key in ("comment-projection",):
        assert np.array(shown["pca"][key]) == pytest.approx(turn.T @ document["pca"][key])
    assert (shown["math_tick"], shown["lastVoteTimestamp"]) == (1, 2)
    centres = {entry["id"]: entry["center"] for entry in document["group-clusters"]}
    for entry in shown["group-clusters"]:
        was = "CAB".index("ABC"[entry["id"]])
        assert entry["center"] == pytest.approx(np.array(centres[was]) @ turn)
        assert shown["group-votes"][str(entry["id"])]["votes"] == document["group-votes"][str(was)]["votes"]


def test_the_public_sees_groups_in_place_of_people(document):
    four = {**document["group-votes"]["2"], "n-members": 4}
    document = document | {"group-votes": document["group-votes"] | {"2": four}}
    public = public_document(document)
    assert public.keys() == document.keys()
    assert (public["in-conv"], public["user-vote-counts"]) == ([], {})
    sizes = [entry["n-members"] for entry in document["group-votes"].values()]
    base = public["base-clusters"]
    assert (base["id"], base["members"]) == ([0, 1, 2], [[], [], []])
    assert base["count"] == [sizes[0], sizes[1], 0]
    centres = [entry["center"] for entry in document["group-clusters"]]
    assert [list(place) for place in zip(base["x"], base["y"], strict=True)] == centres
    assert public["group-clusters"] == [{"id": at, "center": centres[at], "members": [at]} for at in range(3)]
    small = public["group-votes"]["2"]
    assert (small["id"], small["n-members"], public["repness"]["2"]) == (2, 0, [])
    assert set(small["votes"]) == {str(tid) for tid in range(12)}
    assert all(counted == {"A": 0, "D": 0, "S": 0} for counted in small["votes"].values())
    assert public["repness"]["0"] == document["repness"]["0"]
    for gid in ("0", "1"):
        assert public["group-votes"][gid] == document["group-votes"][gid]
    for tid in range(12):
        for side in "ADS":
            told = [public["group-votes"][gid]["votes"][str(tid)][side] for gid in "012"]
            assert public["votes-base"][str(tid)][side] == told
    assert public["consensus"] == document["consensus"]


def test_five_people_are_a_group_that_may_be_shown(document):
    five = {**document["group-votes"]["2"], "n-members": 5}
    told = public_document(document | {"group-votes": document["group-votes"] | {"2": five}})
    assert told["group-votes"]["2"] == five
    assert told["repness"]["2"] == document["repness"]["2"]

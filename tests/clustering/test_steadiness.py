"""What people see stays still, and the record says what was done."""

import json
from dataclasses import dataclass, replace

import numpy as np
import pytest

from clustering.errors import ShapeError
from clustering.pipeline import compute_group_map
from clustering.settings import MapSettings
from clustering.steadiness import NOT_PLACED, PLACE, WITHOUT_GROUP, PresentedMap, present
from clustering.vocabulary import Outcome, Statement, Vote
from clustering.vote_matrix import VoteMatrix


@dataclass(frozen=True)
class Kept:
    presentation: bytes
    places: bytes


def _keep(presented: PresentedMap) -> Kept:
    return Kept(json.dumps(presented.presentation_document()).encode(), presented.places_bytes())


def _turned(kept: Kept, turn, letters=None) -> Kept:
    """Return what people would have seen, had the axes been turned and the letters exchanged."""
    places = np.frombuffer(kept.places, PLACE).copy()
    xy = np.column_stack((places["x"], places["y"])) @ turn
    places["x"], places["y"] = xy.T
    if letters is not None:
        places["group"] = np.append(letters, -1)[places["group"]]
    return Kept(kept.presentation, places.tobytes())


@pytest.fixture
def group_map(two_camps):
    return compute_group_map(two_camps(90, 20, seed=2))


def test_the_first_map_is_shown_as_it_is(group_map):
    presented = present(group_map)
    assert presented.turn.tolist() == [[1, 0], [0, 1]]
    assert presented.letters == "AB"
    document = presented.to_document()
    assert document["result_hash"] == group_map.result_hash
    assert document["presentation"]["n_groups_canonical"] == document["n_groups"] == 2


@pytest.mark.parametrize("angle", [0.0, 0.3, np.pi / 2, np.pi, 4.0])
@pytest.mark.parametrize("mirror", [1, -1])
def test_axes_that_turned_or_flipped_are_turned_back(group_map, angle, mirror):
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ np.diag([1, mirror])
    before = _turned(_keep(present(group_map)), turn)
    presented = present(group_map, before)
    assert presented.turn == pytest.approx(turn, abs=1e-9)
    shown = np.frombuffer(presented.places_bytes(), PLACE)
    then = np.frombuffer(before.places, PLACE)
    assert shown["x"] == pytest.approx(then["x"], abs=1e-9)
    assert presented.canonical.result_hash == group_map.result_hash


def test_groups_keep_their_letters_though_their_sizes_change_places(group_map):
    before = _turned(_keep(present(group_map)), np.eye(2), letters=np.array([2, 0], np.int8))
    presented = present(group_map, before)
    assert presented.letters == "CA"
    document = presented.to_document()
    assert [group["group"] for group in document["groups"]] == ["A", "C"]
    assert set(document["statements"][0]["groups"]) == {"A", "C"}
    assert document["presentation"]["letters"] == {"A": "C", "B": "A"}


def test_the_largest_group_keeps_its_letter_too_when_there_are_fewer_groups(group_map):
    """It was C of three: the letter that is free, and would be the first in turn, isn't its own."""
    groups = _keep(present(group_map))
    before = _turned(groups, np.eye(2), letters=np.array([2, 1], np.int8))
    assert present(group_map, before).letters == "CB"


def test_a_new_group_takes_a_free_letter(two_camps):
    matrix = two_camps(90, 20, seed=2)
    two, three = (compute_group_map(matrix, settings=MapSettings(n_groups=k)) for k in (2, 3))
    presented = present(three, _keep(present(two)))
    assert set(presented.letters) == {"A", "B", "C"}


def _grown(matrix, n_votes):
    """Return the matrix of the first n_votes votes, participants kept, in an order without pattern."""
    coordinates = matrix.votes.tocoo()
    order = np.random.default_rng(0).permutation(matrix.n_votes)[:n_votes]
    return VoteMatrix.from_arrays(
        participants=matrix.participants,
        statements=matrix.statements,
        participant_index=coordinates.row[order],
        statement_index=coordinates.col[order],
        values=coordinates.data[order],
    )


def _with(kept: Kept, **record) -> Kept:
    return Kept(json.dumps({**json.loads(kept.presentation), **record}).encode(), kept.places)


def test_another_number_of_groups_waits_for_votes_not_for_runs(two_camps):
    """Three groups were shown; two win now. However often the map is redrawn, it waits for 15 % more votes."""
    matrix = two_camps(120, 30, seed=4)
    n = matrix.n_votes
    small, large = compute_group_map(_grown(matrix, n - 400)), compute_group_map(matrix)
    assert small.n_groups == large.n_groups == 2
    shown = _with(_keep(present(small)), n_groups=3, steadying=None)
    for _ in range(6):
        presented = present(small, shown)
        assert presented.grouping.n_groups == 3
        assert presented.steadying == {"n_groups": 2, "since_votes": n - 400}
        shown = _keep(presented)
    assert presented.to_document()["n_groups"] == 3
    assert len(presented.to_document()["groups"]) == 3
    assert presented.canonical.result_hash == small.result_hash
    assert present(compute_group_map(_grown(matrix, n - 100)), shown).grouping.n_groups == 3
    after = present(large, shown)
    assert after.grouping.n_groups == 2
    assert after.steadying is None


def test_a_challenger_that_changes_starts_anew(two_camps):
    group_map = compute_group_map(two_camps(120, 30, seed=4))
    n_votes = group_map.matrix.n_votes
    shown = _with(_keep(present(group_map)), n_groups=3, steadying={"n_groups": 4, "since_votes": 1})
    assert present(group_map, shown).steadying == {"n_groups": 2, "since_votes": n_votes}


def test_a_forced_number_of_groups_doesn_t_wait(two_camps):
    group_map = compute_group_map(two_camps(120, 30, seed=4), settings=MapSettings(n_groups=4))
    shown = _with(_keep(present(group_map)), n_groups=2)
    assert present(group_map, shown).grouping.n_groups == 4


def test_new_settings_are_followed_at_once(two_camps):
    matrix = two_camps(120, 30, seed=4)
    three = compute_group_map(matrix, settings=MapSettings(n_groups=3))
    assert present(compute_group_map(matrix), _keep(present(three))).grouping.n_groups == 2


def _shown_before(group_map, **record) -> Kept:
    """Return what people would have seen, had it been without groups and this many votes ago."""
    kept = _with(_keep(present(group_map)), n_groups=0, outcome="no-structure", **record)
    places = np.frombuffer(kept.places, PLACE).copy()
    places["group"] = np.where(places["group"] >= 0, WITHOUT_GROUP, NOT_PLACED)
    return Kept(kept.presentation, places.tobytes())


def test_groups_that_begin_to_come_back_wait_and_those_that_stop_stay_a_while(two_camps):
    group_map = compute_group_map(two_camps(120, 30, seed=4), settings=MapSettings("ideal"))
    assert group_map.n_groups == 2
    n_votes = group_map.matrix.n_votes
    waiting = present(group_map, _shown_before(group_map, steadying=None))
    assert (waiting.grouping, waiting.outcome.value) == (None, "no-structure")
    assert waiting.steadying == {"n_groups": 2, "since_votes": n_votes}
    document = waiting.to_document()
    assert (document["outcome"], document["groups"], document["n_groups"]) == ("no-structure", [], 0)
    assert sum(bubble["n_participants"] for bubble in document["bubbles"]) == document["n_placed"]
    groups = np.frombuffer(waiting.places_bytes(), PLACE)["group"]
    assert np.count_nonzero(groups == WITHOUT_GROUP) == document["n_placed"]
    assert set(groups.tolist()) <= {WITHOUT_GROUP, NOT_PLACED}
    # 1.2 × the votes then are at least 15 % more.
    since = {"n_groups": 2, "since_votes": int(n_votes / 1.2)}
    assert present(group_map, _shown_before(group_map, steadying=since)).grouping.n_groups == 2
    vanished = replace(group_map, grouping=None, outcome=Outcome.NO_STRUCTURE)
    kept = present(vanished, _keep(present(group_map)))
    assert (kept.grouping.n_groups, kept.outcome.value) == (2, "ready")
    assert kept.steadying == {"n_groups": 0, "since_votes": n_votes}


def test_a_first_map_with_groups_waits_for_nothing(two_camps):
    group_map = compute_group_map(two_camps(120, 30, seed=4), settings=MapSettings("ideal"))
    few = compute_group_map(_grown(group_map.matrix, 5), settings=MapSettings("ideal"))
    assert few.outcome is Outcome.TOO_FEW_PARTICIPANTS
    shown = _keep(present(few))
    assert present(group_map, Kept(shown.presentation, b"")).grouping.n_groups == 2


@pytest.mark.parametrize("angle", [0.5, 2.0])
def test_a_cloud_is_turned_back_too(two_camps, angle):
    group_map = compute_group_map(two_camps(120, 30, seed=4), settings=MapSettings("ideal"))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    before = _turned(_shown_before(group_map, steadying=None), turn)
    assert present(group_map, before).turn == pytest.approx(turn, abs=1e-9)


def test_small_groups_keep_their_figures_to_themselves():
    """Three people far from thirty others: no size, outline or counts of theirs are in the public form."""
    votes = [
        Vote(f"p{p}", str(s), (1 if p < 3 else -1) if s < 8 else (-1) ** (p * s))
        for p in range(33)
        for s in range(12)
    ]
    presented = present(compute_group_map(VoteMatrix.from_votes(votes), settings=MapSettings(n_groups=2)))
    document = presented.to_document()
    large, small = document["groups"]
    assert large["n_participants"] == 30
    assert (small["n_participants"], small["centre"], small["bubbles"], small["outline"]) == (
        None,
        None,
        [],
        [],
    )
    assert small["representative_statements"] == []
    assert set(document["statements"][0]["groups"]["B"].values()) == {None}
    canonical = presented.canonical.to_document()
    assert canonical["groups"][1]["n_participants"] == 3


def test_few_people_of_a_group_who_saw_a_statement_keep_their_votes_to_themselves(named_export):
    """In london.youth.policing one of a group of nine saw a statement: that is their vote, not a count."""
    group_map = compute_group_map(named_export("london.youth.policing").vote_matrix())
    document = present(group_map).to_document()
    shown = [counts["n_seen"] for entry in document["statements"] for counts in entry["groups"].values()]
    assert None in shown
    # Whoever reads the counts finds the same ones everywhere, with or without a number.
    names = {tuple(counts) for entry in document["statements"] for counts in entry["groups"].values()}
    assert names == {("n_agree", "n_disagree", "n_pass", "n_seen")}
    assert all(n is None or n == 0 or n >= 5 for n in shown)
    named = [entry for group in document["groups"] for entry in group["representative_statements"]]
    assert all(entry["n_seen"] >= 5 for entry in named)


def test_bubbles_hold_ten_people_and_outlines_touch_nobody(two_camps):
    group_map = compute_group_map(two_camps(150, 30, seed=1))
    everybody = {tuple(place) for place in np.round(group_map.places, 6)}
    for group in group_map.to_document()["groups"]:
        assert sum(bubble["n_participants"] for bubble in group["bubbles"]) == group["n_participants"]
        assert all(bubble["n_participants"] >= 10 for bubble in group["bubbles"])
        assert len(group["outline"]) >= 3
        assert not {tuple(np.round(corner, 6)) for corner in group["outline"]} & everybody


def test_nothing_shown_before_or_no_groups_at_all(group_map):
    empty = compute_group_map(VoteMatrix.from_votes([]))
    presented = present(empty)
    assert present(group_map, _keep(presented)).letters == "AB"
    after = present(empty, _keep(present(group_map)))
    assert after.to_document()["groups"] == []
    assert after.places_bytes() == b""


def test_places_are_in_the_order_of_the_data_that_came_in(two_camps):
    matrix = two_camps(30, 12, seed=9)
    presented = present(compute_group_map(matrix))
    places = np.frombuffer(presented.places_bytes(), PLACE)
    canonical = presented.canonical
    by_name = dict(zip(canonical.matrix.participants, canonical.places.tolist(), strict=True))
    assert [by_name[name] for name in matrix.participants] == [[x, y] for x, y, _ in places.tolist()]


def test_damaged_places_are_refused(group_map):
    with pytest.raises(ShapeError, match="multiple of 17 bytes, got 16"):
        present(group_map, Kept(b"{}", b"0" * 16))


def test_the_record_says_what_became_of_each_group(group_map, two_camps):
    assert present(group_map).presentation_document()["events"] == []
    before = _turned(_keep(present(group_map)), np.eye(2), letters=np.array([2, 0], np.int8))
    assert present(group_map, before).presentation_document()["events"] == [
        {"event": "continued", "before": ["A"], "now": ["A"]},
        {"event": "continued", "before": ["C"], "now": ["C"]},
    ]
    three = compute_group_map(two_camps(90, 20, seed=2), settings=MapSettings(n_groups=1))
    (merged,) = present(three, before).events
    assert (merged.event, merged.before) == ("merged", ("A", "C"))


def test_people_who_came_since_make_a_group_new_not_a_split():
    """Ten people join twenty, far away from them."""
    votes = [
        Vote(f"p{p:02}", str(s), (1 if p < 20 else -1) if s < 8 else (-1) ** (p * s))
        for p in range(30)
        for s in range(12)
    ]
    everybody = [f"p{p:02}" for p in range(30)]
    early = VoteMatrix.from_votes([v for v in votes if v.participant < "p20"], participants=everybody[:20])
    one = compute_group_map(early, settings=MapSettings(n_groups=1))
    two = compute_group_map(VoteMatrix.from_votes(votes), settings=MapSettings(n_groups=2))
    said = [event.to_document() for event in present(two, _keep(present(one))).events]
    assert said == [
        {"event": "continued", "before": ["A"], "now": ["A"]},
        {"event": "new", "before": [], "now": ["B"]},
    ]


def test_counts_of_five_who_saw_a_statement_are_shown_and_of_four_hidden():
    """The smallest group that may be shown has five people; so has the smallest part of one."""
    rng = np.random.default_rng(0)
    camps = np.repeat([1, -1], 20)[:, None] * np.ones(12, int)
    votes = np.where(rng.random((40, 12)) < 0.9, camps, -camps)
    votes = np.column_stack((votes, np.full((40, 2), 9)))
    votes[:5, 12], votes[:4, 13] = 1, 1
    votes[20:26, 12:] = -1
    rows, columns = np.nonzero(votes != 9)
    group_map = compute_group_map(
        VoteMatrix.from_arrays(
            participants=range(40),
            statements=[Statement(str(j)) for j in range(14)],
            participant_index=rows,
            statement_index=columns,
            values=votes[rows, columns],
        ),
        settings=MapSettings(n_groups=2),
    )
    shown = {one["statement"]: one["groups"] for one in present(group_map).to_document()["statements"]}
    assert sorted(one["n_seen"] for one in shown["12"].values()) == [5, 6]
    assert sorted((one["n_seen"] for one in shown["13"].values()), key=str) == [6, None]

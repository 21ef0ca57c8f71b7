"""The written assessment and the presented map key by key: nothing is missing, misnamed or miscounted."""

import numpy as np
import pytest

from clustering.assessment import MEMBERSHIP, assessment
from clustering.exchange.frames import participants_frame, statements_frame, to_anndata
from clustering.pipeline import compute_group_map, regrouped
from clustering.samples import neighbourhood_conversation
from clustering.settings import MapSettings
from clustering.steadiness import PLACE, present
from clustering.vote_matrix import VoteMatrix


@pytest.fixture(scope="module")
def group_map():
    sample = neighbourhood_conversation(n_participants=150)
    matrix = VoteMatrix.from_votes(sample.votes, statements=sample.statements)
    return compute_group_map(matrix, settings=MapSettings("ideal", seed=2))


@pytest.fixture(scope="module")
def judged(group_map):
    return assessment(group_map, thorough=False)


@pytest.fixture(scope="module")
def document(judged):
    return judged.to_document()


def test_the_parts(group_map, document):
    assert set(document) == {
        "result_hash", "certainty", "groups", "representative_statements", "shared_by_all_groups",
        "shared_by_most_people", "dividing", "unsure",
    }  # fmt: skip
    assert document["result_hash"] == group_map.result_hash


def test_certainty(group_map, judged, document):
    told, held = document["certainty"], judged.certainty
    assert set(told) == {
        "verdict", "missing", "n_groups", "reason", "candidates", "n_in_between", "is_thorough",
        "shared_pattern", "modality",
    }  # fmt: skip
    assert (told["verdict"], told["missing"], told["is_thorough"]) == (held.verdict.value, None, False)
    assert (told["shared_pattern"], told["modality"]) == (None, None)
    assert (told["n_groups"], told["reason"]) == (group_map.n_groups, "clearest")
    for entry, score in zip(told["candidates"], held.choice.candidates, strict=True):
        assert set(entry) == {
            "n_groups", "silhouette", "prediction_strength", "sizes", "comes_back", "is_large_enough",
        }  # fmt: skip
        labels = next(c for c in group_map.candidates if c.n_groups == entry["n_groups"]).labels
        sizes = sorted(np.bincount(labels).tolist(), reverse=True)
        assert entry["sizes"] == [size if size >= 5 else None for size in sizes]
        assert entry["prediction_strength"] == pytest.approx(score.prediction_strength, abs=1e-9)
    assert told["n_in_between"] in (int((held.membership < 0.8).sum()), None)


def test_lists_of_statements(group_map, judged, document):
    named = {"statement", "direction", "share", "low", "high", "bound"}
    for entry in document["shared_by_all_groups"]:
        assert set(entry) == named | {"worst_group", "groups"}
    for entry, held in zip(document["shared_by_most_people"], judged.ground.by_most_people, strict=True):
        assert set(entry) == named | {"n_seen"}
        assert entry["statement"] == group_map.matrix.statements[held.statement].id
        assert entry["n_seen"] == group_map.matrix.votes_per_statement[held.statement]
    for entry, held in zip(document["dividing"], judged.ground.dividing, strict=True):
        assert set(entry) == {"statement", "most", "least", "gap", "low", "high", "groups"}
        assert (entry["most"], entry["least"]) == ("ABCDE"[held.most], "ABCDE"[held.least])
        for one in entry["groups"]:
            assert set(one) == {"group", "n_people", "n_seen", "share", "low", "high"}
            group = "ABCDE".index(one["group"])
            counts = judged.judged.groups
            # What divides is told of those who agree.
            assert one["n_people"] == counts.n_agree[group, held.statement]
            assert one["n_seen"] == counts.n_seen[group, held.statement]
        assert [one["group"] for one in entry["groups"]] == sorted(one["group"] for one in entry["groups"])
    for entry in document["unsure"]:
        assert set(entry) == {"statement", "share", "low", "high", "n_seen"}
    for entries in document["representative_statements"].values():
        for entry in entries:
            assert {"statement", "direction", "q_value", "rank", "n_people", "n_seen"} <= set(entry)
            assert entry["q_value"] <= 0.05


def test_groups(group_map, judged, document):
    sizes = np.bincount(group_map.grouping.labels)
    for group, told in enumerate(document["groups"]):
        assert set(told) == {"group", "n_participants", "recovery", "seen_by_few"}
        assert (told["group"], told["n_participants"]) == ("ABCDE"[group], sizes[group])
        assert told["recovery"] is None
        few = [
            statement.id
            for j, statement in enumerate(group_map.matrix.statements)
            if judged.judged.groups.n_seen[group, j] < 10
            and not (statement.is_moderated_out or statement.is_meta)
        ]
        assert told["seen_by_few"] == few


def test_a_floor_is_reached_by_as_many_and_nobody_at_all_can_be_told(judged):
    sizes = np.bincount(judged.grouping.labels)
    smallest = int(sizes.min())
    told = judged.to_document(smallest=smallest)["groups"]
    assert {one["n_participants"] for one in told} == set(sizes.tolist())
    above = judged.to_document(smallest=smallest + 1)["groups"]
    assert [one["n_participants"] for one in above].count(None) == np.count_nonzero(sizes == smallest)


def test_membership_of_a_map_without_groups_is_none():
    votes = neighbourhood_conversation(n_participants=4).votes
    judged = assessment(compute_group_map(VoteMatrix.from_votes(votes)))
    known = np.frombuffer(judged.membership_bytes(), dtype=MEMBERSHIP)
    assert known["group"].tolist() == [-1] * 4
    assert known["hundredths"].tolist() == [0] * 4


def test_regrouping_by_the_same_votes_gives_the_same_groups(group_map):
    again = regrouped(group_map, group_map.matrix)
    assert np.array_equal(again.labels, group_map.grouping.labels)
    assert regrouped(group_map, group_map.matrix, n_groups=2).n_groups == 2


def test_the_presented_map(group_map):
    shown = present(group_map)
    record = shown.presentation_document()
    n = group_map.n_groups
    assert record == {
        "outcome": "ready",
        "settings": {"method": "ideal", "seed": 2, "n_groups": None},
        "axes": [[1.0, 0.0], [0.0, 1.0]],
        "letters": {letter: letter for letter in "ABCDE"[:n]},
        "n_groups": n,
        "n_groups_canonical": n,
        "steadying": None,
        "events": [],
    }
    assert shown.to_document()["presentation"] == record
    ids = [statement.id for statement in group_map.matrix.statements]
    expected = dict(zip(ids, group_map.judged.priorities, strict=True))
    assert shown.priorities() == pytest.approx(expected, abs=1e-9)
    places = np.frombuffer(shown.places_bytes(), PLACE)
    given = np.argsort(group_map.given_row)
    assert places["x"] == pytest.approx(group_map.places[given, 0])
    assert places["y"] == pytest.approx(group_map.places[given, 1])
    assert places["group"].tolist() == group_map.labels[given].tolist()


def test_frames_column_by_column(group_map, judged):
    people = participants_frame(group_map, assessed=judged)
    assert list(people.columns) == [
        "x", "y", "group", "is_placed", "n_votes", "weight", "xx", "xy", "yy", "membership",
    ]  # fmt: skip
    assert people.index.name == "participant"
    assert people["n_votes"].tolist() == np.diff(group_map.matrix.votes.indptr).tolist()
    assert people[["x", "y"]].to_numpy() == pytest.approx(group_map.places)
    assert people["weight"].tolist() == group_map.weights.tolist()
    assert people["xy"].to_numpy() == pytest.approx(group_map.covariances[:, 1, 0])
    assert people["is_placed"].tolist() == group_map.is_placed.tolist()
    letters = [None if label < 0 else "ABCDE"[label] for label in group_map.labels]
    assert [None if isinstance(one, float) else one for one in people["group"]] == letters
    assert list(participants_frame(group_map).columns) == list(people.columns[:-1])
    told = statements_frame(group_map)
    counted = [
        f"{count}_{letter}"
        for letter in "ABCDE"[: group_map.n_groups]
        for count in ("n_agree", "n_disagree", "n_seen")
    ]
    assert list(told.columns) == [
        "text", "is_moderated_out", "is_meta", "x", "y", "extremity", "priority", "n_agree", "n_disagree",
        "n_seen", *counted, "group_aware_consensus",
    ]  # fmt: skip
    assert told.index.tolist() == [statement.id for statement in group_map.matrix.statements]
    assert told[["x", "y"]].to_numpy() == pytest.approx(group_map.statement_places)
    assert told["extremity"].to_numpy() == pytest.approx(np.hypot(told["x"], told["y"]))
    assert told["is_meta"].sum() == told["is_moderated_out"].sum() == 1
    assert told["n_seen_B"].to_numpy() == pytest.approx(group_map.judged.groups.n_seen[1])
    assert told["n_disagree_A"].to_numpy() == pytest.approx(group_map.judged.groups.n_disagree[0])


def test_anndata_entry_by_entry(group_map):
    made = to_anndata(group_map)
    assert made.uns["settings"] == {"method": "ideal", "seed": 2}
    assert (made.uns["outcome"], made.uns["result_hash"]) == ("ready", group_map.result_hash)
    assert np.array_equal(made.varm["loadings"], group_map.statement_places)
    hidden = [statement.is_moderated_out for statement in group_map.matrix.statements]
    assert made.var["moderation_state"].tolist() == [-1 if one else 1 for one in hidden]
    assert made.obs_names.tolist() == list(group_map.matrix.participants)

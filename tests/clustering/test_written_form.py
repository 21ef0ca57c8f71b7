"""The written form says what the map holds: every entry counted or computed again from the votes."""

import json

import numpy as np
import pytest

from clustering.group_map import spread_labels
from clustering.pipeline import compute_group_map
from clustering.settings import MapSettings
from clustering.vocabulary import Statement
from clustering.vote_matrix import VoteMatrix
from clustering.written_form import hash_of


@pytest.fixture(scope="module")
def group_map():
    """Return a map of 90 people in three crowds; one statement is hidden and one about the conversation."""
    rng = np.random.default_rng(3)
    crowd = np.repeat([0, 1, 2], [40, 30, 20])
    lean = rng.choice([-2.0, 2.0], (3, 16))
    dense = np.where(rng.random((90, 16)) < 1 / (1 + np.exp(-lean[crowd])), 1, -1)
    dense[rng.random(dense.shape) < 0.1] = 0
    rows, columns = np.nonzero(rng.random(dense.shape) < 0.8)
    matrix = VoteMatrix.from_arrays(
        participants=[f"p{row}" for row in range(90)],
        statements=[Statement(str(j), is_moderated_out=j == 4, is_meta=j == 9) for j in range(16)],
        participant_index=rows,
        statement_index=columns,
        values=dense[rows, columns],
    )
    return compute_group_map(matrix, settings=MapSettings(n_groups=3))


@pytest.fixture(scope="module")
def document(group_map):
    return json.loads(json.dumps(group_map.to_document()))


def _counts(votes):
    return {
        "n_agree": int((votes == 1).sum()),
        "n_disagree": int((votes == -1).sum()),
        "n_pass": int((votes == 0).sum()),
        "n_seen": int((votes != 9).sum()),
    }


def _dense(matrix):
    cast = matrix.votes.tocoo()
    dense = np.full(matrix.votes.shape, 9)
    dense[cast.row, cast.col] = cast.data
    return dense


def test_what_it_says_of_the_whole(group_map, document):
    said = {key: document[key] for key in document if not isinstance(document[key], dict | list)}
    assert said == {
        "outcome": "ready",
        "missing": None,
        "method": "classic",
        "method_version": 1,
        "engine_version": "0.1.0",
        "seed": 0,
        "input_hash": group_map.matrix.digest(),
        "places_hash": said["places_hash"],
        "result_hash": hash_of(document),
        "n_participants": 90,
        "n_placed": 89,
        "n_statements": 16,
        "n_statements_counted": 14,
        "n_votes": group_map.matrix.votes.nnz,
        "n_groups": 3,
    }
    assert document["settings"] == {"method": "classic", "seed": 0, "n_groups": 3}
    assert document["bubbles"] == []
    assert [entry["n_groups"] for entry in document["candidates"]] == [2, 3, 4, 5]
    found = document["candidates"][1]
    assert found["spread"] == pytest.approx(group_map.grouping.spread, abs=1e-9)
    assert found["silhouette"] == pytest.approx(group_map.grouping.silhouette, abs=1e-9)


def test_what_it_says_of_the_axes(group_map, document):
    for axis, said in enumerate(document["axes"]):
        assert set(said) == {"variance_share", "low", "high"}
        assert said["variance_share"] == pytest.approx(group_map.axes.variance_shares[axis], abs=1e-9)
        along = group_map.statement_places[:, axis]
        ids = [statement.id for statement in group_map.matrix.statements]
        by_place = sorted(range(16), key=lambda j: along[j])
        assert said["low"] == [ids[j] for j in by_place[:3]]
        assert said["high"] == [ids[j] for j in by_place[::-1][:3]]


def test_what_it_says_of_each_group(group_map, document):
    dense, ids = _dense(group_map.matrix), [statement.id for statement in group_map.matrix.statements]
    sizes = [entry["n_participants"] for entry in document["groups"]]
    assert [entry["group"] for entry in document["groups"]] == ["A", "B", "C"]
    assert sizes == sorted(sizes, reverse=True)
    for group, said in enumerate(document["groups"]):
        inside = group_map.labels == group
        assert said["n_participants"] == inside.sum()
        assert said["centre"] == pytest.approx(group_map.places[inside].mean(axis=0), abs=1e-9)
        assert sum(bubble["n_participants"] for bubble in said["bubbles"]) == inside.sum()
        for bubble in said["bubbles"]:
            assert set(bubble) == {"x", "y", "n_participants", "radius"}
            # Bubbles lie within the outline: on the left of each of its edges.
            corners = np.array(said["outline"])
            edge = np.roll(corners, -1, axis=0) - corners
            away = np.array([bubble["x"], bubble["y"]]) - corners
            assert (edge[:, 0] * away[:, 1] - edge[:, 1] * away[:, 0] > 0).all()
        assert said["representative_statements"]
        for entry, held in zip(
            said["representative_statements"], group_map.judged.representative[group], strict=True
        ):
            j = ids.index(entry["statement"])
            assert {key: entry[key] for key in _counts(dense[:, 0])} == _counts(dense[inside, j])
            assert (entry["direction"], entry["is_best_agree"]) == (held.direction, held.is_best_agree)
            n = entry[f"n_{entry['direction']}"]
            assert entry["share"] == pytest.approx((n + 1) / (entry["n_seen"] + 2), abs=1e-9)
            assert entry["share_z"] == pytest.approx(held.share_z, abs=1e-9)
            assert entry["representativeness"] == pytest.approx(held.representativeness, abs=1e-9)
            assert entry["representativeness_z"] == pytest.approx(held.representativeness_z, abs=1e-9)


def test_what_it_says_of_each_statement(group_map, document):
    dense = _dense(group_map.matrix)
    assert [entry["statement"] for entry in document["statements"]] == [str(j) for j in range(16)]
    for j, said in enumerate(document["statements"]):
        assert (said["is_moderated_out"], said["is_meta"]) == (j == 4, j == 9)
        assert {key: said[key] for key in _counts(dense[:, 0])} == _counts(dense[:, j])
        shares = []
        for group, letter in enumerate("ABC"):
            counted = _counts(dense[group_map.labels == group, j])
            assert said["groups"][letter] == counted
            shares.append((counted["n_agree"] + 1) / (counted["n_seen"] + 2))
        assert said["place"] == pytest.approx(group_map.statement_places[j], abs=1e-9)
        assert said["extremity"] == pytest.approx(np.hypot(*group_map.statement_places[j]), abs=1e-9)
        assert said["group_aware_consensus"] == pytest.approx(np.prod(shares), abs=1e-9)
        assert said["priority"] == pytest.approx(group_map.judged.priorities[j], abs=1e-9)
    assert document["statements"][9]["priority"] == 49.0


def test_what_it_says_is_shared(group_map, document):
    dense = _dense(group_map.matrix)
    assert set(document["consensus"]) == {"agree", "disagree"}
    for side, entries in document["consensus"].items():
        for entry in entries:
            counted = _counts(dense[:, int(entry["statement"])])
            assert {key: entry[key] for key in counted} == counted
            n, seen = counted[f"n_{side}"], counted["n_seen"]
            assert entry["share"] == pytest.approx((n + 1) / (seen + 2), abs=1e-9)
            z = 2 * np.sqrt(seen + 1) * ((n + 1) / (seen + 1) - 0.5)
            assert entry["share_z"] == pytest.approx(z, abs=1e-9)


def test_the_hash_is_of_the_sorted_text_without_engine_and_assessment(document):
    changed = document | {"engine_version": "9", "assessment": {"verdict": "any"}, "result_hash": "other"}
    assert hash_of(changed) == document["result_hash"]
    assert hash_of(dict(reversed(document.items()))) == document["result_hash"]
    assert hash_of(document | {"n_votes": 1}) != document["result_hash"]
    # The SHA-256 of {"a":"é"} in UTF-8.
    assert hash_of({"a": "é"}) == "sha256:" + (
        "b3a092a6af48807fa9482b2ee140105575daa26d5b24b3c0e60a7e2dee6683b1"
    )
    with pytest.raises(ValueError, match="not JSON compliant"):
        hash_of({"a": float("nan")})


def test_who_is_not_placed_has_no_group(group_map):
    is_placed = np.array([True, False, True])
    grouping = type(group_map.grouping)(np.array([1, 0], np.int8), np.zeros((2, 2)), 0.0, 0.0)
    assert spread_labels(grouping, is_placed).tolist() == [1, -1, 0]
    assert spread_labels(None, is_placed).tolist() == [-1, -1, -1]

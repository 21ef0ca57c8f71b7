"""Stage by stage against what Polis itself computed for two recorded conversations.

The tolerances are those of the acceptance table: 1e-9 for everything that is computed in double precision,
1e-6 for `repness-test`, which Polis writes in single precision.
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.metrics import adjusted_rand_score

from clustering.consensus import consensus_statements, group_aware_consensus
from clustering.exchange.pca2 import pca2_document
from clustering.pipeline import compute_group_map
from clustering.priorities import statement_priorities
from clustering.projection import participant_places, principal_axes, statement_places
from clustering.representativeness import representative_statements
from clustering.settings import MapSettings
from clustering.strict import group_clusterings
from clustering.tallies import overall_tallies, tallies


@pytest.fixture
def column(recorded):
    """Return the column of each of Polis's statement numbers."""
    return {int(statement.id): j for j, statement in enumerate(recorded.matrix.statements)}


@pytest.fixture
def columns(recorded, column):
    return [column[tid] for tid in recorded.pca2["tids"]]


@pytest.fixture
def axes(recorded, columns):
    """Return our axes, turned to Polis's sign (an axis has none of its own)."""
    ours = principal_axes(recorded.matrix)
    theirs = np.array(recorded.pca2["pca"]["comps"])
    sign = np.sign((ours.components[:, columns] * theirs).sum(axis=1))
    ours.components[:] *= sign[:, None]
    return ours


@pytest.fixture
def polis_groups(recorded):
    """Return the tallies of Polis's own groups, in the order of their ids."""
    row = {name: at for at, name in enumerate(recorded.matrix.participants)}
    base = recorded.pca2["base-clusters"]
    members = dict(zip(base["id"], base["members"], strict=True))
    labels = np.full(recorded.matrix.n_participants, -1)
    for group in recorded.pca2["group-clusters"]:
        for cluster in group["members"]:
            labels[[row[str(pid)] for pid in members[cluster]]] = group["id"]
    return tallies(recorded.matrix, labels, n_groups=len(recorded.pca2["group-clusters"]))


def test_moderation_is_read_as_polis_knew_it(recorded, column):
    left_out = {tid for tid, j in column.items() if recorded.matrix.is_left_out[j]}
    assert left_out == set(recorded.pca2["mod-out"]) | set(recorded.pca2["meta-tids"])


def test_centre(recorded, axes, columns):
    assert_allclose(-axes.centre[columns], recorded.pca2["pca"]["center"], atol=1e-9, rtol=0)


def test_components(recorded, axes, columns):
    assert_allclose(axes.components[:, columns], recorded.pca2["pca"]["comps"], atol=1e-9, rtol=0)


def test_projected_base_cluster_centres(recorded, axes):
    row = {name: at for at, name in enumerate(recorded.matrix.participants)}
    # Polis stores agree as −1, so its places are ours turned half round.
    places = -participant_places(recorded.matrix, axes)
    base = recorded.pca2["base-clusters"]
    centres = [places[[row[str(pid)] for pid in members]].mean(axis=0) for members in base["members"]]
    assert_allclose(centres, np.column_stack((base["x"], base["y"])), atol=1e-9, rtol=0)


def test_statement_places_and_extremity(recorded, axes, columns):
    places = -statement_places(recorded.matrix, axes)[columns]
    pca = recorded.pca2["pca"]
    assert_allclose(places.T, pca["comment-projection"], atol=1e-9, rtol=0)
    assert_allclose(np.hypot(*places.T), pca["comment-extremity"], atol=1e-9, rtol=0)


def test_group_votes(recorded, polis_groups, column):
    for group, recorded_group in recorded.pca2["group-votes"].items():
        for tid, votes in recorded_group["votes"].items():
            j = column[int(tid)]
            ours = (polis_groups.n_agree, polis_groups.n_disagree, polis_groups.n_seen)
            assert [int(count[int(group), j]) for count in ours] == [votes["A"], votes["D"], votes["S"]]


def test_group_aware_consensus(recorded, polis_groups, column):
    ours = group_aware_consensus(polis_groups)
    for tid, theirs in recorded.pca2["group-aware-consensus"].items():
        assert ours[column[int(tid)]] == pytest.approx(theirs, abs=1e-9)


def test_representative_statements_in_ids_order_direction_and_scores(recorded, polis_groups):
    matrix = recorded.matrix
    for group, ours in enumerate(representative_statements(polis_groups, is_left_out=matrix.is_left_out)):
        theirs = recorded.pca2["repness"][str(group)]
        assert [(int(matrix.statements[s.statement].id), s.direction) for s in ours] == [
            (entry["tid"], entry["repful-for"]) for entry in theirs
        ]
        for statement, entry in zip(ours, theirs, strict=True):
            assert (statement.n_success, statement.n_seen) == (entry["n-success"], entry["n-trials"])
            assert statement.is_best_agree == entry.get("best-agree", False)
            assert statement.share == pytest.approx(entry["p-success"], abs=1e-9)
            assert statement.share_z == pytest.approx(entry["p-test"], abs=1e-9)
            assert statement.representativeness == pytest.approx(entry["repness"], abs=1e-9)
            assert statement.representativeness_z == pytest.approx(entry["repness-test"], abs=1e-6)


def test_consensus_lists(recorded):
    matrix = recorded.matrix
    ours = consensus_statements(overall_tallies(matrix), is_left_out=matrix.is_left_out)
    for side in ("agree", "disagree"):
        theirs = recorded.pca2["consensus"][side]
        assert [int(matrix.statements[s.statement].id) for s in getattr(ours, side)] == [
            e["tid"] for e in theirs
        ]
        for statement, entry in zip(getattr(ours, side), theirs, strict=True):
            assert statement.share == pytest.approx(entry["p-success"], abs=1e-9)
            assert statement.share_z == pytest.approx(entry["p-test"], abs=1e-9)


def test_priorities(recorded, polis_groups, axes, column):
    ours = statement_priorities(
        polis_groups.total(),
        extremity=np.hypot(*statement_places(recorded.matrix, axes).T),
        is_meta=np.array([statement.is_meta for statement in recorded.matrix.statements]),
    )
    theirs = recorded.pca2["comment-priorities"]
    assert len(set(theirs.values())) > 2, "the recorded priorities are all alike and prove nothing"
    for tid, priority in theirs.items():
        assert ours[column[int(tid)]] == pytest.approx(priority, abs=1e-9)


def test_strict_finds_the_recorded_groups_from_the_recorded_base_clusters(recorded):
    base = recorded.pca2["base-clusters"]
    centres = np.column_stack((base["x"], base["y"]))
    clusters, _ = max(
        group_clusterings(centres, np.array(base["count"])), key=lambda found: (found[1], len(found[0].centres))
    )
    groups = recorded.pca2["group-clusters"]
    theirs = [next(group["id"] for group in groups if cluster in group["members"]) for cluster in base["id"]]
    assert len(clusters.centres) == len(groups)
    assert adjusted_rand_score(theirs, clusters.labels) == 1.0


def _shape(value: object) -> object:
    """Return the kind of a JSON value; whole and broken numbers are the same kind."""
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        return [_shape(value[0])] if value else []
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


@pytest.mark.parametrize("method", ["classic", "strict"])
def test_the_pca2_form_has_polis_keys_and_types(recorded, method):
    ours = pca2_document(compute_group_map(recorded.matrix, settings=MapSettings(method=method)))
    theirs = recorded.pca2
    assert ours.keys() == theirs.keys()
    for key, value in theirs.items():
        # An empty list says nothing of what it would hold (`mod-in` is Polis's own bookkeeping).
        assert _shape(ours[key]) in (_shape(value), []), key
    for key in ("pca", "base-clusters", "consensus"):
        assert {name: _shape(part) for name, part in ours[key].items() if part} == {
            name: _shape(part) for name, part in theirs[key].items() if ours[key][name]
        }
    assert sorted(map(str, ours["pca"])) == sorted(map(str, theirs["pca"]))


def test_the_pca2_form_has_the_recorded_numbers_where_they_depend_on_votes_alone(recorded):
    ours, theirs = pca2_document(compute_group_map(recorded.matrix)), recorded.pca2
    for key in ("n", "n-cmts", "tids", "user-vote-counts", "consensus"):
        if key != "consensus":
            assert ours[key] == theirs[key], key
    assert_allclose(ours["pca"]["center"], theirs["pca"]["center"], atol=1e-9, rtol=0)
    assert_allclose(np.abs(ours["pca"]["comps"]), np.abs(theirs["pca"]["comps"]), atol=1e-9, rtol=0)
    assert_allclose(ours["pca"]["comment-extremity"], theirs["pca"]["comment-extremity"], atol=1e-9, rtol=0)
    assert [e["tid"] for e in ours["consensus"]["agree"]] == [e["tid"] for e in theirs["consensus"]["agree"]]


def test_the_pca2_places_follow_from_its_own_axes(recorded):
    """Whoever multiplies votes in Polis's sign by `comps` gets the places of the base clusters."""
    matrix = recorded.matrix
    document = pca2_document(compute_group_map(matrix))
    dense = np.full(matrix.votes.shape, np.nan)
    coordinates = matrix.votes.tocoo()
    dense[coordinates.row, coordinates.col] = -coordinates.data
    columns = [j for j, n in enumerate(matrix.votes_per_statement) if n]
    dense[:, matrix.is_left_out] = 0.0
    deviation = np.nan_to_num(dense[:, columns] - document["pca"]["center"])
    stretch = np.sqrt(len(columns) / (~np.isnan(dense[:, columns])).sum(axis=1))
    places = (deviation @ np.array(document["pca"]["comps"]).T) * stretch[:, None]
    row = {name: at for at, name in enumerate(matrix.participants)}
    base = document["base-clusters"]
    centres = [places[[row[str(pid)] for pid in members]].mean(axis=0) for members in base["members"]]
    assert_allclose(centres, np.column_stack((base["x"], base["y"])), atol=1e-9, rtol=0)

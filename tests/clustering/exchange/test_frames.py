"""The map as data frames and as AnnData says what the map says."""

from pathlib import Path

import anndata
import numpy as np
import pytest

from clustering.assessment import Assessment, assessment
from clustering.exchange.frames import participants_frame, statements_frame, to_anndata, votes_frame
from clustering.pipeline import compute_group_map
from clustering.samples import neighbourhood_conversation
from clustering.settings import MapSettings
from clustering.vote_matrix import VoteMatrix


@pytest.fixture(scope="module")
def assessed() -> Assessment:
    sample = neighbourhood_conversation(language="en")
    votes = VoteMatrix.from_votes(sample.votes, statements=sample.statements)
    return assessment(compute_group_map(votes, settings=MapSettings(method="ideal")))


def test_a_pass_is_zero_and_unseen_is_nothing():
    sample = neighbourhood_conversation(n_participants=30)
    cast = {(vote.participant, vote.statement): int(vote.value) for vote in sample.votes}
    frame = votes_frame(VoteMatrix.from_votes(sample.votes, statements=sample.statements))
    there = frame.stack()
    assert there.astype(int).to_dict() == cast
    assert 0 in cast.values()


def test_people_keep_their_place_group_and_votes(assessed: Assessment):
    group_map = assessed.group_map
    frame = participants_frame(group_map, assessed=assessed)
    assert frame.index.tolist() == list(group_map.matrix.participants)
    assert frame["group"].value_counts().to_dict() == {"A": 138, "B": 105, "C": 77}
    assert frame.loc[~frame.is_placed, ["membership"]].isna().all(axis=None)
    assert frame.loc[~frame.is_placed, "group"].isna().all()
    sure = frame.membership.dropna().to_numpy()
    assert np.array_equal(sure, assessed.certainty.membership)
    determinant = frame.xx * frame.yy - frame.xy**2
    assert determinant.to_numpy() == pytest.approx(np.linalg.det(group_map.covariances))


def test_statements_keep_their_counts(assessed: Assessment):
    frame = statements_frame(assessed.group_map)
    by_hand = votes_frame(assessed.group_map.matrix)
    assert (frame.n_agree == (by_hand == 1).sum()).all()
    assert (frame.n_disagree == (by_hand == -1).sum()).all()
    assert (frame.n_seen == by_hand.notna().sum()).all()
    labels = assessed.group_map.labels
    assert (frame.n_agree_B == (by_hand[labels == 1] == 1).sum()).all()


def test_anndata_survives_its_file(assessed: Assessment, tmp_path: Path):
    made = to_anndata(assessed.group_map, assessed=assessed)
    made.write_h5ad(tmp_path / "map.h5ad")
    read = anndata.read_h5ad(tmp_path / "map.h5ad")
    assert np.array_equal(read.X, votes_frame(assessed.group_map.matrix).to_numpy(), equal_nan=True)
    assert np.array_equal(read.obsm["X_polis"], assessed.group_map.places)
    assert read.uns["result_hash"] == assessed.group_map.result_hash
    assert read.var["content"].tolist() == [s.text for s in assessed.group_map.matrix.statements]
    assert set(read.var["moderation_state"]) == {-1, 1}


def test_a_map_of_nobody_is_an_empty_frame():
    nothing = compute_group_map(VoteMatrix.from_votes([]))
    assert participants_frame(nothing).shape[0] == 0
    assert statements_frame(nothing).shape[0] == 0
    assert to_anndata(nothing).shape == (0, 0)

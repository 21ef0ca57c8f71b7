"""The assessment's document says what the votes say, of the side each group takes."""

from dataclasses import replace

import pytest

from clustering.assessment import Assessment, assessment
from clustering.exchange.frames import votes_frame
from clustering.pipeline import compute_group_map
from clustering.samples import neighbourhood_conversation
from clustering.vocabulary import VoteValue
from clustering.vote_matrix import VoteMatrix


@pytest.fixture(scope="module")
def assessed() -> Assessment:
    sample = neighbourhood_conversation()
    # Turned round, some groups stand out by disagreeing with what they agreed with.
    turned = [replace(vote, value=VoteValue(-vote.value)) for vote in sample.votes]
    votes = [one if int(one.statement) % 2 else other for one, other in zip(sample.votes, turned, strict=True)]
    matrix = VoteMatrix.from_votes(votes, statements=sample.statements)
    return assessment(compute_group_map(matrix), thorough=False)


def test_shares_are_counted_by_hand_on_the_side_taken(assessed: Assessment):
    frame = votes_frame(assessed.group_map.matrix)
    sides = set()
    for letter, named in assessed.to_document()["representative_statements"].items():
        members = frame[assessed.group_map.labels == "ABCDE".index(letter)]
        for found in named:
            cast = members[found["statement"]].dropna()
            value = 1 if found["direction"] == "agree" else -1
            assert found["n_people"] == (cast == value).sum()
            assert found["n_seen"] == len(cast)
            assert found["share"] == pytest.approx((cast == value).mean(), abs=1e-9)
            assert found["low"] <= found["share"] <= found["high"]
            sides.add(found["direction"])
    assert sides == {"agree", "disagree"}


def test_a_statement_few_of_a_group_saw_is_not_named(assessed: Assessment):
    named = assessed.to_document(smallest=10_000)["representative_statements"]
    assert named == {"A": [], "B": [], "C": []}


def test_letters_are_those_asked_for(assessed: Assessment):
    usual, other = assessed.to_document(), assessed.to_document(letters="CAB")
    renamed = {"A": "C", "B": "A", "C": "B"}
    for before, after in renamed.items():
        assert usual["representative_statements"][before] == other["representative_statements"][after]
    for before, after in zip(usual["dividing"], other["dividing"], strict=True):
        assert (renamed[before["most"]], renamed[before["least"]]) == (after["most"], after["least"])


def test_everybody_s_list_names_no_worst_group(assessed: Assessment):
    document = assessed.to_document()
    assert all("worst_group" not in shared for shared in document["shared_by_most_people"])
    assert all(shared["worst_group"] in "ABC" for shared in document["shared_by_all_groups"])
    assert document["result_hash"] == assessed.group_map.result_hash

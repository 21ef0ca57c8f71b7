"""The written assessment: the letters people see, the privacy floor, and everybody's own membership."""

import numpy as np
import pytest

from clustering.assessment import MEMBERSHIP, assessment
from clustering.group_map import spread_labels
from clustering.judgements import judgements
from clustering.pipeline import compute_group_map
from clustering.samples import neighbourhood_conversation
from clustering.settings import MapSettings
from clustering.vocabulary import GROUP_LETTERS, ChoiceReason
from clustering.vote_matrix import VoteMatrix


@pytest.fixture(scope="module")
def group_map():
    sample = neighbourhood_conversation()
    return compute_group_map(VoteMatrix.from_votes(sample.votes, statements=sample.statements))


@pytest.fixture(scope="module")
def judged(group_map):
    return assessment(group_map)


@pytest.fixture(scope="module")
def document(judged):
    return judged.to_document(letters="CAB")


def entries(document):
    """Everything in a document that tells counts of one group."""
    for named in document["representative_statements"].values():
        yield from named
    for kind in ("shared_by_all_groups", "dividing"):
        for statement in document[kind]:
            yield from statement["groups"]


def test_groups_have_the_letters_given_and_stand_in_their_order(judged, document):
    sizes = np.bincount(judged.grouping.labels).tolist()
    assert {one["group"]: one["n_participants"] for one in document["groups"]} == dict(
        zip("CAB", sizes, strict=True)
    )
    assert [one["group"] for one in document["groups"]] == ["A", "B", "C"]
    assert list(document["representative_statements"]) == ["A", "B", "C"]
    found = dict(zip("CAB", judged.certainty.recovery, strict=True))
    # Written numbers have ten decimals.
    assert all(abs(one["recovery"] - found[one["group"]]) < 1e-10 for one in document["groups"])
    assert "recovery" not in document["certainty"]


def test_counts_are_those_of_the_statement_and_the_side_named(judged, document):
    column = {statement.id: j for j, statement in enumerate(judged.group_map.matrix.statements)}
    counts, n_checked = judged.judged.groups, 0
    for shared in document["shared_by_all_groups"]:
        side = counts.n_agree if shared["direction"] == "agree" else counts.n_disagree
        for one in shared["groups"]:
            group, j = "CAB".index(one["group"]), column[shared["statement"]]
            assert (one["n_people"], one["n_seen"]) == (side[group, j], counts.n_seen[group, j])
            n_checked += 1
    assert n_checked >= 9
    worst = {one["group"]: one["share"] for one in document["shared_by_all_groups"][0]["groups"]}
    assert (
        document["shared_by_all_groups"][0]["share"]
        == worst[document["shared_by_all_groups"][0]["worst_group"]]
    )
    for dividing in document["dividing"]:
        shares = {one["group"]: one["share"] for one in dividing["groups"]}
        assert dividing["gap"] == pytest.approx(shares[dividing["most"]] - shares[dividing["least"]], abs=1e-9)


def test_nothing_rests_on_fewer_people_than_the_floor(judged):
    open_document, floored = judged.to_document(smallest=1), judged.to_document(smallest=90)
    assert min(one["n_seen"] for one in entries(open_document)) < 90
    assert all(one["n_seen"] >= 90 for one in entries(floored))
    sizes = np.bincount(judged.grouping.labels)
    assert any(sizes < 90)
    for one in floored["groups"]:
        size = sizes[GROUP_LETTERS.index(one["group"])]
        if size < 90:
            assert (one["n_participants"], one["recovery"], one["seen_by_few"]) == (None, None, [])
        else:
            assert one["n_participants"] == size
    assert 0 < open_document["certainty"]["n_in_between"] < 90
    assert floored["certainty"]["n_in_between"] is None
    told = [size for one in floored["certainty"]["candidates"] for size in one["sizes"]]
    assert None in told
    assert all(size is None or size >= 90 for size in told)


def test_everybodys_membership_is_in_the_order_given_and_rounded_down(judged, group_map):
    known = np.frombuffer(judged.membership_bytes(letters="CAB"), dtype=MEMBERSHIP)
    labels = group_map.as_given(group_map.labels)
    assert (known["group"] == np.array([2, 0, 1, -1])[labels]).all()
    exact = np.zeros(len(labels))
    exact[group_map.is_placed] = judged.certainty.membership
    away = group_map.as_given(exact) - known["hundredths"] / 100
    # Down, and by less than one hundredth; the least bit is for binary fractions.
    assert away.min() >= -1e-9
    assert away.max() < 0.01
    assert ((known["hundredths"] < 80) & (known["group"] >= 0)).sum() == judged.certainty.is_in_between.sum()


def test_the_division_people_see_is_judged_even_if_it_is_not_the_one_to_report(group_map):
    two = next(one for one in group_map.candidates if one.n_groups == 2)
    labels = spread_labels(two, group_map.is_placed)
    counts = judgements(group_map.matrix, labels, n_groups=2, extremity=group_map.extremity)
    judged = assessment(group_map, grouping=two, judged=counts, thorough=False)
    assert judged.certainty.choice.n_groups == 3
    assert judged.certainty.probabilities.shape[1] == 2
    assert len(judged.representative) == 2


@pytest.mark.parametrize("method", ["classic", "ideal", "strict"])
@pytest.mark.parametrize("n_votes", [0, 3, 60])
def test_too_few_votes_are_judged_so_by_every_method(method, n_votes):
    votes = neighbourhood_conversation().votes[:n_votes]
    judged = assessment(compute_group_map(VoteMatrix.from_votes(votes), settings=MapSettings(method=method)))
    document = judged.to_document()
    assert document["groups"] == document["dividing"] == []
    assert document["representative_statements"] == {}
    if method == "strict":
        assert document["certainty"] is None
    else:
        assert document["certainty"]["verdict"] == "not enough votes yet"
        assert document["certainty"]["missing"]["participants"] > 0
    assert set(judged.membership_bytes()) <= {255, 0}


def test_a_number_of_groups_that_was_asked_for_is_the_one_judged():
    sample = neighbourhood_conversation()
    votes = VoteMatrix.from_votes(sample.votes, statements=sample.statements)
    for n_groups in (2, 4):
        forced = compute_group_map(votes, settings=MapSettings(n_groups=n_groups))
        choice = assessment(forced, thorough=False).certainty.choice
        assert (choice.n_groups, choice.reason) == (n_groups, ChoiceReason.ASKED_FOR)

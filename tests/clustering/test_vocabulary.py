import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustering.errors import IdError, VoteValueError
from clustering.vocabulary import (
    ChoiceReason,
    Outcome,
    Statement,
    StatementId,
    Verdict,
    VoteValue,
    identifier,
    in_natural_order,
    vote_value,
)


@pytest.mark.parametrize(("given_id", "kept"), [(7, "7"), ("7", "7"), ("zoë", "zoë"), ("a b", "a b"), (0, "0")])
def test_ids_are_kept_as_text(given_id, kept):
    assert identifier(given_id, of="participant") == kept


@pytest.mark.parametrize("wrong", [True, None, 1.5, "", "x" * 201, "a\nb", "a\x00", "\ud800", -1, [], b"7"])
def test_what_can_be_no_id(wrong):
    with pytest.raises(IdError, match="statement id"):
        identifier(wrong, of="statement")


@pytest.mark.parametrize("value", [1, 0, -1])
def test_votes(value):
    assert vote_value(value) is VoteValue(value)


@pytest.mark.parametrize("wrong", [2, -2, True, False, None, float("nan"), 1.0, "1", []])
def test_what_is_no_vote(wrong):
    with pytest.raises(VoteValueError, match=r"expected 1 \(agree\)"):
        vote_value(wrong)


def test_numbers_come_before_text_and_by_value():
    assert in_natural_order(["b", "10", "9", "a", "007"]) == ["9", "10", "007", "a", "b"]


@given(st.lists(st.text(min_size=1, max_size=5), unique=True))
def test_natural_order_is_one_order_for_any_ids(ids):
    assert in_natural_order(ids) == in_natural_order(reversed(ids))


def test_an_id_of_two_hundred_characters_is_the_longest():
    assert identifier("x" * 200, of="participant") == "x" * 200


def test_published_words_are_their_names_in_small_letters():
    """JSON and SQL hold these words, so that changing one changes what everybody reads."""
    for word in (*Outcome, *ChoiceReason):
        assert word.value == word.name.lower().replace("_", "-")
    assert {word.name: word.value for word in Verdict} == {
        "DISTINCT_GROUPS": "distinct groups",
        "SPECTRUM": "leanings on a spectrum",
        "NO_STABLE_GROUPS": "no stable groups",
        "NO_SHARED_PATTERN": "no shared pattern",
        "NOT_ENOUGH_VOTES": "not enough votes yet",
    }
    assert [int(value) for value in VoteValue] == [-1, 0, 1]


def test_a_statement_is_on_view_and_takes_part_unless_somebody_says_otherwise():
    plain = Statement(StatementId("1"))
    assert (plain.text, plain.is_moderated_out, plain.is_meta) == ("", False, False)

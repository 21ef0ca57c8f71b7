"""The made-up conversation says what it is, and is what its docstring says."""

from collections import Counter

import pytest

from clustering.errors import SettingsError
from clustering.samples import neighbourhood_conversation
from clustering.vocabulary import VoteValue

SAMPLE = neighbourhood_conversation()


def test_both_languages_say_that_the_votes_are_simulated():
    assert "verzonnen" in SAMPLE.description
    assert "simulated" in neighbourhood_conversation(n_participants=0, language="en").description


def test_same_seed_same_votes_in_either_language():
    again = neighbourhood_conversation(language="en")
    assert again.votes == SAMPLE.votes
    assert again.groups == SAMPLE.groups
    assert neighbourhood_conversation(seed=2).votes != SAMPLE.votes


def test_every_statement_has_both_texts_and_no_two_are_alike():
    english = neighbourhood_conversation(n_participants=0, language="en")
    assert len(SAMPLE.statements) >= 40
    for ours, theirs in zip(SAMPLE.statements, english.statements, strict=True):
        assert ours.id == theirs.id
        assert SAMPLE.translations[ours.id] == theirs.text
        assert english.translations[ours.id] == ours.text
    texts = [statement.text for statement in (*SAMPLE.statements, *english.statements)]
    assert len(set(texts)) == len(texts)
    # 140 characters is what the widget will allow; a statement that isn't a sentence isn't one to vote on.
    assert all(len(text) <= 140 and text[-1] in ".!" for text in texts)


def test_one_statement_is_moderated_out_and_one_is_about_the_conversation():
    assert sum(statement.is_moderated_out for statement in SAMPLE.statements) == 1
    assert sum(statement.is_meta for statement in SAMPLE.statements) == 1


def test_nobody_votes_twice_on_a_statement():
    pairs = [(vote.participant, vote.statement) for vote in SAMPLE.votes]
    assert len(set(pairs)) == len(pairs)
    assert {statement for _, statement in pairs} == {statement.id for statement in SAMPLE.statements}


def test_people_stop_after_a_varying_number_of_votes():
    n_votes = Counter(vote.participant for vote in SAMPLE.votes)
    assert len(n_votes) == 400
    # Expected 48 of 400 stop within three votes, with a standard deviation of 6.5: these bounds are 3 of those.
    assert 28 <= sum(n <= 3 for n in n_votes.values()) <= 68
    assert sum(n >= 7 for n in n_votes.values()) >= 300
    assert len(set(n_votes.values())) > 30


def test_three_groups_of_unequal_size_that_answer_differently():
    sizes = Counter(SAMPLE.groups.values())
    assert sizes["green and quiet"] > sizes["shops and cars"] > sizes["young and lively"] > 50
    agreement = {group: _share_agreeing(group, "Het plein moet helemaal autovrij worden.") for group in sizes}
    assert agreement["green and quiet"] - agreement["shops and cars"] > 0.5


def test_some_statements_are_shared_by_all_groups():
    text = "Wie slecht kan lopen moet altijd dichtbij kunnen parkeren."
    assert min(_share_agreeing(group, text) for group in set(SAMPLE.groups.values())) > 0.8


def test_some_votes_are_passes():
    n_passes = sum(vote.value == VoteValue.PASS for vote in SAMPLE.votes)
    assert 0.05 < n_passes / len(SAMPLE.votes) < 0.15


def test_nobody_is_a_conversation_too():
    empty = neighbourhood_conversation(n_participants=0)
    assert not empty.votes
    assert not empty.groups


def test_one_participant_is_a_conversation_too():
    assert len(neighbourhood_conversation(n_participants=1).groups) == 1


def test_refuses_what_it_cannot_make():
    with pytest.raises(SettingsError, match="-1"):
        neighbourhood_conversation(n_participants=-1)
    with pytest.raises(SettingsError, match="'fr'"):
        neighbourhood_conversation(language="fr")  # pyright: ignore[reportArgumentType]


def _share_agreeing(group: str, text: str) -> float:
    (statement,) = [statement.id for statement in SAMPLE.statements if statement.text == text]
    values = [
        vote.value
        for vote in SAMPLE.votes
        if vote.statement == statement and SAMPLE.groups[vote.participant] == group
    ]
    return values.count(VoteValue.AGREE) / len(values)

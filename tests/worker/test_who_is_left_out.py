"""A map without somebody is the map of the others: leaving and coming back change nothing else."""

import random

import pytest

from clustering.vocabulary import ParticipantId, StatementId, VoteValue
from service.store import group_maps, leaving, votes
from service.store.records import NewVote
from worker.jobs import drawn


@pytest.fixture
def voted(store, conversation):
    """Forty people of two minds, each on ten statements; numbers follow the order of arrival."""
    chance = random.Random(7)
    new = []
    for person in range(40):
        side = 1 if person % 2 else -1
        new += [
            NewVote(
                ParticipantId(f"p{person}"),
                StatementId(str(statement)),
                VoteValue(side if chance.random() < 0.8 else -side),
            )
            for statement in range(10)
        ]
    votes.record(store, conversation, new)
    return conversation


def places_of(published):
    return [published.places[start : start + 17] for start in range(0, len(published.places), 17)]


def test_letting_back_in_restores_the_map(store, voted):
    first = drawn(store, voted.number)
    group_maps.publish(store, first)
    leaving.exclude(store, voted, 4, reason="a try")
    without = drawn(store, voted.number)
    group_maps.publish(store, without)
    assert without.result_hash != first.result_hash
    assert len(places_of(without)) == len(places_of(first)) == 40
    assert places_of(without)[4][-1:] == b"\xff"
    assert group_maps.own_place(store, voted, "p4") is None
    assert group_maps.own_place(store, voted, "p5") is not None
    leaving.readmit(store, voted, 4)
    again = drawn(store, voted.number)
    assert again.result_hash == first.result_hash


def test_excluded_and_erased_are_the_same_to_the_map(store, voted):
    leaving.exclude(store, voted, 11, reason="a try")
    excluded = drawn(store, voted.number)
    leaving.readmit(store, voted, 11)
    leaving.erase(store, voted, "p11")
    erased = drawn(store, voted.number)
    assert erased.result_hash == excluded.result_hash
    assert places_of(erased) == places_of(excluded)


def test_people_keep_their_own_places_beside_a_gap(store, voted):
    """Without the first participant everybody's row moves up by one; whose place it is may not."""
    group_maps.publish(store, drawn(store, voted.number))
    leaving.exclude(store, voted, 0, reason="a try")
    published = drawn(store, voted.number)
    group_maps.publish(store, published)
    sides = {}
    for person in range(1, 40):
        place = group_maps.own_place(store, voted, f"p{person}")
        sides.setdefault(place.group, []).append(person % 2)
    # Eight of ten votes go with one's side, so most of each group are of one parity.
    for parities in sides.values():
        share = sum(parities) / len(parities)
        assert share < 0.2 or share > 0.8

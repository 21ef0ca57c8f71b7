"""What-if maps: the map of the others, exactly what leaving them out would publish, and nothing changes."""

import random

import pytest

from clustering.vocabulary import ParticipantId, StatementId, VoteValue
from service.map_requests import AnalysisRequests
from service.store import analysis_jobs, group_maps, leaving, statements, votes
from service.store.analysis_records import AnalysisKind, AnalysisState, NewAnalysis
from service.store.records import NewVote, StatementChange, StatementState
from worker.analysing import analyse
from worker.jobs import drawn
from worker.what_if_maps import what_if_map


@pytest.fixture
def voted(store, conversation):
    """Sixty people of two minds, each on ten statements."""
    chance = random.Random(7)
    new = [
        NewVote(
            ParticipantId(f"p{person}"),
            StatementId(str(statement)),
            VoteValue((1 if person % 2 else -1) * (1 if chance.random() < 0.8 else -1)),
        )
        for person in range(60)
        for statement in range(10)
    ]
    votes.record(store, conversation, new)
    return conversation


@pytest.fixture
def made(store, voted):
    """Make a what-if map."""

    def make(**asked):
        request = {"without_statements": [], "without_participants": [], "settings": {}} | asked
        new = NewAnalysis("default", AnalysisKind.WHAT_IF_MAP, request, False, voted.number)
        return what_if_map(store, analysis_jobs.add(store, new))

    return make


def test_leaving_nothing_out_gives_the_published_map(store, voted, made):
    assert made()["differences"] is None
    published = drawn(store, voted.number)
    group_maps.publish(store, published)
    found = made()
    assert found["group_map"]["result_hash"] == published.result_hash
    assert found["differences"]["statements"] == []
    assert {event["event"] for event in found["differences"]["events"]} == {"continued"}
    assert found["differences"]["from"] == found["as_of"] == published.sequence


def test_it_is_the_map_that_leaving_them_out_would_publish(store, voted, made):
    group_maps.publish(store, drawn(store, voted.number))
    leaving.exclude(store, voted, 5, reason="already out")
    found = made(without_participants=[0, 2, 5, 59], without_statements=["3", "7"])
    before = group_maps.stamp(store, voted.number)
    for number in (0, 2, 59):
        leaving.exclude(store, voted, number, reason="a try")
    for name in ("3", "7"):
        change = StatementChange(StatementId(name), state=StatementState.HIDDEN)
        statements.moderate_all(store, voted, [change])
    assert drawn(store, voted.number).result_hash == found["group_map"]["result_hash"]
    assert found["differences"]["n_participants"] == {"before": 60, "now": 56}
    assert group_maps.stamp(store, voted.number) == before


def test_another_number_of_groups_is_drawn_at_once(store, voted, made):
    group_maps.publish(store, drawn(store, voted.number))
    for n_groups in (2, 3):
        found = made(settings={"n_groups": n_groups})
        assert found["group_map"]["n_groups"] == n_groups
        assert found["differences"]["n_groups"]["now"] == n_groups
    assert made(settings={"method": "ideal"})["group_map"]["method"] == "ideal"


def test_without_anybody_there_are_no_votes(store, voted, made):
    group_maps.publish(store, drawn(store, voted.number))
    found = made(without_participants=list(range(60)))
    assert found["group_map"]["outcome"] == "no-votes"
    assert {event["event"] for event in found["differences"]["events"]} <= {"gone"}


def test_small_groups_are_told_no_more_of_than_to_the_public(store, voted, made):
    found = made(without_participants=list(range(7, 60)), settings={"n_groups": 2})
    sizes = [group["n_participants"] for group in found["group_map"]["groups"]]
    assert None in sizes


def test_a_conversation_that_has_gone_fails_and_says_so(store, conversation):
    request = {"without_statements": [], "without_participants": [], "settings": {}}
    job = analysis_jobs.add(
        store, NewAnalysis("default", AnalysisKind.WHAT_IF_MAP, request, False, conversation.number + 1)
    )
    with pytest.raises(Exception, match="no conversation"):
        analyse(store, AnalysisRequests(""), job.number)
    assert analysis_jobs.read(store, job.number).state is AnalysisState.FAILED

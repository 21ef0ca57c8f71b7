"""Judging one published map: exactly that one, in the letters people see, not too often, failures counted."""

import dataclasses
import random
from datetime import UTC, datetime, timedelta

import numpy as np
import orjson
import pytest

from clustering.assessment import assessment
from clustering.settings import METHOD_VERSION
from clustering.steadiness import PLACE
from service.map_requests import AssessmentRequests, MapRequests
from service.store import assessments, attempts, conversations, group_maps, statements, votes
from service.store.errors import MovedOnError, NotFoundError
from service.store.loading import load
from service.store.records import NewConversation, NewStatement, StatementState
from worker.assessing import Assessed, assess, judged
from worker.jobs import drawn, redraw
from worker.sweep import sweep_assessments

NO_QUEUE = MapRequests("")
NO_ASSESSOR = AssessmentRequests("")


def quick(group_map, **shown):
    """Judge without what takes seconds: these tests are about what becomes of the answer."""
    return assessment(group_map, thorough=False, **shown)


@pytest.fixture
def cast(store, conversation, vote):
    """Have two camps vote on ten statements."""

    def cast_all(*, first=0, n_participants=30, seed=1):
        chosen = random.Random(seed)
        many = [
            vote(
                f"p{person}",
                str(statement),
                chosen.choice([1, 1, 1, 0]) * (1 if (person + statement) % 2 else -1),
            )
            for person in range(first, first + n_participants)
            for statement in range(10)
        ]
        votes.record(store, conversation, many)

    return cast_all


@pytest.fixture
def judge_now(store, conversation):
    """Judge a conversation's map if it is due, and answer with what came of it."""
    return lambda: assess(store, NO_ASSESSOR, conversation.number, judge=quick)


def forget_minute(store):
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE assessments SET made_at = made_at - 61")


def read(store, conversation):
    reading = group_maps.read(store, conversation)
    return orjson.loads(reading.document), reading.assessment, orjson.loads(reading.assessment.document)


def test_the_published_map_is_judged_in_the_letters_people_see(store, conversation, cast, judge_now):
    cast()
    assert judge_now() is Assessed.NOT_DUE
    redraw(store, NO_QUEUE, conversation.number)
    assert group_maps.read(store, conversation).assessment is None
    assert judge_now() is Assessed.PUBLISHED
    shown, reading, document = read(store, conversation)
    assert (reading.method_version, reading.sequence) == group_maps.stamp(store, conversation.number)
    assert document["result_hash"] == shown["result_hash"]
    told = {one["group"]: one["n_participants"] for one in document["groups"]}
    assert told == {one["group"]: one["n_participants"] for one in shown["groups"]}
    assert len(told) == 2
    assert judge_now() is Assessed.NOT_DUE


def test_letters_that_were_kept_still_are_the_assessments_too(store, conversation, cast, judge_now):
    cast()
    # People saw B and C where a first map would have said A and B.
    published = drawn(store, conversation.number)
    places = np.frombuffer(published.places, PLACE).copy()
    places["group"][places["group"] >= 0] += 1
    group_maps.publish(store, dataclasses.replace(published, places=places.tobytes(), sequence=1))
    redraw(store, NO_QUEUE, conversation.number)
    assert judge_now() is Assessed.PUBLISHED
    shown, _, document = read(store, conversation)
    assert (
        [one["group"] for one in shown["groups"]] == [one["group"] for one in document["groups"]] == ["B", "C"]
    )
    assert list(document["representative_statements"]) == ["B", "C"]
    own = group_maps.own_place(store, conversation, "p3")
    assert own.group in {1, 2}
    assert own.membership > 0.5


def test_votes_that_came_since_have_no_part_in_it(store, conversation, cast, vote, judge_now):
    cast()
    redraw(store, NO_QUEUE, conversation.number)
    before = group_maps.read(store, conversation)
    cast(first=100, n_participants=9, seed=5)
    votes.record(store, conversation, [vote("p3", str(number), 0) for number in range(10)])
    assert judge_now() is Assessed.PUBLISHED
    _, reading, document = read(store, conversation)
    assert (reading.sequence, document["result_hash"]) == (before.sequence, before.result_hash)


def test_a_past_moment_is_loaded_as_it_was(store, conversation, cast, vote):
    cast()
    votes.record(store, conversation, [vote("p3", "4", 1), vote("p3", "4", -1)])
    then = load(store, conversation.number)
    cast(first=100, n_participants=9, seed=5)
    votes.record(store, conversation, [vote("p3", str(number), 0) for number in range(10)])
    again = load(store, conversation.number, as_of=then.sequence)
    for name in ("sequence", "n_participants", "statements", "settings", "seeds"):
        assert getattr(again, name) == getattr(then, name)

    def ballots(loaded):
        columns = (loaded.participant_numbers, loaded.statement_numbers, loaded.values)
        return sorted(zip(*(column.tolist() for column in columns), strict=True))

    assert ballots(again) == ballots(then)
    assert ballots(load(store, conversation.number)) != ballots(then)
    assert load(store, conversation.number, as_of=10**9).sequence > then.sequence
    with pytest.raises(NotFoundError):
        load(store, 999, as_of=1)


def test_what_else_has_changed_waits_for_the_next_map(store, conversation, cast, judge_now):
    cast()
    redraw(store, NO_QUEUE, conversation.number)
    statements.moderate(store, conversation, "4", state=StatementState.HIDDEN)
    with pytest.raises(MovedOnError):
        judged(store, conversation.number)
    assert judge_now() is Assessed.MOVED_ON
    assert attempts.current_attempt(store, conversation.number, at=attempts.AT_ASSESSMENTS) is None
    redraw(store, NO_QUEUE, conversation.number)
    assert judge_now() is Assessed.PUBLISHED


def test_seeds_are_the_statements_from_before_the_first_vote(store, conversation, vote):
    assert load(store, conversation.number).seeds == {str(number) for number in range(10)}
    votes.record(store, conversation, [vote("a", "0", 1)])
    statements.add(store, conversation, [NewStatement("Somebody's idea.", id="late")])
    assert load(store, conversation.number).seeds == {str(number) for number in range(10)}


def due(store, **later):
    now = datetime.now(UTC) + timedelta(**later)
    return assessments.due(store, method_version=METHOD_VERSION, now=now)


def test_once_a_minute_and_when_it_is_closed(store, conversation, cast, vote, judge_now):
    cast()
    redraw(store, NO_QUEUE, conversation.number)
    assert due(store) == [conversation.number]
    judge_now()
    assert due(store, seconds=100) == []
    votes.record(store, conversation, [vote("late", "0", 1)])
    redraw(store, NO_QUEUE, conversation.number)
    assert due(store) == due(store, seconds=59) == []
    assert due(store, seconds=61) == [conversation.number]
    # A clock that was set back stops no assessment.
    assert due(store, hours=-5) == [conversation.number]
    conversations.change(store, conversation, is_open=False)
    redraw(store, NO_QUEUE, conversation.number)
    assert due(store) == [conversation.number]
    assert judge_now() is Assessed.PUBLISHED
    assert due(store, hours=5) == []


def test_an_older_one_never_replaces_a_newer_one(store, conversation, cast, vote):
    cast()
    redraw(store, NO_QUEUE, conversation.number)
    older = judged(store, conversation.number, judge=quick)
    votes.record(store, conversation, [vote("late", "0", 1)])
    redraw(store, NO_QUEUE, conversation.number)
    newer = judged(store, conversation.number, judge=quick)
    assert assessments.publish(store, newer)
    assert not assessments.publish(store, older)
    assert not assessments.publish(store, newer)
    assert assessments.stamp(store, conversation.number) == (METHOD_VERSION, newer.sequence)
    later = dataclasses.replace(older, method_version=METHOD_VERSION + 1)
    assert assessments.publish(store, later)
    assert not assessments.publish(store, newer)


def test_a_map_of_another_method_version_is_left_alone(store, conversation, cast, judge_now):
    cast()
    later = dataclasses.replace(drawn(store, conversation.number), method_version=METHOD_VERSION + 1)
    group_maps.publish(store, later)
    assert due(store) == []
    assert judge_now() is Assessed.NOT_DUE


def test_a_failure_is_counted_and_paused_and_leaves_the_map_alone(store, conversation, cast, judge_now):
    def broken(group_map, **shown):
        raise ArithmeticError("cannot judge this")

    cast()
    redraw(store, NO_QUEUE, conversation.number)
    pauses = []
    for _ in range(3):
        with pytest.raises(ArithmeticError):
            assess(store, NO_ASSESSOR, conversation.number, judge=broken)
        assert judge_now() is Assessed.RESTING
        assert due(store) == []
        attempt = attempts.current_attempt(store, conversation.number, at=attempts.AT_ASSESSMENTS)
        assert attempt.error == "ArithmeticError: cannot judge this"
        pauses.append(round((attempt.retry_at - datetime.now(UTC)).total_seconds()))
        with store.writing() as connection:
            connection.exec_driver_sql("UPDATE assessment_attempts SET retry_at = 0")
        assert due(store) == [conversation.number]
    assert pauses == [3, 6, 12]
    assert group_maps.read(store, conversation).error is None
    assert attempts.current_attempt(store, conversation.number) is None
    assert judge_now() is Assessed.PUBLISHED
    assert attempts.current_attempt(store, conversation.number, at=attempts.AT_ASSESSMENTS) is None


def test_who_came_since_or_changed_groups_has_no_known_membership(store, conversation, cast, judge_now):
    cast()
    redraw(store, NO_QUEUE, conversation.number)
    assert group_maps.own_place(store, conversation, "p3").membership is None
    judge_now()
    sure = group_maps.own_place(store, conversation, "p3")
    assert 0.5 < sure.membership <= 1
    cast(first=100, n_participants=9, seed=5)
    redraw(store, NO_QUEUE, conversation.number)
    assert group_maps.own_place(store, conversation, "p105").membership is None
    with store.writing() as connection:
        places = bytearray(bytes(connection.exec_driver_sql("SELECT places FROM group_maps").scalar()))
    # The fourth of those who voted; a place ends with its group.
    assert places[17 * 3 + 16] == sure.group
    places[17 * 3 + 16] = 1 - sure.group
    published = drawn(store, conversation.number)
    newest = dataclasses.replace(published, sequence=published.sequence + 1, places=bytes(places))
    group_maps.publish(store, newest)
    assert group_maps.own_place(store, conversation, "p3").membership is None


def test_the_worker_rings_for_the_first_and_the_sweep_for_the_others(
    store, conversation, cast, vote, redis_url
):
    cast()
    requests, to_assessor = MapRequests(redis_url), AssessmentRequests(redis_url)
    redraw(store, requests, conversation.number, to_assessor=to_assessor)
    assert to_assessor.waiting() == {conversation.number}
    # Its own queue: nothing there waits before a map.
    assert requests.waiting() == set()
    now = datetime.now(UTC)
    assert sweep_assessments(store, to_assessor, now=now) == []
    to_assessor._queue.empty()
    assert sweep_assessments(store, to_assessor, now=now) == [conversation.number]
    to_assessor._queue.empty()
    assess(store, to_assessor, conversation.number, judge=quick)
    votes.record(store, conversation, [vote("late", "0", 1)])
    redraw(store, requests, conversation.number, to_assessor=to_assessor)
    assert to_assessor.waiting() == set()
    now = datetime.now(UTC)
    assert sweep_assessments(store, to_assessor, now=now) == []
    later = now + timedelta(seconds=61)
    assert sweep_assessments(store, to_assessor, now=later) == [conversation.number]


def test_a_map_that_comes_while_judging_rings_again(store, conversation, cast, vote, redis_url):
    cast()
    requests, to_assessor = MapRequests(redis_url), AssessmentRequests(redis_url)
    redraw(store, requests, conversation.number, to_assessor=to_assessor)
    to_assessor._queue.empty()

    def judge_while_closing(group_map, **shown):
        conversations.change(store, conversation, is_open=False)
        redraw(store, requests, conversation.number, to_assessor=to_assessor)
        return quick(group_map, **shown)

    assess(store, to_assessor, conversation.number, judge=judge_while_closing)
    assert to_assessor.waiting() == {conversation.number}
    assert assess(store, to_assessor, conversation.number, judge=quick) is Assessed.PUBLISHED
    assert assessments.stamp(store, conversation.number) == group_maps.stamp(store, conversation.number)


def test_a_conversation_without_votes_is_judged_as_one(store):
    empty = conversations.create(store, "default", NewConversation("Anything?"))
    redraw(store, NO_QUEUE, empty.number)
    assert assess(store, NO_ASSESSOR, empty.number) is Assessed.PUBLISHED
    _, _, document = read(store, empty)
    assert document["certainty"]["verdict"] == "not enough votes yet"

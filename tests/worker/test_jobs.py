"""Redrawing one map: the whole of the log, published if newer, and failures that are counted."""

import random
import time
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from clustering.pipeline import compute_group_map
from clustering.routing import StatementPull
from clustering.settings import METHOD_VERSION
from clustering.vocabulary import Vote
from clustering.vote_matrix import VoteMatrix
from service.actions.read_group_map import read_group_map
from service.map_requests import MapRequests
from service.store import attempts, conversations, group_maps, statement_pulls, statements, votes
from service.store.loading import load
from service.store.records import NewConversation, NewStatement, StatementState
from worker.jobs import Redrawn, drawn, matrix_of, redraw
from worker.sweep import sweep

NO_QUEUE = MapRequests("")


@pytest.fixture
def cast(store, conversation, vote):
    """Have two camps of ten vote on ten statements, and answer with what they cast."""

    def cast_all(*, n_participants=20, seed=1):
        chosen = random.Random(seed)
        many = [
            vote(
                f"p{person}",
                str(statement),
                chosen.choice([1, 1, 1, 0]) * (1 if (person + statement) % 2 else -1),
            )
            for person in range(n_participants)
            for statement in range(10)
        ]
        chosen.shuffle(many)
        votes.record(store, conversation, many)
        return many

    return cast_all


def test_the_published_map_is_what_the_votes_give_from_scratch(store, conversation, cast):
    many = cast()
    assert redraw(store, NO_QUEUE, conversation.number) is Redrawn.PUBLISHED
    reading = group_maps.read(store, conversation)
    matrix = VoteMatrix.from_votes([Vote(one.participant, one.statement, one.value) for one in many])
    assert reading.result_hash == compute_group_map(matrix).result_hash
    assert orjson.loads(reading.document)["outcome"] == reading.outcome == "ready"
    assert (reading.n_changes_since, reading.n_votes_since, reading.error) == (0, 0, None)


def test_what_choosing_statements_needs_is_published_with_the_map(store, conversation, cast, vote):
    assert statement_pulls.read(store, conversation) == b"[]"
    cast()
    redraw(store, NO_QUEUE, conversation.number)
    first = statement_pulls.read(store, conversation)
    told = {one.statement: one for one in map(StatementPull.from_document, orjson.loads(first))}
    assert set(told) == {str(number) for number in range(10)}
    assert all(one.n_seen == 20 and one.is_seed and one.pull != (0.0, 0.0) for one in told.values())
    older = drawn(store, conversation.number)
    statements.add(store, conversation, [NewStatement("Somebody's idea.", id="late")])
    votes.record(store, conversation, [vote("new", "late", 1)])
    redraw(store, NO_QUEUE, conversation.number)
    newest = statement_pulls.read(store, conversation)
    late = StatementPull.from_document(orjson.loads(newest)[-1])
    assert (late.statement, late.n_seen, late.is_seed) == ("late", 1, False)
    # What an older map says never replaces it.
    assert not group_maps.publish(store, older)
    assert statement_pulls.read(store, conversation) == newest


def test_a_second_job_finds_nothing_to_do(store, conversation, cast):
    cast()
    redraw(store, NO_QUEUE, conversation.number)
    assert redraw(store, NO_QUEUE, conversation.number) is Redrawn.UP_TO_DATE


def test_every_kind_of_change_makes_the_map_stale(store, conversation, cast, vote):
    cast()

    def is_behind():
        behind = attempts.stale(store, method_version=METHOD_VERSION, now=datetime.now(UTC)) == [
            conversation.number
        ]
        redraw(store, NO_QUEUE, conversation.number)
        return behind

    assert is_behind()
    assert not is_behind()
    votes.record(store, conversation, [vote("new", "0", 1)])
    assert is_behind()
    statements.moderate(store, conversation, "0", state=StatementState.HIDDEN)
    assert is_behind()
    conversations.change(store, conversation, settings={"seed": 5})
    assert is_behind()
    conversations.change(store, conversation, settings={"seed": 5}, question="Reworded?")
    assert not is_behind()


def test_a_settings_key_that_is_not_the_maps_does_not_matter_to_it(store, conversation, cast):
    cast()
    conversations.change(store, conversation, settings={"seed": 5, "max_statement_length": 200})
    redraw(store, NO_QUEUE, conversation.number)
    assert orjson.loads(group_maps.read(store, conversation).document)["seed"] == 5


def test_own_places_are_in_the_order_of_participant_numbers(store, conversation, cast, vote):
    many = cast()
    votes.record(store, conversation, [vote("hardly", "0", 1)])
    redraw(store, NO_QUEUE, conversation.number)
    ballots = {}
    for one in many:
        ballots.setdefault(one.participant, {})[one.statement] = int(one.value)
    places = {person: group_maps.own_place(store, conversation, person) for person in ballots}
    assert {place.group for place in places.values()} == {0, 1}
    # Two camps were made by whether the number is odd.
    assert len({(int(person[1:]) % 2, place.group) for person, place in places.items()}) == 2
    assert group_maps.own_place(store, conversation, "hardly") is None
    assert group_maps.own_place(store, conversation, "nobody") is None


def test_on_a_map_without_groups_everybody_has_a_place(store, conversation, vote):
    conversations.change(store, conversation, settings={"method": "ideal"})
    chosen = random.Random(4)
    everybody = [f"p{person}" for person in range(60)]
    votes.record(
        store,
        conversation,
        [vote(person, str(s), chosen.choice([1, -1])) for person in everybody for s in range(10)],
    )
    votes.record(store, conversation, [vote("hardly", "0", 1)])
    redraw(store, NO_QUEUE, conversation.number)
    assert group_maps.read(store, conversation).outcome == "no-structure"
    places = [group_maps.own_place(store, conversation, person) for person in everybody]
    assert all(place is not None and place.group < 0 for place in places)
    assert group_maps.own_place(store, conversation, "hardly") is None


def test_an_empty_conversation_gets_a_map_that_says_so(store):
    empty = conversations.create(store, "default", NewConversation("Anything?"))
    redraw(store, NO_QUEUE, empty.number)
    assert group_maps.read(store, empty).outcome == "no-votes"


def test_a_conversation_that_has_gone_is_no_failure(store):
    assert redraw(store, NO_QUEUE, 999) is Redrawn.GONE


def test_an_older_map_never_replaces_a_newer_one(store, conversation, cast, vote):
    cast()
    older = drawn(store, conversation.number)
    votes.record(store, conversation, [vote("late", "0", 1)])
    newer = drawn(store, conversation.number)
    assert group_maps.publish(store, newer)
    assert not group_maps.publish(store, older)
    assert not group_maps.publish(store, newer)
    assert group_maps.stamp(store, conversation.number) == (METHOD_VERSION, newer.sequence)


def test_a_later_method_version_wins_and_is_left_alone(store, conversation, cast, vote):
    import dataclasses

    cast()
    next_version = dataclasses.replace(drawn(store, conversation.number), method_version=METHOD_VERSION + 1)
    assert group_maps.publish(store, next_version)
    votes.record(store, conversation, [vote("late", "0", 1)])
    assert not group_maps.publish(store, drawn(store, conversation.number))
    assert attempts.stale(store, method_version=METHOD_VERSION, now=datetime.now(UTC)) == []
    assert redraw(store, NO_QUEUE, conversation.number) is Redrawn.UP_TO_DATE


def test_a_large_conversation_rests_after_its_map_and_the_sweep_asks_then(
    store, conversation, cast, vote, redis_url
):
    cast()
    requests = MapRequests(redis_url)
    told = {}

    def rest(spent, *, n_changes):
        told.update(spent=spent, n_changes=n_changes)
        return 0.5

    began = time.monotonic()
    assert redraw(store, requests, conversation.number, rest=rest) is Redrawn.PUBLISHED
    assert (told["spent"] > 0, told["n_changes"]) == (True, group_maps.stamp(store, conversation.number)[1])
    votes.record(store, conversation, [vote("late", "0", 1)])
    # The vote's own job does nothing and leaves the mark: the next vote doesn't ring, nor does the sweep.
    assert requests.ask(conversation.number)
    requests._queue.empty()
    assert redraw(store, requests, conversation.number) is Redrawn.RESTING
    assert requests.ask(conversation.number)
    assert requests.waiting() == set()
    assert sweep(store, requests, now=datetime.now(UTC)) == []
    while requests.is_resting(conversation.number):
        time.sleep(0.05)
    assert time.monotonic() - began >= 0.5
    assert sweep(store, requests, now=datetime.now(UTC)) == [conversation.number]
    assert redraw(store, requests, conversation.number) is Redrawn.PUBLISHED
    # Small as it is it does not rest by itself.
    assert not requests.is_resting(conversation.number)


@pytest.mark.parametrize("is_drawing", [False, True])
def test_who_looks_after_a_large_conversation_does_not_wait_for_its_rest(
    store, conversation, cast, redis_url, is_drawing
):
    cast()
    requests = MapRequests(redis_url)

    def moderate():
        statements.moderate(store, conversation, "0", state=StatementState.HIDDEN)
        for _ in range(3):
            assert requests.ask_at_once(conversation.number)
        assert len(requests._queue.get_job_ids()) == 1

    def rest(_spent, **_):
        if is_drawing:
            # Decided after the votes were read: the rest that follows is another map's.
            moderate()
        return 60.0

    assert redraw(store, requests, conversation.number, rest=rest) is Redrawn.PUBLISHED
    if not is_drawing:
        assert requests.is_resting(conversation.number)
        moderate()
    assert requests.waiting() == {conversation.number}
    assert redraw(store, requests, conversation.number, rest=lambda *_, **__: 60.0) is Redrawn.PUBLISHED
    # What was asked for is drawn: now it rests.
    assert requests.is_resting(conversation.number)
    assert redraw(store, requests, conversation.number) is Redrawn.RESTING


def test_a_vote_that_comes_while_computing_rings_again(store, conversation, cast, vote, redis_url):
    cast()
    requests = MapRequests(redis_url)

    def compute_while_somebody_votes(matrix, *, settings):
        votes.record(store, conversation, [vote("meanwhile", "0", 1)])
        return compute_group_map(matrix, settings=settings)

    redraw(store, requests, conversation.number, compute=compute_while_somebody_votes)
    assert requests.waiting() == {conversation.number}
    assert group_maps.read(store, conversation).n_votes_since == 1
    redraw(store, requests, conversation.number)
    assert group_maps.read(store, conversation).n_votes_since == 0


def broken(matrix, *, settings):
    raise ArithmeticError("cannot divide this")


def test_a_failure_is_counted_paused_and_shown_after_three(store, conversation, cast):
    cast()
    redraw(store, NO_QUEUE, conversation.number)
    cast(n_participants=21, seed=2)
    pauses = []
    for _ in range(4):
        attempt = attempts.current_attempt(store, conversation.number)
        if attempt is not None:
            assert redraw(store, NO_QUEUE, conversation.number, compute=broken) is Redrawn.RESTING
            assert attempts.stale(store, method_version=METHOD_VERSION, now=datetime.now(UTC)) == []
            later = attempt.retry_at + timedelta(seconds=1)
            assert attempts.stale(store, method_version=METHOD_VERSION, now=later) == [conversation.number]
            forget_pause(store, conversation)
        with pytest.raises(ArithmeticError):
            redraw(store, NO_QUEUE, conversation.number, compute=broken)
        attempt = attempts.current_attempt(store, conversation.number)
        pauses.append(round((attempt.retry_at - datetime.now(UTC)).total_seconds()))
        shown = group_maps.read(store, conversation).error
        told = f"redrawing the map failed {attempt.n_attempts} times in a row: ArithmeticError"
        assert shown == (told if attempt.n_attempts >= 3 else None)
        assert attempt.error == "ArithmeticError: cannot divide this"
        assert attempts.shown_error(store, conversation) == shown
    assert pauses == [3, 6, 12, 24]
    forget_pause(store, conversation)
    assert redraw(store, NO_QUEUE, conversation.number) is Redrawn.PUBLISHED
    assert attempts.current_attempt(store, conversation.number) is None
    assert group_maps.read(store, conversation).error is None


def test_work_that_takes_long_is_neither_doubled_nor_told_as_failing(store, conversation, cast):
    cast()
    seen = []

    def slow(matrix, *, settings):
        until = time.monotonic() + attempts.FIRST_PAUSE_SECONDS + 1.5
        while time.monotonic() < until:
            time.sleep(0.25)
            seen.append(attempts.stale(store, method_version=METHOD_VERSION, now=datetime.now(UTC)))
        assert redraw(store, NO_QUEUE, conversation.number) is Redrawn.RESTING
        assert attempts.current_attempt(store, conversation.number).n_attempts == 1
        return compute_group_map(matrix, settings=settings)

    assert redraw(store, NO_QUEUE, conversation.number, compute=slow) is Redrawn.PUBLISHED
    assert not any(seen)
    assert attempts.current_attempt(store, conversation.number) is None


def test_who_was_overtaken_holds_nobody_off(store, conversation):
    now = datetime.now(UTC)
    attempts.begin_attempt(store, conversation.number, now=now)
    later = now + timedelta(seconds=5)
    second = attempts.begin_attempt(store, conversation.number, now=later)
    attempts.hold_attempt(store, conversation.number, n_attempts=1, now=later + timedelta(seconds=60))
    assert attempts.current_attempt(store, conversation.number).retry_at == second.retry_at


def test_a_clock_that_is_set_back_stops_no_map(store, conversation):
    now = datetime.now(UTC)
    attempts.begin_attempt(store, conversation.number, now=now)
    before = now - timedelta(hours=5)
    assert attempts.stale(store, method_version=METHOD_VERSION, now=before) == [conversation.number]
    assert attempts.begin_attempt(store, conversation.number, now=before).n_attempts == 2


def test_the_first_map_that_fails_is_told_too(store, conversation, cast):
    cast()
    for _ in range(3):
        with pytest.raises(ArithmeticError):
            redraw(store, NO_QUEUE, conversation.number, compute=broken)
        forget_pause(store, conversation)
    current = read_group_map(store, conversation, is_public=False)
    assert current.document["error"].endswith("ArithmeticError")
    assert current.stamp == "0-0-failing"


def forget_pause(store, conversation):
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE map_attempts SET retry_at = 0")


def test_the_sweep_asks_for_what_is_behind_and_waits_for_nobody(store, conversation, cast, redis_url):
    cast()
    requests = MapRequests(redis_url)
    other = conversations.create(store, "default", NewConversation("Another?"))
    now = datetime.now(UTC)
    assert sweep(store, requests, now=now) == [conversation.number, other.number]
    assert sweep(store, requests, now=now) == []
    requests._queue.empty()
    assert sweep(store, requests, now=now) == [conversation.number, other.number]
    redraw(store, requests, other.number)
    requests._queue.empty()
    assert sweep(store, requests, now=now) == [conversation.number]


def test_the_sweep_says_when_there_is_no_queue(store, conversation, cast):
    with pytest.raises(ConnectionError):
        sweep(store, NO_QUEUE, now=datetime.now(UTC))


def test_both_stores_load_the_same(store, conversation, cast, vote):
    cast()
    statements.moderate(store, conversation, "4", state=StatementState.HIDDEN)
    statements.moderate(store, conversation, "5", is_meta=True)
    loaded = load(store, conversation.number)
    assert loaded.participant_numbers.tolist() == sorted(loaded.participant_numbers.tolist())
    assert [one.is_moderated_out for one in loaded.statements] == [number == 4 for number in range(10)]
    assert [one.is_meta for one in loaded.statements] == [number == 5 for number in range(10)]
    assert matrix_of(loaded).n_votes == votes.counts(store, conversation).n_votes == 200
    expected = {(own.statement, int(own.value)) for own in votes.own_votes(store, conversation, "p3")}
    ballots = {}
    for person, statement, value in zip(
        loaded.participant_numbers, loaded.statement_numbers, loaded.values, strict=True
    ):
        ballots.setdefault(person, set()).add((loaded.statements[statement].id, int(value)))
    assert expected in ballots.values()

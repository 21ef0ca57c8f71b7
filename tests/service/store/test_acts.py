"""Votes taken back, late retries, phases, and people who leave: the log stays right."""

import random
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from service.store import conversations, identities, leaving, participants, statements, votes
from service.store.database import open_store
from service.store.errors import NotFoundError
from service.store.loading import load
from service.store.platform_records import Assurance, HashedParticipant
from service.store.records import NewConversation, NewStatement, NewVote, RecordedVote, Refusal, RefusedVote
from service.store.tables import changes
from tests.conftest import SECRET


def acted(store, conversation, who, statement, value, act=None):
    (answer,) = votes.record(store, conversation, [NewVote(who, statement, value, act)])
    return answer


def standing(store, conversation, who):
    return {one.statement: int(one.value) for one in votes.own_votes(store, conversation, who)}


def test_a_vote_can_be_taken_back_and_cast_again(store, conversation):
    cast = acted(store, conversation, "ann", "1", 1)
    back = acted(store, conversation, "ann", "1", None)
    assert (back.sequence, back.is_new_line) == (cast.sequence + 1, True)
    assert standing(store, conversation, "ann") == {}
    assert votes.counts(store, conversation).n_votes == 0
    assert load(store, conversation.number).values.size == 0
    assert acted(store, conversation, "ann", "1", None) == RecordedVote(back.sequence, is_new_line=False)
    assert acted(store, conversation, "ann", "1", -1).is_new_line
    assert standing(store, conversation, "ann") == {"1": -1}
    assert votes.counts(store, conversation).n_votes == 1


def test_nothing_to_take_back_is_nothing(store, conversation):
    before = votes.counts(store, conversation)
    answer = acted(store, conversation, "nobody", "1", None)
    assert answer == RecordedVote(before.sequence, is_new_line=False)
    assert votes.counts(store, conversation) == before


def test_a_late_retry_never_overwrites_a_newer_act(store, conversation):
    assert acted(store, conversation, "ann", "1", 1, act=1).is_new_line
    newer = acted(store, conversation, "ann", "1", -1, act=3)
    late = acted(store, conversation, "ann", "1", 0, act=2)
    assert (late.sequence, late.is_new_line, late.is_superseded) == (newer.sequence, False, True)
    assert standing(store, conversation, "ann") == {"1": -1}
    # The same act again is no late one, and another statement has its own order.
    assert not acted(store, conversation, "ann", "1", -1, act=3).is_superseded
    assert acted(store, conversation, "ann", "2", 1, act=2).is_new_line


def test_an_act_that_changes_nothing_still_makes_older_ones_late(store, conversation):
    acted(store, conversation, "ann", "1", 1, act=1)
    assert not acted(store, conversation, "ann", "1", 1, act=3).is_new_line
    assert acted(store, conversation, "ann", "1", -1, act=2).is_superseded
    assert standing(store, conversation, "ann") == {"1": 1}


def test_taking_back_what_never_arrived_stops_it_from_arriving(store, conversation):
    assert not acted(store, conversation, "new", "1", None, act=2).is_new_line
    assert acted(store, conversation, "new", "1", 1, act=1).is_superseded
    assert standing(store, conversation, "new") == {}
    assert acted(store, conversation, "new", "1", 1, act=3).is_new_line


@pytest.mark.parametrize("seed", range(5))
def test_acts_in_any_order_of_arrival_leave_the_last_one(store, conversation, seed):
    chance = random.Random(seed)
    acts = [(act, chance.choice([1, 0, -1, None])) for act in range(1, 9)]
    arriving = acts + [chance.choice(acts) for _ in range(8)]
    chance.shuffle(arriving)
    for act, value in arriving:
        acted(store, conversation, "ann", "1", value, act=act)
    last = acts[-1][1]
    assert standing(store, conversation, "ann") == ({} if last is None else {"1": last})
    assert votes.counts(store, conversation).n_votes == (last is not None)


def in_phases(store, conversation, *phases):
    kept = [
        {"name": "one", "asks": asks, "starts_at": starts_at, "ends_at": ends_at}
        for asks, starts_at, ends_at in phases
    ]
    return conversations.change(store, conversation, settings={"phases": kept})


def test_votes_are_taken_in_a_phase_that_asks_for_them(store, conversation):
    now = time.time()
    for phases, is_taken in [
        ([(["votes"], now - 9, now + 99)], True),
        ([(["statements"], now - 9, now + 99)], False),
        ([(["votes"], now + 9, now + 99)], False),
        ([(["votes"], now - 99, now - 9)], False),
        ([(["votes"], now - 99, now - 9), (["statements", "votes"], now - 9, now + 99)], True),
        ([], True),
    ]:
        changed = in_phases(store, conversation, *phases)
        answer = acted(store, changed, f"somebody {phases}", "1", 1)
        assert isinstance(answer, RecordedVote) == is_taken
        assert is_taken or answer == RefusedVote(Refusal.NOT_NOW)


def test_the_end_of_a_phase_under_load(store, conversation):
    """What is acknowledged is counted, and nothing is taken after the end."""
    in_phases(store, conversation, (["votes"], time.time() - 9, end := time.time() + 1.5))
    answers = []

    def vote_past_the_end(voter):
        number = 0
        while time.time() < end + 0.5:
            began = time.time()
            answers.append((began, acted(store, conversation, f"{voter}-{number}", "1", 1)))
            number += 1

    threads = [threading.Thread(target=vote_past_the_end, args=(voter,)) for voter in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    taken = [began for began, answer in answers if isinstance(answer, RecordedVote)]
    refused = [began for began, answer in answers if isinstance(answer, RefusedVote)]
    assert taken
    assert refused
    assert max(taken) < end
    assert votes.counts(store, conversation).n_votes == len(taken)


@pytest.fixture
def ann_and_others(store, conversation):
    for person in ("ann", "bob", "eve"):
        for statement in range(5):
            acted(store, conversation, person, str(statement), 1)
            acted(store, conversation, person, str(statement), -1)
    return conversation


def people_loaded(store, conversation):
    loaded = load(store, conversation.number)
    return sorted(set(loaded.participant_numbers.tolist())), loaded.left_out_participants.tolist()


def test_who_is_excluded_is_off_the_map_until_readmitted(store, ann_and_others):
    before = votes.counts(store, ann_and_others)
    reached = leaving.exclude(store, ann_and_others, 1, reason="forty equal ballots")
    assert reached == before.sequence + 1
    assert people_loaded(store, ann_and_others) == ([0, 2], [1])
    assert [(one.number, one.reason) for one in leaving.list_excluded(store, ann_and_others)] == [
        (1, "forty equal ballots")
    ]
    acted(store, ann_and_others, "bob", "7", 1)
    assert people_loaded(store, ann_and_others) == ([0, 2], [1])
    assert leaving.readmit(store, ann_and_others, 1) == reached + 2
    assert people_loaded(store, ann_and_others) == ([0, 1, 2], [])
    for wrong in (
        lambda: leaving.readmit(store, ann_and_others, 1),
        lambda: leaving.readmit(store, ann_and_others, 9),
    ):
        with pytest.raises(NotFoundError):
            wrong()
    for nobody in (3, -1):
        with pytest.raises(NotFoundError):
            leaving.exclude(store, ann_and_others, nobody, reason="?")


def test_erased_is_erased(store, ann_and_others, sqlite_url, store_url):
    here = ann_and_others
    hashed = participants.id_hash(store, here, "bob")
    attributes = {"postcode4": "canary-3511"}
    identities.keep(store, here, HashedParticipant(hashed), assurance=Assurance.ACCOUNT, attributes=attributes)
    n_before = votes.counts(store, here).n_votes
    reached = leaving.erase(store, here, "bob")
    assert votes.counts(store, here).n_votes == n_before - 5
    assert people_loaded(store, here) == ([0, 2], [1])
    assert standing(store, here, "bob") == {}
    assert leaving.erase(store, here, "bob") is None
    with store.reading() as connection:
        query = select(changes.c.kind, changes.c.payload).where(changes.c.sequence == reached)
        assert connection.execute(query).one() == ("participant-erased", {"participant": 1})
        for table in ("votes", "current_votes"):
            left = f"SELECT count(*) FROM {table} WHERE participant_number = 1"
            assert connection.exec_driver_sql(left).scalar() == 0
    if store_url == sqlite_url:
        file = Path(store_url.removeprefix("sqlite:///"))
        kept = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
        assert kept
        assert hashed not in kept
        assert b"canary-3511" not in kept


def test_what_was_erased_leaves_the_log_though_somebody_was_reading_it(sqlite_store, sqlite_url):
    here = conversations.create(sqlite_store, "default", NewConversation("What about the square?"))
    statements.add(sqlite_store, here, [NewStatement("More trees.")])
    acted(sqlite_store, here, "ann", "0", 1)
    hashed = participants.id_hash(sqlite_store, here, "ann")
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    reader = open_store(sqlite_url, secret=SECRET)
    is_reading, may_end = threading.Event(), threading.Event()

    def read():
        with reader.reading() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM votes").scalar()
            is_reading.set()
            may_end.wait(10)

    reading = threading.Thread(target=read)
    reading.start()
    assert is_reading.wait(10)
    threading.Timer(0.5, may_end.set).start()
    began = time.monotonic()
    leaving.erase(sqlite_store, here, "ann")
    # It waited for the reader, who held on to pages in which she still stood.
    assert time.monotonic() - began >= 0.4
    reading.join()
    reader.close()
    assert hashed not in b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))


def test_who_comes_back_after_erasure_is_somebody_new(store, ann_and_others):
    leaving.erase(store, ann_and_others, "ann")
    acted(store, ann_and_others, "ann", "3", 1)
    assert standing(store, ann_and_others, "ann") == {"3": 1}
    assert people_loaded(store, ann_and_others) == ([1, 2, 3], [0])
    with pytest.raises(NotFoundError):
        leaving.readmit(store, ann_and_others, 0)

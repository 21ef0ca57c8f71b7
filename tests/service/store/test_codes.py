"""One-time codes in the store: many hands at once, one winner."""

import threading
from collections import Counter

import pytest

from service.actions.admit_participant import CodeRefusedError, admit_with_code
from service.actions.make_codes import make_codes
from service.identity.codes import codes_of_batch
from service.store import codes, votes
from service.store.database import open_store


@pytest.fixture
def one_code(store, conversation):
    """A code of a finished batch, on SQLite and on PostgreSQL in turn."""
    batch = codes.start_batch(store, conversation, label="", n_codes=1)
    make_codes(store, conversation, batch)
    return next(codes_of_batch(store.secret, conversation, batch.number, first=0, n_codes=1))


def test_of_a_thousand_tries_at_once_one_wins(store, store_url, conversation, one_code):
    found = []
    start = threading.Barrier(20)

    def try_fifty_times():
        own = open_store(store_url, secret=store.secret)
        start.wait()
        for _ in range(50):
            try:
                admit_with_code(own, conversation, one_code)
                found.append("won")
            except CodeRefusedError as error:
                found.append("used" if "used already" in str(error) else "wrong")
        own.close()

    threads = [threading.Thread(target=try_fifty_times) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert Counter(found) == {"won": 1, "used": 999}


def test_many_batches_are_made_by_turns_with_room_for_votes_in_between(store, conversation, vote):
    resting, most_at_once, rests = [], [], []

    def rest(seconds):
        resting.append(seconds)
        most_at_once.append(len(resting))
        # Nobody makes codes meanwhile, so a vote finds the store free.
        (recorded,) = votes.record(store, conversation, [vote("ann", "1", (-1) ** len(rests))])
        assert recorded.sequence
        rests.append(resting.pop())

    batches = [codes.start_batch(store, conversation, label="", n_codes=1_500) for _ in range(4)]
    threads = [
        threading.Thread(target=make_codes, args=(store, conversation, batch), kwargs={"rest": rest})
        for batch in batches
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(rests) == 8
    assert min(rests) > 0
    assert max(most_at_once) == 1
    assert votes.counts(store, conversation).n_votes == 1


def test_two_makers_of_one_batch_make_it_once(store, conversation):
    batch = codes.start_batch(store, conversation, label="", n_codes=3_000)
    threads = [threading.Thread(target=make_codes, args=(store, conversation, batch)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    make_codes(store, conversation, codes.find_batch(store, conversation, batch.number))
    with store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM codes").scalar() == 3_000
    assert codes.find_batch(store, conversation, batch.number).n_made == 3_000

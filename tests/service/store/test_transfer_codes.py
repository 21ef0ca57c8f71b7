"""Codes for another device, and answers about oneself, in both stores."""

import threading
import time

from service.actions.admit_participant import CodeRefusedError, admit_from_other_device
from service.actions.make_transfer_code import make_transfer_code
from service.identity.participant_tokens import anonymous_participant, issue_token
from service.store import about_answers
from service.store.database import open_store
from service.store.platform_records import Assurance


def test_of_a_hundred_tries_at_once_one_wins(store, store_url, conversation):
    participant = issue_token(
        store, conversation, anonymous_participant(), assurance=Assurance.ANONYMOUS
    ).participant
    made = make_transfer_code(store, conversation, participant, assurance=Assurance.CODE)
    assert 590 < made.expires_at.timestamp() - time.time() <= 600
    found, start = [], threading.Barrier(10)

    def try_ten_times():
        own = open_store(store_url, secret=store.secret)
        start.wait()
        for _ in range(10):
            try:
                found.append(admit_from_other_device(own, conversation, made.code))
            except CodeRefusedError:
                found.append(None)
        own.close()

    threads = [threading.Thread(target=try_ten_times) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (won,) = [one for one in found if one is not None]
    assert len(found) == 100
    assert (won.participant, won.assurance) == (participant, Assurance.CODE)


def test_nothing_readable_is_kept(store, conversation):
    participant = issue_token(
        store, conversation, anonymous_participant(), assurance=Assurance.ANONYMOUS
    ).participant
    code = make_transfer_code(store, conversation, participant, assurance=Assurance.ANONYMOUS).code
    with store.reading() as connection:
        row = connection.exec_driver_sql("SELECT * FROM transfer_codes").one()
    assert code.replace("-", "") not in repr(row)


def test_answers_are_replaced_as_a_whole(store, conversation):
    about_answers.keep(store, conversation, "ann", answers={"age": "old", "town": "here"})
    about_answers.keep(store, conversation, "ann", answers={"age": "young"})
    assert about_answers.find(store, conversation, "ann") == {"age": "young"}
    assert about_answers.find(store, conversation, "bob") == {}
    about_answers.keep(store, conversation, "ann", answers={})
    with store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM about_answers").scalar() == 0

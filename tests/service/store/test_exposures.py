"""What was shown is written down beside the requests, once per participant and statement."""

import pytest
from sqlalchemy import select

from service.store import participants
from service.store.exposures import MOST_WAITING, Exposure, ExposureLog
from service.store.tables import exposures


@pytest.fixture
def log(store):
    made = ExposureLog(store)
    yield made
    made.close()


def logged(store):
    with store.reading() as connection:
        return {
            (bytes(row.id_hash), row.statement_number): row for row in connection.execute(select(exposures))
        }


def test_the_latest_showing_of_a_statement_to_somebody_is_kept(store, conversation, log):
    for propensity, because in ((0.2, "random"), (0.7, "informative")):
        log.note(Exposure(conversation, "ann", 3, propensity, because))
        log.write()
    log.note(Exposure(conversation, "ann", 4, 0.5, "new"))
    log.note(Exposure(conversation, "ann", 4, 0.25, "new"))
    log.close()
    hashed = participants.id_hash(store, conversation, "ann")
    told = logged(store)
    assert set(told) == {(hashed, 3), (hashed, 4)}
    assert (told[hashed, 3].propensity, told[hashed, 3].because) == (0.7, "informative")
    assert told[hashed, 4].propensity == 0.25


def test_it_is_written_without_anybody_asking(store, conversation, log):
    import time

    log.note(Exposure(conversation, "ann", 3, 0.2, "random"))
    deadline = time.monotonic() + 20
    while not logged(store):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_cannot_be_written_waits(store, conversation, log):
    log.note(Exposure(conversation, "ann", 3, 0.2, "random"))
    with store.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE exposures RENAME TO elsewhere")
    log.write()
    log.note(Exposure(conversation, "ben", 4, 0.5, "new"))
    with store.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO exposures")
    log.close()
    assert len(logged(store)) == 2


def test_no_more_waits_than_fits_in_memory(store, conversation, log):
    with store.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE exposures RENAME TO elsewhere")
    for number in range(MOST_WAITING + 5):
        log.note(Exposure(conversation, "ann", number, 0.5, "new"))
    log.write()
    with store.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO exposures")
    log.close()
    assert len(logged(store)) == MOST_WAITING

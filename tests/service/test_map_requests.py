"""The doorbell, on a real server: it rings once, it is cleared first, and broken it costs nothing."""

import os
import signal
import time

import pytest

from service.map_requests import ANSWER_SECONDS, MapRequests


def test_the_first_to_ask_enqueues_and_the_others_leave_it_at_that(redis_url):
    requests = MapRequests(redis_url)
    assert [requests.ask(7) for _ in range(3)] == [True, True, True]
    assert requests.waiting() == {7}
    assert len(requests._queue.get_job_ids()) == 1


def test_after_taking_the_bell_rings_again(redis_url):
    requests = MapRequests(redis_url)
    requests.ask(7)
    requests.take(7)
    requests.ask(7)
    assert len(requests._queue.get_job_ids()) == 2


def test_the_sweep_does_not_heed_the_mark(redis_url):
    requests = MapRequests(redis_url)
    requests.ask(7)
    requests._queue.empty()
    assert requests.ask(7)
    assert requests.waiting() == set()
    assert requests.ask_again(7)
    assert requests.waiting() == {7}


def test_jobs_hold_ids_only_and_are_written_as_json(redis_url):
    requests = MapRequests(redis_url)
    requests.ask(7)
    (job_id,) = requests._queue.get_job_ids()
    data = requests._queue.connection.hget(f"rq:job:{job_id}", "data")
    import json
    import zlib

    assert json.loads(zlib.decompress(data)) == ["worker.jobs.redraw_group_map", None, [7], {}]


def test_without_a_queue_nothing_is_asked():
    requests = MapRequests("")
    assert not requests.ask(7)
    assert not requests.is_reachable()
    with pytest.raises(ConnectionError):
        requests.waiting()


def test_a_dead_server_costs_nothing_and_is_found_again(redis_server):
    requests = MapRequests(redis_server.url)
    assert requests.is_reachable()
    redis_server.process.kill()
    redis_server.process.wait()
    start = time.monotonic()
    assert not any(requests.ask(number) for number in range(1000))
    assert time.monotonic() - start < 0.5


def test_a_server_that_hangs_holds_up_one_vote_at_a_time(redis_server):
    requests = MapRequests(redis_server.url)
    requests.ask(7)
    os.kill(redis_server.process.pid, signal.SIGSTOP)
    try:
        start = time.monotonic()
        assert not any(requests.ask(number) for number in range(1000))
        assert time.monotonic() - start < 2 * ANSWER_SECONDS
    finally:
        os.kill(redis_server.process.pid, signal.SIGCONT)
    deadline = time.monotonic() + 5
    while not requests.ask(8):
        assert time.monotonic() < deadline
        time.sleep(0.1)

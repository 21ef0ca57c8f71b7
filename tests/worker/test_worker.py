"""The worker as it runs: a real queue, real processes, jobs that raise and jobs whose process is killed."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.map_requests import AssessmentRequests, MapRequests
from service.settings import Settings, environment_of
from service.store import attempts, conversations, group_maps, statements, votes
from service.store.records import NewConversation, NewStatement
from worker.sweep import sweep

ROOT = Path(__file__).parents[2]

POISON = '''
"""Jobs for tests: the real one, but a conversation's question may ask for a disaster."""

import os, signal, time

from clustering.pipeline import compute_group_map
from service.map_requests import MapRequests
from service.settings import Settings
from service.store import conversations
from service.store.database import open_store
from worker.jobs import redraw


def redraw_group_map(number):
    settings = Settings()
    store = open_store(settings.database_url, secret=b"")
    (question,) = [one.question for one in conversations.list_all(store, "default") if one.number == number]

    def compute(matrix, *, settings):
        if question == "raise":
            raise ArithmeticError("poison")
        if question == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if question == "deaf":
            # Native code that never hears the time limit.
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
            while True:
                pass
        return compute_group_map(matrix, settings=settings)

    return str(redraw(store, MapRequests(settings.redis_url), number, compute=compute))


def assess_group_map(number):
    while True:
        time.sleep(1)
'''


@pytest.fixture
def start_worker(sqlite_url, redis_url, tmp_path):
    """Start a worker process; all are ended afterwards."""
    (tmp_path / "poison.py").write_text(POISON)
    settings = Settings(database_url=sqlite_url, redis_url=redis_url, data_folder=tmp_path)
    environment = environment_of(settings) | {"PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}
    started = []

    def start(module="worker"):
        process = subprocess.Popen(
            [sys.executable, "-m", module], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def conversation_about(sqlite_store, vote):
    """Make a conversation with one vote."""

    def make(question):
        made = conversations.create(sqlite_store, "default", NewConversation(question))
        statements.add(sqlite_store, made, [NewStatement("One.")])
        votes.record(sqlite_store, made, [vote("ann", "0", 1)])
        return made

    return make


def wait_until(is_true, *, seconds=120.0):
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"not true within {seconds} s"
        time.sleep(0.05)


def is_drawn(store, conversation):
    reading = group_maps.read(store, conversation)
    return reading is not None and reading.n_changes_since == 0


def test_a_request_is_answered_by_a_map(sqlite_store, redis_url, start_worker, conversation_about):
    made = conversation_about("fine")
    start_worker()
    assert MapRequests(redis_url).ask(made.number)
    wait_until(lambda: is_drawn(sqlite_store, made))


def test_a_map_is_judged_beside_the_worker_and_holds_up_no_map(
    sqlite_store, redis_url, start_worker, conversation_about
):
    first = conversation_about("fine")
    to_assessor = AssessmentRequests(redis_url, job="poison.assess_group_map")
    start_worker()
    start_worker("worker.assessor")
    MapRequests(redis_url).ask(first.number)
    wait_until(lambda: group_maps.read(sqlite_store, first) is not None)
    wait_until(lambda: group_maps.read(sqlite_store, first).assessment is not None, seconds=240)
    # While an assessment never ends, maps are drawn as ever.
    busy = conversation_about("fine too")
    to_assessor.ask(busy.number)
    MapRequests(redis_url).ask(busy.number)
    wait_until(lambda: is_drawn(sqlite_store, busy))


def test_a_worker_told_to_stop_ends_well(start_worker, sqlite_store, redis_url, conversation_about):
    process = start_worker()
    made = conversation_about("fine")
    MapRequests(redis_url).ask(made.number)
    wait_until(lambda: is_drawn(sqlite_store, made))
    process.terminate()
    assert process.wait(20) == 0


def test_without_a_queue_the_worker_says_so(tmp_path):
    environment = environment_of(Settings(data_folder=tmp_path)) | {"REDIS_URL": ""}
    ended = subprocess.run(
        [sys.executable, "-m", "worker"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert ended.returncode == 2
    assert "REDIS_URL" in ended.stderr


def test_poison_gets_growing_pauses_and_holds_up_nobody(
    sqlite_store, redis_url, start_worker, conversation_about
):
    poison = [conversation_about("raise"), conversation_about("killed")]
    healthy = conversation_about("fine")
    requests = MapRequests(redis_url, job="poison.redraw_group_map")
    start_worker()
    seen = {made.number: set() for made in poison}
    deadline = time.monotonic() + 60
    while any(len(counted) < 3 for counted in seen.values()):
        assert time.monotonic() < deadline, seen
        sweep(sqlite_store, requests, now=datetime.now(UTC))
        for made in poison:
            attempt = attempts.current_attempt(sqlite_store, made.number)
            if attempt is not None:
                seen[made.number].add(attempt.n_attempts)
        time.sleep(0.1)
    assert is_drawn(sqlite_store, healthy)
    assert seen == {made.number: {1, 2, 3} for made in poison}
    assert attempts.shown_error(sqlite_store, poison[0]).endswith("ArithmeticError")
    assert "stopped each time" in attempts.shown_error(sqlite_store, poison[1])
    assert attempts.stale(sqlite_store, method_version=1, now=datetime.now(UTC)) == []
    # With two quarantined conversations beside it, a healthy one is as quick as ever.
    later = conversation_about("fine too")
    start = time.monotonic()
    requests.ask(later.number)
    wait_until(lambda: is_drawn(sqlite_store, later))
    assert time.monotonic() - start < 5


def test_a_job_that_hears_no_time_limit_is_ended_by_the_kernel(
    sqlite_store, redis_url, start_worker, conversation_about
):
    deaf, healthy = conversation_about("deaf"), conversation_about("fine")
    requests = MapRequests(redis_url, job="poison.redraw_group_map", job_timeout_seconds=1)
    start_worker()
    requests.ask(deaf.number)
    requests.ask(healthy.number)
    # The kernel counts eleven seconds of the processor's time: minutes of the clock where others keep it busy.
    wait_until(lambda: is_drawn(sqlite_store, healthy), seconds=400)
    assert attempts.current_attempt(sqlite_store, deaf.number).n_attempts == 1


def test_a_killed_worker_leaves_no_computing_child(sqlite_store, redis_url, start_worker, conversation_about):
    deaf = conversation_about("deaf")
    requests = MapRequests(redis_url, job="poison.redraw_group_map")
    process = start_worker()
    requests.ask(deaf.number)
    wait_until(lambda: attempts.current_attempt(sqlite_store, deaf.number) is not None)
    time.sleep(0.5)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    assert children
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_until(lambda: not any(Path(f"/proc/{child}").exists() for child in children), seconds=20)


def test_a_queue_that_was_lost_is_found_again(sqlite_store, redis_server, start_worker, conversation_about):
    from service.embedded.redis_server import command

    requests = MapRequests(redis_server.url)
    start_worker()
    first = conversation_about("fine")
    requests.ask(first.number)
    wait_until(lambda: is_drawn(sqlite_store, first))
    redis_server.process.kill()
    redis_server.process.wait()
    second = conversation_about("fine too")
    assert not requests.ask(second.number)
    again = subprocess.Popen(command(redis_server.folder), stdout=subprocess.DEVNULL)
    try:
        start_worker()  # The supervisor starts another when the first gave up.

        def asked_and_drawn():
            try:
                sweep(sqlite_store, requests, now=datetime.now(UTC))
            except ConnectionError:
                return False
            return is_drawn(sqlite_store, second)

        wait_until(asked_and_drawn)
    finally:
        again.kill()
        again.wait()

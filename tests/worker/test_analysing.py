"""Analyses as they run: real queue, real process, real stores; taken back, lost, killed, too long."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from service.map_requests import AnalysisRequests
from service.settings import Settings, environment_of
from service.store import analysis_jobs
from service.store.analysis_records import AnalysisKind, AnalysisState, NewAnalysis
from worker.analysing import analyse
from worker.sweep import sweep_analyses

ROOT = Path(__file__).parents[2]

SLOW = '''
"""Jobs for tests: the real one, but an analysis may be told to take for ever."""

import time

import worker.analysing
from service.store.analysis_records import AnalysisKind


def make_analysis(number):
    def never(store, job):
        while True:
            time.sleep(0.05)

    worker.analysing._MAKERS = {AnalysisKind.GROUP_MAP: never}
    return worker.analysing.make_analysis(number)
'''


@pytest.fixture
def start_assessor(store_url, redis_url, tmp_path):
    """Start an assessor's process; all are ended afterwards."""
    (tmp_path / "slow.py").write_text(SLOW)
    settings = Settings(database_url=store_url, redis_url=redis_url, data_folder=tmp_path)
    environment = environment_of(settings) | {"PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}
    started = []

    def start():
        process = subprocess.Popen(
            [sys.executable, "-m", "worker.assessor"], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def two_camps():
    return [
        [f"p{person}", f"{statement}", 1 if (person % 2) ^ (statement % 5 == 0) else -1]
        for person in range(40)
        for statement in range(10)
    ]


@pytest.fixture
def new_analysis(store):
    """Keep an analysis of some votes, in pieces of a hundred bytes."""

    def make(votes=None):
        body = orjson.dumps({"votes": two_camps() if votes is None else votes})
        pieces = [body[start : start + 100] for start in range(0, len(body), 100)]
        asked = {"form": "json", "settings": {}, "certainty": False}
        return analysis_jobs.add(store, NewAnalysis("default", AnalysisKind.GROUP_MAP, asked), pieces)

    return make


def wait_until(is_true, *, seconds=240.0):
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"not true within {seconds} s"
        time.sleep(0.05)


def state(store, job):
    return analysis_jobs.read(store, job.number).state


def find(store, job):
    return analysis_jobs.find(store, "default", job.id, kind=AnalysisKind.GROUP_MAP, is_test=None)


def test_what_is_asked_for_is_made_and_what_it_was_made_of_goes(store, redis_url, start_assessor, new_analysis):
    requests = AnalysisRequests(redis_url)
    good, wrong = new_analysis(), new_analysis([["a", "b", 3]])
    start_assessor()
    for job in (good, wrong):
        assert requests.ask(job.number)
    wait_until(lambda: state(store, good) is AnalysisState.DONE)
    wait_until(lambda: state(store, wrong) is AnalysisState.REFUSED)
    assert orjson.loads(find(store, good).document)["group_map"]["outcome"] == "ready"
    assert [one["pointer"] for one in find(store, wrong).errors] == ["#/votes/0/2"]
    assert list(analysis_jobs.pieces_of(store, good.number)) == []


def test_what_the_queue_lost_the_sweep_asks_for_again(store, redis_url, start_assessor, new_analysis):
    job = new_analysis()
    requests = AnalysisRequests(redis_url)
    start_assessor()
    now = datetime.now(UTC)
    assert sweep_analyses(store, requests, now=now, limit_seconds=60) == []
    later = datetime.fromtimestamp(time.time() + analysis_jobs.RING_AGAIN_SECONDS + 1, UTC)
    assert sweep_analyses(store, requests, now=later, limit_seconds=60) == [job.number]
    wait_until(lambda: state(store, job) is AnalysisState.DONE)


def test_one_that_is_taken_back_stops_and_holds_up_nobody(store, redis_url, start_assessor, new_analysis):
    endless, following = new_analysis(), new_analysis()
    start_assessor()
    AnalysisRequests(redis_url, job="slow.make_analysis").ask(endless.number)
    AnalysisRequests(redis_url).ask(following.number)
    wait_until(lambda: state(store, endless) is AnalysisState.RUNNING)
    assert state(store, following) is AnalysisState.WAITING
    analysis_jobs.remove(store, endless.number)
    wait_until(lambda: state(store, following) is AnalysisState.DONE)


def test_one_that_takes_too_long_is_stopped_and_says_so(store, redis_url, start_assessor, new_analysis):
    job = new_analysis()
    start_assessor()
    AnalysisRequests(redis_url, job="slow.make_analysis", job_timeout_seconds=2).ask(job.number)
    wait_until(lambda: state(store, job) is AnalysisState.FAILED)
    assert "too long" in find(store, job).error


def test_of_many_who_take_it_one_makes_it(store, new_analysis):
    job = new_analysis()
    assert analysis_jobs.take(store, job.number).state is AnalysisState.RUNNING
    assert analysis_jobs.take(store, job.number) is None
    assert analyse(store, AnalysisRequests(""), job.number) is None


def test_one_whose_maker_was_killed_is_said_to_have_failed(store, new_analysis):
    job, other = new_analysis(), new_analysis()
    analysis_jobs.take(store, job.number)
    now = time.time()
    analysis_jobs.forget_old(store, now=now + 60 + analysis_jobs.GRACE_SECONDS - 1, limit_seconds=60)
    assert state(store, job) is AnalysisState.RUNNING
    analysis_jobs.forget_old(store, now=now + 60 + analysis_jobs.GRACE_SECONDS + 1, limit_seconds=60)
    assert state(store, job) is AnalysisState.FAILED
    assert list(analysis_jobs.pieces_of(store, job.number)) == []
    assert state(store, other) is AnalysisState.WAITING
    # What comes too late changes nothing.
    analysis_jobs.finish(store, job.number, AnalysisState.DONE, document=b"{}")
    assert state(store, job) is AnalysisState.FAILED


def test_a_number_is_never_used_again(store, new_analysis):
    job = new_analysis()
    analysis_jobs.remove(store, job.number)
    assert new_analysis().number > job.number

"""However the service ends, no process of it is left, and everything it acknowledged is there afterwards."""

import http.client
import os
import signal
import time

import pytest

from service.store import conversations, votes


def alive(pids) -> list[int]:
    found = []
    for pid in pids:
        try:
            os.kill(pid, 0)
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rpartition(")")[2].split()[0] != "Z":
                    found.append(pid)
        except OSError:
            pass
    return found


@pytest.fixture
def voted(service):
    """The path of a conversation with one vote in it."""
    _, made = service.post("/v1/conversations", {"question": "What about the square?"})
    path = f"/v1/conversations/{made['id']}"
    assert service.post(f"{path}/statements", {"text": "More trees."})[0] == 201
    assert service.post(f"{path}/votes", {"participant": "ann", "statement": "0", "vote": 1})[0] == 201
    return path


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_a_signal_to_the_supervisor_ends_everything(service, voted, wait_until, number):
    pids = [*service.processes(), service.process.pid]
    assert len(pids) >= 6
    service.process.send_signal(number)
    status = service.process.wait(40)
    assert status == (-9 if number is signal.SIGKILL else 0)
    wait_until(lambda: alive(pids) == [], seconds=5)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_signal_to_the_process_group_ends_everything(service, voted, wait_until, number):
    pids = [*service.processes(), service.process.pid]
    os.killpg(service.process.pid, number)
    service.process.wait(40)
    wait_until(lambda: alive(pids) == [], seconds=5)


def test_a_killed_web_server_takes_its_processes_along_and_comes_back(lasting_service, wait_until):
    def masters():
        wanted = lasting_service.settings.web_processes
        commands = lasting_service.processes()
        return [
            pid
            for pid, command in commands.items()
            if "cli web" in command and len(lasting_service.children(pid)) == wanted
        ]

    # The first of its processes answers before the last has begun.
    wait_until(masters, seconds=10)
    (master,) = masters()
    answering = lasting_service.children(master)
    os.kill(master, signal.SIGKILL)
    wait_until(lambda: alive([master, *answering]) == [], seconds=5)

    def answers():
        try:
            return lasting_service.get("/healthz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    wait_until(answers, seconds=10)


def test_a_restart_keeps_everything_and_draws_what_was_missed(service, voted, wait_until):
    service.stop(signal.SIGKILL)
    service.process.stdout.close()
    start = time.monotonic()
    service.start()
    status, answer = service.post(f"{voted}/votes", {"participant": "ann", "statement": "0", "vote": 1})
    # The goal is 10 s on an idle machine; tests share theirs.
    assert time.monotonic() - start < 40
    assert status == 200  # The vote was there already.
    wait_until(lambda: service.get(f"{voted}/group-map")[1]["as_of"] >= answer["sequence"], seconds=15)


def test_votes_while_the_queue_is_gone_are_answered_without_delay(tmp_path):
    from tests.faults.conftest import Service

    service = Service(tmp_path / "data", redis_url=f"unix://{tmp_path}/nobody.sock").start()
    try:
        _, made = service.post("/v1/conversations", {"question": "What about the square?"})
        path = f"/v1/conversations/{made['id']}"
        service.post(f"{path}/statements", {"text": "More trees."})
        took = []
        for person in range(50):
            start = time.monotonic()
            vote = {"participant": f"p{person}", "statement": "0", "vote": 1}
            assert service.post(f"{path}/votes", vote)[0] == 201
            took.append(time.monotonic() - start)
        assert sorted(took)[-2] < 0.5
        status, ready = service.get("/readyz")
        assert (status, ready["degraded"]) == (200, ["redis"])
    finally:
        service.stop()
        service.process.stdout.close()


def test_an_import_while_serving_is_drawn_by_the_sweep(lasting_service, sample, wait_until):
    from service.actions.import_conversation import import_conversation
    from service.map_requests import MapRequests

    store = lasting_service.store()
    made = import_conversation(store, MapRequests(""), sample)
    path = f"/v1/conversations/{made.id}/group-map"
    wait_until(lambda: lasting_service.get(path)[1]["outcome"] == "ready", seconds=15)
    counted = votes.counts(store, conversations.find(store, None, made.id))
    assert lasting_service.get(path)[1]["n_votes"] == counted.n_votes == len(sample.values)
    store.close()

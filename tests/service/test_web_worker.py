"""The web server among strangers, over real connections: slow, broken and hostile senders."""

import http.client
import json
import os
import re
import select
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest

from service.api.problems import KINDS
from service.api.schemas import Problem
from service.embedded.data_folder import prepared
from service.settings import Settings, environment_of
from service.store.migrating import migrate

HOST = b"Host: x\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A web server of one process with two threads."""
    folder = tmp_path_factory.mktemp("web")
    settings = prepared(Settings(data_folder=folder / "data", web_processes=1, web_threads=2))
    migrate(settings.database_url)
    with socket.socket() as listening, (folder / "log").open("w+b") as log:
        listening.bind(("127.0.0.1", 0))
        listening.listen(200)
        running = subprocess.Popen(
            [sys.executable, "-m", "service.cli", "web", "--listening", str(listening.fileno())],
            env=environment_of(settings), pass_fds=[listening.fileno()], stderr=log,
            cwd=Path(__file__).parents[2],
        )  # fmt: skip
        yield SimpleNamespace(
            port=listening.getsockname()[1],
            key=settings.admin_key.get_secret_value().encode(),
            log=lambda: os.pread(log.fileno(), 1_000_000, 0).decode(),
        )
        running.terminate()
        running.wait(30)


@pytest.fixture
def connect(server):
    """Open a connection that is closed with the test."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=30))


@pytest.fixture
def send(connect):
    """Send bytes; return the status, the headers and the body answered until the server closes."""

    def exchange(sent):
        connection = connect()
        connection.sendall(sent)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.headers, answer.read()

    return exchange


def asks_for(path, *more):
    return b"\r\n".join((b"GET " + path + b" HTTP/1.1", b"Host: x", b"Connection: close", *more, b"", b""))


def is_alive(server, *, within):
    started = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=within)
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200
    connection.close()
    return time.monotonic() - started < within


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET /heal",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A",
        b"POST /v1/conversations HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{",
        b"POST /v1/conversations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Authorization: Bearer KEY\r\nContent-Length: 500\r\n\r\n{",
    ],
)
def test_those_who_send_half_a_request_hold_nobody_up(server, connect, sent):
    assert is_alive(server, within=20)
    for _ in range(12):
        connect().sendall(sent.replace(b"KEY", server.key))
    time.sleep(0.3)
    for _ in range(3):
        assert is_alive(server, within=3)


def test_those_who_stay_after_a_refusal_hold_nobody_up(server, connect):
    for _ in range(12):
        connect().sendall(b"garbage\r\n\r\n")
    assert is_alive(server, within=5)


def test_who_takes_too_long_is_told_so(server, connect):
    connection = connect()
    connection.sendall(b"GET /healthz HTTP/1.1\r\n")
    started = time.monotonic()
    # A byte now and then used to keep a connection for ever.
    while not select.select([connection], [], [], 1.0)[0]:
        connection.sendall(b"a")
        assert time.monotonic() - started < 40
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    assert (answer.status, json.loads(answer.read())["type"]) == (408, "/problems/too-slow")


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        (b"garbage\r\n\r\n", "bad-request"),
        (b"\x16\x03\x01\x02\x00\r\n\r\n", "bad-request"),
        (b"GET / HTTP/9.9\r\n" + HOST + b"\r\n", "bad-request"),
        (b"GET /?secret=" + b"a" * 10_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", "address-too-long"),
        (b"GET / HTTP/1.1\r\n" + HOST + b"A: " + b"a" * 20_000 + b"\r\n\r\n", "headers-too-large"),
        (b"GET / HTTP/1.1\r\n" + HOST + b"A: a\r\n" * 300 + b"\r\n", "headers-too-large"),
        (b"POST /x HTTP/1.1\r\n" + HOST + b"Content-Length: -5\r\n\r\n", "bad-request"),
        (b"POST /x HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
         "bad-request"),
        (b"POST /x HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: surprise\r\n\r\n", "bad-request"),
        (b"POST /x HTTP/1.1\r\n" + HOST + b"Expect: wonders\r\n\r\n", "bad-request"),
        (b"POST /v1/conversations HTTP/1.1\r\n" + HOST + b"Authorization: Bearer KEY\r\n"
         b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", "bad-request"),
    ],
)  # fmt: skip
def test_what_never_reaches_the_app_is_answered_with_a_problem(server, send, sent, name):
    status, headers, body = send(sent.replace(b"KEY", server.key))
    document = json.loads(body)
    assert (status, headers["Content-Type"]) == (KINDS[name].status, "application/problem+json")
    assert (document["type"], document["status"]) == (f"/problems/{name}", status)
    assert Problem.model_validate(document).request_id == headers["X-Request-Id"]
    assert "gunicorn" not in body.decode().lower()


def test_the_log_names_no_address_and_nothing_that_was_sent(server, send):
    send(b"GET /?secret=" + b"a" * 10_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n")
    send(b"PROXY TCP4 192.0.2.7 192.0.2.8 1 2\r\n\r\n")
    assert not re.search(r"127\.0\.0\.1|192\.0\.2|secret|Traceback", server.log())


@pytest.mark.parametrize("header", [b"SCRIPT_NAME: /x", b"PATH_INFO: /v1/openapi.json", b"Script-Name: /x"])
def test_a_caller_can_not_say_where_the_app_stands(send, header):
    status, _, body = send(asks_for(b"/version", header))
    assert (status, json.loads(body)["name"]) == (200, "poldermodel")


def test_requests_on_one_connection_are_answered_in_turn(connect):
    connection = connect()
    connection.sendall((b"GET /version HTTP/1.1\r\n" + HOST + b"\r\n") * 3 + asks_for(b"/healthz"))
    told = b""
    while piece := connection.recv(65_536):
        told += piece
    assert told.count(b"HTTP/1.1 200 OK") == 4
    assert told.count(b'"poldermodel"') == 3


def test_a_body_may_come_in_pieces(server, connect):
    body = json.dumps({"question": "What should the square become?", "description": "é" * 4_000}).encode()
    connection = connect()
    head = (
        b"POST /v1/conversations HTTP/1.1\r\n" + HOST + b"Authorization: Bearer " + server.key
        + b"\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
    )  # fmt: skip
    for start in range(0, len(head + body), 1_000):
        connection.sendall((head + body)[start : start + 1_000])
        time.sleep(0.01)
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    assert answer.status == 201
    assert json.loads(answer.read())["description"] == "é" * 4_000


def test_a_body_larger_than_is_gathered_is_read_too(server, send):
    votes = [{"participant": f"{number:0200}", "statement": "0", "vote": 1} for number in range(1_000)]
    body = json.dumps({"votes": votes}).encode()
    assert len(body) > 200_000
    status, _, told = send(
        b"POST /v1/conversations/7none/vote-batches HTTP/1.1\r\n" + HOST + b"Authorization: Bearer "
        + server.key + b"\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    )  # fmt: skip
    assert (status, json.loads(told)["type"]) == (404, "/problems/not-found")

"""Webhooks: news is sent to a real server, signed, again until it arrives, and never to private places."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from standardwebhooks.webhooks import Webhook as Verifier

from service.identity.webhook_signatures import webhook_secret
from service.outgoing import AddressRefusedError, SendingError, checked_url, target_of
from service.store import conversations, phases_told, statements, webhooks
from service.store.platform_records import Event, HashedParticipant, Webhook
from service.store.records import NewStatement
from worker.deliveries import PAUSES_SECONDS, deliver


class Receiver:
    """A platform's server: remembers what it was sent, and answers as told."""

    def __init__(self):
        self.got, self.status = [], 204
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers), body))
                self.send_response(receiver.status)
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks?from=polder"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def webhook(store, conversation, receiver):
    """A webhook of the conversation's tenant that wants to know everything."""
    kinds = frozenset(Event)
    return webhooks.add(
        store, Webhook("hook1", conversation.tenant, receiver.url, kinds, False, None, conversation.created_at)
    )


def delivered(store, *, now=None):
    return deliver(store, now=time.time() if now is None else now, may_be_private=True)


def test_a_message_is_signed_as_the_standard_says(store, conversation, webhook, receiver):
    conversations.change(store, conversation, is_open=False)
    assert delivered(store) == 1
    ((headers, body),) = receiver.got
    told = Verifier(webhook_secret(store.secret, webhook.id)).verify(body, headers)
    assert told["type"] == "conversation.changed"
    assert told["data"] == {"conversation": conversation.id, "changed": ["is_open"], "is_open": False}
    with pytest.raises(Exception, match="signature"):
        Verifier(webhook_secret(b"another secret", webhook.id)).verify(body, headers)
    (message,) = webhooks.list_messages(store, webhook)
    assert (message.last_status, message.n_attempts, message.next_at) == (204, 1, None)
    assert message.delivered_at is not None
    assert delivered(store) == 0


def test_what_is_not_kept_is_not_told(store, conversation, webhook, receiver):
    """The message stands in the transaction of what it tells of: without the one there is no other."""
    writer = HashedParticipant(b"w" * 32)
    with pytest.raises(Exception, match="exists already"):
        statements.add(store, conversation, [NewStatement("Again.", id="3", author=writer)])
    assert webhooks.list_messages(store, webhook) == []
    statements.add(store, conversation, [NewStatement("New.", author=writer), NewStatement("The platform's.")])
    (message,) = webhooks.list_messages(store, webhook)
    assert (message.kind, message.data["statement"]) == (Event.STATEMENT_SUBMITTED, "10")


@pytest.mark.parametrize("status", [500, 301, 404])
def test_what_does_not_arrive_is_sent_again_ever_later_and_given_up(
    store, conversation, webhook, receiver, status
):
    receiver.status = status
    webhooks.announce_test(store, webhook)
    now = time.time()
    for number, pause in enumerate(PAUSES_SECONDS, start=1):
        assert delivered(store, now=now) == 1
        (message,) = webhooks.list_messages(store, webhook)
        assert (message.n_attempts, message.last_status, message.last_error) == (
            number,
            status,
            f"answered {status}",
        )
        assert message.next_at == pytest.approx(time.time() + pause, abs=5)
        assert delivered(store, now=message.next_at - 1) == 0
        now = message.next_at
    assert delivered(store, now=now) == 1
    assert webhooks.list_messages(store, webhook)[0].next_at is None
    assert len(receiver.got) == len(PAUSES_SECONDS) + 1
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1


def test_a_platform_that_wants_no_more_gets_no_more(store, conversation, webhook, receiver):
    receiver.status = 410
    webhooks.announce_test(store, webhook)
    webhooks.announce_test(store, webhook)
    assert delivered(store) == 2
    assert webhooks.find(store, conversation.tenant, "hook1").disabled_because == "it answered 410: gone"
    conversations.change(store, conversation, is_open=False)
    assert delivered(store, now=time.time() + 10**6) == 0
    assert len(webhooks.list_messages(store, webhook)) == 2


def test_a_sender_that_was_killed_leaves_the_message_for_the_next(store, webhook, receiver):
    webhooks.announce_test(store, webhook)
    now = time.time()
    held = webhooks.take_due(store, now=now, hold_seconds=60, limit=8)
    assert len(held) == 1
    assert delivered(store, now=now + 59) == 0
    assert delivered(store, now=now + 61) == 1
    assert len(receiver.got) == 1


def test_nobody_else_is_told(store, conversation, webhook, receiver):
    from service.store.records import NewConversation

    other = conversations.create(store, "another town", NewConversation("Theirs?"))
    trial = conversations.create(store, conversation.tenant, NewConversation("A try?", is_test=True))
    for one in (other, trial):
        conversations.change(store, one, is_open=False)
    assert webhooks.list_messages(store, webhook) == []


def test_only_the_kinds_that_were_asked_for(store, conversation, receiver):
    kinds = frozenset({Event.MAP_PUBLISHED})
    hook = webhooks.add(
        store, Webhook("maps", conversation.tenant, receiver.url, kinds, False, None, conversation.created_at)
    )
    conversations.change(store, conversation, is_open=False)
    assert webhooks.list_messages(store, hook) == []


def test_phases_are_told_when_they_change(store, conversation, webhook):
    phases = [
        {"name": "ideas", "asks": ["statements"], "starts_at": 100.0, "ends_at": 200.0},
        {"name": "votes", "asks": ["votes"], "starts_at": 200.0, "ends_at": 300.0},
    ]
    conversations.change(store, conversation, settings={"phases": phases})
    told = [phases_told.tell_phases(store, now=now) for now in (150, 160, 200, 299, 300, 400)]
    number = conversation.number
    assert told == [[], [], [number], [], [number], []]
    messages = [one for one in webhooks.list_messages(store, webhook) if one.kind is Event.PHASE_CHANGED]
    assert [one.data["phase"] for one in messages] == ["votes", None]


def test_a_server_that_is_not_there(store, webhook, receiver):
    receiver.server.shutdown()
    receiver.server.server_close()
    webhooks.announce_test(store, webhook)
    assert delivered(store) == 1
    (message,) = webhooks.list_messages(store, webhook)
    assert message.last_status is None
    assert message.last_error.startswith("no answer")
    assert "127.0.0.1" not in message.last_error


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://10.1.2.3/x", "https://192.168.0.1:8443/", "https://169.254.169.254/latest/",
        "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[fe80::1]/", "https://0.0.0.0/", "https://224.0.0.1/",
        "https://100.64.0.1/", "https://localhost/", "https://localhost.localdomain/",
    ],
)  # fmt: skip
def test_private_places_are_never_sent_to(url):
    with pytest.raises((AddressRefusedError, SendingError)):
        target_of(url, may_be_private=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://",
        "https://u:p@example.org/",
        "x",
        "https://a:99999/",
    ],
)
def test_addresses_that_make_no_sense(url):
    with pytest.raises(AddressRefusedError):
        checked_url(url, may_be_private=False)


def test_a_private_address_is_refused_at_sending_too(store, webhook, receiver):
    webhooks.announce_test(store, webhook)
    assert deliver(store, now=time.time(), may_be_private=False) == 1
    assert receiver.got == []
    (message,) = webhooks.list_messages(store, webhook)
    assert "https" in message.last_error
    json.dumps(message.data)

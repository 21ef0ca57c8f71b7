"""Tell platforms what happened: send the messages whose time has come, try again later, give up in the end."""

import logging
import signal
import threading
import time
from datetime import UTC, datetime

import orjson

from service.identity.webhook_signatures import signature
from service.lifetime import die_with_parent
from service.outgoing import TIMEOUT_SECONDS, AddressRefusedError, SendingError, post, target_of
from service.settings import Settings
from service.store import phases_told, webhooks
from service.store.database import Store, open_store
from service.store.errors import StoreError
from service.store.platform_records import Webhook, WebhookMessage

_log = logging.getLogger(__name__)

PAUSES_SECONDS = (5.0, 300.0, 1_800.0, 7_200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0)
"""Between the attempts, as Standard Webhooks proposes; after the last one a message is given up."""

AT_ONCE = 8
"""Messages sent at the same time: one that hangs holds up the others for ten seconds at most."""

GONE = 410
"""The status by which a platform says that it wants no more."""

LOOK_SECONDS = 1.0
PHASES_SECONDS = 15.0


def deliver(store: Store, *, now: float, may_be_private: bool = False) -> int:
    """Send the messages that are due, each in a thread of its own; return how many there were.

    Raises
    ------
    StoreUnavailableError
        When the store can't be reached; what was not noted is sent once more.
    """
    due = webhooks.take_due(store, now=now, hold_seconds=6 * TIMEOUT_SECONDS, limit=AT_ONCE)
    threads = [
        threading.Thread(target=_send, args=(store, message, webhook, may_be_private), daemon=True)
        for message, webhook in due
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(4 * TIMEOUT_SECONDS)
    return len(due)


def _send(store: Store, message: WebhookMessage, webhook: Webhook, may_be_private: bool) -> None:
    status, error = None, ""
    try:
        target = target_of(webhook.url, may_be_private=may_be_private)
        status = _posted(store, message, webhook, target)
        error = f"answered {status}"
    except (AddressRefusedError, SendingError) as wrong:
        error = str(wrong)
    try:
        _note(store, message, webhook, status, error)
    except StoreError as wrong:
        _log.warning("webhooks: %s; the message is sent again", wrong)


def _posted(store: Store, message: WebhookMessage, webhook: Webhook, target) -> int:
    made_at = datetime.fromtimestamp(message.made_at, UTC).isoformat()
    body = orjson.dumps({"type": message.kind, "timestamp": made_at, "data": message.data})
    sent_at, message_id = int(time.time()), f"msg_{webhook.id}_{message.number}"
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Poldermodel",
        "webhook-id": message_id,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": signature(
            store.secret, webhook.id, message_id=message_id, sent_at=sent_at, body=body
        ),
    }
    return post(target, body=body, headers=headers)


def _note(store: Store, message: WebhookMessage, webhook: Webhook, status: int | None, error: str) -> None:
    now = time.time()
    if status is not None and 200 <= status < 300:
        webhooks.note_delivered(store, message, status=status, now=now)
        return
    n_before = message.n_attempts - 1
    next_at = now + PAUSES_SECONDS[n_before] if n_before < len(PAUSES_SECONDS) else None
    webhooks.note_failed(store, message, status=status, error=error, next_at=next_at)
    if status == GONE:
        webhooks.disable(store, webhook, because="it answered 410: gone")


def main() -> None:
    """Deliver until told to stop."""
    settings = Settings()
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
    die_with_parent()
    is_stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: is_stopping.set())
    store = open_store(settings.database_url, secret=settings.secret.get_secret_value().encode())
    phases_at = 0.0
    while not is_stopping.wait(LOOK_SECONDS):
        try:
            now = time.time()
            if now >= phases_at:
                phases_told.tell_phases(store, now=now)
                phases_at = now + PHASES_SECONDS
            deliver(store, now=now, may_be_private=settings.webhooks_to_private_addresses)
        except StoreError as error:
            _log.warning("%s; trying again", error)


if __name__ == "__main__":
    main()

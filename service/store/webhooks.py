"""Webhooks: whom to tell of what, the messages waiting to be sent, and what came of each.

A message is written in the transaction that makes what it tells of: neither can be there without the other.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from service.store import tenants
from service.store.clock import as_time, now_seconds
from service.store.database import Store
from service.store.errors import NotFoundError
from service.store.platform_records import Event, Webhook, WebhookMessage
from service.store.platform_tables import webhook_messages, webhooks
from service.store.tables import conversations

MOST_WEBHOOKS = 20
"""Most webhooks of one tenant: each event is written once for each of them."""

KEPT_SECONDS = 30 * 24 * 3600
"""How long messages are kept after they were delivered or given up."""


def add(store: Store, new: Webhook) -> Webhook:
    """Keep a webhook."""
    row = {
        "id": new.id,
        "tenant": new.tenant,
        "url": new.url,
        "kinds": sorted(new.kinds),
        "is_test": new.is_test,
        "created_at": now_seconds(),
    }
    with store.writing() as connection:
        tenants.require(connection, new.tenant)
        return _webhook(
            connection.execute(insert(webhooks).values(row).returning(*webhooks.c)).mappings().one()
        )


def list_all(store: Store, tenant: str, *, is_test: bool | None = None) -> Sequence[Webhook]:
    """Return a tenant's webhooks, oldest first; those for tests, the others, or both."""
    query = select(webhooks).where(webhooks.c.tenant == tenant).order_by(webhooks.c.created_at, webhooks.c.id)
    if is_test is not None:
        query = query.where(webhooks.c.is_test == is_test)
    with store.reading() as connection:
        return [_webhook(row) for row in connection.execute(query).mappings()]


def find(store: Store, tenant: str, webhook_id: str, *, is_test: bool | None = None) -> Webhook:
    """Return one of a tenant's webhooks; raises `NotFoundError`."""
    for one in list_all(store, tenant, is_test=is_test):
        if one.id == webhook_id:
            return one
    raise NotFoundError(f"no webhook {webhook_id!r:.60}")


def remove(store: Store, webhook: Webhook) -> None:
    """Remove a webhook and its messages."""
    with store.writing() as connection:
        connection.execute(delete(webhook_messages).where(webhook_messages.c.webhook == webhook.id))
        connection.execute(delete(webhooks).where(webhooks.c.id == webhook.id))


def announce(connection: Connection, conversation_number: int, kind: Event, told: Mapping[str, Any]) -> None:
    """Write a message to each webhook that wants to know, in the transaction that makes the news.

    A map that was published before the last message about one was sent takes that message's place.
    """
    query = (
        select(webhooks.c.id, webhooks.c.kinds, conversations.c.id.label("conversation"))
        .join(conversations, conversations.c.tenant == webhooks.c.tenant)
        .where(
            conversations.c.number == conversation_number,
            conversations.c.is_test == webhooks.c.is_test,
            webhooks.c.disabled_because.is_(None),
        )
    )
    for row in connection.execute(query).all():
        if kind not in row.kinds:
            continue
        if kind is Event.MAP_PUBLISHED:
            _drop_unsent(connection, row.id, conversation_number, kind)
        data = {"conversation": row.conversation, **told}
        connection.execute(insert(webhook_messages).values(_fresh(row.id, conversation_number, kind, data)))


def announce_test(store: Store, webhook: Webhook) -> WebhookMessage:
    """Write a message that only tells that messages arrive."""
    row = _fresh(webhook.id, None, Event.TEST, {"webhook": webhook.id})
    with store.writing() as connection:
        made = connection.execute(insert(webhook_messages).values(row).returning(*webhook_messages.c))
        return _message(made.mappings().one())


def list_messages(
    store: Store, webhook: Webhook, *, after: int | None = None, limit: int = 100
) -> Sequence[WebhookMessage]:
    """Return a webhook's messages by number, those after number `after`: the delivery log."""
    query = select(webhook_messages).where(webhook_messages.c.webhook == webhook.id)
    if after is not None:
        query = query.where(webhook_messages.c.number > after)
    with store.reading() as connection:
        rows = connection.execute(query.order_by(webhook_messages.c.number).limit(limit)).mappings()
        return [_message(row) for row in rows]


def take_due(
    store: Store, *, now: float, hold_seconds: float, limit: int
) -> Sequence[tuple[WebhookMessage, Webhook]]:
    """Return messages whose time has come, and hold them: nobody else tries them for so long.

    Counted before they are sent, so that a message that ends its sender isn't tried for ever.
    """
    query = (
        select(webhook_messages.c.number)
        .join(webhooks, webhooks.c.id == webhook_messages.c.webhook)
        .where(webhook_messages.c.next_at <= now, webhooks.c.disabled_because.is_(None))
        .order_by(webhook_messages.c.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=webhook_messages)
    )
    with store.writing() as connection:
        numbers = list(connection.execute(query).scalars())
        this = webhook_messages.c.number.in_(numbers)
        held = {"next_at": now + hold_seconds, "n_attempts": webhook_messages.c.n_attempts + 1}
        connection.execute(update(webhook_messages).where(this).values(held))
        messages = connection.execute(select(webhook_messages).where(this)).mappings().all()
        wanted = {row["webhook"] for row in messages}
        found = connection.execute(select(webhooks).where(webhooks.c.id.in_(wanted))).mappings()
        by_id = {row["id"]: _webhook(row) for row in found}
    return [(_message(row), by_id[row["webhook"]]) for row in messages]


def note_delivered(store: Store, message: WebhookMessage, *, status: int, now: float) -> None:
    """Keep that a message arrived; those that are done for long are forgotten."""
    done = {"next_at": None, "delivered_at": now, "last_status": status, "last_error": None}
    with store.writing() as connection:
        this = webhook_messages.c.number == message.number
        connection.execute(update(webhook_messages).where(this).values(done))
        old = webhook_messages.c.next_at.is_(None) & (webhook_messages.c.made_at < now - KEPT_SECONDS)
        connection.execute(delete(webhook_messages).where(old))


def note_failed(
    store: Store, message: WebhookMessage, *, status: int | None, error: str, next_at: float | None
) -> None:
    """Keep that a message did not arrive, and when it is tried again, if at all."""
    failed = {"next_at": next_at, "last_status": status, "last_error": error[:300]}
    with store.writing() as connection:
        this = webhook_messages.c.number == message.number
        connection.execute(update(webhook_messages).where(this).values(failed))


def disable(store: Store, webhook: Webhook, *, because: str) -> None:
    """Stop telling a webhook anything; what waits for it is given up."""
    with store.writing() as connection:
        this = webhooks.c.id == webhook.id
        connection.execute(update(webhooks).where(this).values(disabled_because=because))
        waiting = webhook_messages.c.webhook == webhook.id
        connection.execute(update(webhook_messages).where(waiting).values(next_at=None))


def n_failing(store: Store, tenant: str) -> int:
    """Return how many of a tenant's messages failed at least once and are still to be delivered."""
    query = (
        select(func.count())
        .select_from(webhook_messages)
        .join(webhooks, webhooks.c.id == webhook_messages.c.webhook)
        .where(webhooks.c.tenant == tenant, webhook_messages.c.last_error.is_not(None))
        .where(webhook_messages.c.next_at.is_not(None))
    )
    with store.reading() as connection:
        return connection.execute(query).scalar_one()


def _drop_unsent(connection: Connection, webhook: str, conversation_number: int, kind: Event) -> None:
    same = (
        (webhook_messages.c.webhook == webhook)
        & (webhook_messages.c.conversation == conversation_number)
        & (webhook_messages.c.kind == kind.value)
        & (webhook_messages.c.n_attempts == 0)
    )
    connection.execute(delete(webhook_messages).where(same))


def _fresh(
    webhook: str, conversation_number: int | None, kind: Event, data: Mapping[str, Any]
) -> dict[str, Any]:
    now = time.time()
    return {
        "webhook": webhook,
        "conversation": conversation_number,
        "kind": kind.value,
        "data": dict(data),
        "made_at": now,
        "n_attempts": 0,
        "next_at": now,
    }


def _webhook(row: Any) -> Webhook:
    return Webhook(
        id=row["id"],
        tenant=row["tenant"],
        url=row["url"],
        kinds=frozenset(map(Event, row["kinds"])),
        is_test=row["is_test"],
        disabled_because=row["disabled_because"],
        created_at=as_time(row["created_at"]),
    )


def _message(row: Any) -> WebhookMessage:
    names = ("number", "webhook", "data", "made_at", "n_attempts", "next_at", "delivered_at", "last_status")
    given = {name: row[name] for name in names}
    return WebhookMessage(**given, kind=Event(row["kind"]), last_error=row["last_error"])

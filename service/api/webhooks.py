"""Webhooks over HTTP: where a platform wants to be told of what happens, a test, and the delivery log."""

import secrets
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from service.api.callers import caller
from service.api.cursors import number_of, one_page
from service.api.fields import Answer, Body
from service.api.parameters import PageQuery
from service.api.problems import FieldError, ProblemError
from service.api.reading import answer, here
from service.identity.access import needs
from service.identity.caller import Scope
from service.identity.webhook_signatures import webhook_secret
from service.outgoing import AddressRefusedError, checked_url
from service.parts import parts
from service.store import webhooks
from service.store.clock import as_time
from service.store.platform_records import Event, Webhook, WebhookMessage

routes = APIBlueprint("webhooks", __name__, url_prefix="/v1/webhooks", abp_tags=[{"name": "webhooks"}])


class NewWebhookBody(Body):
    """Where to send which events."""

    url: Annotated[
        str, Field(min_length=1, max_length=2_000, pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?$")
    ]
    kinds: Annotated[list[Annotated[Event, Field(strict=False)]], Field(min_length=1, max_length=10)]


class WebhookPath(BaseModel):
    """Which webhook."""

    webhook: Annotated[str, Field(max_length=64, examples=["4t7qk92mxa0d"])]


class WebhookAnswer(Answer):
    """A webhook; `disabled_because` says why nothing is sent to it any more, if so."""

    id: str
    url: str
    kinds: list[Event]
    is_test: bool
    disabled_because: str | None
    created_at: datetime

    @classmethod
    def of(cls, webhook: Webhook) -> Self:
        """Return the answer for a record."""
        return cls(
            id=webhook.id,
            url=webhook.url,
            kinds=sorted(webhook.kinds),
            is_test=webhook.is_test,
            disabled_because=webhook.disabled_because,
            created_at=webhook.created_at,
        )


class NewWebhookAnswer(WebhookAnswer):
    """A webhook just made, with the secret that its messages are verified with."""

    secret: str


class WebhooksAnswer(Answer):
    """Every webhook of the tenant."""

    items: list[WebhookAnswer]


class DeliveryAnswer(Answer):
    """A message, and what came of it; `next_attempt_at` is null once it was delivered or given up."""

    number: int
    type: Event
    data: dict[str, Any]
    made_at: datetime
    n_attempts: int
    next_attempt_at: datetime | None
    delivered_at: datetime | None
    last_status: int | None
    last_error: str | None

    @classmethod
    def of(cls, message: WebhookMessage) -> Self:
        """Return the answer for a record."""
        return cls(
            number=message.number,
            type=message.kind,
            data=dict(message.data),
            made_at=as_time(message.made_at),
            n_attempts=message.n_attempts,
            next_attempt_at=None if message.next_at is None else as_time(message.next_at),
            delivered_at=None if message.delivered_at is None else as_time(message.delivered_at),
            last_status=message.last_status,
            last_error=message.last_error,
        )


class DeliveriesAnswer(Answer):
    """One page of messages, oldest first; `next` is the cursor of the following page."""

    items: list[DeliveryAnswer]
    next: str | None


class RemovedAnswer(Answer):
    """The id of what was removed."""

    removed: str


@routes.post("", operation_id="addWebhook", responses={201: NewWebhookAnswer})
@needs(Scope.ADMIN)
def post_webhook(body: NewWebhookBody) -> Response:
    """Have events sent to an address; the secret to verify them with is told here."""
    try:
        checked_url(body.url, may_be_private=parts().settings.webhooks_to_private_addresses)
    except AddressRefusedError as error:
        raise ProblemError("address-refused", "see errors", (FieldError("#/url", str(error)),)) from None
    if len(webhooks.list_all(parts().store, _tenant())) >= webhooks.MOST_WEBHOOKS:
        raise ProblemError(
            "too-many", f"a tenant has at most {webhooks.MOST_WEBHOOKS} webhooks; remove one first"
        )
    made = webhooks.add(
        parts().store,
        Webhook(
            id=secrets.token_hex(8),
            tenant=_tenant(),
            url=body.url,
            kinds=frozenset(body.kinds),
            is_test=bool(caller().is_test),
            disabled_because=None,
            created_at=datetime.now(UTC),
        ),
    )
    secret = webhook_secret(parts().store.secret, made.id)
    told = NewWebhookAnswer(**dict(WebhookAnswer.of(made)), secret=secret)
    return answer(told, 201, {"Location": here(f"/v1/webhooks/{made.id}"), "Cache-Control": "no-store"})


@routes.get("", operation_id="listWebhooks", responses={200: WebhooksAnswer})
@needs(Scope.ADMIN)
def list_webhooks() -> Response:
    """List your webhooks."""
    found = webhooks.list_all(parts().store, _tenant(), is_test=caller().is_test)
    return answer(WebhooksAnswer(items=[WebhookAnswer.of(one) for one in found]))


@routes.delete("/<webhook>", operation_id="removeWebhook", responses={200: RemovedAnswer})
@needs(Scope.ADMIN)
def delete_webhook(path: WebhookPath) -> Response:
    """Remove a webhook; what waits to be sent to it is dropped."""
    found = _found(path)
    webhooks.remove(parts().store, found)
    return answer(RemovedAnswer(removed=found.id))


@routes.post("/<webhook>/test-message", operation_id="testWebhook", responses={202: DeliveryAnswer})
@needs(Scope.ADMIN)
def post_test_message(path: WebhookPath) -> Response:
    """Send a message that tells nothing, to see whether messages arrive."""
    return answer(DeliveryAnswer.of(webhooks.announce_test(parts().store, _found(path))), 202)


@routes.get("/<webhook>/deliveries", operation_id="listDeliveries", responses={200: DeliveriesAnswer})
@needs(Scope.ADMIN)
def list_deliveries(path: WebhookPath, query: PageQuery) -> Response:
    """List the messages to a webhook, and what came of each."""
    found = webhooks.list_messages(
        parts().store, _found(path), after=number_of(query.after), limit=query.limit + 1
    )
    page, cursor = one_page(found, query.limit, number=lambda one: one.number)
    return answer(DeliveriesAnswer(items=[DeliveryAnswer.of(one) for one in page], next=cursor))


def _found(path: WebhookPath) -> Webhook:
    return webhooks.find(parts().store, _tenant(), path.webhook, is_test=caller().is_test)


def _tenant() -> str:
    tenant = caller().tenant
    assert tenant is not None  # noqa: S101 - the scope was checked, and only known callers hold one.
    return tenant

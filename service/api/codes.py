"""One-time codes over HTTP: order a batch, watch it grow, read it once for the printer, close it."""

import logging
import threading
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Self

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field

from service.actions.make_codes import make_codes
from service.api.conversations import own_conversation
from service.api.fields import Answer, Body
from service.api.parameters import ConversationPath
from service.api.problems import ProblemError
from service.api.reading import answer, here
from service.identity.access import needs
from service.identity.caller import Scope
from service.identity.codes import codes_of_batch
from service.parts import parts
from service.store import codes
from service.store.database import Store
from service.store.errors import StoreError
from service.store.platform_records import CodeBatch
from service.store.records import Conversation

MAX_CODES = 100_000
"""Most codes in one batch."""

_log = logging.getLogger(__name__)
_making: set[int] = set()
_making_lock = threading.Lock()

routes = APIBlueprint(
    "codes",
    __name__,
    url_prefix="/v1/conversations/<conversation>/code-batches",
    abp_tags=[{"name": "one-time codes"}],
)


class NewCodeBatchBody(Body):
    """Codes to make."""

    n_codes: Annotated[int, Field(ge=1, le=MAX_CODES)]
    label: Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""


class BatchPath(ConversationPath):
    """Which batch of codes."""

    batch: Annotated[int, Field(ge=1, le=2**31 - 1)]


class CodeBatchAnswer(Answer):
    """A batch of codes: `n_made` grows to `n_codes`; `n_redeemed` counts those that were used."""

    batch: int
    label: str
    n_codes: int
    n_made: int
    n_redeemed: int
    is_closed: bool
    created_at: datetime

    @classmethod
    def of(cls, batch: CodeBatch) -> Self:
        """Return the answer for a record."""
        return cls(
            batch=batch.number,
            label=batch.label,
            n_codes=batch.n_codes,
            n_made=batch.n_made,
            n_redeemed=batch.n_redeemed,
            is_closed=batch.is_closed,
            created_at=batch.created_at,
        )


class CodeBatchesAnswer(Answer):
    """A conversation's batches, oldest first."""

    items: list[CodeBatchAnswer]


@routes.post("", operation_id="orderCodes", responses={202: CodeBatchAnswer})
@needs(Scope.ADMIN)
def post_batch(path: ConversationPath, body: NewCodeBatchBody) -> Response:
    """Order one-time codes; they are made in the background, and reading the batch says how far that is."""
    conversation = own_conversation(path)
    batch = start_codes(conversation, n_codes=body.n_codes, label=body.label)
    location = {"Location": here(f"/v1/conversations/{conversation.id}/code-batches/{batch.number}")}
    return answer(CodeBatchAnswer.of(batch), 202, location)


@routes.get("", operation_id="listCodeBatches", responses={200: CodeBatchesAnswer})
@needs(Scope.ADMIN)
def get_batches(path: ConversationPath) -> Response:
    """List a conversation's batches of codes."""
    found = codes.list_batches(parts().store, own_conversation(path))
    return answer(CodeBatchesAnswer(items=[CodeBatchAnswer.of(one) for one in found]))


@routes.get("/<int:batch>", operation_id="readCodeBatch", responses={200: CodeBatchAnswer})
@needs(Scope.ADMIN)
def get_batch(path: BatchPath) -> Response:
    """Read how far a batch is."""
    return answer(CodeBatchAnswer.of(_found(path)[1]))


@routes.get("/<int:batch>/codes", operation_id="readCodes", responses={200: None})
@needs(Scope.ADMIN)
def get_codes(path: BatchPath) -> Response:
    """Read a finished batch's codes as CSV, for the printer, until the batch is closed."""
    conversation, batch = printable(path)
    return Response(
        _csv(parts().store.secret, conversation, batch),
        mimetype="text/csv",
        headers={
            "Content-Disposition": f'attachment; filename="codes-{conversation.id}-{batch.number}.csv"',
            "Cache-Control": "no-store",
        },
    )


@routes.post("/<int:batch>/closing", operation_id="closeCodeBatch", responses={200: CodeBatchAnswer})
@needs(Scope.ADMIN)
def close_batch(path: BatchPath) -> Response:
    """Close a batch when its letters are in the post: its codes can be redeemed, but never read again."""
    conversation, batch = _found(path)
    codes.close_batch(parts().store, conversation, batch.number)
    return answer(CodeBatchAnswer.of(codes.find_batch(parts().store, conversation, batch.number)))


def start_codes(conversation: Conversation, *, n_codes: int, label: str) -> CodeBatch:
    """Return a new batch, whose codes are made in the background."""
    batch = codes.start_batch(parts().store, conversation, label=label, n_codes=n_codes)
    _make(parts().store, conversation, batch)
    return batch


def printable(path: BatchPath) -> tuple[Conversation, CodeBatch]:
    """Return a batch whose codes can be read.

    Raises
    ------
    ProblemError
        When it is closed, or not finished yet.
    """
    conversation, batch = _found(path)
    if batch.is_closed:
        raise ProblemError("codes-closed", "the letters are in the post; order a new batch for more")
    if batch.n_made < batch.n_codes:
        raise ProblemError("not-ready", f"{batch.n_made} of {batch.n_codes} codes are made; ask again shortly")
    return conversation, batch


def _found(path: BatchPath) -> tuple[Conversation, CodeBatch]:
    """Return a batch; one that lacks codes because its maker was stopped is taken up again."""
    conversation = own_conversation(path)
    batch = codes.find_batch(parts().store, conversation, path.batch)
    if batch.n_made < batch.n_codes:
        _make(parts().store, conversation, batch)
    return conversation, batch


def _make(store: Store, conversation: Conversation, batch: CodeBatch) -> None:
    """Make a batch's codes in the background, in one thread at a time."""
    with _making_lock:
        if batch.number in _making:
            return
        _making.add(batch.number)
    threading.Thread(target=_made, args=(store, conversation, batch), name="codes", daemon=True).start()


def _made(store: Store, conversation: Conversation, batch: CodeBatch) -> None:
    try:
        make_codes(store, conversation, batch)
    except StoreError as error:
        _log.warning("codes: %s; reading the batch goes on with it", error)
    finally:
        with _making_lock:
            _making.discard(batch.number)


def _csv(secret: bytes, conversation: Conversation, batch: CodeBatch) -> Iterator[str]:
    yield "code\r\n"
    at_once = 1_000
    for first in range(0, batch.n_codes, at_once):
        n_codes = min(at_once, batch.n_codes - first)
        fresh = codes_of_batch(secret, conversation, batch.number, first=first, n_codes=n_codes)
        yield "".join(f"{one}\r\n" for one in fresh)

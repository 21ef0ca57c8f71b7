"""Conversations over HTTP: start, list, read, change."""

import re

from flask import Response
from flask_openapi.blueprint import APIBlueprint

from service.actions.change_conversation import change_conversation
from service.api.callers import caller
from service.api.cursors import number_of, one_page
from service.api.parameters import ConversationPath, PageQuery
from service.api.problems import FieldError, ProblemError
from service.api.reading import answer, here
from service.api.schemas import (
    ChangedConversationBody,
    ConversationAnswer,
    ConversationsAnswer,
    ConversationWithCountsAnswer,
    CountsAnswer,
    NewConversationBody,
)
from service.api.statement_schemas import ChangeAnswer, ChangesAnswer
from service.identity.access import needs, public
from service.identity.caller import Scope
from service.parts import parts
from service.store import conversations, votes
from service.store.records import Conversation

routes = APIBlueprint(
    "conversations", __name__, url_prefix="/v1/conversations", abp_tags=[{"name": "conversations"}]
)

_ID = re.compile(r"[0-9a-z]{1,64}", re.ASCII)
_NOTHING = "there is nothing here that you may see; check the ids in the address"


def own_conversation(path: ConversationPath) -> Conversation:
    """Return a conversation that the caller may act in.

    Raises
    ------
    NotFoundError, ProblemError
        When there is none; another tenant's is answered alike, and so is a test to a key that isn't one.
    """
    if not caller().reaches(path.conversation):
        raise ProblemError("not-found", _NOTHING)
    return _found(caller().tenant, path.conversation, is_test=caller().is_test)


def public_conversation(conversation_id: str) -> Conversation:
    """Return anybody's conversation, to show what is public of it.

    Raises
    ------
    NotFoundError, ProblemError
        When there is none.
    """
    return _found(None, conversation_id)


def _found(tenant: str | None, conversation_id: str, *, is_test: bool | None = None) -> Conversation:
    # What can't be an id never reaches the store: a NUL, for one, is something PostgreSQL won't compare with.
    if not _ID.fullmatch(conversation_id):
        raise ProblemError("not-found", _NOTHING)
    return conversations.find(parts().store, tenant, conversation_id, is_test=is_test)


@routes.post("", operation_id="createConversation", responses={201: ConversationAnswer})
@needs(Scope.ADMIN)
def create_conversation(body: NewConversationBody) -> Response:
    """Start a conversation."""
    tenant = caller().tenant
    assert tenant is not None  # noqa: S101 - the scope was checked, and only known callers hold one.
    made = conversations.create(parts().store, tenant, body.record(is_test=_is_test(body)))
    return answer(ConversationAnswer.of(made), 201, {"Location": here(f"/v1/conversations/{made.id}")})


def _is_test(body: NewConversationBody) -> bool:
    """Return whether a new conversation is a test: what the key is, where the key is either."""
    mode = caller().is_test
    if mode is None:
        return bool(body.is_test)
    if body.is_test not in (None, mode):
        kind = "a test key starts tests only" if mode else "this key starts no tests; use a test key"
        raise ProblemError("scope-needed", kind, (FieldError("#/is_test", kind),))
    return mode


@routes.get("", operation_id="listConversations", responses={200: ConversationsAnswer})
@needs(Scope.ADMIN)
def list_conversations(query: PageQuery) -> Response:
    """List your conversations, oldest first."""
    tenant = caller().tenant
    assert tenant is not None  # noqa: S101 - the scope was checked, and only known callers hold one.
    found = conversations.list_all(
        parts().store,
        tenant,
        after=number_of(query.after),
        limit=query.limit + 1,
        is_test=caller().is_test,
    )
    page, cursor = one_page(found, query.limit, number=lambda one: one.number)
    return answer(ConversationsAnswer(items=[ConversationAnswer.of(one) for one in page], next=cursor))


@routes.get("/<conversation>", operation_id="readConversation", responses={200: ConversationWithCountsAnswer})
@public
def read_conversation(path: ConversationPath) -> Response:
    """Read a conversation and how much it holds."""
    conversation = public_conversation(path.conversation)
    counts = CountsAnswer.of(votes.counts(parts().store, conversation))
    plain = ConversationAnswer.of(conversation)
    return answer(ConversationWithCountsAnswer(**dict(plain), counts=counts))


@routes.get("/<conversation>/changes", operation_id="listChanges", responses={200: ChangesAnswer})
@needs(Scope.MODERATE)
def list_changes(path: ConversationPath, query: PageQuery) -> Response:
    """List what was changed apart from votes, oldest first: what, when, by whose key, and what stood before."""
    after = number_of(query.after)
    found = conversations.list_changes(
        parts().store, own_conversation(path), after=after, limit=query.limit + 1
    )
    page, cursor = one_page(found, query.limit, number=lambda one: one.sequence)
    return answer(ChangesAnswer(items=[ChangeAnswer.of(one) for one in page], next=cursor))


@routes.patch("/<conversation>", operation_id="changeConversation", responses={200: ConversationAnswer})
@needs(Scope.ADMIN)
def patch_conversation(path: ConversationPath, body: ChangedConversationBody) -> Response:
    """Change a conversation's words or settings, open it or close it; what is left out stays."""
    conversation = own_conversation(path)
    changed = change_conversation(parts().store, parts().map_requests, conversation, body.changes())
    return answer(ConversationAnswer.of(changed))

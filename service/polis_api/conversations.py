"""Conversations: start, list, read, change, close."""

from typing import Any
from uuid import UUID

from flask import Response, url_for

from service.actions.change_conversation import change_conversation
from service.api.callers import caller
from service.api.problems import ProblemError
from service.identity.caller import Scope
from service.identity.derived import derived_key
from service.parts import parts
from service.polis_api import asked, rights
from service.polis_api.answers import conversation_answer
from service.polis_api.declaring import json_of, routes
from service.polis_api.said_settings import said_settings
from service.store import conversations, votes
from service.store.records import Conversation, NewConversation


def uuid_of(conversation: Conversation) -> str:
    """Return the uuid by which a conversation's external ids are asked for; it can't be guessed from its id."""
    key = derived_key(parts().store.secret, "conversation's uuid", conversation.tenant, conversation.id)
    return str(UUID(bytes=key[:16], version=4))


@routes.declare("GET", "/conversations", asked.ConversationsQuery)
def get_conversations(said: asked.ConversationsQuery) -> Response:
    """Read one conversation; without an id list one's own, which needs a key."""
    if said.conversation_id is not None:
        return json_of(_answer(rights.shown(said.conversation_id)))
    who = caller()
    if not who.may(Scope.ADMIN) or who.tenant is None:
        name = "scope-needed" if who.is_known else "key-needed"
        raise ProblemError(name, "listing conversations needs a key with the scope 'admin'")
    found = conversations.list_all(parts().store, who.tenant, limit=said.limit, is_test=who.is_test)
    wanted = [one for one in found if said.is_active in (None, one.is_open)]
    return json_of([_answer(one) for one in wanted])


@routes.declare("GET", "/conversations/preload", asked.ConversationQuery)
def get_conversations_preload(said: asked.ConversationQuery) -> Response:
    """Read one conversation, as pages ask for it before anything else."""
    return json_of(_answer(rights.shown(said.conversation_id)))


@routes.declare("GET", "/testConnection", asked.NothingQuery)
def get_test_connection(_: asked.NothingQuery) -> Response:
    """Say that the service answers."""
    return json_of({"status": "ok"})


@routes.declare("POST", "/conversations", asked.NewConversationBody, scope=Scope.ADMIN)
def post_conversations(said: asked.NewConversationBody) -> Response:
    """Start a conversation."""
    who = caller()
    assert who.tenant is not None  # noqa: S101 - the scope was checked, and only known callers hold one.
    new = NewConversation(
        question=said.topic,
        description=said.description,
        is_open=said.is_active,
        is_test=bool(who.is_test),
        settings=_settings({}, said),
    )
    made = conversations.create(parts().store, who.tenant, new)
    address = url_for("polis_addresses.conversation_page", conversation=made.id, _external=True)
    return json_of({"url": address, "conversation_id": made.id})


@routes.declare("PUT", "/conversations", asked.ChangedConversationBody, scope=Scope.ADMIN)
def put_conversations(said: asked.ChangedConversationBody) -> Response:
    """Change a conversation; what is left out stays."""
    conversation = rights.owned(said.conversation_id)
    changes: dict[str, Any] = {
        "question": said.topic,
        "description": said.description,
        "is_open": said.is_active,
        "settings": lambda now: _settings(now, said),
    }
    changed = change_conversation(parts().store, parts().map_requests, conversation, changes)
    return json_of(_answer(changed))


@routes.declare("POST", "/conversation/close", asked.ConversationQuery, scope=Scope.ADMIN)
def post_close(said: asked.ConversationQuery) -> Response:
    """Close a conversation: it takes no votes any more."""
    return _opened(said, is_open=False)


@routes.declare("POST", "/conversation/reopen", asked.ConversationQuery, scope=Scope.ADMIN)
def post_reopen(said: asked.ConversationQuery) -> Response:
    """Open a conversation again."""
    return _opened(said, is_open=True)


@routes.declare("GET", "/conversationUuid", asked.ConversationQuery, scope=Scope.EXPORT)
def get_conversation_uuid(said: asked.ConversationQuery) -> Response:
    """Read the uuid by which a conversation's external ids are asked for."""
    return json_of({"conversation_uuid": uuid_of(rights.owned(said.conversation_id))})


def _answer(conversation: Conversation) -> dict[str, Any]:
    return conversation_answer(
        conversation,
        votes.counts(parts().store, conversation),
        is_owner=rights.holds(conversation, Scope.ADMIN),
    )


def _opened(said: asked.ConversationQuery, *, is_open: bool) -> Response:
    conversation = rights.owned(said.conversation_id)
    change_conversation(parts().store, parts().map_requests, conversation, {"is_open": is_open})
    return json_of({})


def _settings(now: Any, said: asked.NewConversationBody | asked.ChangedConversationBody) -> dict[str, Any]:
    """Return a conversation's settings with what is said in Polis's words."""
    return said_settings(
        now,
        is_strict=said.strict_moderation,
        takes_statements=None if said.write_type is None else bool(said.write_type),
        polis={"open_data": said.is_data_open},
    )

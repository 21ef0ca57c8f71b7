"""Conversations: create, find, list, change."""

from collections.abc import Mapping
from typing import Any

from service.store.database import Store
from service.store.records import Conversation, NewConversation


def create(store: Store, tenant: str, new: NewConversation) -> Conversation:
    """Start a conversation; raises `AlreadyExistsError` when a given id is taken."""
    raise NotImplementedError


def find(store: Store, tenant: str | None, conversation_id: str) -> Conversation:
    """Return a tenant's conversation, or anybody's if `tenant` is None; raises `NotFoundError`."""
    raise NotImplementedError


def list_all(store: Store, tenant: str, *, after: int | None = None, limit: int = 100) -> list[Conversation]:
    """Return a tenant's conversations by number, those after number `after`."""
    raise NotImplementedError


def change(
    store: Store,
    conversation: Conversation,
    *,
    question: str | None = None,
    description: str | None = None,
    language: str | None = None,
    is_open: bool | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Conversation:
    """Change what is given; opening, closing and new settings move the sequence."""
    raise NotImplementedError

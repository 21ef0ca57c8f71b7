"""A conversation comes from elsewhere: its statements, participants and latest votes, all or nothing."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from clustering.vocabulary import ConversationId, Statement
from service.map_requests import MapRequests
from service.store.bulk import BulkVotes, create_with_votes
from service.store.database import Store
from service.store.records import (
    DEFAULT_TENANT,
    UNKNOWN_LANGUAGE,
    Conversation,
    NewConversation,
    NewStatement,
    StatementState,
)


class Importable(Protocol):
    """A conversation as `clustering.exchange` reads it; the arrays have length n_votes, latest votes only."""

    @property
    def question(self) -> str: ...  # noqa: D102
    @property
    def description(self) -> str: ...  # noqa: D102
    @property
    def statements(self) -> Sequence[Statement]: ...  # noqa: D102
    @property
    def participants(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def participant_index(self) -> Any: ...  # noqa: D102
    @property
    def statement_index(self) -> Any: ...  # noqa: D102
    @property
    def values(self) -> Any: ...  # noqa: D102
    @property
    def cast_at_ms(self) -> Any: ...  # noqa: D102


def import_conversation(
    store: Store,
    map_requests: MapRequests,
    export: Importable,
    *,
    tenant: str = DEFAULT_TENANT,
    language: str = UNKNOWN_LANGUAGE,
    conversation_id: str | None = None,
    is_test: bool = False,
) -> Conversation:
    """Keep an export as a new, open conversation and ask for its map.

    Participants are numbered in the export's order. The log gets the votes by the time they were cast; where
    the export doesn't say, in its own order, as cast now.

    Raises
    ------
    AlreadyExistsError
        When `conversation_id` is taken.
    """
    new = NewConversation(
        question=_text(export.question) or "Imported conversation",
        description=_text(export.description),
        language=language,
        id=None if conversation_id is None else ConversationId(conversation_id),
        is_test=is_test,
    )
    statements = [_statement(statement) for statement in export.statements]
    made = create_with_votes(store, tenant, new, statements, export.participants, _votes(export))
    map_requests.ask(made.number)
    return made


def _statement(statement: Statement) -> NewStatement:
    """Return a statement to add; one moderated out is hidden here."""
    state = StatementState.HIDDEN if statement.is_moderated_out else StatementState.VISIBLE
    return NewStatement(_text(statement.text), statement.id, state, statement.is_meta)


def _votes(export: Importable) -> BulkVotes:
    """Return the votes in the order they were cast."""
    cast_at_ms = np.asarray(export.cast_at_ms, dtype=np.int64)
    order = np.argsort(cast_at_ms, kind="stable")
    return BulkVotes(
        np.asarray(export.participant_index)[order].tolist(),
        np.asarray(export.statement_index)[order].tolist(),
        np.asarray(export.values)[order].tolist(),
        [None if when < 0 else when // 1000 for when in cast_at_ms[order].tolist()],
    )


def _text(text: str) -> str:
    """Return a text without the one character that PostgreSQL can't keep."""
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")

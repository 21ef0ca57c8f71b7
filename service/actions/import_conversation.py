"""A conversation comes from elsewhere: its statements, participants and latest votes, all or nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from clustering.vocabulary import ConversationId, Statement, natural_key
from service.map_requests import MapRequests
from service.store.bulk import BulkVotes, Origin, create_with_votes
from service.store.database import Store
from service.store.outside_numbers import GivenNumbers
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


class Elsewhere(Protocol):
    """What else is known of a conversation from elsewhere; each list may be empty."""

    @property
    def statement_authors(self) -> Sequence[str | None]: ...  # noqa: D102
    @property
    def statement_created_ms(self) -> Sequence[int]: ...  # noqa: D102
    @property
    def xids(self) -> Sequence[str | None]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Choices:
    """What is decided about an import that its files don't say.

    Attributes
    ----------
    waiting
        Ids of statements that a moderator has yet to decide on here.
    keeps_xids
        Whether what a platform called its participants is kept, so that it can be read back.
    settings
        Settings of the new conversation.
    is_open
        Whether it takes votes.
    """

    waiting: Collection[str] = ()
    keeps_xids: bool = False
    settings: dict[str, Any] | None = None
    is_open: bool = True


def import_conversation(
    store: Store,
    map_requests: MapRequests,
    export: Importable,
    *,
    tenant: str = DEFAULT_TENANT,
    language: str = UNKNOWN_LANGUAGE,
    conversation_id: str | None = None,
    is_test: bool = False,
    elsewhere: Elsewhere | None = None,
    choices: Choices | None = None,
) -> Conversation:
    """Keep an export as a new conversation, open unless told otherwise, and ask for its map.

    Participants are numbered in the export's order. With `elsewhere` they and the statements are numbered in
    natural order, and where all their ids are whole numbers, those stay what other tools know them by. The log
    gets the votes by the time they were cast; where the export doesn't say, in its own order, as cast now.

    Raises
    ------
    AlreadyExistsError
        When `conversation_id` is taken.
    """
    choices = choices or Choices()
    new = NewConversation(
        question=_text(export.question) or "Imported conversation",
        description=_text(export.description),
        language=language,
        id=None if conversation_id is None else ConversationId(conversation_id),
        is_test=is_test,
        is_open=choices.is_open,
        settings=choices.settings or {},
    )
    people = _order(export.participants, is_kept=elsewhere is None)
    listed = _order([statement.id for statement in export.statements], is_kept=elsewhere is None)
    made = create_with_votes(
        store,
        tenant,
        new,
        [_statement(export.statements[at], choices) for at in listed],
        _participant_ids(export, people, elsewhere),
        _votes(export, people, listed),
        None if elsewhere is None else _origin(export, people, listed, elsewhere, choices),
    )
    map_requests.ask(made.number)
    return made


def _order(ids: Sequence[str], *, is_kept: bool) -> list[int]:
    """Return the positions of ids as they are, or in natural order."""
    if is_kept:
        return list(range(len(ids)))
    return sorted(range(len(ids)), key=lambda at: natural_key(ids[at]))


def _participant_ids(export: Importable, people: Sequence[int], elsewhere: Elsewhere | None) -> list[str]:
    """Return who they are: by what a platform called them they find their votes back."""
    given = () if elsewhere is None else elsewhere.xids
    xids = given or [None] * len(export.participants)
    return [export.participants[at] if xids[at] is None else f"xid {xids[at]}" for at in people]


def _origin(
    export: Importable,
    people: Sequence[int],
    listed: Sequence[int],
    elsewhere: Elsewhere,
    choices: Choices,
) -> Origin | None:
    names = [export.participants[at] for at in people], [export.statements[at].id for at in listed]
    if not all(natural_key(name)[0] == 0 and int(name) < 2**31 for some in names for name in some):
        return None
    place = {name: number for number, name in enumerate(names[0])}
    authors = elsewhere.statement_authors or [None] * len(listed)
    created = elsewhere.statement_created_ms or [-1] * len(listed)
    xids = elsewhere.xids if elsewhere.xids and choices.keeps_xids else [None] * len(people)
    return Origin(
        numbers=GivenNumbers([int(name) for name in names[0]], [int(name) for name in names[1]]),
        names=[xids[at] for at in people],
        authors=[place.get(authors[at] or "") for at in listed],
        created_at=[None if created[at] < 0 else created[at] // 1_000 for at in listed],
    )


def _statement(statement: Statement, choices: Choices) -> NewStatement:
    """Return a statement to add; one moderated out is hidden here."""
    state = StatementState.HIDDEN if statement.is_moderated_out else StatementState.VISIBLE
    if statement.id in choices.waiting and not statement.is_moderated_out:
        state = StatementState.WAITING
    return NewStatement(_text(statement.text), statement.id, state, statement.is_meta)


def _votes(export: Importable, people: Sequence[int], listed: Sequence[int]) -> BulkVotes:
    """Return the votes in the order they were cast."""
    cast_at_ms = np.asarray(export.cast_at_ms, dtype=np.int64)
    order = np.argsort(cast_at_ms, kind="stable")
    return BulkVotes(
        _places(people)[np.asarray(export.participant_index, dtype=np.intp)[order]].tolist(),
        _places(listed)[np.asarray(export.statement_index, dtype=np.intp)[order]].tolist(),
        np.asarray(export.values)[order].tolist(),
        [None if when < 0 else when // 1000 for when in cast_at_ms[order].tolist()],
    )


def _places(order: Sequence[int]) -> Any:
    """Return the new place of everything that is put in an order."""
    return np.argsort(np.asarray(order, dtype=np.intp))


def _text(text: str) -> str:
    """Return a text without the one character that PostgreSQL can't keep."""
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")

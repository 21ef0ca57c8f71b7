"""Conversations: create, find, list, change."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from clustering.vocabulary import ConversationId
from service.store import tenants
from service.store.acting import acting_by
from service.store.clock import as_time, now_seconds
from service.store.database import Store
from service.store.errors import AlreadyExistsError, NotFoundError
from service.store.platform_records import Event
from service.store.records import Conversation, LoggedChange, NewConversation
from service.store.tables import changes, conversations, group_maps
from service.store.webhooks import announce

_ID_CHARACTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Digits and letters that nobody confuses when reading them aloud."""

_ID_LENGTH = 10


SettingsChange = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""What becomes of a conversation's settings."""

_SELECT_AND_LOCK = select(conversations).where(conversations.c.number == bindparam("here")).with_for_update()
_SELECT_BY_ID = select(conversations).where(conversations.c.id == bindparam("id"))


def create(store: Store, tenant: str, new: NewConversation) -> Conversation:
    """Start a conversation; raises `AlreadyExistsError` when a given id is taken."""
    with store.writing() as connection:
        return create_within(connection, tenant, new)


def create_within(connection: Connection, tenant: str, new: NewConversation) -> Conversation:
    """Start a conversation in a transaction that goes on to do more."""
    tenants.ensure(connection, tenant)
    row = {
        "id": new.id or new_id(),
        "tenant": tenant,
        "question": new.question,
        "description": new.description,
        "language": new.language,
        "is_open": new.is_open,
        "is_test": new.is_test,
        "settings": dict(new.settings),
        "created_at": now_seconds(),
    } | dict.fromkeys(("sequence", "n_participants", "n_statements", "n_votes"), 0)
    try:
        made = connection.execute(insert(conversations).values(row).returning(*conversations.c))
    except IntegrityError:
        raise AlreadyExistsError(f"conversation {row['id']} exists already") from None
    return conversation_of(made.mappings().one())


def find(
    store: Store, tenant: str | None, conversation_id: str, *, is_test: bool | None = None
) -> Conversation:
    """Return a tenant's conversation, or anybody's if `tenant` is None.

    The one place where public ids become keys, and where tenants are checked and whether it is a test.

    Raises
    ------
    NotFoundError
        If there is none; also for another tenant's, so that nobody learns of it.
    """
    with store.reading() as connection:
        row = connection.execute(_SELECT_BY_ID, {"id": conversation_id}).mappings().first()
    if row is None or tenant not in (None, row["tenant"]) or is_test not in (None, row["is_test"]):
        raise NotFoundError(f"no conversation {conversation_id!r:.60}")
    return conversation_of(row)


def list_all(
    store: Store, tenant: str, *, after: int | None = None, limit: int = 100, is_test: bool | None = None
) -> list[Conversation]:
    """Return a tenant's conversations by number, those after number `after`; tests, others, or both."""
    query = (
        select(conversations)
        .where(conversations.c.tenant == tenant)
        .order_by(conversations.c.number)
        .limit(limit)
    )
    if after is not None:
        query = query.where(conversations.c.number > after)
    if is_test is not None:
        query = query.where(conversations.c.is_test == is_test)
    with store.reading() as connection:
        return [conversation_of(row) for row in connection.execute(query).mappings()]


def list_latest(
    store: Store, tenant: str, *, wanted: str = "", before: int | None = None, limit: int = 50
) -> list[Conversation]:
    """Return a tenant's conversations, newest first.

    Parameters
    ----------
    wanted
        What their question, or their id, holds; capitals don't matter.
    before
        Only those with a lower number.
    """
    query = select(conversations).where(conversations.c.tenant == tenant)
    for word in wanted.split():
        holds = [one.icontains(word, autoescape=True) for one in (conversations.c.question, conversations.c.id)]
        query = query.where(or_(*holds))
    if before is not None:
        query = query.where(conversations.c.number < before)
    with store.reading() as connection:
        rows = connection.execute(query.order_by(conversations.c.number.desc()).limit(limit))
        return [conversation_of(row) for row in rows.mappings()]


def change(
    store: Store,
    conversation: Conversation,
    *,
    question: str | None = None,
    description: str | None = None,
    language: str | None = None,
    is_open: bool | None = None,
    settings: Mapping[str, Any] | SettingsChange | None = None,
) -> Conversation:
    """Change what is given; opening, closing and new settings move the sequence.

    Settings may be given as what becomes of the present ones, so that of two changes at once none is lost.
    """
    words = {"question": question, "description": description, "language": language}
    with store.writing() as connection:
        before = lock(connection, conversation.number)
        if callable(settings):
            settings = settings(before["settings"])
        weighty = {"is_open": is_open, "settings": None if settings is None else dict(settings)}
        altered = {name: value for name, value in words.items() if value is not None}
        for name, value in weighty.items():
            if value is not None and value != before[name]:
                altered[name] = value
                log_changes(connection, conversation.number, [("conversation-changed", {name: value})])
        if altered:
            _update(connection, conversation.number, **altered)
            told = {"changed": sorted(altered), "is_open": altered.get("is_open", before["is_open"])}
            announce(connection, conversation.number, Event.CONVERSATION_CHANGED, told)
        return conversation_of(lock(connection, conversation.number))


def is_ahead_of_map(store: Store, conversation_number: int, *, method_version: int) -> bool:
    """Return whether there are changes that the published map, if any, doesn't include yet.

    Raises
    ------
    NotFoundError
        If there is no such conversation.
    """
    query = (
        select(conversations.c.sequence, group_maps.c.method_version, group_maps.c.sequence.label("drawn"))
        .outerjoin(group_maps, group_maps.c.conversation == conversations.c.number)
        .where(conversations.c.number == conversation_number)
    )
    with store.reading() as connection:
        row = connection.execute(query).first()
    if row is None:
        raise NotFoundError(f"no conversation with number {conversation_number}")
    return row.drawn is None or (row.method_version, row.drawn) < (method_version, row.sequence)


def list_changes(
    store: Store, conversation: Conversation, *, after: int | None = None, limit: int = 100
) -> list[LoggedChange]:
    """Return what was changed apart from votes, oldest first, after a sequence: the audit log."""
    query = select(changes).where(changes.c.conversation == conversation.number).order_by(changes.c.sequence)
    if after is not None:
        query = query.where(changes.c.sequence > after)
    with store.reading() as connection:
        return [
            LoggedChange(row.sequence, row.kind, row.payload, as_time(row.made_at))
            for row in connection.execute(query.limit(limit))
        ]


def latest_changes(
    store: Store, conversation: Conversation, *, before: int | None = None, limit: int = 100
) -> list[LoggedChange]:
    """Return what was changed apart from votes, newest first, before a sequence."""
    query = select(changes).where(changes.c.conversation == conversation.number)
    if before is not None:
        query = query.where(changes.c.sequence < before)
    with store.reading() as connection:
        rows = connection.execute(query.order_by(changes.c.sequence.desc()).limit(limit)).all()
    return [LoggedChange(row.sequence, row.kind, row.payload, as_time(row.made_at)) for row in rows]


def changes_of_statement(
    store: Store, conversation: Conversation, statement_id: str, *, kinds: Sequence[str], limit: int = 200
) -> list[LoggedChange]:
    """Return what was changed of one statement, newest first; only that leaves the database."""
    named = changes.c.payload["statement"].as_string() == statement_id
    query = (
        select(changes)
        .where(changes.c.conversation == conversation.number, changes.c.kind.in_(kinds), named)
        .order_by(changes.c.sequence.desc())
        .limit(limit)
    )
    with store.reading() as connection:
        rows = connection.execute(query).all()
    return [LoggedChange(row.sequence, row.kind, row.payload, as_time(row.made_at)) for row in rows]


def logged(store: Store, conversation: Conversation, sequences: Sequence[int]) -> list[LoggedChange]:
    """Return the changes with these sequences, oldest first."""
    here = (changes.c.conversation == conversation.number) & changes.c.sequence.in_(list(sequences))
    with store.reading() as connection:
        rows = connection.execute(select(changes).where(here).order_by(changes.c.sequence)).all()
    return [LoggedChange(row.sequence, row.kind, row.payload, as_time(row.made_at)) for row in rows]


def lock(connection: Connection, conversation_number: int) -> RowMapping:
    """Return the conversation's row and hold it to the end: so commit order is sequence order."""
    row = connection.execute(_SELECT_AND_LOCK, {"here": conversation_number}).mappings().first()
    if row is None:
        raise NotFoundError(f"no conversation with number {conversation_number}")
    return row


def log_changes(
    connection: Connection, conversation_number: int, entries: list[tuple[str, dict[str, Any]]]
) -> int:
    """Append changes that are no votes to a locked conversation's log; return the sequence reached."""
    sequence = _update(connection, conversation_number, sequence=conversations.c.sequence + len(entries))
    first, made_at = sequence - len(entries) + 1, now_seconds()
    by = {"by": acting_by.get()} if acting_by.get() else {}
    rows = [
        {"conversation": conversation_number, "sequence": first + place, "kind": kind, "payload": payload | by,
         "made_at": made_at}
        for place, (kind, payload) in enumerate(entries)
    ]  # fmt: skip
    connection.execute(insert(changes), rows)
    return sequence


def _update(connection: Connection, conversation_number: int, **values: Any) -> int:
    """Change columns of a locked conversation; return its sequence."""
    query = update(conversations).where(conversations.c.number == conversation_number).values(values)
    return connection.execute(query.returning(conversations.c.sequence)).scalar_one()


def new_id() -> ConversationId:
    """Return a random id; it starts with a digit because Polis's clients expect one."""
    return ConversationId("7" + "".join(secrets.choice(_ID_CHARACTERS) for _ in range(_ID_LENGTH)))


def conversation_of(row: RowMapping) -> Conversation:
    """Return a row as a record."""
    return Conversation(
        number=row["number"],
        id=ConversationId(row["id"]),
        tenant=row["tenant"],
        question=row["question"],
        description=row["description"],
        language=row["language"],
        is_open=row["is_open"],
        is_test=row["is_test"],
        settings=row["settings"],
        sequence=row["sequence"],
        created_at=as_time(row["created_at"]),
    )

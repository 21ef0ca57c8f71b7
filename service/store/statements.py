"""Statements: add, list, moderate."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import count

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from clustering.vocabulary import StatementId
from service.store import participants
from service.store.clock import as_time, now_seconds
from service.store.conversations import lock, log_changes
from service.store.database import Store
from service.store.errors import AlreadyExistsError, NotFoundError
from service.store.platform_records import Event, HashedParticipant
from service.store.records import (
    Conversation,
    NewStatement,
    StatementChange,
    StatementRecord,
    StatementState,
)
from service.store.tables import conversations, statements
from service.store.tables import participants as participants_table
from service.store.webhooks import announce

MOST_IDS = 20_000
"""Statements whose id a process remembers by their number."""

# Made once: building it for every vote took longer than running it.
_SELECT_BY_NUMBER = select(statements).where(
    statements.c.conversation == bindparam("here"), statements.c.number == bindparam("number")
)


def add(store: Store, conversation: Conversation, new: list[NewStatement]) -> list[StatementRecord]:
    """Add all or none; raises `AlreadyExistsError` naming the ids that are taken."""
    if not new:
        return []
    with store.writing() as connection:
        return add_within(connection, conversation.number, new)


def add_within(
    connection: Connection, conversation_number: int, new: list[NewStatement]
) -> list[StatementRecord]:
    """Add statements in a transaction that goes on to do more."""
    first, created_at = lock(connection, conversation_number)["n_statements"], now_seconds()
    ids = _ids(connection, conversation_number, new, first)
    rows = [
        {"conversation": conversation_number, "number": number, "id": id_text, "text": one.text,
         "state": one.state.value, "is_meta": one.is_meta, "language": one.language, "created_at": created_at,
         "reason": "", "translations": {}, "author_hash": None if one.author is None else one.author.digest}
        for number, id_text, one in zip(count(first), ids, new, strict=False)
    ]  # fmt: skip
    try:
        connection.execute(insert(statements), rows)
    except IntegrityError:
        raise AlreadyExistsError("a statement with one of these ids exists already") from None
    here = conversations.c.number == conversation_number
    connection.execute(update(conversations).where(here).values(n_statements=first + len(rows)))
    entries = [("statement-added", {"statement": row["id"], "state": row["state"]}) for row in rows]
    log_changes(connection, conversation_number, entries)
    for row in rows:
        if row["author_hash"] is not None:
            told = {"statement": row["id"], "state": row["state"]}
            announce(connection, conversation_number, Event.STATEMENT_SUBMITTED, told)
    return [statement_of(row) for row in rows]


def list_all(
    store: Store, conversation: Conversation, *, after: int | None = None, limit: int | None = None
) -> list[StatementRecord]:
    """Return statements in any state by number, those after number `after`; all of them without a limit."""
    query = (
        select(statements).where(statements.c.conversation == conversation.number).order_by(statements.c.number)
    )
    if after is not None:
        query = query.where(statements.c.number > after)
    with store.reading() as connection:
        return [statement_of(row) for row in connection.execute(query.limit(limit)).mappings()]


def known_ids(store: Store, conversation: Conversation, ids: Iterable[StatementId]) -> set[StatementId]:
    """Return those of the ids that name a statement of the conversation, in any state."""
    here = (statements.c.conversation == conversation.number) & statements.c.id.in_(list(ids))
    with store.reading() as connection:
        return {
            StatementId(found) for found in connection.execute(select(statements.c.id).where(here)).scalars()
        }


def by_ids(
    store: Store, conversation: Conversation, ids: Iterable[StatementId]
) -> dict[StatementId, StatementRecord]:
    """Return id → statement of those ids that name one, in any state."""
    here = (statements.c.conversation == conversation.number) & statements.c.id.in_(list(ids))
    with store.reading() as connection:
        rows = connection.execute(select(statements).where(here)).mappings()
        return {one.id: one for one in map(statement_of, rows)}


def own(
    store: Store, conversation: Conversation, participant_id: str | HashedParticipant
) -> list[StatementRecord]:
    """Return the statements that a participant wrote, in any state, by number."""
    author = statements.c.author_hash == participants.id_hash(store, conversation, participant_id)
    query = select(statements).where(statements.c.conversation == conversation.number, author)
    with store.reading() as connection:
        return [statement_of(row) for row in connection.execute(query.order_by(statements.c.number)).mappings()]


def authors(
    store: Store, conversation: Conversation, numbers: Sequence[int] | None = None
) -> dict[int, int | None]:
    """Return statement number → number of the participant who wrote it; None for one who never voted.

    What the organiser wrote is not in it. Of all statements, or only of those with the given numbers.
    """
    wrote = (participants_table.c.conversation == statements.c.conversation) & (
        participants_table.c.id_hash == statements.c.author_hash
    )
    query = (
        select(statements.c.number, participants_table.c.number.label("author"))
        .outerjoin(participants_table, wrote)
        .where(statements.c.conversation == conversation.number, statements.c.author_hash.is_not(None))
    )
    if numbers is not None:
        query = query.where(statements.c.number.in_(list(numbers)))
    with store.reading() as connection:
        return {row.number: row.author for row in connection.execute(query)}


def find(store: Store, conversation: Conversation, number: int) -> StatementRecord:
    """Return the statement with this number. Raises `NotFoundError`."""
    return find_with_origin(store, conversation, number)[0]


@lru_cache(maxsize=MOST_IDS)
def id_of(store: Store, conversation_number: int, number: int) -> StatementId:
    """Return the id of the statement with this number, which never becomes another's. Raises `NotFoundError`.

    It may have been hidden or erased since this process first asked.
    """
    with store.reading() as connection:
        this = {"here": conversation_number, "number": number}
        row = connection.execute(_SELECT_BY_NUMBER, this).mappings().first()
    if row is None:
        raise NotFoundError(f"no statement number {number} in this conversation")
    return StatementId(row["id"])


def find_with_origin(store: Store, conversation: Conversation, number: int) -> tuple[StatementRecord, bool]:
    """Return the statement with this number, and whether a participant wrote it. Raises `NotFoundError`."""
    with store.reading() as connection:
        this = {"here": conversation.number, "number": number}
        row = connection.execute(_SELECT_BY_NUMBER, this).mappings().first()
    if row is None:
        raise NotFoundError(f"no statement number {number} in this conversation")
    return statement_of(row), row["author_hash"] is not None


def moderate(
    store: Store,
    conversation: Conversation,
    statement_id: str,
    *,
    state: StatementState | None = None,
    is_meta: bool | None = None,
) -> StatementRecord:
    """Change one statement's state; raises `NotFoundError`."""
    change = StatementChange(StatementId(statement_id), state=state, is_meta=is_meta)
    return moderate_all(store, conversation, [change])[0]


def moderate_all(
    store: Store, conversation: Conversation, wanted: Sequence[StatementChange]
) -> list[StatementRecord]:
    """Change statements, all or none; the sequence moves with each that a map could show differently.

    What stood before goes into the log of changes, so that a decision can be undone.

    Raises
    ------
    NotFoundError
        Naming the first that isn't there.
    """
    with store.writing() as connection:
        lock(connection, conversation.number)
        return [_changed(connection, conversation, change) for change in wanted]


def _changed(connection: Connection, conversation: Conversation, change: StatementChange) -> StatementRecord:
    this = (statements.c.conversation == conversation.number) & (statements.c.id == change.id)
    before = connection.execute(select(statements).where(this)).mappings().first()
    if before is None:
        raise NotFoundError(f"no statement {change.id!r:.60} in this conversation")
    given = {
        "state": None if change.state is None else change.state.value,
        "is_meta": change.is_meta,
        "text": change.text,
        "reason": change.reason,
        "translations": None if change.translations is None else dict(change.translations),
    }
    altered = {name: value for name, value in given.items() if value is not None and value != before[name]}
    if altered:
        connection.execute(update(statements).where(this).values(altered))
        was = {name: before[name] for name in altered}
        entry = ("statement-moderated", {"statement": before["id"], **altered, "before": was})
        log_changes(connection, conversation.number, [entry])
    return statement_of(dict(before) | altered)


def _ids(connection: Connection, conversation_number: int, new: list[NewStatement], first: int) -> list[str]:
    """Return every new statement's id: the given one, or else the first free whole number from its own on."""
    if all(one.id for one in new):
        return [str(one.id) for one in new]
    here = statements.c.conversation == conversation_number
    taken = set(connection.execute(select(statements.c.id).where(here)).scalars())
    taken.update(one.id for one in new if one.id)
    ids = []
    for number, one in enumerate(new, start=first):
        ids.append(one.id or next(text for text in map(str, count(number)) if text not in taken))
        taken.add(ids[-1])
    return ids


def statement_of(row: RowMapping | dict) -> StatementRecord:
    """Return a row as a record."""
    return StatementRecord(
        number=row["number"],
        id=StatementId(row["id"]),
        text=row["text"],
        state=StatementState(row["state"]),
        is_meta=row["is_meta"],
        language=row["language"],
        created_at=as_time(row["created_at"]),
        reason=row["reason"],
        translations=row["translations"],
    )

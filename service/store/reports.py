"""Reports that were made of conversations: an id to hand out, a name, and what its maker calls the axes."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.exc import IntegrityError

from service.store.clock import now_seconds
from service.store.conversations import conversation_of
from service.store.database import Store
from service.store.errors import AlreadyExistsError, NotFoundError
from service.store.outside_tables import reports
from service.store.records import Conversation
from service.store.tables import conversations

_ID_CHARACTERS = "0123456789abcdefghjkmnprstuvwxyz"
_ID_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Report:
    """A report of a conversation; times in seconds since 1970."""

    id: str
    conversation: Conversation
    name: str
    settings: Mapping[str, Any]
    created_at: int
    modified_at: int


def create(store: Store, conversation: Conversation, *, name: str = "", report_id: str | None = None) -> Report:
    """Make a report with a random id, `r` and 20 characters, or the one it had elsewhere.

    Raises
    ------
    AlreadyExistsError
        When a given id is taken.
    """
    report_id = report_id or "r" + "".join(secrets.choice(_ID_CHARACTERS) for _ in range(_ID_LENGTH))
    now = now_seconds()
    row = {"id": report_id, "conversation": conversation.number, "name": name, "settings": {},
           "created_at": now, "modified_at": now}  # fmt: skip
    with store.writing() as connection:
        try:
            connection.execute(insert(reports).values(row))
        except IntegrityError:
            raise AlreadyExistsError(f"report {report_id} exists already") from None
    return Report(report_id, conversation, name, {}, now, now)


def find(store: Store, report_id: str) -> Report:
    """Return a report and its conversation; raises `NotFoundError`."""
    query = select(reports).where(reports.c.id == report_id)
    with store.reading() as connection:
        row = connection.execute(query).mappings().first()
        if row is None:
            raise NotFoundError("no report with this id")
        here = conversations.c.number == row["conversation"]
        about = connection.execute(select(conversations).where(here)).mappings().one()
    return _report(row, conversation_of(about))


def list_all(store: Store, conversation: Conversation) -> Sequence[Report]:
    """Return a conversation's reports, oldest first."""
    query = select(reports).where(reports.c.conversation == conversation.number)
    with store.reading() as connection:
        rows = connection.execute(query.order_by(reports.c.created_at, reports.c.id)).mappings()
        return [_report(row, conversation) for row in rows]


def change(store: Store, report: Report, *, name: str | None, settings: Mapping[str, Any]) -> Report:
    """Change a report's name and those of its settings that are given."""
    values = {"settings": dict(report.settings) | dict(settings), "modified_at": now_seconds()}
    if name is not None:
        values["name"] = name
    with store.writing() as connection:
        connection.execute(update(reports).where(reports.c.id == report.id).values(values))
    return find(store, report.id)


def _report(row: RowMapping, conversation: Conversation) -> Report:
    return Report(row["id"], conversation, row["name"], row["settings"], row["created_at"], row["modified_at"])

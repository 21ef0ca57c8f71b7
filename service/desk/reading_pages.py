"""What pages about a map have in common: which map the address asks for, and addresses that keep to it."""

from flask import request, url_for

from service.desk.reading_maps import ReadMap, read_map
from service.parts import parts
from service.store.errors import NotFoundError
from service.store.records import Conversation

MOST_DIGITS = 15


def asked_map(conversation: Conversation, name: str = "version") -> ReadMap:
    """Return the map that the address asks for, or the one people see now.

    Raises
    ------
    NotFoundError
        When the address asks for one that isn't kept.
    """
    asked = request.args.get(name, "")
    if not asked:
        return read_map(parts().store, conversation)
    if not (asked.isascii() and asked.isdigit() and len(asked) <= MOST_DIGITS):
        raise NotFoundError("no such map is kept")
    return read_map(parts().store, conversation, int(asked))


def asked_version(read: ReadMap) -> int | None:
    """Return what links carry on, so that a reader of an earlier map stays with it."""
    return None if read.is_current else read.sequence


def page_address(endpoint: str, conversation: Conversation, **values: object) -> str:
    """Return the path of a page about a conversation; values that are nothing or empty are left out."""
    given = {name: value for name, value in values.items() if value not in (None, "")}
    return url_for(f"desk.{endpoint}", conversation=conversation.id, **given)  # type: ignore[arg-type]

"""Pages of statements: all of them to sort and filter, each by itself, and a table to download."""

from urllib.parse import urlencode

from flask import Response, request, url_for

from service.desk.answering import desk_answer
from service.desk.beeswarm import beeswarm
from service.desk.entering import Visit, desk_page
from service.desk.explorer import KINDS, SORTS, Row, rows_of, wanted, wish_of
from service.desk.group_labels import labels_of
from service.desk.reading_maps import ReadMap
from service.desk.reading_pages import asked_map, asked_version, page_address
from service.desk.report import has_chance_groups
from service.desk.statement_table import statement_cells
from service.exports.cells import table
from service.pages.colours import LOOKS
from service.parts import parts
from service.store import statements
from service.store.desk_records import Role
from service.store.errors import NotFoundError
from service.store.records import UNKNOWN_LANGUAGE, Conversation

AT_ONCE = 200
"""Statements listed at once."""

MOST_LISTED = 2_000


@desk_page("/conversations/<conversation>/statements", Role.VIEWER)
def statements_page(visit: Visit) -> Response:
    """Show all statements, those asked for, in the order asked for."""
    conversation, read = visit.conversation, asked_map(visit.conversation)
    rows, letters = _rows(conversation, read), _letters(read)
    wish = wish_of(request.args, letters)
    found = wanted(rows, wish)
    n_shown = _n_shown()
    return desk_answer(
        visit,
        "statements.html",
        rows=found[:n_shown],
        n_rows=len(rows),
        n_found=len(found),
        swarm=beeswarm([one for one in rows if one.is_counted]),
        wish=wish,
        version=asked_version(read),
        csv_address=page_address("statements_file", conversation, **_asked()),
        more_address=_more(conversation, n_shown) if len(found) > n_shown < MOST_LISTED else None,
        n_more=min(AT_ONCE, len(found) - n_shown),
        **_shared(conversation, read, letters),
    )


@desk_page("/conversations/<conversation>/statements.csv", Role.VIEWER)
def statements_file(visit: Visit) -> Response:
    """Send the statements asked for, with every number, as a table for spreadsheets."""
    read = asked_map(visit.conversation)
    letters = _letters(read)
    rows = wanted(_rows(visit.conversation, read), wish_of(request.args, letters))
    response = Response(b"".join(table(statement_cells(rows, letters))), mimetype="text/csv")
    name = f"statements-{visit.conversation.id}-{read.sequence}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@desk_page("/conversations/<conversation>/statements/<statement>", Role.VIEWER)
def statement_page(visit: Visit, statement: str) -> Response:
    """Show one statement: its votes by group, and what is sure of it.

    Raises
    ------
    NotFoundError
        When the conversation has no such statement.
    """
    conversation, read = visit.conversation, asked_map(visit.conversation)
    row = next((one for one in _rows(conversation, read) if one.id == statement), None)
    if row is None:
        raise NotFoundError("no such statement")
    certainty = read.document["certainty"]
    judged = [] if certainty is None or has_chance_groups(certainty["verdict"]) else certainty["groups"]
    version = asked_version(read)
    return desk_answer(
        visit,
        "statement.html",
        row=row,
        marked=[
            group["group"]
            for group in judged
            if any(one["statement"] == row.id for one in group["representative_statements"])
        ],
        back_address=page_address("statements_page", conversation, version=version),
        map_address=page_address("map_page", conversation, version=version, statement=row.id),
        edit_address=url_for("desk.edit_page", conversation=conversation.id, number=row.number),
        **_shared(conversation, read, _letters(read)),
    )


def _rows(conversation: Conversation, read: ReadMap) -> list[Row]:
    language = "" if conversation.language == UNKNOWN_LANGUAGE else conversation.language
    document = read.document
    if not _letters(read):
        document = document | {"groups": []}
    return rows_of(document, statements.list_all(parts().store, conversation), language=language)


def _letters(read: ReadMap) -> list[str]:
    """Return the letters of the groups; none where those on the map are chance."""
    certainty = read.document["certainty"]
    if certainty is not None and has_chance_groups(certainty["verdict"]):
        return []
    return [group["group"] for group in read.document["groups"]]


def _shared(conversation: Conversation, read: ReadMap, letters: list[str]) -> dict:
    version = asked_version(read)

    def statement_address(statement: str) -> str:
        return page_address("statement_page", conversation, statement=statement, version=version)

    return {
        "letters": letters,
        "kinds": KINDS,
        "sorts": SORTS,
        "labels": labels_of(conversation),
        "looks": LOOKS,
        "statement_address": statement_address,
    }


def _asked() -> dict[str, str]:
    """Return what the address asks for, for links that keep to it."""
    names = ("kind", "group", "sort", "find", "version")
    return {name: request.args[name] for name in names if request.args.get(name)}


def _n_shown() -> int:
    asked = request.args.get("most", "")
    n_shown = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else AT_ONCE
    return min(max(AT_ONCE, n_shown), MOST_LISTED)


def _more(conversation: Conversation, n_shown: int) -> str:
    query = urlencode(_asked() | {"most": n_shown + AT_ONCE})
    return f"{page_address('statements_page', conversation)}?{query}#list"

"""What the map page is filled with: the map, a chosen group or statement, and the maps that were kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.desk.reading_maps import ALL, ReadMap
from service.desk.shares import Shares, shares_by_statement
from service.pages.map_page import MapPage, map_page
from service.pages.shown_statement import ShownStatement
from service.store import map_versions, statements
from service.store.analysis_records import MapVersion
from service.store.database import Store
from service.store.records import UNKNOWN_LANGUAGE, Conversation

MOST_KEPT = 400
"""Kept maps to choose from: the newest; older ones are a day apart or more."""


@dataclass(frozen=True, slots=True)
class BubbleRow:
    """A bubble of the map as a line of a table; of nobody's group on a map without groups."""

    group: str | None
    x: float
    y: float
    n_participants: int
    radius: float


@dataclass(frozen=True, slots=True)
class DeskMap:
    """Everything the map's page shows.

    Attributes
    ----------
    map
        Which map it is.
    page
        What the public page says of it.
    by_statement
        The shares of every statement, by group unless they are chance, and of everybody.
    bubbles
        Every bubble, for the table and the download.
    versions
        Kept maps, oldest first.
    """

    map: ReadMap
    page: MapPage
    by_statement: Mapping[str, tuple[Shares, ...]]
    bubbles: tuple[BubbleRow, ...]
    versions: Sequence[MapVersion]


def desk_map(store: Store, conversation: Conversation, read: ReadMap) -> DeskMap:
    """Return what the map's page shows of a map.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    language = "" if conversation.language == UNKNOWN_LANGUAGE else conversation.language
    page = map_page(read.document, statements.list_all(store, conversation), language=language)
    by_statement = shares_by_statement(read.document)
    if not page.groups:
        by_statement = {statement: found[-1:] for statement, found in by_statement.items()}
    kept = map_versions.list_all(store, conversation, after=None, limit=ALL)
    return DeskMap(
        map=read,
        page=page,
        by_statement=by_statement,
        bubbles=bubble_rows(read.document, has_groups=bool(page.groups)),
        versions=kept[-MOST_KEPT:],
    )


def bubble_rows(document: Mapping[str, Any], *, has_groups: bool) -> tuple[BubbleRow, ...]:
    """Return every bubble of a map, by group; without letters where there are no groups."""
    of_groups = [(group["group"], one) for group in document["groups"] for one in group["bubbles"]]
    found = of_groups or [(None, one) for one in document.get("bubbles", [])]
    return tuple(
        BubbleRow(letter if has_groups else None, one["x"], one["y"], one["n_participants"], one["radius"])
        for letter, one in found
    )


def chosen_statement(shown: MapPage, asked: str) -> ShownStatement | None:
    """Return the statement that somebody asks for, if the map has it and its text may be shown."""
    found = shown.by_id.get(asked)
    return found if found is not None and found.text is not None else None

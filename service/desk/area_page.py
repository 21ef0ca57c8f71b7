"""The page of a part of the map: what the people in it have in common."""

from flask import Response, request

from service.desk.answering import desk_answer
from service.desk.area import area
from service.desk.entering import Visit, desk_page
from service.desk.map_pages import drawn_values
from service.desk.map_values import DeskMap, desk_map
from service.desk.reading_maps import read_map
from service.desk.reading_pages import page_address
from service.pages.drawing import Drawing, Point
from service.parts import parts
from service.store import statements
from service.store.desk_records import Role
from service.store.errors import NotFoundError

SIDES = {"left": 0, "right": 100, "bottom": 0, "top": 100}
"""Ends of a range, in hundredths of the drawing from its left and its bottom; what they are unasked."""

MOST_CORNERS = 200
MOST_CHARACTERS = 4_000


@desk_page("/conversations/<conversation>/map/area", Role.VIEWER)
def area_page(visit: Visit) -> Response:
    """Show what people in a part of the map have in common: drawn by hand, or a range of each axis.

    Raises
    ------
    NotFoundError
        When there is nothing to draw yet.
    """
    conversation, store = visit.conversation, parts().store
    found: DeskMap = desk_map(store, conversation, read_map(store, conversation))
    drawing = found.page.drawing
    if drawing is None:
        raise NotFoundError("there is nothing to draw yet")
    sides = {name: _hundredth(name, otherwise) for name, otherwise in SIDES.items()}
    corners = _corners() or _rectangle(drawing, sides)
    records = statements.list_all(store, conversation)
    return desk_answer(
        visit,
        "area.html",
        found=found,
        sides=sides,
        is_asked=any(name in request.args for name in (*SIDES, "corners")),
        line=" ".join(f"{x:g},{y:g}" for x, y in corners),
        area=area(store, conversation, records, frame=drawing.frame, corners=corners),
        back_address=page_address("map_page", conversation),
        statement_address=lambda one: page_address("statement_page", conversation, statement=one),
        **drawn_values(visit, found),
    )


def _hundredth(name: str, otherwise: int) -> int:
    asked = request.args.get(name, "")
    return min(int(asked), 100) if asked.isascii() and asked.isdigit() and len(asked) < 4 else otherwise


def _rectangle(drawing: Drawing, sides: dict[str, int]) -> list[Point]:
    """Return the corners of a range of each axis; up is up, though a drawing counts downwards."""
    across, along = drawing.width / 100, drawing.height / 100
    left, right = sorted((sides["left"] * across, sides["right"] * across))
    top, bottom = sorted(((100 - sides["top"]) * along, (100 - sides["bottom"]) * along))
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _corners() -> list[Point]:
    """Return the corners of what was drawn by hand, in the drawing's units; none if that is no area."""
    asked = request.args.get("corners", "")[:MOST_CHARACTERS].split()[:MOST_CORNERS]
    found = []
    for corner in asked:
        x, comma, y = corner.partition(",")
        if not comma or not _is_number(x) or not _is_number(y):
            return []
        found.append((float(x), float(y)))
    return found if len(found) > 2 else []


def _is_number(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).removeprefix("-").isdigit() and len(text) < 12

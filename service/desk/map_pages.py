"""The page of the map, its picture and its table; what the groups are called; two kept maps compared."""

from flask import Response, render_template, request, url_for
from markupsafe import Markup

from service.actions.change_conversation import change_conversation
from service.actions.compare_maps import compare_maps
from service.desk.answering import desk_answer, to_page
from service.desk.declaring import desk
from service.desk.entering import Visit, desk_page
from service.desk.group_labels import MOST_CHARACTERS, is_letter, labels_of, with_labels
from service.desk.map_values import BubbleRow, DeskMap, chosen_statement, desk_map
from service.desk.reading_maps import ReadMap, read_map
from service.desk.reading_pages import asked_map, asked_version, page_address
from service.desk.report_values import desk_verdict, figure_values
from service.exports.cells import table
from service.pages.colours import BACKGROUND, INK, MUTED
from service.parts import parts
from service.store import map_versions
from service.store.analysis_records import MapVersion
from service.store.desk_records import Role
from service.store.errors import NotFoundError
from service.store.records import Conversation


@desk_page("/conversations/<conversation>/map", Role.VIEWER)
def map_page(visit: Visit) -> Response:
    """Show the map people see now, or a kept one; and the votes of a group or on a statement, if asked."""
    conversation, read = visit.conversation, asked_map(visit.conversation)
    found = desk_map(parts().store, conversation, read)
    letters = [group.letter for group in found.page.groups]
    group = request.args.get("group", "")
    version = asked_version(read)
    addresses = {
        name: page_address(endpoint, conversation, version=version)
        for name, endpoint in (
            ("svg_address", "map_picture"),
            ("csv_address", "map_file"),
            ("statements_address", "statements_page"),
        )
    }
    return desk_answer(
        visit,
        "map.html",
        found=found,
        chosen_group=next((one for one in found.page.groups if one.letter == group), None),
        chosen=chosen_statement(found.page, request.args.get("statement", "")),
        letters=letters,
        version=version,
        map_address=lambda **values: page_address("map_page", conversation, version=version, **values),
        statement_address=lambda one: page_address(
            "statement_page", conversation, statement=one, version=version
        ),
        what_if_address=page_address("what_if_page", conversation),
        area_address=page_address("area_page", conversation),
        compare_address=page_address("compare_page", conversation),
        labels_address=page_address("keep_group_labels", conversation),
        longest_label=MOST_CHARACTERS,
        **addresses,
        **drawn_values(visit, found),
    )


@desk_page("/conversations/<conversation>/map.svg", Role.VIEWER)
def map_picture(visit: Visit) -> Response:
    """Send the map as a picture that stands alone: with its finding, its source and its date."""
    conversation, read = visit.conversation, asked_map(visit.conversation)
    found = desk_map(parts().store, conversation, read)
    if found.page.drawing is None:
        raise NotFoundError("there is nothing to draw yet")
    picture = render_template(
        "desk/map.svg",
        words=visit.words,
        conversation=conversation,
        caption=_caption(visit, found),
        colours={"paper": BACKGROUND["light"], "ink": INK["light"], "muted": MUTED["light"]},
        **drawn_values(visit, found),
    )
    response = Response(picture, mimetype="image/svg+xml")
    response.headers["Content-Disposition"] = f'inline; filename="{_file_name(conversation, read)}.svg"'
    return response


@desk_page("/conversations/<conversation>/map.csv", Role.VIEWER)
def map_file(visit: Visit) -> Response:
    """Send every bubble of the map as a table."""
    read = asked_map(visit.conversation)
    found = desk_map(parts().store, visit.conversation, read)
    head = ("group", "x", "y", "n_participants", "radius")
    response = Response(b"".join(table([head, *map(_cells, found.bubbles)])), mimetype="text/csv")
    name = f"{_file_name(visit.conversation, read)}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@desk_page("/conversations/<conversation>/map/labels", Role.MODERATOR, method="POST")
def keep_group_labels(visit: Visit) -> Response:
    """Keep what the groups are called; an empty field takes a name away."""
    labels = {
        letter: " ".join(text.split())[:MOST_CHARACTERS]
        for name, text in request.form.items()
        if is_letter(letter := name.removeprefix("label-")) and name != letter and text.isprintable()
    }
    changes = {"settings": lambda settings: with_labels(settings, labels)}
    change_conversation(parts().store, parts().map_requests, visit.conversation, changes)
    return to_page(page_address("map_page", visit.conversation) + "#labels")


@desk_page("/conversations/<conversation>/map/compare", Role.VIEWER)
def compare_page(visit: Visit) -> Response:
    """Show what became of the groups between two kept maps, and which shares moved."""
    conversation = visit.conversation
    asked = sorted(_sequence(conversation, name) for name in ("from", "to"))
    before, now = (map_versions.find(parts().store, conversation, one) for one in asked)
    read = {one.sequence: _found(conversation, one) for one in (before, now)}
    return desk_answer(
        visit,
        "compare.html",
        before=before,
        now=now,
        found_before=read[before.sequence],
        found_now=read[now.sequence],
        differences=compare_maps(before, now),
        back_address=page_address("map_page", conversation),
        labels=labels_of(conversation),
        values=lambda one: drawn_values(visit, one),
        texts=read[now.sequence].page.by_id,
        **{name: value for name, value in drawn_values(visit, read[now.sequence]).items() if name != "labels"},
    )


def drawn_values(visit: Visit, found: DeskMap) -> dict:
    """Return what every template that draws a map is filled with."""
    values = figure_values(found.page, visit.words)
    said = desk_verdict(found.page, visit.words)
    return values | {"page": found.page, "verdict": said, "labels": labels_of(visit.conversation)}


def _cells(bubble: BubbleRow) -> tuple[str | float | int, ...]:
    return bubble.group or "", bubble.x, bubble.y, bubble.n_participants, bubble.radius


def _file_name(conversation: Conversation, read: ReadMap) -> str:
    return f"map-{conversation.id}-{read.sequence}"


def _sequence(conversation: Conversation, name: str) -> int:
    return asked_map(conversation, name).sequence


def _found(conversation: Conversation, version: MapVersion) -> DeskMap:
    return desk_map(parts().store, conversation, read_map(parts().store, conversation, version.sequence))


def _caption(visit: Visit, found: DeskMap) -> str:
    """Return what stands below the picture: the finding, where it comes from, and of when it is."""
    values = drawn_values(visit, found)
    finding = values["verdict"].groups or visit.words(found.page.state)
    address = url_for("pages.group_map_page", conversation=visit.conversation.id, _external=True)
    moment = "" if found.page.published_at is None else visit.words.time(found.page.published_at)
    source = visit.words("dmap_source", question=visit.conversation.question, time=moment, address=address)
    return Markup("{} {}").format(finding, source).unescape()


@desk.app_template_filter("lines_of")
def _lines_of(text: str) -> list[str]:
    """Return the lines of a text, for pictures, where nothing wraps by itself."""
    return str(text).splitlines()

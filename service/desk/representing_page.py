"""The page of who took part beside all residents, with the form for the municipality's own figures."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from service.actions.change_conversation import change_conversation
from service.actions.read_group_map import read_group_map
from service.api.settings_schemas import FIGURES_SETTING
from service.desk.answering import desk_answer, to_page
from service.desk.entering import Visit, desk_page
from service.desk.reading_pages import page_address
from service.desk.report import told_of
from service.desk.representing import representing
from service.pages.map_page import map_page
from service.parts import parts
from service.store import statements
from service.store.about_answers import ABOUT_SETTING
from service.store.desk_records import Role

LARGEST_FIGURE = 1e9


@desk_page("/conversations/<conversation>/representing", Role.VIEWER)
def representing_page(visit: Visit) -> Response:
    """Show who took part beside the figures, and the form for them."""
    return _page(visit, visit.conversation.settings.get(FIGURES_SETTING) or {})


@desk_page("/conversations/<conversation>/representing", Role.MODERATOR, method="POST")
def keep_own_figures(visit: Visit) -> Response:
    """Keep the figures; those of a question left empty are taken away."""
    questions = visit.conversation.settings.get(ABOUT_SETTING) or ()
    given: dict[str, dict[str, Any]] = {}
    is_wrong = False
    for number, question in enumerate(questions):
        for place, option in enumerate(question["options"]):
            text = request.form.get(f"f-{number}-{place}", "").strip()
            if not text:
                continue
            figure = figure_of(text)
            is_wrong |= figure is None
            given.setdefault(question["id"], {})[option["id"]] = text if figure is None else figure
    if is_wrong:
        return _page(visit, given, 422, wrong=True)
    changes = {"settings": lambda settings: dict(settings) | {FIGURES_SETTING: given}}
    change_conversation(parts().store, parts().map_requests, visit.conversation, changes)
    return to_page(page_address("representing_page", visit.conversation))


def figure_of(text: str) -> float | None:
    """Return a number of people or a percentage as people write it, or nothing where it is none.

    Examples
    --------
    >>> figure_of("12.345"), figure_of("12,5"), figure_of("1 200"), figure_of("33 %"), figure_of("-1")
    (12345.0, 12.5, 1200.0, 33.0, None)
    """
    plain = text.removesuffix("%").replace("\u202f", "").replace("\u00a0", "").replace(" ", "")
    whole, _, rest = plain.replace(",", ".").rpartition(".")
    # Three digits after the last mark are thousands, in figures of people.
    if whole and len(rest) == 3:
        plain = f"{whole}{rest}".replace(".", "")
    elif whole:
        plain = f"{whole.replace('.', '')}.{rest}"
    if not plain.isascii() or not plain.replace(".", "", 1).isdigit():
        return None
    figure = float(plain)
    return figure if figure <= LARGEST_FIGURE else None


def _page(visit: Visit, given: Mapping[str, Any], status: int = 200, *, wrong: bool = False) -> Response:
    conversation, store = visit.conversation, parts().store
    records = statements.list_all(store, conversation)
    shown = map_page(
        read_group_map(store, conversation, is_public=False).document, records, language=conversation.language
    )
    written = {
        question: {option: _written(figure) for option, figure in options.items()}
        for question, options in given.items()
    }
    return desk_answer(
        visit,
        "representing.html",
        status,
        questions=conversation.settings.get(ABOUT_SETTING) or (),
        given=written,
        found=representing(store, conversation, told_of(shown, records)),
        wrong=wrong,
        back_address=page_address("report_page", conversation),
    )


def _written(figure: float | str) -> str:
    return figure if isinstance(figure, str) else f"{figure:g}" if figure < 1e6 else f"{figure:.0f}"

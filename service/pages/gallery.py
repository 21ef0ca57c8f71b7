"""A page that shows the element in every state, language and house style, and what it is answered there."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

import orjson
from flask import Blueprint, Response, make_response, redirect, request, url_for

from service.identity.access import public
from service.pages.gallery_answers import EXAMPLES, answer
from service.pages.gallery_states import STATES
from service.pages.routes import html_page, page_words
from service.store.errors import NotFoundError

routes = Blueprint("gallery", __name__)

ELEMENT_LANGUAGES = {
    "nl": "Nederlands",
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "tr": "Türkçe",
    "ar": "العربية",
    "pl": "Polski",
    "uk": "Українська",
    "en-xa": "[Ëñglîšh]",
}
"""What the element speaks, and what each calls itself; the last shows what was left untranslated."""

THEMES = ("auto", "light", "dark")
STYLES = ("plain", "harbour", "heath", "newspaper", "playground")
"""House styles: classes of `gallery.css`."""

ROOMS = ("vote", "part", "results", "trouble")

_ANSWERS = "/widget-gallery/states/<state>/v1/conversations/<example>"


@routes.get("/widget-gallery")
@public
def gallery_page() -> Response:
    """Show the element in the state, the language and the style that were chosen."""
    words = page_words(None)
    state = _chosen("state", STATES)
    names = tuple(STATES)
    at = names.index(state)
    chosen = {
        "state": state,
        "lang": _chosen("lang", ELEMENT_LANGUAGES, words.language),
        "theme": _chosen("theme", THEMES),
        "style": _chosen("style", STYLES),
    }
    example = next((one for one, language in EXAMPLES.items() if language == chosen["lang"]), "example")
    return html_page(
        "gallery.html",
        words,
        chosen=chosen,
        state=STATES[state],
        example=example,
        service=url_for("gallery.gallery_page") + f"/states/{state}",
        rooms={room: [name for name, one in STATES.items() if one.room == room] for room in ROOMS},
        element_languages=ELEMENT_LANGUAGES,
        themes=THEMES,
        styles=STYLES,
        before=names[at - 1] if at else None,
        after=names[at + 1] if at + 1 < len(names) else None,
    )


def _chosen(name: str, offered: Sequence[str] | Mapping[str, Any], otherwise: str | None = None) -> str:
    """Return what the address asks for if it is offered, or else what is shown without asking."""
    asked = request.args.get(name, "")
    return asked if asked in offered else otherwise or next(iter(offered))


@routes.get(_ANSWERS)
@public
def gallery_conversation(state: str, example: str) -> Response:
    """Answer as the service answers for a conversation in this state."""
    return _answered(state, example, "")


@routes.route(f"{_ANSWERS}/<path>", methods=["GET", "POST", "PUT", "DELETE"])
@public
def gallery_answer(state: str, example: str, path: str) -> Response:
    """Answer as the service answers in this state; nothing that is sent is kept."""
    return _answered(state, example, f"/{path}")


@routes.get("/widget-gallery/states/<state>/conversations/<example>/map")
@public
def gallery_map(state: str, example: str) -> Response:
    """Lead to the results in the gallery, where the element names the page of its map."""
    if state not in STATES or example not in EXAMPLES:
        raise NotFoundError("no such state")
    return make_response(redirect(url_for("gallery.gallery_page", state="results", lang=EXAMPLES[example])))


def _answered(state: str, example: str, path: str) -> Response:
    if state not in STATES or example not in EXAMPLES:
        raise NotFoundError("no such state")
    body = request.get_json() if request.method in {"POST", "PUT"} and request.content_length else {}
    without = frozenset(unquote(one) for one in request.headers.get("Without", "").split(","))
    told = answer(STATES[state], example, f"{request.method} {path}", body, without=without)
    status = 201 if request.method == "POST" and path != "/similar-statements" else 200
    return Response(orjson.dumps(told), status=status, mimetype="application/json")

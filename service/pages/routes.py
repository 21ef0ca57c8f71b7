"""The pages' addresses: the group map of a conversation, a start page, and what they are dressed with."""

import hashlib
import re
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from markupsafe import Markup

from service.actions.read_group_map import CurrentMap, read_group_map
from service.api.showing import is_of_platform, shown_to_caller
from service.identity.access import public
from service.pages.assets import ASSETS, asset_address, content_of, digest_of, release
from service.pages.colours import LOOKS
from service.pages.house_style import house_of
from service.pages.map_page import map_page
from service.pages.packing import lasting_answer
from service.pages.shown_statement import ShownStatement
from service.pages.verdict import told, verdict
from service.pages.words import LANGUAGES, Words, words_for
from service.parts import parts
from service.store import conversations, statements
from service.store.errors import NotFoundError
from service.store.records import UNKNOWN_LANGUAGE, Conversation

routes = Blueprint("pages", __name__, template_folder="templates")

_CONVERSATION_ID = re.compile(r"[0-9a-z]{1,64}", re.ASCII)
_NUMBER_KEYS = {
    "n_participants": "n_voted",
    "n_placed": "n_placed",
    "n_statements_counted": "n_statements",
    "n_votes": "n_votes",
}


@routes.get("/")
@public
def start_page() -> Response:
    """Say what this is, and list nothing."""
    words = page_words(None)
    link = Markup('<a href="{}">{}</a>').format("docs", words("start_api_link"))
    return html_page("start.html", words, api_line=words("start_api", link=link))


@routes.get("/conversations/<conversation>/map")
@public
def group_map_page(conversation: str) -> Response:
    """Show the group map of a conversation."""
    if not _CONVERSATION_ID.fullmatch(conversation):
        raise NotFoundError("no such conversation")
    found = conversations.find(parts().store, None, conversation)
    words = page_words(found.language)
    shown = shown_to_caller(found)
    if not shown.is_shown:
        return html_page("hidden.html", words, 409, conversation=found, shown=shown)
    current = read_group_map(parts().store, found, is_public=not is_of_platform(found))
    version = _version(found, current, words)
    if request.if_none_match.contains(version):
        response = Response(status=304)
    else:
        response = _map_response(found, current, words, version)
    response.set_etag(version)
    response.vary.update(["Accept-Language"])
    return response


@routes.get("/assets/<name>")
@public
def asset_file(name: str) -> Response:
    """Send a style sheet, a script or a picture of the pages."""
    if name not in ASSETS:
        raise NotFoundError("no such asset")
    return lasting_answer(content_of(name), ASSETS[name], digest_of(name))


def problem_page(status: int, request_id: str) -> Response:
    """Return the page that tells somebody with a browser that something went wrong."""
    words = page_words(None)
    kind = "problem_not_found" if status == 404 else "problem_other"
    fine = words("problem_id", request_id=request_id) if status >= 500 else None
    return html_page("problem.html", words, status, heading=words(kind), next=words(f"{kind}_next"), fine=fine)


def _map_response(conversation: Conversation, current: CurrentMap, words: Words, version: str) -> Response:
    # HTML's way to say that a text's language is not known is an empty `lang`.
    language = "" if conversation.language == UNKNOWN_LANGUAGE else conversation.language
    values = map_values(conversation, current, words, language)
    return html_page("map.html", words, conversation=conversation, language=language, version=version, **values)


def map_values(conversation: Conversation, current: CurrentMap, words: Words, language: str) -> dict[str, Any]:
    """Return what the template of the group map is filled with.

    Parameters
    ----------
    language
        The conversation's, for texts; empty when it isn't known.
    """
    page = map_page(current.document, statements.list_all(parts().store, conversation), language=language)
    return {
        "page": page,
        "places": {one.id: place for place, one in enumerate(page.statements)},
        "verdict": verdict(page, words, lambda statement: _quoted(statement, words)),
        "sizes": {group.letter: _short_size(group.n_participants, words) for group in page.groups},
        "named": {
            one.against: [words("group", letter=letter) for letter in one.against] for one in page.shared
        },
        "moment": _moment(page.published_at, words),
        "judged_at": _moment(page.certainty.made_at if page.certainty else None, words),
        "told": told,
        "looks": LOOKS,
        "without_full_stop": without_full_stop,
        "number_keys": _NUMBER_KEYS,
        "stamp": current.stamp,
        "data_address": f"../../v1/conversations/{conversation.id}/group-map",
    }


def html_page(template: str, words: Words, status: int = 200, **values: Any) -> Response:
    """Return a page made of a template, in a reader's words; a conversation's has its organisation's look."""
    conversation: Conversation | None = values.get("conversation")
    house = None if conversation is None else house_of(conversation.tenant)
    html = render_template(
        template, words=words, languages=LANGUAGES.values(), asset=asset_address, house=house, **values
    )
    response = make_response(html, status)
    response.headers["Content-Language"] = words.language
    return response


def page_words(conversation_language: str | None) -> Words:
    """Return the words to speak to whoever made this request."""
    return words_for(
        wanted=request.args.get("lang"),
        conversation=conversation_language,
        accepted=[tag for tag, _ in request.accept_languages],
    )


def _version(conversation: Conversation, current: CurrentMap, words: Words) -> str:
    """Return what names everything the page shows: another version, another page."""
    house = house_of(conversation.tenant)
    shown = (
        None if house is None else (house.digest, house.name),
        current.stamp,
        current.n_changes_since,
        conversation.question,
        conversation.description,
        conversation.language,
        conversation.is_open,
        words.language,
        release(),
    )
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]


def _quoted(statement: ShownStatement, words: Words) -> Markup:
    text = statement.text or words("hidden_statement")
    return Markup('<bdi lang="{}">{}</bdi>').format(
        statement.language, words("quoted", text=without_full_stop(text))
    )


def without_full_stop(text: str) -> str:
    """Return a sentence as it stands inside another one."""
    return text[:-1] if text.endswith((".", "。")) and not text.endswith("..") else text


def _short_size(n_participants: int | None, words: Words) -> str:
    return "< 5" if n_participants is None else words.number(n_participants)


def _moment(moment: datetime | None, words: Words) -> Markup | None:
    if moment is None:
        return None
    return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(), words.time(moment))

"""How the desk answers: a page made of a template, or the way to another page."""

from typing import Any

from flask import Response, current_app, make_response, redirect, render_template, request

from service.desk.assets import desk_asset
from service.desk.entering import Visit
from service.desk.words import LANGUAGES
from service.identity.openid import provider_name
from service.pages.assets import asset_address
from service.pages.house_style import house_of
from service.pages.words import Words
from service.parts import parts
from service.store.desk_records import Role
from service.store.records import UNKNOWN_LANGUAGE

TABS = (
    ("desk.overview_page", "overview", Role.VIEWER),
    ("desk.moderate_page", "moderate", Role.MODERATOR),
    ("desk.statements_page", "statements", Role.VIEWER),
    ("desk.map_page", "map", Role.VIEWER),
    ("desk.report_page", "report", Role.VIEWER),
    ("desk.paper_page", "paper", Role.MODERATOR),
    ("desk.settings_page", "settings", Role.OWNER),
)
"""A conversation's pages, in the order of its navigation: endpoint, key of its word, role."""


def desk_answer(visit: Visit, template: str, status: int = 200, **values: Any) -> Response:
    """Return a page for somebody who is signed in; nobody keeps it.

    Beside the given values a template finds `visit`, `words`, `mark`, `conversation`, `language` (that of the
    conversation, for `lang`), `asset` and `desk_asset`.
    """
    conversation = visit.opened
    known = conversation is not None and conversation.language != UNKNOWN_LANGUAGE
    language = conversation.language if known and conversation is not None else ""
    return plain_answer(
        visit.words,
        template,
        status,
        visit=visit,
        mark=visit.mark,
        conversation=conversation,
        language=language,
        house=house_of(visit.person.tenant),
        **values,
    )


def plain_answer(words: Words, template: str, status: int = 200, **values: Any) -> Response:
    """Return a page for anybody, signed in or not."""
    settings = parts().settings
    given = {
        "visit": None,
        "conversation": None,
        "house": None,
        "provider": provider_name(settings),
        "has_passwords": settings.desk_passwords,
        **values,
    }
    html = render_template(
        f"desk/{template}",
        words=words,
        languages=LANGUAGES.values(),
        asset=asset_address,
        desk_asset=desk_asset,
        tabs=_tabs,
        here=lambda: request.script_root + request.full_path.rstrip("?"),
        **given,
    )
    response = make_response(html, status)
    response.headers["Content-Language"] = words.language
    return response


def to_page(address: str) -> Response:
    """Return the way to another page, after a form did something: going back sends nothing twice."""
    return make_response(redirect(address, 303))


def own_address(wanted: str | None, otherwise: str) -> str:
    """Return a path of the desk that a form or an address names; anything else could lead to another site."""
    path, root = wanted or "", request.script_root
    inside = path[len(root) :] if root and path.startswith(f"{root}/") else path
    is_ours = inside == "/desk" or inside.startswith(("/desk/", "/desk?"))
    is_safe = is_ours and "\\" not in inside and "//" not in inside and inside.isprintable()
    return f"{root}{inside}" if is_safe else otherwise


def _tabs() -> list[tuple[str, str, Role]]:
    """Return the pages that there are."""
    return [tab for tab in TABS if tab[0] in current_app.view_functions]

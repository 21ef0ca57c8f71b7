"""Addresses that people and pages know from Polis: `/<conversation>`, `/report/<report>` and `/embed.js`."""

from functools import cache
from importlib.resources import files
from typing import Any

from flask import Blueprint, Flask, Response, redirect, render_template_string, request, url_for
from werkzeug.routing import BaseConverter

from service.api.problems import ProblemError
from service.api.taking_part_schemas import SITES_SETTING
from service.identity.access import public
from service.parts import parts
from service.polis_api import rights
from service.store import reports
from service.store.records import Conversation

routes = Blueprint("polis_addresses", __name__)

MAX_AGE_SECONDS = 300

_PAGE = """<!doctype html>
<html lang="{{ language }}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{{ conversation.question }}</title></head>
<body><div class="polis" data-conversation_id="{{ conversation.id }}" data-xid="{{ xid }}"
{%- if ui_lang %} data-ui_lang="{{ ui_lang }}"{% endif %}></div>
<script async src="{{ url_for('polis_addresses.embed_script') }}"></script></body>
</html>
"""
_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors {}"
)


class OutsideId(BaseConverter):
    """An id that starts with a digit, as those of conversations do in Polis: no other address does."""

    regex = "[0-9][0-9a-z]{0,63}"


def register(app: Flask) -> None:
    """Let an app answer at these addresses."""
    app.url_map.converters["outside_id"] = OutsideId
    app.register_blueprint(routes)


@routes.get("/embed.js")
@public
def embed_script() -> Response:
    """Send what fills the `div.polis` of a page of any website."""
    response = Response(_script(), mimetype="text/javascript")
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE_SECONDS}, stale-while-revalidate=86400"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@routes.get("/<outside_id:conversation>")
@public
def conversation_page(conversation: str) -> Response:
    """Lead to the page of taking part; whoever comes with an external id takes part as that."""
    found = rights.shown(conversation)
    xid, ui_lang = request.args.get("xid", ""), request.args.get("ui_lang")
    if xid:
        return _page_for(found, xid, ui_lang)
    said: dict[str, Any] = {"lang": ui_lang} if ui_lang else {}
    # A relative address: no redirect to whatever host a caller names.
    return _redirected(url_for("participating.participate_page", conversation=found.id, **said))


@routes.get("/report/<report_id>")
@public
def report_page(report_id: str) -> Response:
    """Lead to the map of a report's conversation, which shows no more than it shows anybody."""
    if not report_id.isascii() or not report_id.isalnum():
        raise ProblemError("not-found", "there is no report with this id")
    found = reports.find(parts().store, report_id)
    return _redirected(url_for("pages.group_map_page", conversation=found.conversation.id))


def _page_for(conversation: Conversation, xid: str, ui_lang: str | None) -> Response:
    html = render_template_string(
        _PAGE, conversation=conversation, language=conversation.language, xid=xid, ui_lang=ui_lang
    )
    response = Response(html, mimetype="text/html")
    sites = " ".join(conversation.settings.get(SITES_SETTING, ())) or "'none'"
    response.headers["Content-Security-Policy"] = _POLICY.format(sites)
    response.headers["Cache-Control"] = "no-store"
    return response


def _redirected(address: str) -> Response:
    response = redirect(address, 302)
    assert isinstance(response, Response)  # noqa: S101 - werkzeug's own class of answers is the base of Flask's.
    return response


@cache
def _script() -> bytes:
    return files("service.polis_api").joinpath("embed.js").read_bytes()

"""How a conversation gets onto another website: what oEmbed tells, and pages for those who put it there."""

import re
from typing import Any
from urllib.parse import urlsplit

import orjson
from flask import Blueprint, Response, request, url_for
from markupsafe import Markup

from service.api.conversations import public_conversation
from service.api.problems import FieldError, ProblemError
from service.identity.access import public

routes = Blueprint("embedding", __name__)

WIDTH, HEIGHT = 700, 760
"""How large a frame is unless told: room for a statement, its buttons and what stands beneath."""

LEAST_WIDTH, LEAST_HEIGHT = 280, 320
_MOST = 4_000

_ADDRESS = re.compile(r"/conversations/([0-9a-z]{1,64})/(?:participate|map)", re.ASCII)


@routes.get("/oembed")
@public
def oembed() -> Response:
    """Tell a website how to show a conversation whose address somebody pasted.

    *Source*: oEmbed 1.0 (oembed.com), sections 2.2 to 2.4: parameters, the type `rich`, 404 for an address that
    isn't one of ours and 501 for a format that isn't spoken.
    """
    if request.args.get("format", "json") != "json":
        raise ProblemError("not-implemented", "only format=json is spoken")
    conversation = public_conversation(_conversation_in(request.args.get("url", "")))
    width = _at_most("maxwidth", WIDTH, LEAST_WIDTH)
    height = _at_most("maxheight", HEIGHT, LEAST_HEIGHT)
    page = url_for("participating.participate_page", conversation=conversation.id, _external=True)
    # Sites that trust nobody keep only the frame, and put it into a sandbox: it works there too.
    html = Markup(
        '<iframe src="{}" width="{}" height="{}" title="{}" frameborder="0" style="border:0"></iframe>'
    ).format(page, width, height, conversation.question)
    told: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": conversation.question,
        "provider_name": "Poldermodel",
        "provider_url": url_for("pages.start_page", _external=True),
        "cache_age": 3_600,
        "width": width,
        "height": height,
        "html": str(html),
    }
    return Response(orjson.dumps(told), mimetype="application/json")


def _conversation_in(address: str) -> str:
    """Return the conversation that an address of this service leads to."""
    try:
        split = urlsplit(address)
        is_ours = split.scheme in ("http", "https") and split.netloc == request.host
    except ValueError:
        is_ours, split = False, urlsplit("")
    path = split.path.removeprefix(request.script_root) if is_ours else ""
    found = _ADDRESS.fullmatch(path)
    if found is None:
        raise ProblemError("not-found", "this is not the address of a conversation of this service")
    return found[1]


def _at_most(name: str, usual: int, least: int) -> int:
    """Return a size that is no larger than asked for, and not too small to take part in."""
    asked = request.args.get(name)
    if asked is None:
        return usual
    if not asked.isascii() or not asked.isdigit() or not 1 <= int(asked[:9]) <= _MOST:
        raise ProblemError("invalid", "one field is not valid", (FieldError(f"?{name}", "expected pixels"),))
    return max(least, min(usual, int(asked)))

"""What a web team is handed: how a conversation gets onto their pages, to copy, and a page that tries it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, Response, request, url_for

from service.api.conversations import public_conversation
from service.api.problems import ProblemError
from service.api.taking_part_schemas import SITES_SETTING
from service.identity.access import public
from service.pages.routes import html_page, page_words
from service.store.errors import NotFoundError
from service.store.records import Conversation

routes = Blueprint("embedding_guide", __name__)

_MOST_LETTERS = 4_000
"""Of an address or a policy that somebody pasted."""


@dataclass(frozen=True, slots=True)
class Snippets:
    """What there is to copy, filled with this service's own address.

    Attributes
    ----------
    page
        The address of the page of taking part: to link to, to frame, to paste.
    element, frame, link
        HTML.
    policy
        What a Content-Security-Policy needs; `frame_policy` where a frame is used.
    wordpress
        The line that lets WordPress turn pasted addresses into frames.
    identity
        JavaScript that hands over a platform's word.
    """

    page: str
    element: str
    frame: str
    link: str
    policy: str
    frame_policy: str
    wordpress: str
    identity: str


@routes.get("/embedding")
@public
def embedding_page() -> Response:
    """Say how a conversation gets onto a website, with lines to copy."""
    asked = request.args.get("conversation", "")[:_MOST_LETTERS].strip()
    found = _found(asked)
    words = page_words(found.language if found else None)
    return html_page(
        "embedding.html",
        words,
        asked=asked,
        conversation=found,
        is_unknown=bool(asked) and found is None,
        sites=found.settings.get(SITES_SETTING, []) if found else [],
        snippets=snippets(found.id if found else "ID", found.question if found else words("embed_question")),
    )


@routes.get("/embedding/check")
@public
def check_page() -> Response:
    """Try an embedding from the visitor's browser, and say what is in the way."""
    asked = request.args.get("conversation", "")[:_MOST_LETTERS].strip()
    address = request.args.get("site", "")[:_MOST_LETTERS].strip()
    found = _found(asked)
    site = origin_of(address)
    return html_page(
        "embedding_check.html",
        page_words(found.language if found else None),
        asked=asked,
        conversation=found,
        address=address,
        policy=request.args.get("policy", "")[:_MOST_LETTERS],
        site=site,
        is_no_address=bool(address) and site is None,
        service=url_for("pages.start_page", _external=True),
    )


def _found(conversation_id: str) -> Conversation | None:
    try:
        return public_conversation(conversation_id)
    except (NotFoundError, ProblemError):
        return None


def origin_of(address: str) -> str | None:
    """Return the origin of a page's address, or nothing for what is no address of a page.

    Examples
    --------
    >>> origin_of("https://www.Example.org/have-your-say?x=1")
    'https://www.example.org'
    >>> origin_of("www.example.org") is None
    True
    """
    try:
        split = urlsplit(address)
        port = split.port
    except ValueError:
        return None
    if split.scheme not in {"http", "https"} or not split.hostname:
        return None
    usual = {"http": 80, "https": 443}[split.scheme]
    return f"{split.scheme}://{split.hostname}" + (f":{port}" if port not in {None, usual} else "")


def snippets(conversation: str, question: str) -> Snippets:
    """Return what there is to copy for a conversation."""
    page = url_for("participating.participate_page", conversation=conversation, _external=True)
    loader = url_for("widget.widget_file", file="loader.js", _external=True)
    split = urlsplit(loader)
    host = f"{split.scheme}://{split.netloc}"
    script = f'<script src="{loader}" async></script>'
    title = question.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    link = f'<a href="{page}">{title}</a>'
    return Snippets(
        page=page,
        element=f'{script}\n<opinion-widget conversation="{conversation}">\n  {link}\n</opinion-widget>',
        frame=(
            f'<iframe src="{page}" title="{title}"\n'
            f'        style="width: 100%; height: 760px; border: 0"></iframe>\n{script}'
        ),
        link=link,
        policy=f"script-src {host}; connect-src {host}",
        frame_policy=f"script-src {host}; frame-src {host}",
        wordpress=(
            f"wp_oembed_add_provider('{page.replace(f'/{conversation}/', '/*/')}', "
            f"'{url_for('embedding.oembed', _external=True)}');"
        ),
        identity=(
            'const answer = await fetch("/my-site/opinion-token");\n'
            'document.querySelector("opinion-widget").identityToken = await answer.text();'
        ),
    )

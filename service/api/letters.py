"""One-time codes as letters to print: each on a part of its own, with a QR code that a phone reads.

The QR code holds an address whose part after the `#` is the code: browsers never send that part, so that no
server and no log sees a code in an address.
"""

from collections.abc import Iterator
from html import escape
from typing import Annotated
from urllib.parse import quote

import segno
from flask import Response, url_for
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field

from service.api.codes import BatchPath, printable
from service.api.fields import Query
from service.identity.access import needs
from service.identity.caller import Scope
from service.identity.codes import codes_of_batch
from service.parts import parts
from service.store import house_styles
from service.store.platform_records import CodeBatch
from service.store.records import Conversation

AT_ONCE = 200
"""Letters made together, while the page is sent."""

routes = APIBlueprint(
    "letters",
    __name__,
    url_prefix="/v1/conversations/<conversation>/code-batches",
    abp_tags=[{"name": "one-time codes"}],
)

_STYLE = """
@page { size: A4; margin: 15mm }
body { font: 11pt/1.5 system-ui, sans-serif; color: #000; margin: 0 }
section { break-inside: avoid; display: flex; gap: 8mm; align-items: center; padding: 8mm 0 }
section { border-bottom: 1px dashed #888 }
svg { width: 34mm; height: 34mm; flex: none }
p { margin: 0 }
.code { font: 600 16pt/1.4 ui-monospace, monospace; letter-spacing: 1px }
.question { font-weight: 600 }
"""

_WORDS = {
    "nl": ("Scan de code met uw telefoon, of ga naar", "en typ deze code:", "De code werkt één keer."),
    "en": ("Scan the code with your phone, or go to", "and type this code:", "The code works once."),
}


class LettersQuery(Query):
    """How to print."""

    page: Annotated[
        str | None,
        Field(
            pattern=r"^https?://[!$-;=?-~]{1,500}$",
            description="Where people take part; by default this service's own page.",
        ),
    ] = None


@routes.get("/<int:batch>/letters", operation_id="printCodes", responses={200: None})
@needs(Scope.ADMIN)
def get_letters(path: BatchPath, query: LettersQuery) -> Response:
    """Read a finished batch's codes as a page to print, six to a sheet, until the batch is closed."""
    return letters_response(path, query.page)


def letters_response(path: BatchPath, page: str | None) -> Response:
    """Return a batch's letters as a page to print; without an address they lead to this service's own page.

    Raises
    ------
    ProblemError
        When the batch is closed, or not finished yet.
    """
    conversation, batch = printable(path)
    own = url_for("participating.participate_page", conversation=conversation.id, _external=True)
    where = page or own
    store = parts().store
    style = house_styles.find(store, conversation.tenant)
    return Response(
        _page(store.secret, conversation, batch, where, sender="" if style is None else style.name),
        mimetype="text/html",
        headers={
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
            "Cache-Control": "no-store",
        },
    )


def _page(
    secret: bytes, conversation: Conversation, batch: CodeBatch, where: str, *, sender: str
) -> Iterator[str]:
    language = conversation.language if conversation.language in _WORDS else "en"
    yield (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{escape(batch.label)}</title>'
        f"<style>{_STYLE}</style>\n"
    )
    for first in range(0, batch.n_codes, AT_ONCE):
        n_codes = min(AT_ONCE, batch.n_codes - first)
        some = codes_of_batch(secret, conversation, batch.number, first=first, n_codes=n_codes)
        yield "".join(_letter(conversation, code, where, language, sender) for code in some)


def _letter(conversation: Conversation, code: str, where: str, language: str, sender: str) -> str:
    scan, typed, once = _WORDS[language]
    # A code's signs mean nothing in an address, but one that asks what to escape may change them.
    drawn = segno.make(f"{where}#code={quote(code, safe='')}", error="m", micro=False)
    picture = drawn.svg_inline(border=4, omitsize=True)
    return (
        f"<section>{picture}<div>{f'<p>{escape(sender)}</p>' if sender else ''}"
        f'<p class="question">{escape(conversation.question)}</p>'
        f'<p>{scan} <br>{escape(where)}<br> {typed}</p><p class="code">{escape(code)}</p>'
        f"<p>{once}</p></div></section>\n"
    )

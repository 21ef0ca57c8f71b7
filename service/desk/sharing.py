"""How people find a conversation: links, QR codes, what to put into a page of one's own, letters with codes."""

from urllib.parse import quote

import segno
from flask import Response, request, url_for
from markupsafe import Markup

from service.api.codes import BatchPath, start_codes
from service.api.letters import letters_response
from service.desk.answering import desk_answer, to_page
from service.desk.entering import Visit, desk_page
from service.parts import parts
from service.store import codes
from service.store.desk_records import Role

MOST_LETTERS = 10_000


@desk_page("/conversations/<conversation>/share", Role.VIEWER)
def share_page(visit: Visit) -> Response:
    """Show the links, the codes to scan, and what to copy."""
    here = visit.conversation.id
    page = url_for("participating.participate_page", conversation=here, _external=True)
    loader = url_for("widget.widget_file", file="loader.js", _external=True)
    title = visit.words("desk_frame_title")
    tag = f'<opinion-widget conversation="{here}"></opinion-widget>'
    return desk_answer(
        visit,
        "share.html",
        is_new=request.args.get("new") is not None,
        page=page,
        map_address=url_for("pages.group_map_page", conversation=here, _external=True),
        qr=qr_code(page),
        element=f'<script src="{loader}" async></script>\n{tag}',
        frame=f'<iframe src="{page}" title="{title}" width="100%" height="700"></iframe>',
        batches=codes.list_batches(parts().store, visit.conversation) if visit.may(Role.OWNER) else [],
    )


@desk_page("/conversations/<conversation>/code-batches", Role.OWNER, method="POST")
def order_codes(visit: Visit) -> Response:
    """Make codes for letters; the page says when they are ready."""
    typed = request.form.get("n_codes", "").strip()
    if typed.isascii() and typed.isdecimal() and len(typed) < 6 and 1 <= int(typed) <= MOST_LETTERS:
        label = "".join(filter(str.isprintable, request.form.get("label", "")))[:200]
        start_codes(visit.conversation, n_codes=int(typed), label=label)
    return to_page(f"{url_for('desk.share_page', conversation=visit.conversation.id)}#letters")


@desk_page("/conversations/<conversation>/code-batches/<int:batch>/letters", Role.OWNER)
def letters_page(visit: Visit, batch: int) -> Response:
    """Show a batch's letters, to print."""
    path = BatchPath.model_construct(conversation=visit.conversation.id, batch=batch)
    return letters_response(path, None)


@desk_page("/conversations/<conversation>/qr.svg", Role.VIEWER)
def qr_file(visit: Visit) -> Response:
    """Send the QR code as a picture for print."""
    page = url_for("participating.participate_page", conversation=visit.conversation.id, _external=True)
    name = f"qr-{quote(visit.conversation.id)}.svg"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    drawn = segno.make(page, error="m", micro=False)
    return Response(drawn.svg_inline(border=4, scale=10), mimetype="image/svg+xml", headers=headers)


def qr_code(address: str) -> Markup:
    """Return a QR code as a drawing for a page."""
    # Made by segno out of an address of our own: nothing in it is anybody's text.
    return Markup(segno.make(address, error="m", micro=False).svg_inline(border=4, omitsize=True))  # noqa: S704

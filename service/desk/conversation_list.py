"""The desk's first page: the conversations of one's organisation."""

from flask import Response, request

from service.desk.answering import desk_answer
from service.desk.entering import Visit, desk_page
from service.parts import parts
from service.store import conversations, votes
from service.store.desk_records import Role

AT_ONCE = 50
"""Conversations on a page."""


@desk_page("", Role.VIEWER)
def conversations_page(visit: Visit) -> Response:
    """List the conversations, newest first; some of them when somebody searches."""
    store, wanted = parts().store, request.args.get("q", "").strip()[:200].replace("\0", "")
    asked = request.args.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None
    found = conversations.list_latest(
        store, visit.person.tenant, wanted=wanted, before=before, limit=AT_ONCE + 1
    )
    page = found[:AT_ONCE]
    is_long = bool(wanted or before is not None or len(found) > AT_ONCE)
    return desk_answer(
        visit,
        "conversations.html",
        rows=[(one, votes.counts(store, one)) for one in page],
        wanted=wanted,
        is_long=is_long,
        following=page[-1].number if len(found) > AT_ONCE else None,
    )

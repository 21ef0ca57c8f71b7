"""Who changed what, and when: everything but votes, newest first."""

from flask import Response, request

from service.desk.answering import desk_answer
from service.desk.entering import Visit, desk_page
from service.identity.references import reference_of
from service.parts import parts
from service.store import conversations, statements
from service.store.desk_records import Role
from service.store.records import LoggedChange

AT_ONCE = 100


@desk_page("/conversations/<conversation>/log", Role.MODERATOR)
def log_page(visit: Visit) -> Response:
    """Show the log of changes."""
    asked = request.args.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 16 else None
    found = conversations.latest_changes(parts().store, visit.conversation, before=before, limit=AT_ONCE + 1)
    page = found[:AT_ONCE]
    ids = {one.payload["statement"] for one in page if "statement" in one.payload}
    return desk_answer(
        visit,
        "log.html",
        entries=page,
        texts=statements.by_ids(parts().store, visit.conversation, ids),
        references={one.sequence: _reference(visit, one) for one in page if "participant" in one.payload},
        following=page[-1].sequence if len(found) > AT_ONCE else None,
    )


def _reference(visit: Visit, entry: LoggedChange) -> str:
    # Participants' numbers never leave the service.
    number = entry.payload["participant"]
    if not isinstance(number, int):
        return ""
    return reference_of(parts().store.secret, visit.conversation, number)

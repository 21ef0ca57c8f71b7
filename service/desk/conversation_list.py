"""The desk's first page: the conversations of one's organisation."""

from flask import Response

from service.desk.answering import desk_answer
from service.desk.entering import Visit, desk_page
from service.parts import parts
from service.store import conversations, votes
from service.store.desk_records import Role


@desk_page("", Role.VIEWER)
def conversations_page(visit: Visit) -> Response:
    """List the conversations, newest first."""
    found = conversations.list_all(parts().store, visit.person.tenant)
    rows = [(one, votes.counts(parts().store, one)) for one in reversed(found)]
    return desk_answer(visit, "conversations.html", rows=rows)

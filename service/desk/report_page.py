"""The page with the report to a council."""

from flask import Response, url_for

from service.desk.answering import desk_answer
from service.desk.entering import Visit, desk_page
from service.desk.reading_pages import asked_map, asked_version, page_address
from service.desk.report import report
from service.desk.report_values import report_values
from service.parts import parts
from service.store.desk_records import Role


@desk_page("/conversations/<conversation>/report", Role.VIEWER)
def report_page(visit: Visit) -> Response:
    """Show the report on the map people see now, or on a kept one."""
    conversation = visit.conversation
    read = asked_map(conversation)
    language = visit.words.language
    addresses = {
        "permalink": url_for(
            "desk.report_page",
            conversation=conversation.id,
            version=read.sequence,
            lang=language,
            _external=True,
        ),
        "public_address": url_for("pages.group_map_page", conversation=conversation.id, _external=True),
        "data_address": url_for("group_map.get_group_map", conversation=conversation.id, _external=True),
        "representing_address": page_address("representing_page", conversation),
        "statements_address": page_address("statements_page", conversation, version=asked_version(read)),
    }
    found = report(parts().store, conversation, read)
    values = report_values(conversation, found, visit.words)
    return desk_answer(visit, "report.html", 200, **values, **addresses)

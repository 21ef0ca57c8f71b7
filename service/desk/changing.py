"""A conversation's settings: the same fields as at its start, open to change."""

from flask import Response, request, url_for

from service.actions.change_conversation import change_conversation
from service.api.schemas import ChangedConversationBody
from service.desk.answering import desk_answer, to_page
from service.desk.conversation_form import FormError, fields_of, read_fields, sent_fields
from service.desk.entering import Visit, desk_page
from service.parts import parts
from service.store.desk_records import Role


@desk_page("/conversations/<conversation>/settings", Role.OWNER)
def settings_page(visit: Visit) -> Response:
    """Show the settings."""
    saved = request.args.get("saved") is not None
    return desk_answer(visit, "settings.html", fields=fields_of(visit.conversation), wrong=set(), saved=saved)


@desk_page("/conversations/<conversation>/settings", Role.OWNER, method="POST")
def settings_form(visit: Visit) -> Response:
    """Keep changed settings, or say what is wrong with them."""
    fields, conversation = sent_fields(request.form), visit.conversation
    try:
        body = read_fields(ChangedConversationBody, fields, before=conversation)
    except FormError as error:
        return desk_answer(visit, "settings.html", 422, fields=fields, wrong=error.fields, saved=False)
    change_conversation(parts().store, parts().map_requests, conversation, body.changes())
    return to_page(url_for("desk.settings_page", conversation=conversation.id, saved=1))

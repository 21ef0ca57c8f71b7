"""Start a conversation: a question, statements to start with, and what is open to choice."""

from typing import Any

from flask import Response, request, url_for

from service.actions.add_statements import add_statements
from service.api.fields import DEFAULT_STATEMENT_LENGTH
from service.api.schemas import NewConversationBody
from service.desk.answering import desk_answer, to_page
from service.desk.conversation_form import FormError, read_fields, sent_fields
from service.desk.declaring import MAX_FORM_BYTES
from service.desk.entering import Visit, desk_page
from service.desk.seeds import CheckedSeeds, check_seeds, texts_of_file
from service.parts import parts
from service.store import conversations
from service.store.desk_records import Role
from service.store.records import Conversation, NewStatement

_EMPTY: dict[str, Any] = {
    "question": "",
    "description": "",
    "outcome": "",
    "moderation": "before",
    "writers": "participants",
    "required_assurance": "anonymous",
    "results_visible": "always",
    "min_votes_for_results": "5",
    "max_statement_length": str(DEFAULT_STATEMENT_LENGTH),
    "is_open": True,
    "sites": "",
    "about": "",
    "phases": [],
}


@desk_page("/new", Role.OWNER)
def new_page(visit: Visit) -> Response:
    """Show the empty form."""
    return _form(visit, {**_EMPTY, "language": visit.words.language}, seeds="")


@desk_page("/new", Role.OWNER, method="POST")
def new_form(visit: Visit) -> Response:
    """Start the conversation, or say what is wrong; the dry run says what would come of the statements."""
    fields, seeds = sent_fields(request.form), _typed_seeds()
    length = fields["max_statement_length"]
    most = int(length) if length.isdecimal() and length.isascii() and len(length) < 5 else 0
    checked = check_seeds(seeds.splitlines(), most=most or DEFAULT_STATEMENT_LENGTH)
    try:
        body = read_fields(NewConversationBody, fields)
    except FormError as error:
        return _form(visit, fields, seeds=seeds, wrong=error.fields, checked=checked, status=422)
    leaves_out = bool(request.form.get("leave_out"))
    if request.form.get("step") == "check" or (checked.refused and not leaves_out):
        status = 200 if request.form.get("step") == "check" else 422
        return _form(visit, fields, seeds=seeds, checked=checked, status=status)
    made = _made(visit, body, checked)
    return to_page(url_for("desk.share_page", conversation=made.id, new=1))


def _made(visit: Visit, body: NewConversationBody, checked: CheckedSeeds) -> Conversation:
    record = body.record(is_test=bool(request.form.get("is_test")))
    made = conversations.create(parts().store, visit.person.tenant, record)
    new = [NewStatement(text=text, language=made.language) for text in checked.added]
    add_statements(parts().store, parts().map_requests, made, new)
    return made


def _typed_seeds() -> str:
    """Return what was typed, and under it what is in the file: so that it can be seen and mended."""
    typed = request.form.get("seeds", "").replace("\r\n", "\n")
    file = request.files.get("file")
    if file is None or not file.filename:
        return typed
    found = [" ".join(text.split()) for text in texts_of_file(file.stream.read(MAX_FORM_BYTES))]
    return "\n".join([*typed.rstrip().splitlines(), *filter(None, found)])


def _form(
    visit: Visit,
    fields: dict[str, Any],
    *,
    seeds: str,
    wrong: set[str] | frozenset[str] = frozenset(),
    checked: CheckedSeeds | None = None,
    status: int = 200,
) -> Response:
    return desk_answer(visit, "new.html", status, fields=fields, seeds=seeds, wrong=wrong, checked=checked)

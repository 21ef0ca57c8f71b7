"""One statement: its text and how it came to be so, those that say nearly the same, and a decision on it."""

from flask import Response, request, url_for
from pydantic import ValidationError

from service.actions.moderate_statements import moderate_statements
from service.actions.similar_statements import similar_statements
from service.actions.undo_moderation import MODERATED
from service.api.fields import DEFAULT_STATEMENT_LENGTH
from service.api.settings_schemas import LENGTH_SETTING
from service.api.statement_schemas import ChangedStatementBody
from service.api.texts import n_characters
from service.desk.answering import desk_answer, to_page
from service.desk.entering import Visit, desk_page
from service.desk.merging_page import copied_asked, refusal_asked
from service.desk.moderating import REASONS, changes_of, with_undo
from service.parts import parts
from service.store import conversations, merges, statements
from service.store.desk_records import Role
from service.store.merges import MERGED, UNMERGED
from service.store.records import StatementRecord

_KINDS = (MODERATED, MERGED, UNMERGED, "statement-added")
"""What the log calls that a statement came, and that somebody decided on it."""


@desk_page("/conversations/<conversation>/moderate/<int:number>", Role.MODERATOR)
def edit_page(visit: Visit, number: int) -> Response:
    """Show a statement to change."""
    return _page(visit, statements.find(parts().store, visit.conversation, number))


@desk_page("/conversations/<conversation>/moderate/<int:number>", Role.MODERATOR, method="POST")
def edit_form(visit: Visit, number: int) -> Response:
    """Keep a changed statement; what stood before stays in its history."""
    conversation, form = visit.conversation, request.form
    found = statements.find(parts().store, conversation, number)
    most = conversation.settings.get(LENGTH_SETTING, DEFAULT_STATEMENT_LENGTH)
    given = {
        "text": form.get("text", ""),
        "state": form.get("state", ""),
        "reason": form.get("reason", "").strip(),
        "is_meta": bool(form.get("is_meta")),
    }
    try:
        body = ChangedStatementBody.model_validate(given)
    except ValidationError:
        body = None
    if body is None or n_characters(body.text) > most:
        return _page(visit, found, status=422, typed=given["text"][:5_000])
    changes = [body.record(found.id)]
    moderate_statements(parts().store, parts().map_requests, conversation, changes)
    back = url_for("desk.edit_page", conversation=conversation.id, number=number)
    return to_page(with_undo(back, changes_of(visit, [found.id]), 1))


def _page(visit: Visit, found: StatementRecord, *, status: int = 200, typed: str | None = None) -> Response:
    alike = similar_statements(parts().store, visit.conversation, found.text)
    merged = merges.list_standing(parts().store, visit.conversation)
    ours = [one for one in merged if found.id in (one.merged, one.kept)]
    others = statements.by_ids(
        parts().store, visit.conversation, {one.kept if one.merged == found.id else one.merged for one in ours}
    )
    return desk_answer(
        visit,
        "edit.html",
        status,
        statement=found,
        typed=typed,
        alike=[one.statement for one in alike if one.statement.id != found.id],
        history=conversations.changes_of_statement(parts().store, visit.conversation, found.id, kinds=_KINDS),
        reasons=REASONS,
        most=visit.conversation.settings.get(LENGTH_SETTING, DEFAULT_STATEMENT_LENGTH),
        undoable=request.args.get("undo", ""),
        merged_into=next((one for one in ours if one.merged == found.id), None),
        merged_here=[one for one in ours if one.kept == found.id],
        others=others,
        n_copied=copied_asked(),
        refused=refusal_asked(),
        is_undone=request.args.get("undone") is not None,
    )

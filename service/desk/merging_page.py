"""Merging two statements that say the same, from the queue or from a statement's own page."""

from flask import Response, request, url_for

from service.actions.merge_statements import merge_statements
from service.desk.answering import own_address, to_page
from service.desk.entering import StaleFormError, Visit, desk_page
from service.desk.moderating import json_answer, wants_json, with_undo
from service.parts import parts
from service.store import statements
from service.store.desk_records import Role
from service.store.errors import NotFoundError
from service.store.merging import MergeRefusal, MergeRefusedError
from service.store.records import StatementRecord

UNKNOWN = "unknown"
REFUSALS = frozenset({UNKNOWN, *(str(one) for one in MergeRefusal)})
"""Why statements weren't merged, ends of words' keys."""


@desk_page("/conversations/<conversation>/moderate/merge", Role.MODERATOR, method="POST")
def merge_form(visit: Visit) -> Response:
    """Merge two statements; the answer says how many votes were copied and how to take it back."""
    conversation = visit.conversation
    back = own_address(request.form.get("next"), url_for("desk.moderate_page", conversation=conversation.id))
    pair = _pair(visit)
    refused = UNKNOWN
    if pair is not None:
        merged, kept = pair
        try:
            made = merge_statements(
                parts().store, parts().map_requests, conversation, merged=merged.id, kept=kept.id
            )
        except MergeRefusedError as error:
            refused = str(error.reason)
        else:
            if wants_json():
                told = visit.words("desk_merged", n=made.n_copied)
                return json_answer({"undo": str(made.sequence), "n": 1, "told": told})
            return to_page(f"{with_undo(back, str(made.sequence), 1)}&copied={made.n_copied}")
    if wants_json():
        raise StaleFormError
    return to_page(f"{with_undo(back, '', 0)}&refused={refused}")


def refusal_asked() -> str:
    """Return why the merge that led to this page wasn't made; nothing where none was refused."""
    asked = request.args.get("refused", "")
    return asked if asked in REFUSALS else ""


def copied_asked() -> int | None:
    """Return how many votes the merge that led to this page copied; None where none did."""
    asked = request.args.get("copied", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else None


def _pair(visit: Visit) -> tuple[StatementRecord, StatementRecord] | None:
    """Return the statement to merge and the one to keep, by number; or the latter as somebody typed its id."""
    merged, _, kept = request.form.get("pair", "").partition("-")
    found = _found(visit, merged), _found(visit, kept) if kept else _typed(visit)
    return None if found[0] is None or found[1] is None else (found[0], found[1])


def _found(visit: Visit, number: str) -> StatementRecord | None:
    if not (number.isascii() and number.isdecimal() and len(number) < 9):
        return None
    try:
        return statements.find(parts().store, visit.conversation, int(number))
    except NotFoundError:
        return None


def _typed(visit: Visit) -> StatementRecord | None:
    wanted = request.form.get("other", "").strip()[:200]
    every = statements.list_all(parts().store, visit.conversation)
    return next((one for one in every if one.id == wanted), None)

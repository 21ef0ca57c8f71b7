"""Statements to decide on: a queue with a keyboard, search, several at once, reasons, and the way back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response, request, url_for
from pydantic import ValidationError

from clustering.vocabulary import StatementId
from service.actions.moderate_statements import moderate_statements
from service.actions.similar_statements import likest
from service.actions.undo_moderation import MODERATED, undo_moderation
from service.api.statement_schemas import ChangedStatementBody
from service.desk.answering import desk_answer, own_address, to_page
from service.desk.entering import StaleFormError, Visit, desk_page
from service.parts import parts
from service.store import conversations, statements
from service.store.desk_records import Role
from service.store.records import StatementRecord, StatementState

AT_ONCE = 50
"""Statements on a page."""

MOST_COMPARED = 2_000
"""Statements shown that those of a page are compared with, the latest: a tenth of a second's work."""

STATES = ("waiting", "visible", "hidden", "all")
_OF_AN_ACT = ("undo", "n", "undone", "copied", "refused")
"""What an address says of what was just done."""

REASONS = ("off-topic", "twice", "several", "insult", "personal")
"""Reasons to choose from, ends of words' keys; any other can be typed."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A statement in the queue, who wrote it, and the visible one that it looks like."""

    statement: StatementRecord
    is_of_participant: bool
    like: StatementRecord | None


@desk_page("/conversations/<conversation>/moderate", Role.MODERATOR)
def moderate_page(visit: Visit) -> Response:
    """Show the statements to decide on."""
    state, wanted = request.args.get("state", "waiting"), request.args.get("q", "").strip()[:200]
    state = state if state in STATES else "waiting"
    every = statements.list_all(parts().store, visit.conversation)
    numbers = {name: sum(one.state == name for one in every) for name in STATES}
    numbers["all"] = len(every)
    found = [one for one in every if state in ("all", one.state) and _fits(one, wanted)]
    first = _number(request.args.get("first"))
    return desk_answer(
        visit,
        "moderate.html",
        state=state,
        wanted=wanted,
        numbers=numbers,
        rows=_shown(visit, found[first : first + AT_ONCE], every),
        n_found=len(found),
        first=first,
        following=first + AT_ONCE if first + AT_ONCE < len(found) else None,
        reasons=REASONS,
        undoable=request.args.get("undo", ""),
        n_done=_number(request.args.get("n")),
        is_undone=request.args.get("undone") is not None,
        n_copied=_number(request.args.get("copied")) if "copied" in request.args else None,
        refused=request.args.get("refused", ""),
    )


@desk_page("/conversations/<conversation>/moderate", Role.MODERATOR, method="POST")
def moderate_form(visit: Visit) -> Response:
    """Decide on the chosen statements, all or none; the answer says how to take it back."""
    form = request.form
    chosen = [StatementId(one) for one in dict.fromkeys(form.getlist("statement"))][:1_000]
    chosen = [StatementId(form["one"])] if form.get("one") else chosen
    # A button of one row names its statement and its state together.
    if form.get("act", "").partition(":")[2]:
        chosen = [StatementId(form["act"].partition(":")[2])]
    try:
        body = ChangedStatementBody.model_validate(
            {"state": form.get("act", "").partition(":")[0], "reason": form.get("reason", "").strip()}
        )
    except ValidationError:
        raise StaleFormError from None
    changes = [body.record(one) for one in chosen if "\0" not in one]
    if changes:
        moderate_statements(parts().store, parts().map_requests, visit.conversation, changes)
    undo = changes_of(visit, chosen)
    if wants_json():
        return json_answer({"undo": undo, "n": len(chosen)})
    back = own_address(form.get("next"), url_for("desk.moderate_page", conversation=visit.conversation.id))
    return to_page(with_undo(back, undo, len(chosen)))


@desk_page("/conversations/<conversation>/moderate/undo", Role.MODERATOR, method="POST")
def undo_form(visit: Visit) -> Response:
    """Take decisions back."""
    wanted = [int(one) for one in request.form.get("undo", "").split("-") if one.isdecimal() and len(one) < 16]
    done = undo_moderation(parts().store, parts().map_requests, visit.conversation, wanted[:1_000])
    if wants_json():
        return json_answer({"n": len(done)})
    back = own_address(
        request.form.get("next"), url_for("desk.moderate_page", conversation=visit.conversation.id)
    )
    return to_page(f"{back}{'&' if '?' in back else '?'}undone=1")


def changes_of(visit: Visit, chosen: Sequence[StatementId]) -> str:
    """Return the sequences, joined by hyphens, of what this request changed of these statements."""
    log = conversations.list_changes(
        parts().store, visit.conversation, after=visit.conversation.sequence, limit=2_000
    )
    ids = set(chosen)
    ours = [one for one in log if one.kind == MODERATED and one.payload["statement"] in ids]
    return "-".join(str(one.sequence) for one in ours)


def with_undo(address: str, undo: str, n_done: int) -> str:
    """Return the address of a page that offers to take back what was just done."""
    plain, _, query = address.partition("?")
    kept = [one for one in query.split("&") if one and one.partition("=")[0] not in _OF_AN_ACT]
    return f"{plain}?{'&'.join([*kept, f'undo={undo}', f'n={n_done}'])}"


def wants_json() -> bool:
    """Return whether a module of the page asks, that goes on without another page."""
    return request.headers.get("Accept") == "application/json"


def json_answer(told: dict[str, Any]) -> Response:
    """Return a small answer for a module of the page."""
    return Response(orjson.dumps(told), mimetype="application/json")


def _shown(visit: Visit, page: list[StatementRecord], every: list[StatementRecord]) -> list[Shown]:
    authors = statements.authors(parts().store, visit.conversation, [one.number for one in page])
    visible = [one for one in every if one.state is StatementState.VISIBLE][-MOST_COMPARED:]
    return [Shown(one, one.number in authors, _like(one, visible)) for one in page]


def _like(statement: StatementRecord, visible: Sequence[StatementRecord]) -> StatementRecord | None:
    others = {other.text: other for other in visible if other.number != statement.number}
    found = likest(statement.text, list(others))
    return None if found is None else others[found]


def _fits(statement: StatementRecord, wanted: str) -> bool:
    words = wanted.casefold().split()
    text = f"{statement.id} {statement.text}".casefold()
    return all(word in text for word in words)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else 0

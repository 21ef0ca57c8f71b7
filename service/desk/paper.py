"""Paper ballots: typed in by two people, by keyboard only; how far that is."""

import re
from typing import Any

import orjson
from flask import Response, request, url_for
from pydantic import ValidationError

from clustering.vocabulary import StatementId
from service.actions.enter_ballots import enter_ballots
from service.api.ballots import BallotBatchBody
from service.api.problems import ProblemError
from service.desk.answering import desk_answer, to_page
from service.desk.ballot_lines import LineError, ballots_of
from service.desk.entering import Visit, desk_page
from service.parts import parts
from service.store import ballots, statements
from service.store.ballots import EntriesDifferError, MarksRefusedError, RecordedBeforeError
from service.store.desk_records import Role
from service.store.errors import NotFoundError
from service.store.records import StatementRecord, StatementState

_BATCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_MOST_SHOWN = 100


@desk_page("/conversations/<conversation>/paper", Role.MODERATOR)
def paper_page(visit: Visit) -> Response:
    """Show the batches, what of them counts, and where to type in the next."""
    batches = ballots.list_batches(parts().store, visit.conversation)
    return desk_answer(
        visit,
        "paper.html",
        batches=batches,
        operator=operator_of(visit),
        totals={
            "ballots": sum(one.n_ballots for one in batches if one.is_recorded),
            "votes": sum(one.n_votes for one in batches if one.is_recorded),
            "waiting": sum(one.n_ballots for one in batches if not one.is_recorded),
        },
        done=request.args.get("done", ""),
    )


@desk_page("/conversations/<conversation>/paper/entry", Role.MODERATOR)
def entry_page(visit: Visit) -> Response:
    """Show where a batch is typed in."""
    batch = request.args.get("batch", "").strip()
    if not _BATCH.fullmatch(batch):
        return to_page(url_for("desk.paper_page", conversation=visit.conversation.id, done="no-batch"))
    return _entry(visit, batch)


@desk_page("/conversations/<conversation>/paper/entry", Role.MODERATOR, method="POST")
def entry_form(visit: Visit) -> Response:
    """Keep a batch as typed in, record it when both entries are equal, or say where they differ."""
    form, batch = request.form, request.form.get("batch", "").strip()
    if not _BATCH.fullmatch(batch):
        raise NotFoundError("no such batch")
    order = [StatementId(one) for one in form.getlist("order")]
    try:
        body = BallotBatchBody.model_validate_json(
            orjson.dumps(
                {
                    "operator": operator_of(visit),
                    "is_double_entry": not form.get("single"),
                    "ballots": ballots_of(form.get("lines", ""), order),
                }
            )
        )
        entry = body.record(batch)
        kept = enter_ballots(parts().store, parts().map_requests, visit.conversation, entry)
    except LineError as error:
        return _entry(visit, batch, status=422, trouble=error.why, line=error.line)
    except (ValidationError, ProblemError):
        return _entry(visit, batch, status=422, trouble="empty")
    except EntriesDifferError as error:
        shown = error.differences[:_MOST_SHOWN]
        return _entry(visit, batch, status=409, trouble="differ", differences=shown)
    except MarksRefusedError as error:
        return _entry(visit, batch, status=409, trouble="refused", refused=error.marks[:_MOST_SHOWN])
    except RecordedBeforeError:
        return _entry(visit, batch, status=409, trouble="recorded")
    done = "recorded" if kept.is_recorded else "kept"
    return to_page(url_for("desk.paper_page", conversation=visit.conversation.id, done=done))


@desk_page("/conversations/<conversation>/paper/forget", Role.MODERATOR, method="POST")
def forget_batch(visit: Visit) -> Response:
    """Forget a batch that doesn't count yet, so that it can be typed in anew."""
    batch = request.form.get("batch", "")
    done = "forgotten"
    try:
        if not _BATCH.fullmatch(batch):
            raise NotFoundError("no such batch")
        ballots.forget(parts().store, visit.conversation, batch)
    except RecordedBeforeError:
        done = "counts"
    return to_page(url_for("desk.paper_page", conversation=visit.conversation.id, done=done))


def operator_of(visit: Visit) -> str:
    """Return what a batch keeps of who typed it in: an address is one person's, a name may be two's."""
    return visit.person.email[:100]


def _entry(visit: Visit, batch: str, *, status: int = 200, **trouble: Any) -> Response:
    known = {one.id: one for one in ballots.list_batches(parts().store, visit.conversation)}
    return desk_answer(
        visit,
        "paper_entry.html",
        status,
        batch=batch,
        known=known.get(batch),
        operator=operator_of(visit),
        on_paper=_on_paper(visit),
        lines=request.form.get("lines", ""),
        **{"trouble": "", "line": None, "differences": (), "refused": (), **trouble},
    )


def _on_paper(visit: Visit) -> list[StatementRecord]:
    """Return the statements that can be voted on, in the order in which they were added."""
    every = statements.list_all(parts().store, visit.conversation)
    return [one for one in every if one.state is StatementState.VISIBLE]

"""Participants whose ballots look coordinated, as evidence to judge; who is excluded, and the way back."""

from typing import Any

import orjson
from flask import Response, request, url_for

from service.actions.await_analysis import WAIT_SECONDS, TooManyAnalysesError, await_analysis
from service.actions.exclude_participants import exclude_participants, readmit_participant
from service.api.leaving import number_behind
from service.desk.answering import desk_answer, to_page
from service.desk.entering import Visit, desk_page
from service.identity.references import numbers_of_references, reference_of
from service.parts import parts
from service.store import analysis_jobs, leaving, votes
from service.store.analysis_records import AnalysisJob, AnalysisKind, NewAnalysis
from service.store.desk_records import Role

MOST_AT_ONCE = 1_000


@desk_page("/conversations/<conversation>/participants", Role.MODERATOR)
def participants_page(visit: Visit) -> Response:
    """Show who is excluded and, when it was asked for, what looks coordinated."""
    secret, conversation = parts().store.secret, visit.conversation
    excluded = [
        (reference_of(secret, conversation, one.number), one)
        for one in leaving.list_excluded(parts().store, conversation)
    ]
    job = _job(visit, request.args.get("job", ""))
    return desk_answer(
        visit,
        "participants.html",
        excluded=excluded,
        job=job,
        found=_found(visit, job),
        left_out={reference for reference, _ in excluded},
        n_done=request.args.get("n"),
    )


@desk_page("/conversations/<conversation>/participants/evidence", Role.MODERATOR, method="POST")
def evidence_form(visit: Visit) -> Response:
    """Look for ballots that seem coordinated; it may take a minute."""
    here, conversation = parts(), visit.conversation
    new = NewAnalysis(visit.person.tenant, AnalysisKind.EVIDENCE, {}, conversation.is_test, conversation.number)
    try:
        job = await_analysis(here.store, here.analysis_requests, here.waiting_room, new, seconds=WAIT_SECONDS)
    except TooManyAnalysesError:
        return to_page(url_for("desk.participants_page", conversation=conversation.id, job="busy"))
    return to_page(url_for("desk.participants_page", conversation=conversation.id, job=job.id))


@desk_page("/conversations/<conversation>/participants/exclude", Role.MODERATOR, method="POST")
def exclude_form(visit: Visit) -> Response:
    """Leave participants off the map, with a reason."""
    store, conversation = parts().store, visit.conversation
    reason = "".join(filter(str.isprintable, request.form.get("reason", ""))).strip()[:500]
    wanted = request.form.getlist("participant")[:MOST_AT_ONCE]
    n_participants = votes.counts(store, conversation).n_participants
    numbers = numbers_of_references(store.secret, conversation, wanted, n_participants=n_participants)
    n_done = 0
    if reason:
        n_done = exclude_participants(
            store, parts().map_requests, conversation, sorted(numbers.values()), reason=reason
        )
    job = request.form.get("job") or None
    return to_page(url_for("desk.participants_page", conversation=conversation.id, job=job, n=n_done))


@desk_page("/conversations/<conversation>/participants/readmit", Role.MODERATOR, method="POST")
def readmit_form(visit: Visit) -> Response:
    """Let somebody back in."""
    number = number_behind(visit.conversation, request.form.get("participant", ""))
    if number is not None:
        readmit_participant(parts().store, parts().map_requests, visit.conversation, number)
    return to_page(url_for("desk.participants_page", conversation=visit.conversation.id))


def _job(visit: Visit, job_id: str) -> AnalysisJob | None:
    if not job_id.isalnum() or len(job_id) > 64 or job_id == "busy":
        return None
    return analysis_jobs.find(
        parts().store,
        visit.person.tenant,
        job_id,
        kind=AnalysisKind.EVIDENCE,
        is_test=None,
        conversation_number=visit.conversation.number,
    )


def _found(visit: Visit, job: AnalysisJob | None) -> list[dict[str, Any]] | None:
    """Return what was found, people by their references; nothing while it isn't known."""
    if job is None or job.document is None:
        return None
    secret = parts().store.secret
    return [
        {
            **one,
            "participants": [
                reference_of(secret, visit.conversation, each) for each in one["participant_numbers"]
            ],
        }
        for one in orjson.loads(job.document)["evidence"]
    ]

"""The analysis alone over HTTP: votes in, group map out; nothing is stored beyond the job."""

import tempfile
from collections.abc import Callable, Iterable
from typing import Annotated

from flask import Response, request
from flask_openapi.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from service.actions.await_analysis import WAIT_SECONDS, TooManyAnalysesError, await_analysis
from service.api.analysis_schemas import (
    FORMS,
    MOST_BYTES,
    REQUEST_BODY,
    AnalysisAnswer,
    AnalysisQuery,
    PreferHeaders,
    TakenBackAnswer,
)
from service.api.callers import caller
from service.api.problems import FieldError, ProblemError
from service.api.reading import answer, json_answer
from service.api.requests import MAX_BODY_BYTES, pieces_of, takes, write_body
from service.identity.access import needs
from service.identity.caller import Scope
from service.parts import parts
from service.store import analysis_jobs
from service.store.analysis_records import AnalysisJob, AnalysisKind, AnalysisState, NewAnalysis
from service.store.records import Conversation
from service.strict_json import parse

routes = APIBlueprint("analyses", __name__, url_prefix="/v1", abp_tags=[{"name": "the analysis alone"}])

_IN_MEMORY_BYTES = 1024 * 1024


class JobPath(BaseModel):
    """Which analysis."""

    job: Annotated[str, Field(max_length=64, examples=["9d1c0e5b7a3f4e62b8d2c4a6f0e1d3b5"])]


@routes.post(
    "/group-maps",
    operation_id="computeGroupMap",
    request_body=REQUEST_BODY,
    responses={200: AnalysisAnswer, 202: AnalysisAnswer},
)
@needs(Scope.EXPORT)
@takes(MOST_BYTES)
def post_group_map(query: AnalysisQuery, header: PreferHeaders) -> Response:
    """Compute the group map of votes that come with the request; nothing is stored.

    Answered at once when it takes up to five seconds, else 202: `Location` says where to look.
    """
    form = FORMS[request.mimetype]
    asked = {"form": form, "settings": query.settings(), "certainty": query.certainty}
    tenant, is_test = tenant_of_caller(), bool(caller().is_test)
    new = NewAnalysis(tenant, AnalysisKind.GROUP_MAP, asked, is_test)
    # Written aside first: whoever sends slowly must not hold the store up.
    with tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES, prefix="poldermodel-") as file:
        n_bytes = write_body(file)  # pyright: ignore[reportArgumentType] - it writes and reads as binary files do.
        if form == "json" and n_bytes <= MAX_BODY_BYTES:
            # What is no JSON at all is said at once, as everywhere; reading much of it is left to the worker.
            file.seek(0)
            parse(file.read())
        pieces = pieces_of(file)  # pyright: ignore[reportArgumentType]
        return asked_for(new, pieces, header, address=lambda job: f"/v1/group-map-jobs/{job.id}")


@routes.get("/group-map-jobs/<job>", operation_id="readGroupMapJob", responses={200: AnalysisAnswer})
@needs(Scope.EXPORT)
def get_group_map_job(path: JobPath) -> Response:
    """Read how far an analysis is, and what was made."""
    return json_answer(AnalysisAnswer.written(_found(path)))


@routes.delete("/group-map-jobs/<job>", operation_id="removeGroupMapJob", responses={200: TakenBackAnswer})
@needs(Scope.EXPORT)
def delete_group_map_job(path: JobPath) -> Response:
    """Take an analysis back, or delete what was made before its hour is over."""
    found = _found(path)
    analysis_jobs.remove(parts().store, found.number)
    return answer(TakenBackAnswer(removed=found.id))


def job_about(conversation: Conversation, job: str, *, kind: AnalysisKind) -> AnalysisJob:
    """Return a job that was asked for about a conversation.

    Raises
    ------
    NotFoundError
        When there is none of that id and kind about it.
    """
    return analysis_jobs.find(
        parts().store, tenant_of_caller(), job, kind=kind, is_test=None, conversation_number=conversation.number
    )


def tenant_of_caller() -> str:
    """Return whose key this is; only for routes that need a scope that only keys hold."""
    tenant = caller().tenant
    assert tenant is not None  # noqa: S101 - the scope was checked, and only known callers hold one.
    return tenant


def asked_for(
    new: NewAnalysis,
    pieces: Iterable[bytes],
    header: PreferHeaders,
    *,
    address: Callable[[AnalysisJob], str],
    written: Callable[[AnalysisJob], bytes] = AnalysisAnswer.written,
) -> Response:
    """Ask for an analysis, and answer with what was made, or with where it will be.

    Raises
    ------
    ProblemError
        When too many are under way, or something in what was sent is wrong.
    """
    store = parts().store
    seconds = 0.0 if header.is_hurried else WAIT_SECONDS
    try:
        job = await_analysis(
            store, parts().analysis_requests, parts().waiting_room, new, pieces, seconds=seconds
        )
    except TooManyAnalysesError:
        most = analysis_jobs.MOST_AT_ONCE
        detail = f"{most} analyses are under way; wait for one, or take one back"
        raise ProblemError("too-many", detail, headers={"Retry-After": "10"}) from None
    if not job.has_ended:
        return json_answer(written(job), 202, {"Location": address(job), "Retry-After": "2"})
    found = analysis_jobs.find(
        store,
        new.tenant,
        job.id,
        kind=new.kind,
        is_test=None,
        conversation_number=new.conversation_number,
    )
    analysis_jobs.remove(store, job.number)
    if found.state is AnalysisState.REFUSED:
        errors = tuple(FieldError(one["pointer"], one["detail"]) for one in found.errors)
        raise ProblemError("invalid", "something in what was sent is not valid; see errors", errors)
    return json_answer(written(found), headers={"Cache-Control": "no-store"})


def _found(path: JobPath) -> AnalysisJob:
    return analysis_jobs.find(
        parts().store, tenant_of_caller(), path.job, kind=AnalysisKind.GROUP_MAP, is_test=caller().is_test
    )

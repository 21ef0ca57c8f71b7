"""Imports over HTTP: a zip of ours or of Polis becomes a conversation, all or nothing."""

import tempfile
import time
from pathlib import Path
from typing import Annotated

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from clustering.vocabulary import MAX_ID_LENGTH
from service.actions.await_analysis import LOOK_SECONDS, WAIT_SECONDS
from service.actions.import_upload import Upload, import_upload
from service.api.analyses import tenant_of_caller
from service.api.analysis_schemas import MIB, AnalysisAnswer, PreferHeaders
from service.api.callers import caller
from service.api.fields import Query
from service.api.problems import FieldError, ProblemError
from service.api.reading import json_answer
from service.api.requests import takes, write_body
from service.identity.access import needs
from service.identity.caller import Scope
from service.parts import parts
from service.store import analysis_jobs
from service.store.analysis_records import AnalysisJob, AnalysisKind, AnalysisState, NewAnalysis

MOST_BYTES = {"application/zip": 256 * MIB}
"""Largest zip; it is written aside while it comes, and never held in memory."""

routes = APIBlueprint("imports", __name__, url_prefix="/v1/imports", abp_tags=[{"name": "imports"}])


class ImportQuery(Query):
    """What becomes of it."""

    id: Annotated[
        str | None,
        Field(
            pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$",
            max_length=MAX_ID_LENGTH,
            description="Id of the new conversation; by default a random one, or the zip's own.",
        ),
    ] = None
    language: Annotated[
        str | None,
        Field(
            pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$",
            description="Language of a Polis export, which doesn't say; a zip of ours does.",
        ),
    ] = None


class ImportPath(BaseModel):
    """Which import."""

    job: Annotated[str, Field(max_length=64, examples=["9d1c0e5b7a3f4e62b8d2c4a6f0e1d3b5"])]


@routes.post(
    "",
    operation_id="importConversation",
    request_body={
        "required": True,
        "content": {"application/zip": {"schema": {"type": "string", "contentMediaType": "application/zip"}}},
    },
    responses={200: AnalysisAnswer, 202: AnalysisAnswer},
)
@needs(Scope.ADMIN)
@takes(MOST_BYTES)
def post_import(query: ImportQuery, header: PreferHeaders) -> Response:
    """Import a conversation: a zip of ours, or a Polis export of any generation; all of it or nothing.

    Answered at once when it takes up to five seconds, else 202: `Location` says where to look. `analysis`
    names the `conversation`, and how many statements and votes it has.
    """
    with tempfile.NamedTemporaryFile(prefix="poldermodel-", suffix=".zip", delete=False) as file:
        path = Path(file.name)
        try:
            write_body(file)  # pyright: ignore[reportArgumentType] - it writes as a binary file does.
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    wanted = query.model_dump(exclude_none=True)
    upload = Upload(path, tenant_of_caller(), bool(caller().is_test), wanted)
    new = NewAnalysis(upload.tenant, AnalysisKind.IMPORT, wanted, upload.is_test)
    job = import_upload(parts().store, parts().settings, new, upload)
    if job is None:
        detail = f"{analysis_jobs.MOST_AT_ONCE} analyses and imports are under way; wait for one"
        raise ProblemError("too-many", detail, headers={"Retry-After": "10"})
    return _answered(_awaited(job, seconds=0.0 if header.is_hurried else WAIT_SECONDS))


@routes.get("/<job>", operation_id="readImport", responses={200: AnalysisAnswer})
@needs(Scope.ADMIN)
def get_import(path: ImportPath) -> Response:
    """Read how far an import is, and which conversation it made."""
    found = analysis_jobs.find(
        parts().store, tenant_of_caller(), path.job, kind=AnalysisKind.IMPORT, is_test=caller().is_test
    )
    return json_answer(AnalysisAnswer.written(found))


def _awaited(job: AnalysisJob, *, seconds: float) -> AnalysisJob:
    """Return an import when it has ended, or as it is when a request can wait no longer."""
    until, pause = time.monotonic() + seconds, LOOK_SECONDS[1]
    while seconds and not job.has_ended and time.monotonic() < until:
        time.sleep(pause)
        job = analysis_jobs.read(parts().store, job.number) or job
    return job


def _answered(job: AnalysisJob) -> Response:
    if not job.has_ended:
        headers = {"Location": f"/v1/imports/{job.id}", "Retry-After": "2"}
        return json_answer(AnalysisAnswer.written(job), 202, headers)
    if job.state is AnalysisState.REFUSED:
        errors = tuple(FieldError(one["pointer"], one["detail"]) for one in job.errors)
        raise ProblemError("invalid", "the file can't be imported; see errors", errors)
    found = analysis_jobs.find(parts().store, job.tenant, job.id, kind=AnalysisKind.IMPORT, is_test=job.is_test)
    return json_answer(AnalysisAnswer.written(found), headers={"Cache-Control": "no-store"})

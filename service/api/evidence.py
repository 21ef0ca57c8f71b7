"""Evidence of coordinated ballots over HTTP: for a moderator to judge, never acted on unasked."""

from typing import Annotated, Any

import orjson
from flask import Response
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field

from service.api.analyses import asked_for, job_about, tenant_of_caller
from service.api.analysis_schemas import AnalysisAnswer, PreferHeaders, TakenBackAnswer
from service.api.conversations import own_conversation
from service.api.parameters import ConversationPath
from service.api.reading import answer, json_answer
from service.identity.access import needs
from service.identity.caller import Scope
from service.identity.references import reference_of
from service.parts import parts
from service.store import analysis_jobs
from service.store.analysis_records import AnalysisJob, AnalysisKind, NewAnalysis
from service.store.records import Conversation

routes = APIBlueprint(
    "evidence",
    __name__,
    url_prefix="/v1/conversations/<conversation>/evidence-reports",
    abp_tags=[{"name": "statements"}],
)


class EvidencePath(ConversationPath):
    """Which report."""

    job: Annotated[str, Field(max_length=64, examples=["9d1c0e5b7a3f4e62b8d2c4a6f0e1d3b5"])]


@routes.post("", operation_id="askEvidence", responses={200: AnalysisAnswer, 202: AnalysisAnswer})
@needs(Scope.MODERATE)
def post_report(path: ConversationPath, header: PreferHeaders) -> Response:
    """Look for ballots that seem coordinated: alike beyond chance, all the same, or cast in a burst.

    People are named by the references that exclusions and what-if maps take.
    """
    conversation = own_conversation(path)
    new = NewAnalysis(tenant_of_caller(), AnalysisKind.EVIDENCE, {}, conversation.is_test, conversation.number)
    base = f"/v1/conversations/{conversation.id}/evidence-reports"
    return asked_for(
        new,
        (),
        header,
        address=lambda job: f"{base}/{job.id}",
        written=lambda job: _written(conversation, job),
    )


@routes.get("/<job>", operation_id="readEvidence", responses={200: AnalysisAnswer})
@needs(Scope.MODERATE)
def get_report(path: EvidencePath) -> Response:
    """Read how far a report is, and what was found."""
    conversation = own_conversation(path)
    return json_answer(_written(conversation, _found(path, conversation)))


@routes.delete("/<job>", operation_id="removeEvidence", responses={200: TakenBackAnswer})
@needs(Scope.MODERATE)
def delete_report(path: EvidencePath) -> Response:
    """Take a report back, or delete it before its hour is over."""
    found = _found(path, own_conversation(path))
    analysis_jobs.remove(parts().store, found.number)
    return answer(TakenBackAnswer(removed=found.id))


def _found(path: EvidencePath, conversation: Conversation) -> AnalysisJob:
    return job_about(conversation, path.job, kind=AnalysisKind.EVIDENCE)


def _written(conversation: Conversation, job: AnalysisJob) -> bytes:
    """Return a report with references for the numbers, which never leave the service."""
    told = AnalysisAnswer.of(job).model_dump(mode="json")
    if job.document is not None:
        document: dict[str, Any] = orjson.loads(job.document)
        for one in document["evidence"]:
            numbers = one.pop("participant_numbers")
            one["participants"] = [reference_of(parts().store.secret, conversation, each) for each in numbers]
        told["analysis"] = document
    return orjson.dumps(told)

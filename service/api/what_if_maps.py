"""What-if maps over HTTP: the map without some statements or participants, beside the one people see."""

from typing import Annotated

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field

from service.api.analyses import asked_for, job_about, tenant_of_caller
from service.api.analysis_schemas import AnalysisAnswer, PreferHeaders, TakenBackAnswer, WhatIfBody
from service.api.conversations import own_conversation
from service.api.parameters import ConversationPath
from service.api.problems import FieldError, ProblemError
from service.api.reading import answer, json_answer
from service.identity.access import needs
from service.identity.caller import Scope
from service.identity.references import numbers_of_references
from service.parts import parts
from service.store import analysis_jobs, statements, votes
from service.store.analysis_records import AnalysisJob, AnalysisKind, NewAnalysis
from service.store.records import Conversation

routes = APIBlueprint(
    "what_if_maps",
    __name__,
    url_prefix="/v1/conversations/<conversation>/what-if-maps",
    abp_tags=[{"name": "group map"}],
)


class WhatIfPath(ConversationPath):
    """Which what-if map."""

    job: Annotated[str, Field(max_length=64, examples=["9d1c0e5b7a3f4e62b8d2c4a6f0e1d3b5"])]


@routes.post("", operation_id="askWhatIfMap", responses={200: AnalysisAnswer, 202: AnalysisAnswer})
@needs(Scope.MODERATE)
def post_what_if_map(path: ConversationPath, body: WhatIfBody, header: PreferHeaders) -> Response:
    """Draw the map without some statements or participants; nothing of the conversation changes."""
    conversation = own_conversation(path)
    _check_statements(conversation, body)
    asked = {
        "without_statements": list(body.without_statements),
        "without_participants": _numbers(conversation, body),
        "settings": body.settings.asked(),
    }
    new = NewAnalysis(
        tenant_of_caller(), AnalysisKind.WHAT_IF_MAP, asked, conversation.is_test, conversation.number
    )
    base = f"/v1/conversations/{conversation.id}/what-if-maps"
    return asked_for(new, (), header, address=lambda job: f"{base}/{job.id}")


@routes.get("/<job>", operation_id="readWhatIfMap", responses={200: AnalysisAnswer})
@needs(Scope.MODERATE)
def get_what_if_map(path: WhatIfPath) -> Response:
    """Read how far a what-if map is, and the map when it is there."""
    return json_answer(AnalysisAnswer.written(_found(path)))


@routes.delete("/<job>", operation_id="removeWhatIfMap", responses={200: TakenBackAnswer})
@needs(Scope.MODERATE)
def delete_what_if_map(path: WhatIfPath) -> Response:
    """Take a what-if map back, or delete it before its hour is over."""
    found = _found(path)
    analysis_jobs.remove(parts().store, found.number)
    return answer(TakenBackAnswer(removed=found.id))


def _found(path: WhatIfPath) -> AnalysisJob:
    return job_about(own_conversation(path), path.job, kind=AnalysisKind.WHAT_IF_MAP)


def _check_statements(conversation: Conversation, body: WhatIfBody) -> None:
    known = statements.known_ids(parts().store, conversation, body.without_statements)
    errors = tuple(
        FieldError(f"#/without_statements/{place}", "the conversation has no such statement")
        for place, name in enumerate(body.without_statements)
        if name not in known
    )
    if errors:
        raise ProblemError("unknown-statement", "some statements are not known here", errors[:20])


def _numbers(conversation: Conversation, body: WhatIfBody) -> list[int]:
    """Return the numbers of the participants that references stand for."""
    if not body.without_participants:
        return []
    store = parts().store
    n_participants = votes.counts(store, conversation).n_participants
    found = numbers_of_references(
        store.secret, conversation, body.without_participants, n_participants=n_participants
    )
    errors = tuple(
        FieldError(f"#/without_participants/{place}", "nobody here has this reference")
        for place, reference in enumerate(body.without_participants)
        if reference not in found
    )
    if errors:
        raise ProblemError("unknown-participant", "some participants are not known here", errors[:20])
    return sorted(set(found.values()))

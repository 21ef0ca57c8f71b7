"""Leaving over HTTP: read what is kept of oneself, erase it, and moderators' exclusions."""

import re
from datetime import datetime
from typing import Annotated, Self

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema, model_validator

from service.api.acting import participant_of
from service.api.conversations import own_conversation
from service.api.fields import Answer, Body, ParticipantField
from service.api.parameters import ConversationPath, ParticipantHeaders
from service.api.problems import ProblemError
from service.api.reading import answer
from service.api.statement_schemas import MAX_REASON_LENGTH, OwnStatementAnswer
from service.api.texts import keeper, text_schema
from service.api.vote_schemas import OwnVoteAnswer
from service.identity.access import needs
from service.identity.caller import Scope
from service.identity.references import number_of_reference, reference_of
from service.parts import parts
from service.store import about_answers, identities, leaving, participants, statements, votes
from service.store.platform_records import Assurance, HashedParticipant
from service.store.records import Conversation

_REFERENCE = re.compile(r"[a-z2-7]{12}", re.ASCII)

routes = APIBlueprint(
    "leaving", __name__, url_prefix="/v1/conversations/<conversation>", abp_tags=[{"name": "leaving"}]
)


class OwnDataAnswer(Answer):
    """Everything that is kept of a participant: how sure it is who, attributes, votes, statements, answers."""

    conversation: str
    assurance: Assurance
    attributes: dict[str, str | bool | int]
    votes: list[OwnVoteAnswer]
    statements: list[OwnStatementAnswer]
    answers: dict[str, str]


class ErasureAnswer(Answer):
    """What came of an erasure: the sequence reached, or nothing when nothing was kept."""

    sequence: int | None


class ExclusionBody(Body):
    """Whom to leave off the map, by the platform's id or by reference, and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["participant"], "properties": {"participant": {"not": {"type": "null"}}}},
                {"required": ["reference"], "properties": {"reference": {"not": {"type": "null"}}}},
            ]
        }
    )

    participant: ParticipantField | None = None
    reference: Annotated[str, Field(pattern=_REFERENCE.pattern, max_length=12, min_length=12)] | None = None
    reason: Annotated[
        str,
        AfterValidator(keeper(most=MAX_REASON_LENGTH)),
        WithJsonSchema(text_schema(most=MAX_REASON_LENGTH)),
    ]

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.participant is None) == (self.reference is None):
            raise ValueError("expected a participant or a reference")
        return self


class ExclusionAnswer(Answer):
    """Somebody excluded: how moderators call them, why, and since when."""

    reference: str
    reason: str
    excluded_at: datetime


class ExclusionsAnswer(Answer):
    """Everybody who is excluded."""

    items: list[ExclusionAnswer]


class ExclusionPath(ConversationPath):
    """Whose exclusion."""

    reference: Annotated[str, Field(description="The participant's reference.", examples=["k3x7q2m5rw4a"])]


class ReachedAnswer(Answer):
    """The sequence that a change reached: a map as of it, or later, includes the change."""

    sequence: int


@routes.get("/own-data", operation_id="readOwnData", responses={200: OwnDataAnswer})
@needs(Scope.VOTE)
def get_own_data(path: ConversationPath, header: ParticipantHeaders) -> Response:
    """Read everything that is kept of the participant."""
    store, conversation, participant = parts().store, own_conversation(path), participant_of(header)
    known = identities.find(
        store, conversation, HashedParticipant(participants.id_hash(store, conversation, participant))
    )
    found = votes.own_votes(store, conversation, participant)
    return answer(
        OwnDataAnswer(
            conversation=conversation.id,
            assurance=Assurance.ANONYMOUS if known is None else known.assurance,
            attributes={} if known is None else dict(known.attributes),
            votes=[OwnVoteAnswer.of(one) for one in found],
            statements=[OwnStatementAnswer.of(one) for one in statements.own(store, conversation, participant)],
            answers=dict(about_answers.find(store, conversation, participant)),
        )
    )


@routes.delete("/own-data", operation_id="eraseOwnData", responses={200: ErasureAnswer})
@needs(Scope.VOTE)
def delete_own_data(path: ConversationPath, header: ParticipantHeaders) -> Response:
    """Erase everything that is kept of the participant; the map follows within a minute."""
    conversation = own_conversation(path)
    reached = leaving.erase(parts().store, conversation, participant_of(header))
    if reached is not None:
        parts().map_requests.ask(conversation.number)
    return answer(ErasureAnswer(sequence=reached))


@routes.post("/exclusions", operation_id="excludeParticipant", responses={201: ReachedAnswer})
@needs(Scope.MODERATE)
def post_exclusion(path: ConversationPath, body: ExclusionBody) -> Response:
    """Leave a participant off the map, with a reason; their votes are kept and can be let back in."""
    conversation = own_conversation(path)
    if body.participant is not None:
        number = participants.number(parts().store, conversation, body.participant)
    else:
        number = number_behind(conversation, body.reference or "")
    if number is None:
        raise ProblemError("unknown-participant", "nobody of this name has voted in this conversation")
    reached = leaving.exclude(parts().store, conversation, number, reason=body.reason)
    parts().map_requests.ask(conversation.number)
    return answer(ReachedAnswer(sequence=reached), 201)


@routes.get("/exclusions", operation_id="listExclusions", responses={200: ExclusionsAnswer})
@needs(Scope.MODERATE)
def list_exclusions(path: ConversationPath) -> Response:
    """List who is excluded, and why."""
    conversation = own_conversation(path)
    items = [
        ExclusionAnswer(
            reference=reference_of(parts().store.secret, conversation, one.number),
            reason=one.reason,
            excluded_at=one.made_at,
        )
        for one in leaving.list_excluded(parts().store, conversation)
    ]
    return answer(ExclusionsAnswer(items=items))


@routes.delete("/exclusions/<reference>", operation_id="readmitParticipant", responses={200: ReachedAnswer})
@needs(Scope.MODERATE)
def delete_exclusion(path: ExclusionPath) -> Response:
    """Let an excluded participant back in."""
    conversation = own_conversation(path)
    number = number_behind(conversation, path.reference)
    if number is None:
        raise ProblemError("not-found", "no such participant has voted in this conversation")
    reached = leaving.readmit(parts().store, conversation, number)
    parts().map_requests.ask(conversation.number)
    return answer(ReachedAnswer(sequence=reached))


def number_behind(conversation: Conversation, reference: str) -> int | None:
    """Return the number of the participant that a reference stands for; nothing where it stands for nobody."""
    if not _REFERENCE.fullmatch(reference):
        return None
    store = parts().store
    n_participants = votes.counts(store, conversation).n_participants
    return number_of_reference(store.secret, conversation, reference, n_participants=n_participants)

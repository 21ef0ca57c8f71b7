"""Votes over HTTP: one, or a batch."""

from typing import NoReturn

from flask import Response
from flask_openapi.blueprint import APIBlueprint

from service.actions.cast_vote import cast_vote
from service.actions.cast_votes import cast_votes
from service.api.acting import acting_participant, check_assurance
from service.api.conversations import own_conversation
from service.api.parameters import ConversationPath
from service.api.problems import FieldError, ProblemError
from service.api.reading import answer
from service.api.vote_schemas import VoteAnswer, VoteBatchAnswer, VoteBatchBody, VoteBatchItem, VoteBody
from service.identity.access import needs
from service.identity.caller import Scope
from service.parts import parts
from service.store.records import Refusal, RefusedVote

routes = APIBlueprint(
    "votes", __name__, url_prefix="/v1/conversations/<conversation>", abp_tags=[{"name": "votes"}]
)

_REFUSALS = {
    Refusal.CONVERSATION_CLOSED: ("conversation-closed", "the conversation takes no votes any more", ()),
    Refusal.NOT_NOW: ("not-now", "no phase of this conversation asks for votes now", ()),
    Refusal.UNKNOWN_STATEMENT: (
        "unknown-statement",
        "the vote was not kept",
        (FieldError("#/statement", "the conversation has no statement with this id"),),
    ),
    Refusal.HIDDEN_STATEMENT: (
        "hidden-statement",
        "the vote was not kept",
        (FieldError("#/statement", "this statement waits for moderation or was hidden"),),
    ),
}


@routes.post("/votes", operation_id="castVote", responses={200: VoteAnswer, 201: VoteAnswer})
@needs(Scope.VOTE)
def post_vote(path: ConversationPath, body: VoteBody) -> Response:
    """Record a vote: 201 when it is new or changed, 200 when the participant already had it.

    Answered only when the vote is safely on disk. After 503, or no answer, cast it again: that is safe.
    """
    conversation = own_conversation(path)
    check_assurance(conversation)
    participant = acting_participant(body.participant, pointer="#/participant")
    given = cast_vote(parts().committer, parts().map_requests, conversation, body.record(participant))
    if isinstance(given, RefusedVote):
        _refuse(given)
    status = 201 if given.is_new_line else 200
    told = VoteAnswer(sequence=given.sequence, is_new_line=given.is_new_line, is_superseded=given.is_superseded)
    return answer(told, status)


@routes.post("/vote-batches", operation_id="castVotes", responses={200: VoteBatchAnswer})
@needs(Scope.VOTE)
def post_votes(path: ConversationPath, body: VoteBatchBody) -> Response:
    """Record up to 1,000 votes together and answer each; a refused vote doesn't stop the others."""
    conversation = own_conversation(path)
    check_assurance(conversation)
    new_votes = [
        vote.record(acting_participant(vote.participant, pointer=f"#/votes/{place}/participant"))
        for place, vote in enumerate(body.votes)
    ]
    given = cast_votes(parts().store, parts().map_requests, conversation, new_votes)
    return answer(VoteBatchAnswer(items=[VoteBatchItem.of(one) for one in given]))


def _refuse(refused: RefusedVote) -> NoReturn:
    name, detail, errors = _REFUSALS[refused.reason]
    raise ProblemError(name, detail, errors)

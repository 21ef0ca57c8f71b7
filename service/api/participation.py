"""What a platform reads on behalf of one participant: what to ask next, their votes, their place."""

import secrets

from flask import Response
from flask_openapi.blueprint import APIBlueprint

from service.actions.next_statement import next_statement
from service.actions.similar_statements import similar_statements
from service.api.acting import participant_of
from service.api.conversations import own_conversation
from service.api.parameters import (
    ConversationPath,
    NextStatementHeaders,
    NextStatementQuery,
    ParticipantHeaders,
)
from service.api.reading import answer
from service.api.showing import check_map_shown
from service.api.statement_schemas import (
    OwnStatementAnswer,
    OwnStatementsAnswer,
    SimilarBody,
    SimilarStatementAnswer,
    SimilarStatementsAnswer,
    StatementAnswer,
)
from service.api.vote_schemas import (
    NextStatementAnswer,
    OwnPlaceAnswer,
    OwnVoteAnswer,
    OwnVotesAnswer,
    PlaceAnswer,
)
from service.identity.access import needs
from service.identity.caller import Scope
from service.parts import parts
from service.store import group_maps, statements, votes

routes = APIBlueprint(
    "participation",
    __name__,
    url_prefix="/v1/conversations/<conversation>",
    abp_tags=[{"name": "participation"}],
)


@routes.get("/next-statement", operation_id="nextStatement", responses={200: NextStatementAnswer})
@needs(Scope.VOTE)
def get_next_statement(
    path: ConversationPath, query: NextStatementQuery, header: NextStatementHeaders
) -> Response:
    """Choose what the participant is asked next; `null` when they have seen every visible statement.

    `propensity` is the probability of this choice. The service writes it down; nobody needs to send it back.
    """
    seed = secrets.randbits(53) if query.seed is None else query.seed
    conversation, participant = own_conversation(path), participant_of(header)
    found = next_statement(
        parts().store, parts().exposures, conversation, participant, seed=seed, without=header.left_out
    )
    statement = None if found.statement is None else StatementAnswer.of(found.statement)
    return answer(
        NextStatementAnswer(
            statement=statement,
            n_seen=found.n_seen,
            n_statements=found.n_statements,
            seed=seed,
            propensity=found.propensity,
        )
    )


@routes.get("/own-votes", operation_id="ownVotes", responses={200: OwnVotesAnswer})
@needs(Scope.VOTE)
def get_own_votes(path: ConversationPath, header: ParticipantHeaders) -> Response:
    """Read the participant's current votes."""
    found = votes.own_votes(parts().store, own_conversation(path), participant_of(header))
    return answer(OwnVotesAnswer(items=[OwnVoteAnswer.of(one) for one in found]))


@routes.get("/own-statements", operation_id="ownStatements", responses={200: OwnStatementsAnswer})
@needs(Scope.VOTE)
def get_own_statements(path: ConversationPath, header: ParticipantHeaders) -> Response:
    """Read the statements the participant wrote, whether they are shown, and why not."""
    found = statements.own(parts().store, own_conversation(path), participant_of(header))
    return answer(OwnStatementsAnswer(items=[OwnStatementAnswer.of(one) for one in found]))


@routes.post("/similar-statements", operation_id="similarStatements", responses={200: SimilarStatementsAnswer})
@needs(Scope.VOTE)
def post_similar_statements(path: ConversationPath, body: SimilarBody) -> Response:
    """Find visible statements that share most of their words with a text, while somebody writes it."""
    found = similar_statements(parts().store, own_conversation(path), body.text)
    items = [
        SimilarStatementAnswer(statement=StatementAnswer.of(one.statement), similarity=one.similarity)
        for one in found
    ]
    return answer(SimilarStatementsAnswer(items=items))


@routes.get("/own-place", operation_id="ownPlace", responses={200: OwnPlaceAnswer})
@needs(Scope.VOTE)
def get_own_place(path: ConversationPath, header: ParticipantHeaders) -> Response:
    """Read where the participant stands on the published map; `null` when they are not placed on it."""
    conversation, participant = own_conversation(path), participant_of(header)
    check_map_shown(conversation)
    found = group_maps.own_place(parts().store, conversation, participant)
    return answer(OwnPlaceAnswer(place=None if found is None else PlaceAnswer.of(found)))

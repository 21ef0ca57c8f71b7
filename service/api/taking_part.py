"""Taking part beyond voting, over HTTP: going on at another device, and answers about oneself."""

import time
from datetime import datetime

from flask import Response
from flask_openapi.blueprint import APIBlueprint

from service.actions.make_transfer_code import make_transfer_code
from service.api.acting import check_assurance, participant_of
from service.api.callers import caller
from service.api.conversations import own_conversation
from service.api.fields import Answer
from service.api.parameters import ConversationPath, ParticipantHeaders
from service.api.problems import FieldError, ProblemError
from service.api.reading import answer
from service.api.taking_part_schemas import OwnAnswersAnswer, OwnAnswersBody
from service.identity.access import needs
from service.identity.caller import Scope
from service.parts import parts
from service.store import about_answers
from service.store.about_answers import ABOUT_SETTING
from service.store.phases import is_over
from service.store.records import Conversation

routes = APIBlueprint(
    "taking_part",
    __name__,
    url_prefix="/v1/conversations/<conversation>",
    abp_tags=[{"name": "participation"}],
)


class TransferCodeAnswer(Answer):
    """A code to type at another device, once, before it ends."""

    code: str
    expires_at: datetime


@routes.post("/transfer-codes", operation_id="makeTransferCode", responses={201: TransferCodeAnswer})
@needs(Scope.VOTE)
def post_transfer_code(path: ConversationPath) -> Response:
    """Make a code by which a participant goes on at another device; only with a participant's own token.

    `POST …/participant-tokens` with the code gives a token for the same participant, once, within ten minutes.
    """
    conversation, participant = own_conversation(path), caller().participant
    if participant is None:
        raise ProblemError("scope-needed", "only a participant's own token makes such a code")
    made = make_transfer_code(parts().store, conversation, participant, assurance=caller().assurance)
    told = TransferCodeAnswer(code=made.code, expires_at=made.expires_at)
    return answer(told, 201, {"Cache-Control": "no-store"})


@routes.get("/own-answers", operation_id="readOwnAnswers", responses={200: OwnAnswersAnswer})
@needs(Scope.VOTE)
def get_own_answers(path: ConversationPath, header: ParticipantHeaders) -> Response:
    """Read what the participant answered about themselves."""
    conversation = own_conversation(path)
    found = about_answers.find(parts().store, conversation, participant_of(header))
    return answer(OwnAnswersAnswer(answers={one["id"]: found.get(one["id"]) for one in _asked(conversation)}))


@routes.put("/own-answers", operation_id="giveOwnAnswers", responses={200: OwnAnswersAnswer})
@needs(Scope.VOTE)
def put_own_answers(path: ConversationPath, body: OwnAnswersBody, header: ParticipantHeaders) -> Response:
    """Answer what the conversation asks about the participant, in place of earlier answers; all may be skipped.

    Answers are kept apart from votes, under the same keyed hash, and are in no public export.
    """
    conversation, participant = own_conversation(path), participant_of(header)
    check_assurance(conversation)
    if not conversation.is_open or is_over(conversation.settings, now=time.time()):
        raise ProblemError("conversation-closed", "the conversation takes no answers any more")
    given = {question: option for question, option in body.answers.items() if option is not None}
    _check(conversation, body.answers)
    about_answers.keep(parts().store, conversation, participant, answers=given)
    return answer(OwnAnswersAnswer(answers={one["id"]: given.get(one["id"]) for one in _asked(conversation)}))


def _check(conversation: Conversation, given: dict[str, str | None]) -> None:
    asked = {one["id"]: {option["id"] for option in one["options"]} for one in _asked(conversation)}
    errors = tuple(
        FieldError(
            "#/answers/" + question[:40].replace("~", "~0").replace("/", "~1"),
            "the conversation asks no such question" if question not in asked else "there is no such option",
        )
        for question, option in given.items()
        if question not in asked or (option is not None and option not in asked[question])
    )
    if errors:
        raise ProblemError("unknown-answer", "nothing was kept; see errors", errors)


def _asked(conversation: Conversation):
    return conversation.settings.get(ABOUT_SETTING, ())

"""Participants' own tokens over HTTP: for nothing, for a platform's word, or for a code from a letter."""

from datetime import datetime
from typing import Annotated, Self

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from pydantic import ConfigDict, Field, model_validator

from service.actions.admit_participant import (
    CodeRefusedError,
    admit_anonymous,
    admit_from_other_device,
    admit_signed,
    admit_with_code,
)
from service.api.conversations import public_conversation
from service.api.fields import Answer, Body
from service.api.parameters import ConversationPath
from service.api.problems import ProblemError
from service.api.reading import answer
from service.api.settings_schemas import ASSURANCE_SETTING
from service.identity.access import public
from service.identity.participant_tokens import ParticipantToken
from service.identity.signed_identity import MAX_LENGTH, IdentityError
from service.identity.transfer_codes import is_transfer_code
from service.parts import parts
from service.store.clock import as_time
from service.store.platform_records import Assurance
from service.store.records import Conversation

routes = APIBlueprint(
    "participant_tokens",
    __name__,
    url_prefix="/v1/conversations/<conversation>",
    abp_tags=[{"name": "participation"}],
)


class AdmissionBody(Body):
    """What somebody brings: nothing, a signed identity, or a code from a letter or their other device."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"properties": {"identity": {"type": "null"}}},
                {"properties": {"code": {"type": "null"}}},
            ]
        }
    )

    identity: (
        Annotated[str, Field(min_length=1, max_length=MAX_LENGTH, description="A JWT signed by the platform.")]
        | None
    ) = None
    code: Annotated[str, Field(min_length=1, max_length=64, description="A code, as typed.")] | None = None

    @model_validator(mode="after")
    def _one_at_most(self) -> Self:
        if self.identity is not None and self.code is not None:
            raise ValueError("expected an identity or a code, not both")
        return self


class ParticipantTokenAnswer(Answer):
    """A participant's token: sent as `Authorization: Bearer <token>`, and valid in this conversation only."""

    token: str
    level: Assurance
    expires_at: datetime


@routes.post(
    "/participant-tokens", operation_id="issueParticipantToken", responses={201: ParticipantTokenAnswer}
)
@public
def post_participant_token(path: ConversationPath, body: AdmissionBody) -> Response:
    """Let somebody take part: an empty object is enough where the conversation asks for nothing.

    A signed identity (JWT) is exchanged once, and so is a code. The token is shown here only; keep it.
    """
    conversation = public_conversation(path.conversation)
    token = _admitted(conversation, body)
    shown = ParticipantTokenAnswer(
        token=token.text, level=token.assurance, expires_at=as_time(token.expires_at)
    )
    return answer(shown, 201, {"Cache-Control": "no-store"})


def _admitted(conversation: Conversation, body: AdmissionBody) -> ParticipantToken:
    store, settings = parts().store, parts().settings
    try:
        if body.identity is not None:
            token = admit_signed(store, conversation, body.identity, audience=settings.audience)
        elif body.code is not None and is_transfer_code(body.code):
            token = admit_from_other_device(store, conversation, body.code)
        elif body.code is not None:
            _check(conversation, Assurance.CODE)
            token = admit_with_code(store, conversation, body.code)
        else:
            _check(conversation, Assurance.ANONYMOUS)
            token = admit_anonymous(store, conversation)
    except IdentityError as error:
        raise ProblemError("identity-refused", f"the signed identity is not accepted: {error}") from None
    except CodeRefusedError as error:
        raise ProblemError("code-refused", str(error)) from None
    _check(conversation, token.assurance)
    return token


def _check(conversation: Conversation, shown: Assurance) -> None:
    """Refuse before a code is used up what would not be enough anyway."""
    needed = Assurance(conversation.settings.get(ASSURANCE_SETTING, Assurance.ANONYMOUS))
    if not shown.is_at_least(needed):
        raise ProblemError(
            "assurance-needed", f"this conversation asks for the level '{needed}', and this is '{shown}'"
        )

"""The kinds of field that requests are made of: what each accepts, and how the OpenAPI document says so."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from clustering.vocabulary import MAX_ID_LENGTH, ParticipantId, StatementId, VoteValue, identifier, vote_value
from service.api.texts import keeper, text_schema

MAX_QUESTION_LENGTH = 500
MAX_DESCRIPTION_LENGTH = 5_000
MAX_STATEMENT_LENGTH = 1_000
"""Longest statement any conversation may allow; `DEFAULT_STATEMENT_LENGTH` is what it allows unless told."""
DEFAULT_STATEMENT_LENGTH = 140
"""Room for one idea; what Polis allows too."""
MAX_BATCH = 1_000
"""Most votes or statements in one request."""


class Body(BaseModel):
    """A JSON body: only the fields named here, each of exactly its type."""

    model_config = ConfigDict(strict=True, extra="forbid")


LEFT_OUT: Any = None
"""Default of a field that a change may leave out; `null` itself is refused."""


def _without_defaults(schema: dict[str, Any]) -> None:
    for one in schema["properties"].values():
        one.pop("default", None)


class ChangeBody(Body):
    """A JSON body that names what to change; `model_fields_set` tells what was named."""

    model_config = ConfigDict(json_schema_extra=_without_defaults)


class Answer(BaseModel):
    """What the service answers."""

    model_config = ConfigDict(frozen=True)


class Query(BaseModel):
    """Parameters after the `?`: text on the wire, so types are read from it; unknown names are refused."""

    model_config = ConfigDict(extra="forbid")


def _id_of(of: str) -> Any:
    def read(value: object) -> str:
        return identifier(value, of=of)

    return BeforeValidator(read)


_ID_TEXT_SCHEMA: dict[str, Any] = {
    "type": "string",
    "minLength": 1,
    "maxLength": MAX_ID_LENGTH,
    "pattern": r"^[^\u0000-\u001f\u007f-\u009f]*$",
}
_ID_NUMBER_SCHEMA: dict[str, Any] = {"type": "integer", "minimum": 0, "maximum": 2**53 - 1}
_ID_SCHEMA: dict[str, Any] = {"anyOf": [_ID_TEXT_SCHEMA, _ID_NUMBER_SCHEMA]}
_NEW_ID_SCHEMA: dict[str, Any] = {
    "anyOf": [{**_ID_TEXT_SCHEMA, "not": {"enum": [".", ".."]}}, _ID_NUMBER_SCHEMA]
}

ParticipantField = Annotated[ParticipantId, _id_of("participant"), WithJsonSchema(_ID_SCHEMA)]
StatementField = Annotated[StatementId, _id_of("statement"), WithJsonSchema(_ID_SCHEMA)]


def _addressable(value: StatementId) -> StatementId:
    if value in {".", ".."}:
        raise ValueError("expected an id that an address can hold; '.' and '..' are taken out of addresses")
    return value


NewStatementField = Annotated[
    StatementId, _id_of("statement"), AfterValidator(_addressable), WithJsonSchema(_NEW_ID_SCHEMA)
]
VoteField = Annotated[
    VoteValue,
    BeforeValidator(vote_value),
    WithJsonSchema({"type": "integer", "enum": [-1, 0, 1], "description": "agree 1, disagree -1, pass 0"}),
]
QuestionField = Annotated[
    str,
    AfterValidator(keeper(most=MAX_QUESTION_LENGTH)),
    WithJsonSchema(text_schema(most=MAX_QUESTION_LENGTH)),
]
DescriptionField = Annotated[
    str,
    AfterValidator(keeper(most=MAX_DESCRIPTION_LENGTH, lines=True, may_be_empty=True)),
    WithJsonSchema(
        text_schema(
            most=MAX_DESCRIPTION_LENGTH,
            lines=True,
            may_be_empty=True,
            description="Line breaks are kept.",
        )
    ),
]
StatementTextField = Annotated[
    str,
    AfterValidator(keeper(most=MAX_STATEMENT_LENGTH)),
    WithJsonSchema(
        text_schema(
            most=MAX_STATEMENT_LENGTH,
            description="One line; the conversation's max_statement_length says how long.",
        )
    ),
]
LanguageField = Annotated[
    str,
    Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", description="A language tag (BCP 47), such as nl."),
]
StatementLengthField = Annotated[int, Field(ge=1, le=MAX_STATEMENT_LENGTH)]
ChannelField = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9-]{0,39}$",
        description="By which way the participant came, such as `letter`; kept with their first vote.",
    ),
]

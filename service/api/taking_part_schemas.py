"""JSON ⇄ what a conversation says of taking part: questions about people, who sees results, on which sites."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from service.actions.map_shown import MAP_VISIBILITY_SETTING, MIN_VOTES_SETTING, MapVisibility
from service.api.fields import Answer, Body
from service.api.problems import FieldError, ProblemError
from service.api.texts import keeper, text_schema
from service.store.about_answers import ABOUT_SETTING

SITES_SETTING = "embedding_sites"
TAKING_PART_SETTINGS = (ABOUT_SETTING, MAP_VISIBILITY_SETTING, MIN_VOTES_SETTING, SITES_SETTING)

MAX_ABOUT_QUESTIONS = 20
MAX_OPTIONS = 50
MAX_ABOUT_LENGTH = 200
MAX_SITES = 50

ABOUT_ID = r"^[a-z0-9][a-z0-9_-]{0,39}$"
_SITE = r"^https?://(\*\.)?[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?(:[1-9][0-9]{0,4})?$"

AboutIdField = Annotated[str, Field(pattern=ABOUT_ID, min_length=1, max_length=40)]
_AboutTextField = Annotated[
    str, AfterValidator(keeper(most=MAX_ABOUT_LENGTH)), WithJsonSchema(text_schema(most=MAX_ABOUT_LENGTH))
]


class OptionBody(Body):
    """One answer to choose."""

    id: AboutIdField
    text: _AboutTextField


class AboutQuestionBody(Body):
    """A question about the participant, answered by choosing, or skipped."""

    id: AboutIdField
    text: _AboutTextField
    options: Annotated[list[OptionBody], Field(min_length=1, max_length=MAX_OPTIONS)]

    @model_validator(mode="after")
    def _options_differ(self) -> Self:
        _all_different([one.id for one in self.options], of=f"the options of {self.id!r}")
        return self


def _questions_differ(questions: list[AboutQuestionBody]) -> list[AboutQuestionBody]:
    _all_different([one.id for one in questions], of="the questions")
    return questions


def _all_different(ids: list[str], *, of: str) -> None:
    if len(set(ids)) < len(ids):
        # No schema can say this, so it is a problem of its own and not one of form.
        errors = (FieldError("#/about_questions", f"expected different ids for {of}"),)
        raise ProblemError("ids-clash", "the questions can't be kept", errors)


AboutQuestionsField = Annotated[
    list[AboutQuestionBody],
    Field(max_length=MAX_ABOUT_QUESTIONS, description="Asked of participants who want to answer."),
    AfterValidator(_questions_differ),
]
MapVisibilityField = Annotated[
    MapVisibility,
    Field(
        strict=False,
        description="Whether the group map is there for everybody, for participants once they have voted, "
        "or when the conversation has closed.",
    ),
]
MinVotesField = Annotated[
    int,
    Field(ge=0, le=1_000, description="With `after-voting`: how many votes a participant casts first."),
]
SitesField = Annotated[
    list[Annotated[str, Field(pattern=_SITE, max_length=300)]],
    Field(
        max_length=MAX_SITES,
        description="Origins (https://www.example.org) whose pages may show the conversation in a frame.",
    ),
]


class OptionAnswer(Answer):
    """One answer to choose."""

    id: str
    text: str


class AboutQuestionAnswer(Answer):
    """A question about the participant."""

    id: str
    text: str
    options: list[OptionAnswer]


_ID_SCHEMA = {"type": "string", "pattern": ABOUT_ID, "minLength": 1, "maxLength": 40}
_ANSWERS_SCHEMA = {
    "type": "object",
    "maxProperties": MAX_ABOUT_QUESTIONS,
    "additionalProperties": {"anyOf": [_ID_SCHEMA, {"type": "null"}]},
}


class OwnAnswersBody(Body):
    """What somebody answers about themselves, question id to option id; what is null or left out is skipped."""

    answers: Annotated[
        dict[str, AboutIdField | None],  # What is asked depends on the conversation: see `unknown-answer`.
        Field(max_length=MAX_ABOUT_QUESTIONS),
        WithJsonSchema(_ANSWERS_SCHEMA),
    ]


class OwnAnswersAnswer(Answer):
    """What somebody answered about themselves: every question that is asked, `null` where it was skipped."""

    answers: dict[str, str | None]


def kept_taking_part(body: Body) -> dict[str, Any]:
    """Return those of these settings that a body names, as they are kept."""
    kept = body.model_dump(mode="json", include=set(TAKING_PART_SETTINGS), exclude_unset=True)
    return {name: value for name, value in kept.items() if name in body.model_fields_set}

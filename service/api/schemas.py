"""JSON ⇄ vocabulary: what requests say and what answers say. JSON field names appear nowhere else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, RootModel, Tag

from service.api.fields import (
    DEFAULT_STATEMENT_LENGTH,
    LEFT_OUT,
    MAX_BATCH,
    Answer,
    Body,
    ChangeBody,
    DescriptionField,
    LanguageField,
    NewStatementField,
    QuestionField,
    StatementLengthField,
    StatementTextField,
)
from service.store.records import (
    Conversation,
    NewConversation,
    NewStatement,
    StatementRecord,
    StatementState,
    VoteCounts,
)

LENGTH_SETTING = "max_statement_length"
"""Under which name a conversation's settings keep how long a statement may be."""


class SettingsBody(Body):
    """How the map of a conversation is made and statements are chosen; what is left out keeps its default."""

    method: Literal["classic", "ideal", "strict"] = "classic"
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0
    n_groups: Annotated[int, Field(ge=1, le=5)] | None = None
    routing: Annotated[
        Literal["informative", "polis"],
        Field(description="The next statement: what tells most of a participant, or Polis's formula."),
    ] = "informative"


class NewConversationBody(Body):
    """A conversation to start."""

    question: QuestionField
    description: DescriptionField = ""
    language: LanguageField = "nl"
    is_open: bool = True
    is_test: bool = False
    max_statement_length: StatementLengthField = DEFAULT_STATEMENT_LENGTH
    settings: SettingsBody = SettingsBody()

    def record(self) -> NewConversation:
        """Return what to put into the store."""
        settings = self.settings.model_dump(exclude_unset=True)
        if "max_statement_length" in self.model_fields_set:
            settings[LENGTH_SETTING] = self.max_statement_length
        return NewConversation(
            question=self.question,
            description=self.description,
            language=self.language,
            is_open=self.is_open,
            is_test=self.is_test,
            settings=settings,
        )


class ChangedConversationBody(ChangeBody):
    """What to change of a conversation; what is left out stays. Settings are replaced as a whole."""

    question: QuestionField = LEFT_OUT
    description: DescriptionField = LEFT_OUT
    language: LanguageField = LEFT_OUT
    is_open: bool = LEFT_OUT
    max_statement_length: StatementLengthField = LEFT_OUT
    settings: SettingsBody = LEFT_OUT

    def changes(self) -> dict[str, Any]:
        """Return the arguments of `conversations.change`."""
        told = self.model_dump(include={"question", "description", "language", "is_open"}, exclude_unset=True)
        if self.model_fields_set & {"settings", "max_statement_length"}:
            told["settings"] = self._changed_settings
        return told

    def _changed_settings(self, now: Mapping[str, Any]) -> dict[str, Any]:
        settings = dict(now)
        if "settings" in self.model_fields_set:
            kept = {name: value for name, value in settings.items() if name == LENGTH_SETTING}
            settings = kept | self.settings.model_dump(exclude_unset=True)
        if "max_statement_length" in self.model_fields_set:
            settings[LENGTH_SETTING] = self.max_statement_length
        return settings


class ConversationAnswer(Answer):
    """A conversation as the public reads it."""

    id: str
    question: str
    description: str
    language: str
    is_open: bool
    is_test: bool
    max_statement_length: int
    settings: dict[str, Any]
    sequence: int
    created_at: datetime

    @classmethod
    def of(cls, conversation: Conversation) -> Self:
        """Return the answer for a record."""
        settings = dict(conversation.settings)
        length = settings.pop(LENGTH_SETTING, DEFAULT_STATEMENT_LENGTH)
        return cls(
            id=conversation.id,
            question=conversation.question,
            description=conversation.description,
            language=conversation.language,
            is_open=conversation.is_open,
            is_test=conversation.is_test,
            max_statement_length=length,
            settings=settings,
            sequence=conversation.sequence,
            created_at=conversation.created_at,
        )


class CountsAnswer(Answer):
    """How much a conversation holds."""

    n_participants: int
    n_statements: int
    n_votes: int

    @classmethod
    def of(cls, counts: VoteCounts) -> Self:
        """Return the answer for a record."""
        return cls(
            n_participants=counts.n_participants, n_statements=counts.n_statements, n_votes=counts.n_votes
        )


class ConversationWithCountsAnswer(ConversationAnswer):
    """A conversation and how much it holds."""

    counts: CountsAnswer


class ConversationsAnswer(Answer):
    """One page of conversations; `next` is the cursor of the following page."""

    items: list[ConversationAnswer]
    next: str | None


class NewStatementBody(Body):
    """A statement to add; without an id it gets the next number."""

    text: StatementTextField
    id: NewStatementField | None = None
    state: Annotated[StatementState, Field(strict=False)] = StatementState.VISIBLE
    is_meta: bool = False
    language: LanguageField | None = None

    def record(self) -> NewStatement:
        """Return what to put into the store."""
        return NewStatement(
            text=self.text, id=self.id, state=self.state, is_meta=self.is_meta, language=self.language or ""
        )


class NewStatementsBody(Body):
    """Statements to add: all of them or, when one can't be added, none."""

    statements: Annotated[list[NewStatementBody], Field(min_length=1, max_length=MAX_BATCH)]


def _form(value: object) -> str:
    return "several" if isinstance(value, dict) and "statements" in value else "one"


class OneOrMoreStatementsBody(
    RootModel[
        Annotated[
            Annotated[NewStatementBody, Tag("one")] | Annotated[NewStatementsBody, Tag("several")],
            Discriminator(_form),
        ]
    ]
):
    """One statement, or several under `statements`."""

    def records(self) -> list[NewStatement]:
        """Return what to put into the store."""
        found = self.root.statements if isinstance(self.root, NewStatementsBody) else [self.root]
        return [one.record() for one in found]


class ChangedStatementBody(ChangeBody):
    """A moderator's decision on a statement."""

    state: Annotated[StatementState, Field(strict=False)] = LEFT_OUT
    is_meta: bool = LEFT_OUT


class StatementAnswer(Answer):
    """A statement as people read it."""

    id: str
    text: str
    state: StatementState
    is_meta: bool
    language: str | None
    created_at: datetime

    @classmethod
    def of(cls, statement: StatementRecord) -> Self:
        """Return the answer for a record."""
        return cls(
            id=statement.id,
            text=statement.text,
            state=statement.state,
            is_meta=statement.is_meta,
            language=statement.language or None,
            created_at=statement.created_at,
        )


class StatementsAnswer(Answer):
    """One page of statements; `next` is the cursor of the following page."""

    items: list[StatementAnswer]
    next: str | None = None


class FieldErrorAnswer(Answer):
    """What is wrong with one field."""

    pointer: str
    detail: str


class Problem(Answer):
    """Problem details (RFC 9457): the one shape of every answer that is not a success."""

    type: Annotated[str, Field(examples=["/problems/not-found"])]
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    errors: list[FieldErrorAnswer] | None = None

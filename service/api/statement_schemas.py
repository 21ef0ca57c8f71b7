"""JSON ⇄ vocabulary, for statements: adding, moderating, translating, and finding ones that are alike."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Discriminator, Field, RootModel, Tag, WithJsonSchema

from clustering.vocabulary import StatementId
from service.api.fields import (
    LEFT_OUT,
    MAX_BATCH,
    Answer,
    Body,
    ChangeBody,
    LanguageField,
    NewStatementField,
    StatementField,
    StatementTextField,
)
from service.api.texts import keeper, text_schema
from service.store.records import LoggedChange, NewStatement, StatementChange, StatementRecord, StatementState

MAX_TRANSLATIONS = 50
MAX_REASON_LENGTH = 500

ReasonField = Annotated[
    str,
    AfterValidator(keeper(most=MAX_REASON_LENGTH, may_be_empty=True)),
    WithJsonSchema(
        text_schema(
            most=MAX_REASON_LENGTH,
            may_be_empty=True,
            description="Why; told to whoever wrote the statement.",
        )
    ),
]


class TranslationBody(Body):
    """A statement in another language."""

    text: StatementTextField
    is_machine: bool = False


TranslationsField = Annotated[
    dict[LanguageField, TranslationBody],
    Field(
        max_length=MAX_TRANSLATIONS,
        description="By language; replaced as a whole.",
        json_schema_extra={"additionalProperties": False},
    ),
]


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
    text: StatementTextField = LEFT_OUT
    reason: ReasonField = LEFT_OUT
    translations: TranslationsField = LEFT_OUT

    def record(self, statement_id: StatementId) -> StatementChange:
        """Return what to change in the store."""
        translations = None
        if self.translations is not None:
            translations = {language: one.model_dump() for language, one in self.translations.items()}
        return StatementChange(
            id=statement_id,
            state=self.state,
            is_meta=self.is_meta,
            text=self.text,
            reason=self.reason,
            translations=translations,
        )


class ChangedStatementItem(ChangedStatementBody):
    """A moderator's decision on one statement among several."""

    id: StatementField


class ChangedStatementsBody(Body):
    """Decisions on several statements: all of them or, when one isn't there, none."""

    statements: Annotated[list[ChangedStatementItem], Field(min_length=1, max_length=MAX_BATCH)]

    def records(self) -> list[StatementChange]:
        """Return what to change in the store."""
        return [one.record(one.id) for one in self.statements]


class TranslationAnswer(Answer):
    """A statement in another language, and whether a machine translated it."""

    text: str
    is_machine: bool


class StatementAnswer(Answer):
    """A statement as people read it."""

    id: str
    text: str
    state: StatementState
    is_meta: bool
    language: str | None
    created_at: datetime
    translations: dict[str, TranslationAnswer]

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
            translations={
                language: TranslationAnswer(text=one["text"], is_machine=one["is_machine"])
                for language, one in statement.translations.items()
            },
        )


class StatementsAnswer(Answer):
    """One page of statements; `next` is the cursor of the following page."""

    items: list[StatementAnswer]
    next: str | None = None


class OwnStatementAnswer(StatementAnswer):
    """A statement of one's own, and why a moderator decided as they did."""

    reason: str

    @classmethod
    def of(cls, statement: StatementRecord) -> Self:
        """Return the answer for a record."""
        return cls(**dict(StatementAnswer.of(statement)), reason=statement.reason)


class OwnStatementsAnswer(Answer):
    """The statements that a participant wrote, in the order in which they did."""

    items: list[OwnStatementAnswer]


class SimilarBody(Body):
    """A text that somebody is writing."""

    text: StatementTextField


class SimilarStatementAnswer(Answer):
    """A visible statement that is like the text, from 0 (not at all) to 100 (word for word)."""

    statement: StatementAnswer
    similarity: float


class SimilarStatementsAnswer(Answer):
    """Statements that are like a text, the likest first."""

    items: list[SimilarStatementAnswer]


class ChangeAnswer(Answer):
    """A change that is no vote: what, when, and by whose key."""

    sequence: int
    kind: str
    made_at: datetime
    by: str | None
    details: dict[str, Any]

    @classmethod
    def of(cls, change: LoggedChange) -> Self:
        """Return the answer for a record."""
        details = dict(change.payload)
        by = details.pop("by", None)
        return cls(sequence=change.sequence, kind=change.kind, made_at=change.made_at, by=by, details=details)


class ChangesAnswer(Answer):
    """One page of changes, oldest first; `next` is the cursor of the following page."""

    items: list[ChangeAnswer]
    next: str | None

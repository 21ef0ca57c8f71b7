"""JSON ⇄ vocabulary: what requests say and what answers say. JSON field names appear nowhere else."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from service.actions.map_shown import MAP_VISIBILITY_SETTING, MIN_VOTES_SETTING, MapVisibility
from service.api.fields import (
    DEFAULT_STATEMENT_LENGTH,
    LEFT_OUT,
    Answer,
    Body,
    ChangeBody,
    DescriptionField,
    LanguageField,
    QuestionField,
    StatementLengthField,
)
from service.api.settings_schemas import (
    ASSURANCE_SETTING,
    LENGTH_SETTING,
    MODERATION_SETTING,
    OUTCOME_SETTING,
    OWN_SETTINGS,
    POLIS_SETTING,
    WRITERS_SETTING,
    AssuranceField,
    Moderation,
    ModerationField,
    OutcomeField,
    PhaseAnswer,
    PhasesField,
    PolisBody,
    Writers,
    WritersField,
    kept_settings,
)
from service.api.taking_part_schemas import (
    SITES_SETTING,
    AboutQuestionAnswer,
    AboutQuestionsField,
    MapVisibilityField,
    MinVotesField,
    SitesField,
)
from service.store.about_answers import ABOUT_SETTING
from service.store.phases import PHASES_SETTING, asks_for_statements, asks_for_votes, phase_at
from service.store.platform_records import Assurance
from service.store.records import (
    Conversation,
    NewConversation,
    VoteCounts,
)


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
    is_test: bool | None = None
    max_statement_length: StatementLengthField = DEFAULT_STATEMENT_LENGTH
    required_assurance: AssuranceField = Assurance.ANONYMOUS
    moderation: ModerationField = Moderation.BEFORE
    writers: WritersField = Writers.PARTICIPANTS
    phases: PhasesField = Field(default_factory=list)
    outcome: OutcomeField = ""
    about_questions: AboutQuestionsField = Field(default_factory=list)
    results_visible: MapVisibilityField = MapVisibility.ALWAYS
    min_votes_for_results: MinVotesField = 0
    embedding_sites: SitesField = Field(default_factory=list)
    polis: PolisBody = PolisBody()
    settings: SettingsBody = SettingsBody()

    def record(self, *, is_test: bool) -> NewConversation:
        """Return what to put into the store."""
        settings = self.settings.model_dump(exclude_unset=True) | kept_settings(self)
        return NewConversation(
            question=self.question,
            description=self.description,
            language=self.language,
            is_open=self.is_open,
            is_test=is_test,
            settings=settings,
        )


class ChangedConversationBody(ChangeBody):
    """What to change of a conversation; what is left out stays. Settings are replaced as a whole."""

    question: QuestionField = LEFT_OUT
    description: DescriptionField = LEFT_OUT
    language: LanguageField = LEFT_OUT
    is_open: bool = LEFT_OUT
    max_statement_length: StatementLengthField = LEFT_OUT
    required_assurance: AssuranceField = LEFT_OUT
    moderation: ModerationField = LEFT_OUT
    writers: WritersField = LEFT_OUT
    phases: PhasesField = LEFT_OUT
    outcome: OutcomeField = LEFT_OUT
    about_questions: AboutQuestionsField = LEFT_OUT
    results_visible: MapVisibilityField = LEFT_OUT
    min_votes_for_results: MinVotesField = LEFT_OUT
    embedding_sites: SitesField = LEFT_OUT
    polis: PolisBody = LEFT_OUT
    settings: SettingsBody = LEFT_OUT

    def changes(self) -> dict[str, Any]:
        """Return the arguments of `conversations.change`."""
        told = self.model_dump(include={"question", "description", "language", "is_open"}, exclude_unset=True)
        if self.model_fields_set & {"settings", *OWN_SETTINGS}:
            told["settings"] = self._changed_settings
        return told

    def _changed_settings(self, now: Mapping[str, Any]) -> dict[str, Any]:
        settings = dict(now)
        if "settings" in self.model_fields_set:
            kept = {name: value for name, value in settings.items() if name in OWN_SETTINGS}
            settings = kept | self.settings.model_dump(exclude_unset=True)
        return settings | kept_settings(self)


class PolisAnswer(Answer):
    """What tools made for Polis may do in a conversation."""

    open_data: bool = False
    unsigned_xid: bool = False
    keep_xids: bool = False


class ConversationAnswer(Answer):
    """A conversation as the public reads it."""

    id: str
    question: str
    description: str
    language: str
    is_open: bool
    is_test: bool
    max_statement_length: int
    required_assurance: Assurance
    moderation: Moderation
    writers: Writers
    phases: list[PhaseAnswer]
    phase: str | None
    takes_votes: bool
    takes_statements: bool
    outcome: str
    about_questions: list[AboutQuestionAnswer]
    results_visible: MapVisibility
    min_votes_for_results: int
    embedding_sites: list[str]
    polis: PolisAnswer
    settings: dict[str, Any]
    sequence: int
    created_at: datetime

    @classmethod
    def of(cls, conversation: Conversation) -> Self:
        """Return the answer for a record."""
        kept, now = conversation.settings, time.time()
        current = phase_at(kept, now=now)
        return cls(
            id=conversation.id,
            question=conversation.question,
            description=conversation.description,
            language=conversation.language,
            is_open=conversation.is_open,
            is_test=conversation.is_test,
            max_statement_length=kept.get(LENGTH_SETTING, DEFAULT_STATEMENT_LENGTH),
            required_assurance=Assurance(kept.get(ASSURANCE_SETTING, Assurance.ANONYMOUS)),
            moderation=Moderation(kept.get(MODERATION_SETTING, Moderation.BEFORE)),
            writers=Writers(kept.get(WRITERS_SETTING, Writers.PARTICIPANTS)),
            phases=[PhaseAnswer.of(one) for one in kept.get(PHASES_SETTING, ())],
            phase=None if current is None else current["name"],
            takes_votes=conversation.is_open and asks_for_votes(kept, now=now),
            takes_statements=conversation.is_open
            and kept.get(WRITERS_SETTING) != Writers.PLATFORM
            and asks_for_statements(kept, now=now),
            outcome=kept.get(OUTCOME_SETTING, ""),
            about_questions=kept.get(ABOUT_SETTING, []),
            results_visible=kept.get(MAP_VISIBILITY_SETTING, MapVisibility.ALWAYS),
            min_votes_for_results=kept.get(MIN_VOTES_SETTING, 0),
            embedding_sites=kept.get(SITES_SETTING, []),
            polis=PolisAnswer(**kept.get(POLIS_SETTING, {})),
            settings={name: value for name, value in kept.items() if name not in OWN_SETTINGS},
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

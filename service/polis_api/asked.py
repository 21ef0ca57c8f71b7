"""What requests of this API say, by the names that Polis's clients give it."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from service.api.fields import MAX_DESCRIPTION_LENGTH, MAX_QUESTION_LENGTH, MAX_STATEMENT_LENGTH
from service.api.texts import keeper
from service.polis_api.declaring import Asked

ConversationIdField = Annotated[str, Field(min_length=1, max_length=64)]
Number = Annotated[int, Field(ge=0, le=2**31 - 1)]
Moderated = Literal[-1, 0, 1]
AnyNumber = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
Xid = Annotated[
    str, Field(min_length=1, max_length=8_192, description="An external id, or one that is signed.")
]
TextField = Annotated[str, AfterValidator(keeper(most=MAX_STATEMENT_LENGTH))]
TopicField = Annotated[str, AfterValidator(keeper(most=MAX_QUESTION_LENGTH))]
DescriptionField = Annotated[
    str, AfterValidator(keeper(most=MAX_DESCRIPTION_LENGTH, lines=True, may_be_empty=True))
]


def _whole(value: object) -> object:
    return (
        int(value)
        if isinstance(value, str) and value.lstrip("-").isascii() and value.lstrip("-").isdigit()
        else value
    )


def _listed(value: object) -> object:
    # As a list in a body; in an address one after the other, or said several times.
    if isinstance(value, str):
        return [one for one in value.strip("[]").split(",") if one.strip()]
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return [one for text in value for one in text.split(",") if one.strip()]
    return [value] if isinstance(value, int) else value


def _own_or_number(value: object) -> object:
    return None if value in ("mypid", "", "-1", -1) else value


Numbers = Annotated[list[Number], BeforeValidator(_listed), Field(max_length=10_000)]
Names = Annotated[list[str], BeforeValidator(_listed), Field(max_length=100)]
ModeratedField = Annotated[Moderated, BeforeValidator(_whole)]
VoteField = Annotated[
    Literal[-1, 0, 1], BeforeValidator(_whole), Field(description="Agree is -1, disagree 1, pass 0.")
]
PidField = Annotated[Number | None, BeforeValidator(_own_or_number)]


class NothingQuery(Asked):
    """Nothing."""


class ConversationQuery(Asked):
    """Which conversation."""

    conversation_id: ConversationIdField


class ParticipantQuery(ConversationQuery):
    """Who, in which conversation."""

    xid: Xid | None = None


class InitQuery(Asked):
    """Who comes, to which conversation."""

    conversation_id: ConversationIdField | None = None
    xid: Xid | None = None
    pid: PidField = None
    lang: str | None = None


class NextQuery(ParticipantQuery):
    """What may be shown next."""

    not_voted_by_pid: PidField = None
    without: Numbers = Field(default_factory=list)
    lang: str | None = None


class VotesQuery(ParticipantQuery):
    """Whose votes."""

    pid: PidField = None
    tid: Number | None = None


class VoteBody(ParticipantQuery):
    """A vote; whose it is, the caller's token says."""

    tid: Number
    vote: VoteField
    pid: PidField = None
    lang: str | None = None


class BulkBody(ConversationQuery):
    """Votes as CSV: vote_id, user_id, vote_value, timestamp, comment_id; there agree is 1."""

    csv: str


class CommentsQuery(ConversationQuery):
    """Which statements."""

    moderation: bool = False
    include_voting_patterns: bool = False
    mod: AnyNumber | None = None
    mod_gt: AnyNumber | None = None
    mod_in: bool | None = Field(
        None, alias="modIn", description="Whether those that participants see, or the others."
    )
    tids: Numbers | None = None
    not_voted_by_pid: PidField = None
    report_id: str | None = None
    xid: Xid | None = None
    limit: Annotated[int, Field(ge=1, le=100_000)] | None = None
    offset: Annotated[int, Field(ge=0)] = 0


class CommentBody(ParticipantQuery):
    """A statement, and the vote of who wrote it."""

    txt: TextField
    vote: VoteField | None = None
    is_seed: bool = False
    lang: str | None = None
    pid: PidField = None


class ModerationBody(ConversationQuery):
    """What becomes of a statement."""

    tid: Number
    mod: ModeratedField | None = None
    active: bool | None = None
    is_meta: bool | None = None


class StatsQuery(ConversationQuery):
    """Of which conversation, and until when, in milliseconds since 1970."""

    report_id: Annotated[str, Field(max_length=64)] | None = None
    until: Annotated[int, Field(ge=0)] | None = None


class TranslationsQuery(ConversationQuery):
    """Which statement, in which language."""

    tid: Number
    lang: Annotated[str, Field(min_length=1, max_length=35)]


class ConversationsQuery(Asked):
    """One conversation, or which of one's own."""

    conversation_id: ConversationIdField | None = None
    is_active: bool | None = None
    limit: Annotated[int, Field(ge=1, le=1_000)] = 999


class NewConversationBody(Asked):
    """A conversation to start."""

    topic: TopicField = "Untitled"
    description: DescriptionField = ""
    is_active: bool = True
    strict_moderation: bool = True
    is_data_open: bool = False
    write_type: Annotated[Literal[0, 1], BeforeValidator(_whole)] = 1


class ChangedConversationBody(ConversationQuery):
    """What to change of a conversation."""

    topic: TopicField | None = None
    description: DescriptionField | None = None
    is_active: bool | None = None
    strict_moderation: bool | None = None
    is_data_open: bool | None = None
    write_type: Annotated[Literal[0, 1], BeforeValidator(_whole)] | None = None


class MapQuery(ConversationQuery):
    """Which map, and what of it."""

    math_tick: int | None = None
    keys: Names = Field(default_factory=list)


class ReportsQuery(Asked):
    """Which report, or of which conversation."""

    report_id: Annotated[str, Field(max_length=64)] | None = None
    conversation_id: ConversationIdField | None = None


LABELS = (
    *("label_x_neg", "label_x_pos", "label_y_neg", "label_y_pos"),
    *(f"label_group_{number}" for number in range(10)),
)
Label = Annotated[str, AfterValidator(keeper(most=200, may_be_empty=True))]


class ReportBody(ReportsQuery):
    """What to change of a report."""

    report_name: Label | None = None
    label_x_neg: Label | None = None
    label_x_pos: Label | None = None
    label_y_neg: Label | None = None
    label_y_pos: Label | None = None
    label_group_0: Label | None = None
    label_group_1: Label | None = None
    label_group_2: Label | None = None
    label_group_3: Label | None = None
    label_group_4: Label | None = None
    label_group_5: Label | None = None
    label_group_6: Label | None = None
    label_group_7: Label | None = None
    label_group_8: Label | None = None
    label_group_9: Label | None = None


class LoginBody(Asked):
    """A key, in place of a password."""

    password: Annotated[str, Field(min_length=1, max_length=500)]
    email: str | None = None

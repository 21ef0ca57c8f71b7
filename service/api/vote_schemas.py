"""JSON ⇄ vocabulary, for what a participant does and sees: votes, the next statement, their own place."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field

from clustering.settings import MEMBERSHIP_SURE
from clustering.vocabulary import GROUP_LETTERS, ParticipantId
from service.api.fields import (
    MAX_BATCH,
    Answer,
    Body,
    ChannelField,
    ParticipantField,
    StatementField,
    VoteField,
)
from service.api.statement_schemas import StatementAnswer
from service.store.platform_records import HashedParticipant
from service.store.records import NewVote, OwnVote, Place, RecordedVote, RefusedVote


class VoteBody(Body):
    """One participant's vote on one statement."""

    participant: Annotated[
        ParticipantField | None, Field(description="On whose behalf; left out with a participant's own token.")
    ] = None
    statement: StatementField
    vote: Annotated[VoteField | None, Field(description="agree 1, disagree -1, pass 0; null takes it back")]
    client_sequence: Annotated[
        int | None,
        Field(
            ge=0,
            le=2**53 - 1,
            description="Grows with each act on one device, so that a late retry never overwrites a newer act.",
        ),
    ] = None
    channel: ChannelField | None = None

    def record(self, participant: ParticipantId | HashedParticipant) -> NewVote:
        """Return what to put into the store."""
        return NewVote(participant, self.statement, self.vote, self.client_sequence, self.channel or "")


class VoteBatchBody(Body):
    """Votes to record together."""

    votes: Annotated[list[VoteBody], Field(min_length=1, max_length=MAX_BATCH)]


class VoteAnswer(Answer):
    """A vote that is safely kept.

    `is_new_line` is false when the participant already had this vote, or when a newer act of theirs stands
    (`is_superseded`).
    """

    sequence: int
    is_new_line: bool
    is_superseded: bool = False


class VoteBatchItem(Answer):
    """What became of one vote of a batch."""

    status: Literal["recorded", "unchanged", "superseded", "refused"]
    sequence: int | None
    reason: str | None

    @classmethod
    def of(cls, answer: RecordedVote | RefusedVote) -> Self:
        """Return the answer for a record."""
        if isinstance(answer, RefusedVote):
            reason = "conversation-closed" if answer.reason == "closed" else str(answer.reason)
            return cls(status="refused", sequence=None, reason=reason)
        status = "recorded" if answer.is_new_line else "superseded" if answer.is_superseded else "unchanged"
        return cls(status=status, sequence=answer.sequence, reason=None)


class VoteBatchAnswer(Answer):
    """What became of every vote of a batch, in its order."""

    items: list[VoteBatchItem]


class OwnVoteAnswer(Answer):
    """A participant's current vote on one statement."""

    statement: str
    vote: Annotated[int, Field(ge=-1, le=1)]
    sequence: int
    cast_at: datetime

    @classmethod
    def of(cls, vote: OwnVote) -> Self:
        """Return the answer for a record."""
        return cls(statement=vote.statement, vote=int(vote.value), sequence=vote.sequence, cast_at=vote.cast_at)


class OwnVotesAnswer(Answer):
    """A participant's current votes, in the order in which statements were added."""

    items: list[OwnVoteAnswer]


class NextStatementAnswer(Answer):
    """The statement to show next; `null` when the participant has seen them all."""

    statement: StatementAnswer | None
    n_seen: int
    n_statements: int
    seed: int
    propensity: Annotated[
        float | None, Field(description="The probability with which this statement was chosen.")
    ]


class PlaceAnswer(Answer):
    """Where somebody stands."""

    x: float
    y: float
    group: str | None
    membership: Annotated[
        float | None,
        Field(description="How likely they belong to that group, 0 to 1; `null` until it is known."),
    ]
    is_in_between: Annotated[
        bool | None, Field(description="Whether that is less than 0.8; `null` until it is known.")
    ]

    @classmethod
    def of(cls, place: Place) -> Self:
        """Return the answer for a record."""
        return cls(
            x=place.x,
            y=place.y,
            group=GROUP_LETTERS[place.group] if 0 <= place.group < len(GROUP_LETTERS) else None,
            membership=place.membership,
            is_in_between=None if place.membership is None else place.membership < MEMBERSHIP_SURE,
        )


class OwnPlaceAnswer(Answer):
    """Where the participant stands on the published map; `null` when not placed."""

    place: PlaceAnswer | None

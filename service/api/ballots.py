"""Paper ballots over HTTP: an operator types in a batch, a second one types it in again, and it counts."""

from datetime import datetime
from typing import Annotated, Self

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from pydantic import AfterValidator, Field, WithJsonSchema

from service.actions.enter_ballots import enter_ballots
from service.api.conversations import own_conversation
from service.api.fields import MAX_BATCH, Answer, Body, ChannelField, StatementField, VoteField
from service.api.parameters import ConversationPath
from service.api.problems import FieldError, ProblemError
from service.api.reading import answer
from service.api.texts import keeper, text_schema
from service.identity.access import needs
from service.identity.caller import Scope
from service.parts import parts
from service.store import ballots
from service.store.ballots import (
    BallotBatch,
    BallotEntry,
    EntriesDifferError,
    MarksRefusedError,
    RecordedBeforeError,
)

MOST_ERRORS = 100
"""Most differences or refused votes that one answer tells of."""

routes = APIBlueprint(
    "ballots",
    __name__,
    url_prefix="/v1/conversations/<conversation>/ballot-batches",
    abp_tags=[{"name": "paper ballots"}],
)

OperatorField = Annotated[
    str,
    AfterValidator(keeper(most=100)),
    WithJsonSchema(text_schema(most=100, description="Who typed it in: initials or a desk will do.")),
]
BallotField = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="The number on the ballot.")
]


class MarkBody(Body):
    """One statement on a ballot, and what was ticked."""

    statement: StatementField
    vote: VoteField


class BallotBody(Body):
    """One ballot; a statement that was left blank is left out."""

    ballot: BallotField
    votes: Annotated[list[MarkBody], Field(max_length=MAX_BATCH)]


class BallotBatchBody(Body):
    """A batch as one operator typed it in."""

    operator: OperatorField
    is_double_entry: Annotated[
        bool, Field(description="Whether it counts only when a second operator typed in the same.")
    ] = True
    channel: ChannelField = "paper"
    ballots: Annotated[list[BallotBody], Field(min_length=1, max_length=MAX_BATCH)]

    def record(self, batch: str) -> BallotEntry:
        """Return the entry to keep.

        Raises
        ------
        ProblemError
            When a ballot or a statement stands twice.
        """
        typed: dict[str, dict[str, int]] = {}
        for place, one in enumerate(self.ballots):
            if one.ballot in typed:
                raise _twice(f"#/ballots/{place}/ballot", f"ballot {one.ballot} is in the batch already")
            marks: dict[str, int] = {}
            for at, mark in enumerate(one.votes):
                if mark.statement in marks:
                    raise _twice(f"#/ballots/{place}/votes/{at}", f"statement {mark.statement} is there twice")
                marks[mark.statement] = int(mark.vote)
            typed[one.ballot] = marks
        return BallotEntry(batch, self.operator, self.channel, typed, is_double=self.is_double_entry)


class BallotBatchPath(ConversationPath):
    """Which batch: an id of the operators' own, written on the box or the envelope."""

    batch: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", examples=["town-hall-2"])]


class BallotBatchAnswer(Answer):
    """A batch; its votes count once it `is_recorded`, and until then it waits for the second entry."""

    batch: str
    operator: str
    is_recorded: bool
    n_ballots: int
    n_votes: int
    made_at: datetime
    recorded_at: datetime | None

    @classmethod
    def of(cls, kept: BallotBatch) -> Self:
        """Return the answer for a record."""
        return cls(
            batch=kept.id,
            operator=kept.operator,
            is_recorded=kept.is_recorded,
            n_ballots=kept.n_ballots,
            n_votes=kept.n_votes,
            made_at=kept.made_at,
            recorded_at=kept.recorded_at,
        )


class BallotBatchesAnswer(Answer):
    """A conversation's batches, by when they were first typed in."""

    items: list[BallotBatchAnswer]


class ForgottenBatchAnswer(Answer):
    """The batch that was forgotten."""

    removed: str


@routes.put("/<batch>", operation_id="enterBallots", responses={200: BallotBatchAnswer})
@needs(Scope.MODERATE)
def put_batch(path: BallotBatchPath, body: BallotBatchBody) -> Response:
    """Type in a batch of paper ballots: all of it counts, once, or none; the same again changes nothing.

    With double entry it counts when a second operator has typed in exactly the same. Where they differ, the
    answer says at which ballots; whoever was wrong types the batch in again.
    """
    conversation = own_conversation(path)
    try:
        kept = enter_ballots(parts().store, parts().map_requests, conversation, body.record(path.batch))
    except EntriesDifferError as error:
        raise _entries_differ(error) from None
    except MarksRefusedError as error:
        raise _refused(error) from None
    except RecordedBeforeError as error:
        raise ProblemError("ballots-recorded", f"{error}; give other ballots another batch") from None
    return answer(BallotBatchAnswer.of(kept))


@routes.get("", operation_id="listBallotBatches", responses={200: BallotBatchesAnswer})
@needs(Scope.MODERATE)
def get_batches(path: ConversationPath) -> Response:
    """List the batches of paper ballots, by when they were first typed in."""
    found = ballots.list_batches(parts().store, own_conversation(path))
    return answer(BallotBatchesAnswer(items=[BallotBatchAnswer.of(one) for one in found]))


@routes.delete("/<batch>", operation_id="forgetBallotBatch", responses={200: ForgottenBatchAnswer})
@needs(Scope.MODERATE)
def delete_batch(path: BallotBatchPath) -> Response:
    """Forget a batch that isn't recorded yet."""
    try:
        ballots.forget(parts().store, own_conversation(path), path.batch)
    except RecordedBeforeError as error:
        raise ProblemError("ballots-recorded", str(error)) from None
    return answer(ForgottenBatchAnswer(removed=path.batch))


def _twice(pointer: str, detail: str) -> ProblemError:
    return ProblemError("ballots-differ", "something was typed in twice", (FieldError(pointer, detail),))


def _entries_differ(error: EntriesDifferError) -> ProblemError:
    told = tuple(
        FieldError(
            "#/ballots",
            f"ballot {one.ballot}, statement {one.statement}: "
            f"{_in_words(one.first)} the first time, {_in_words(one.second)} now",
        )
        for one in error.differences[:MOST_ERRORS]
    )
    detail = f"the two entries differ in {len(error.differences)} places; look at these ballots again"
    return ProblemError("ballots-differ", detail, told)


def _refused(error: MarksRefusedError) -> ProblemError:
    told = tuple(
        FieldError("#/ballots", f"ballot {one.ballot}, statement {one.statement}: {one.refused.reason}")
        for one in error.marks[:MOST_ERRORS]
    )
    detail = f"{len(error.marks)} votes can't be taken, so none was"
    return ProblemError("ballots-refused", detail, told)


def _in_words(value: int | None) -> str:
    return {1: "agree", -1: "disagree", 0: "pass", None: "nothing"}[value]

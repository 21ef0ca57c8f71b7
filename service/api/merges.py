"""Merging statements over HTTP: two that say the same become one, and that can be taken back."""

from datetime import datetime
from typing import Annotated, Self

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field

from service.actions.merge_statements import merge_statements, part_statements
from service.api.conversations import own_conversation
from service.api.fields import Answer, Body, StatementField
from service.api.parameters import ConversationPath
from service.api.problems import ProblemError
from service.api.reading import answer
from service.identity.access import needs
from service.identity.caller import Scope
from service.parts import parts
from service.store import merges
from service.store.errors import NotFoundError
from service.store.merges import Merge
from service.store.merging import MergeRefusedError

routes = APIBlueprint(
    "merges",
    __name__,
    url_prefix="/v1/conversations/<conversation>/statement-merges",
    abp_tags=[{"name": "statements"}],
)


class MergeBody(Body):
    """Two statements that say the same: the one that is hidden, and the one that stays."""

    merged: StatementField
    kept: StatementField


class MergeAnswer(Answer):
    """A merge: its sequence, by which it can be taken back, and how many votes were copied."""

    sequence: int
    merged: str
    kept: str
    n_copied: int
    merged_at: datetime

    @classmethod
    def of(cls, merge: Merge) -> Self:
        """Return the answer for a record."""
        return cls(
            sequence=merge.sequence,
            merged=merge.merged,
            kept=merge.kept,
            n_copied=merge.n_copied,
            merged_at=merge.made_at,
        )


class MergesAnswer(Answer):
    """The merges that stand, oldest first."""

    items: list[MergeAnswer]


class PartedAnswer(Answer):
    """What came of taking a merge back: the sequence reached, and how many copied votes were withdrawn."""

    sequence: int
    n_withdrawn: int


class MergePath(ConversationPath):
    """Which merge."""

    sequence: Annotated[int, Field(description="The merge's sequence.", examples=[2316])]


@routes.post("", operation_id="mergeStatements", responses={201: MergeAnswer})
@needs(Scope.MODERATE)
def post_merge(path: ConversationPath, body: MergeBody) -> Response:
    """Hide a statement and count its votes for another, for everybody who hasn't voted on that one."""
    conversation = own_conversation(path)
    try:
        made = merge_statements(
            parts().store, parts().map_requests, conversation, merged=body.merged, kept=body.kept
        )
    except NotFoundError as error:
        raise ProblemError("unknown-statement", f"nothing was changed: {error}") from None
    except MergeRefusedError as error:
        raise ProblemError("merge-refused", f"nothing was changed: {error}") from None
    return answer(MergeAnswer.of(made), 201)


@routes.get("", operation_id="listStatementMerges", responses={200: MergesAnswer})
@needs(Scope.MODERATE)
def list_merges(path: ConversationPath) -> Response:
    """List the merges that stand."""
    found = merges.list_standing(parts().store, own_conversation(path))
    return answer(MergesAnswer(items=[MergeAnswer.of(one) for one in found]))


@routes.delete("/<int:sequence>", operation_id="undoStatementMerge", responses={200: PartedAnswer})
@needs(Scope.MODERATE)
def delete_merge(path: MergePath) -> Response:
    """Take a merge back: copied votes that nobody changed since are withdrawn, the statement comes back."""
    conversation = own_conversation(path)
    try:
        parted = part_statements(parts().store, parts().map_requests, conversation, path.sequence)
    except MergeRefusedError as error:
        raise ProblemError("merge-refused", f"nothing was changed: {error}") from None
    return answer(PartedAnswer(sequence=parted.sequence, n_withdrawn=parted.n_withdrawn))

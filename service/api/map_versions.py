"""Published maps that were kept, over HTTP: a list, one of them, and what differs between two."""

from datetime import datetime
from typing import Annotated, Any, Self

import orjson
from flask import Response
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field

from clustering.vocabulary import Outcome
from service.actions.compare_maps import compare_maps
from service.actions.read_group_map import certainty_of_map
from service.api.certainty_schemas import CertaintyAnswer
from service.api.conversations import public_conversation
from service.api.cursors import number_of, one_page
from service.api.fields import Answer, Query
from service.api.parameters import ConversationPath, PageQuery
from service.api.problems import ProblemError
from service.api.reading import answer
from service.api.showing import check_map_shown
from service.identity.access import public
from service.parts import parts
from service.store import map_versions
from service.store.analysis_records import MapVersion
from service.store.errors import NotFoundError
from service.store.records import Conversation

routes = APIBlueprint(
    "map_versions", __name__, url_prefix="/v1/conversations/<conversation>", abp_tags=[{"name": "group map"}]
)

SequenceField = Annotated[int, Field(ge=0, le=2**53 - 1)]


class VersionPath(ConversationPath):
    """Which kept map."""

    sequence: Annotated[int, Field(description="The `sequence` of a kept map.", examples=[2312])]


class DifferencesQuery(Query):
    """Which two kept maps to compare."""

    from_: Annotated[SequenceField, Field(alias="from", description="The `sequence` of the earlier one.")]
    to: Annotated[SequenceField, Field(description="The `sequence` of the later one.")]


class MapVersionAnswer(Answer):
    """A kept map, without what it shows."""

    sequence: int
    method_version: int
    outcome: Outcome
    result_hash: str
    published_at: datetime

    @classmethod
    def of(cls, version: MapVersion) -> Self:
        """Return the answer for a record."""
        return cls(
            sequence=version.sequence,
            method_version=version.method_version,
            outcome=Outcome(version.outcome),
            result_hash=version.result_hash,
            published_at=version.published_at,
        )


class MapVersionsAnswer(Answer):
    """One page of kept maps, oldest first; `next` is the cursor of the following page."""

    items: list[MapVersionAnswer]
    next: str | None


class WholeMapVersionAnswer(MapVersionAnswer):
    """A kept map as people saw it, and what can be believed of just this map."""

    group_map: dict[str, Any]
    certainty: Annotated[
        CertaintyAnswer | None, Field(description="Null if this map was never judged: not every map is.")
    ]


class BeforeAndNow(Answer):
    """A number before and now."""

    before: int
    now: int


class DifferencesAnswer(Answer):
    """What differs between two kept maps."""

    before: MapVersionAnswer
    now: MapVersionAnswer
    n_participants: BeforeAndNow
    n_votes: BeforeAndNow
    n_placed: BeforeAndNow
    n_groups: BeforeAndNow
    events: list[dict[str, Any]]
    moves: list[dict[str, Any]]
    statements: list[dict[str, Any]]


@routes.get("/group-map-versions", operation_id="listGroupMapVersions", responses={200: MapVersionsAnswer})
@public
def list_group_map_versions(path: ConversationPath, query: PageQuery) -> Response:
    """List the published maps that were kept, oldest first.

    Kept are the last of each minute for an hour, of each hour for a week, then of each day, and the one at
    closing; of several the last whose certainty is known. Between two of them five people or more have voted.
    """
    conversation = public_conversation(path.conversation)
    check_map_shown(conversation)
    found = map_versions.list_all(
        parts().store, conversation, after=number_of(query.after), limit=query.limit + 1
    )
    page, cursor = one_page(found, query.limit, number=lambda one: one.sequence)
    return answer(MapVersionsAnswer(items=[MapVersionAnswer.of(one) for one in page], next=cursor))


@routes.get(
    "/group-map-versions/<int:sequence>",
    operation_id="readGroupMapVersion",
    responses={200: WholeMapVersionAnswer},
)
@public
def get_group_map_version(path: VersionPath) -> Response:
    """Read a kept map as people saw it, and what can be believed of just this map."""
    conversation = public_conversation(path.conversation)
    check_map_shown(conversation)
    found = map_versions.find(parts().store, conversation, _kept_number(path.sequence))
    plain = MapVersionAnswer.of(found)
    judged, of = found.assessment, (found.method_version, found.sequence)
    certainty = None if judged is None else CertaintyAnswer(**certainty_of_map(judged, of=of))
    group_map = orjson.loads(found.document)
    return answer(WholeMapVersionAnswer(**dict(plain), group_map=group_map, certainty=certainty))


@routes.get(
    "/group-map-differences", operation_id="readGroupMapDifferences", responses={200: DifferencesAnswer}
)
@public
def get_group_map_differences(path: ConversationPath, query: DifferencesQuery) -> Response:
    """Read what became of the groups between two kept maps, and which shares moved."""
    conversation = public_conversation(path.conversation)
    check_map_shown(conversation)
    # Whichever way they are named, the earlier one was before.
    earlier, later = sorted((query.from_, query.to))
    before, now = _kept(conversation, earlier), _kept(conversation, later)
    stamps = {"before": MapVersionAnswer.of(before), "now": MapVersionAnswer.of(now)}
    return answer(DifferencesAnswer(**stamps, **compare_maps(before, now)))


def _kept(conversation: Conversation, sequence: int) -> MapVersion:
    try:
        return map_versions.find(parts().store, conversation, sequence)
    except NotFoundError:
        detail = f"no map of the sequence {sequence} is kept; GET …/group-map-versions lists them"
        raise ProblemError("not-found", detail) from None


def _kept_number(sequence: int) -> int:
    if sequence >= 2**63:
        raise ProblemError("not-found", "no map of this sequence is kept")
    return sequence

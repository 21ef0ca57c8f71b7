"""The public group map, field by field, as the OpenAPI document describes it.

The document itself is written by `clustering` when a map is drawn and sent as it was stored; a test reads real
ones with these records, so that the two can't drift apart.
"""

from datetime import datetime
from typing import Any, Literal

from clustering.vocabulary import Outcome
from service.api.fields import Answer


class CandidateAnswer(Answer):
    """How well a number of groups fits."""

    n_groups: int
    silhouette: float
    spread: float


class AxisAnswer(Answer):
    """One axis of the map, and the statements that stretch it to either end."""

    variance_share: float
    low: list[str]
    high: list[str]


class BubbleAnswer(Answer):
    """People who stand close together, never fewer than the privacy floor."""

    x: float
    y: float
    n_participants: int
    radius: float


class StandingAnswer(Answer):
    """How a group, or everybody, voted on a statement that stands out."""

    statement: str
    n_agree: int
    n_disagree: int
    n_pass: int
    n_seen: int
    share: float
    share_z: float


class RepresentativeAnswer(StandingAnswer):
    """A statement that marks a group out."""

    direction: Literal["agree", "disagree"]
    is_best_agree: bool
    representativeness: float
    representativeness_z: float


class GroupAnswer(Answer):
    """One opinion group; of fewer than five people it says nothing that could point at one of them."""

    group: str
    n_participants: int | None
    centre: list[float] | None
    bubbles: list[BubbleAnswer]
    outline: list[list[float]]
    representative_statements: list[RepresentativeAnswer]


class TallyAnswer(Answer):
    """How many agree, disagree, pass, and have seen a statement at all."""

    n_agree: int | None
    n_disagree: int | None
    n_pass: int | None
    n_seen: int | None


class MapStatementAnswer(TallyAnswer):
    """One statement's counts, in all and in each group, and its place on the map."""

    statement: str
    is_moderated_out: bool
    is_meta: bool
    groups: dict[str, TallyAnswer]
    place: list[float]
    extremity: float
    group_aware_consensus: float | None
    priority: float


class ConsensusAnswer(Answer):
    """The statements all groups share, by agreeing or by disagreeing."""

    agree: list[StandingAnswer]
    disagree: list[StandingAnswer]


class GroupMapAnswer(Answer):
    """The published group map."""

    conversation: str
    outcome: Outcome
    missing: dict[str, Any] | None
    as_of: int
    published_at: datetime | None
    stale: bool
    votes_pending: int
    error: str | None
    method: str | None = None
    method_version: int
    engine_version: str | None = None
    seed: int | None = None
    settings: dict[str, Any] | None = None
    input_hash: str | None = None
    result_hash: str | None = None
    places_hash: str | None = None
    n_participants: int
    n_placed: int
    n_statements: int
    n_statements_counted: int
    n_votes: int
    n_groups: int
    candidates: list[CandidateAnswer]
    axes: list[AxisAnswer]
    groups: list[GroupAnswer]
    bubbles: list[BubbleAnswer]
    statements: list[MapStatementAnswer]
    consensus: ConsensusAnswer
    presentation: dict[str, Any] | None = None

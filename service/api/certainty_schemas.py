"""How sure a group map is, field by field; as for the map, a test reads real documents with these records."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from clustering.vocabulary import ChoiceReason, Verdict
from service.api.fields import Answer


class ScoredCandidateAnswer(Answer):
    """What speaks for one number of groups; a group of fewer than five people has no size here."""

    n_groups: int
    silhouette: float
    prediction_strength: float
    sizes: list[int | None]
    comes_back: bool
    is_large_enough: bool


class SharedPatternAnswer(Answer):
    """Whether votes hang together more than by chance."""

    variance_share: float
    permuted_share: float
    p_value: float
    n_people: int
    n_permutations: int


class ModalityAnswer(Answer):
    """Whether people stand in one crowd or more."""

    p_value: float
    log_likelihood_ratio: float
    valley_depth: float
    axis: list[float]
    n_people: int
    n_simulations: int


class ShareAnswer(Answer):
    """How many of a group take a side on a statement, of those who saw it, with the 90 % interval."""

    n_people: int
    n_seen: int
    share: float
    low: float
    high: float


class GroupShareAnswer(ShareAnswer):
    """The share of one group."""

    group: str


class HonestStatementAnswer(ShareAnswer):
    """A statement that marks a group out, judged by groups made without it."""

    statement: str
    direction: Literal["agree", "disagree"]
    q_value: float
    rank: float


class JudgedGroupAnswer(Answer):
    """What can be believed of one group; of fewer than five people, nothing."""

    group: str
    n_participants: int | None
    recovery: Annotated[
        float | None, Field(description="How much of it is found again among people drawn anew.")
    ]
    representative_statements: list[HonestStatementAnswer]
    seen_by_few: Annotated[
        list[str], Field(description="Statements that fewer than ten of it saw: nothing is claimed.")
    ]


class EstimateAnswer(Answer):
    """A share with its 90 % interval."""

    statement: str
    share: float
    low: float
    high: float


class SharedByAllAnswer(EstimateAnswer):
    """A statement that every group shares; share and interval are those of the group that shares it least."""

    direction: Literal["agree", "disagree"]
    bound: float
    worst_group: str
    groups: list[GroupShareAnswer]


class SharedByMostAnswer(EstimateAnswer):
    """A statement that most people share, all counted together."""

    direction: Literal["agree", "disagree"]
    bound: float
    n_seen: int


class DividingAnswer(Answer):
    """A statement that divides: the groups furthest apart in agreeing, and their gap with its 90 % interval."""

    statement: str
    most: str
    least: str
    gap: float
    low: float
    high: float
    groups: list[GroupShareAnswer]


class UnsureAnswer(EstimateAnswer):
    """A statement that more people pass on than usual."""

    n_seen: int


class CertaintyAnswer(Answer):
    """What can be believed of a published map, and of which one."""

    as_of: Annotated[int, Field(description="The `as_of` of the map it speaks of.")]
    stale: Annotated[bool, Field(description="Whether the map has moved on since.")]
    made_at: datetime
    verdict: Verdict | None
    missing: dict[str, int] | None
    n_groups: int | None
    reason: ChoiceReason | None
    candidates: list[ScoredCandidateAnswer] | None
    n_in_between: int | None
    is_thorough: bool | None
    shared_pattern: SharedPatternAnswer | None
    modality: ModalityAnswer | None
    groups: list[JudgedGroupAnswer]
    result_hash: str
    shared_by_all_groups: list[SharedByAllAnswer]
    shared_by_most_people: list[SharedByMostAnswer]
    dividing: list[DividingAnswer]
    unsure: list[UnsureAnswer]

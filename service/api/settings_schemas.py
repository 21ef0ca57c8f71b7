"""JSON ⇄ what a conversation keeps beside its map's settings: lengths, identity, phases, outcome."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from service.api.fields import (
    MAX_DESCRIPTION_LENGTH,
    Answer,
    Body,
)
from service.api.texts import keeper
from service.store.phases import PHASES_SETTING
from service.store.platform_records import Assurance

LENGTH_SETTING = "max_statement_length"
ASSURANCE_SETTING = "required_assurance"
OUTCOME_SETTING = "outcome"
MODERATION_SETTING = "moderation"
WRITERS_SETTING = "writers"
OWN_SETTINGS = (
    LENGTH_SETTING,
    ASSURANCE_SETTING,
    PHASES_SETTING,
    OUTCOME_SETTING,
    MODERATION_SETTING,
    WRITERS_SETTING,
)
"""Settings that a conversation keeps beside those of its map, and tells as fields of its own."""

MAX_PHASES = 20

AssuranceField = Annotated[Assurance, Field(strict=False)]
OutcomeField = Annotated[
    str,
    Field(description="What was decided, and how the conversation mattered; shown when there is one."),
    AfterValidator(keeper(most=MAX_DESCRIPTION_LENGTH, lines=True, may_be_empty=True)),
]


class Moderation(StrEnum):
    """When a moderator reads participants' statements: before others see them, or after."""

    BEFORE = "before"
    AFTER = "after"


class Writers(StrEnum):
    """Who may write statements."""

    PARTICIPANTS = "participants"
    PLATFORM = "platform"


ModerationField = Annotated[Moderation, Field(strict=False)]
WritersField = Annotated[Writers, Field(strict=False)]


class Asked(StrEnum):
    """What a phase asks of participants."""

    STATEMENTS = "statements"
    VOTES = "votes"


class PhaseBody(Body):
    """A phase: what is asked, from its first moment up to, not including, its last."""

    name: Annotated[str, Field(min_length=1), AfterValidator(keeper(most=100))]
    asks: Annotated[list[Annotated[Asked, Field(strict=False)]], Field(max_length=2)]
    starts_at: Annotated[AwareDatetime, Field(strict=False)]
    ends_at: Annotated[AwareDatetime, Field(strict=False)]

    @model_validator(mode="after")
    def _is_forward(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise ValueError("expected ends_at after starts_at")
        return self

    def kept(self) -> dict[str, Any]:
        """Return what is kept of it: moments as seconds since 1970."""
        return {
            "name": self.name,
            "asks": sorted({asked.value for asked in self.asks}),
            "starts_at": self.starts_at.timestamp(),
            "ends_at": self.ends_at.timestamp(),
        }


def _one_after_the_other(phases: list[PhaseBody]) -> list[PhaseBody]:
    for one, following in pairwise(phases):
        if following.starts_at < one.ends_at:
            raise ValueError(f"expected phases one after the other; {following.name!r} starts too early")
    return phases


PhasesField = Annotated[list[PhaseBody], Field(max_length=MAX_PHASES), AfterValidator(_one_after_the_other)]


class PhaseAnswer(Answer):
    """A phase of a conversation."""

    name: str
    asks: list[Asked]
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Return the answer for what is kept."""
        return cls(
            name=kept["name"],
            asks=kept["asks"],
            starts_at=datetime.fromtimestamp(kept["starts_at"], UTC),
            ends_at=datetime.fromtimestamp(kept["ends_at"], UTC),
        )


def kept_settings(body: Body) -> dict[str, Any]:
    """Return those of a conversation's own settings that a body names, as they are kept."""
    kept = {name: getattr(body, name) for name in OWN_SETTINGS if name in body.model_fields_set}
    for name in {ASSURANCE_SETTING, MODERATION_SETTING, WRITERS_SETTING} & kept.keys():
        kept[name] = kept[name].value
    if PHASES_SETTING in kept:
        kept[PHASES_SETTING] = [phase.kept() for phase in kept[PHASES_SETTING]]
    return kept

"""JSON ⇄ what a conversation keeps beside its map's settings: lengths, identity, phases, outcome."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, WithJsonSchema, model_validator

from service.api.fields import (
    MAX_DESCRIPTION_LENGTH,
    Answer,
    Body,
)
from service.api.problems import FieldError, ProblemError
from service.api.taking_part_schemas import TAKING_PART_SETTINGS, kept_taking_part
from service.api.texts import keeper, text_schema
from service.store.phases import PHASES_SETTING
from service.store.platform_records import Assurance

LENGTH_SETTING = "max_statement_length"
ASSURANCE_SETTING = "required_assurance"
OUTCOME_SETTING = "outcome"
MODERATION_SETTING = "moderation"
WRITERS_SETTING = "writers"
POLIS_SETTING = "polis"
LABELS_SETTING = "group_labels"
FIGURES_SETTING = "own_figures"
TARGETS_SETTING = "targets"
OWN_SETTINGS = (
    LENGTH_SETTING,
    ASSURANCE_SETTING,
    PHASES_SETTING,
    OUTCOME_SETTING,
    MODERATION_SETTING,
    WRITERS_SETTING,
    *TAKING_PART_SETTINGS,
    POLIS_SETTING,
    LABELS_SETTING,
    FIGURES_SETTING,
    TARGETS_SETTING,
)
"""Settings that a conversation keeps beside those of its map, and tells as fields of its own.

The last three are the desk's: what groups are called, the figures of all residents, and how many people and
votes are hoped for.
"""

MAX_PHASES = 20
MAX_NAME_LENGTH = 100

AssuranceField = Annotated[Assurance, Field(strict=False)]
OutcomeField = Annotated[
    str,
    AfterValidator(keeper(most=MAX_DESCRIPTION_LENGTH, lines=True, may_be_empty=True)),
    WithJsonSchema(
        text_schema(
            most=MAX_DESCRIPTION_LENGTH,
            lines=True,
            may_be_empty=True,
            description="What was decided, and how the conversation mattered; shown when there is one.",
        )
    ),
]


class Moderation(StrEnum):
    """When a moderator reads participants' statements: before others see them, or after."""

    BEFORE = "before"
    AFTER = "after"


class Writers(StrEnum):
    """Who may write statements."""

    PARTICIPANTS = "participants"
    PLATFORM = "platform"


_FIRST_YEAR, _LAST_YEAR = 1970, 9998
"""Years whose moments every clock and zone can hold."""

ModerationField = Annotated[Moderation, Field(strict=False)]
WritersField = Annotated[Writers, Field(strict=False)]


class Asked(StrEnum):
    """What a phase asks of participants."""

    STATEMENTS = "statements"
    VOTES = "votes"


def _written(value: object) -> object:
    # A bare number would be read as seconds since 1970, also when it stands in quotes.
    if not isinstance(value, str) or "-" not in value[1:]:
        raise ValueError("expected a time with its zone, such as 2026-03-02T09:30:00Z")
    return value


MomentField = Annotated[
    AwareDatetime,
    BeforeValidator(_written),
    Field(strict=False),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class PhaseBody(Body):
    """A phase: what is asked, from its first moment up to, not including, its last."""

    name: Annotated[
        str, AfterValidator(keeper(most=MAX_NAME_LENGTH)), WithJsonSchema(text_schema(most=MAX_NAME_LENGTH))
    ]
    asks: Annotated[list[Annotated[Asked, Field(strict=False)]], Field(max_length=2)]
    starts_at: MomentField
    ends_at: MomentField

    @model_validator(mode="after")
    def _is_forward(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise _clash(f"expected that {self.name!r} ends after it starts")
        if not all(_FIRST_YEAR <= one.year <= _LAST_YEAR for one in (self.starts_at, self.ends_at)):
            raise _clash(f"expected that {self.name!r} is between the years {_FIRST_YEAR} and {_LAST_YEAR}")
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
            raise _clash(f"expected phases one after the other; {following.name!r} starts too early")
    return phases


def _clash(detail: str) -> ProblemError:
    # No schema can say this of times, so it is a problem of its own and not one of form.
    return ProblemError("phases-clash", "the phases can't be kept", (FieldError("#/phases", detail),))


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


class PolisBody(Body):
    """What tools made for Polis may do here only where it is said; see docs/polis.md."""

    open_data: bool = False
    unsigned_xid: bool = False
    keep_xids: bool = False


def kept_settings(body: Body) -> dict[str, Any]:
    """Return those of a conversation's own settings that a body names, as they are kept."""
    named = set(OWN_SETTINGS) - set(TAKING_PART_SETTINGS)
    kept = {name: getattr(body, name) for name in OWN_SETTINGS if name in named & body.model_fields_set}
    for name in {ASSURANCE_SETTING, MODERATION_SETTING, WRITERS_SETTING} & kept.keys():
        kept[name] = kept[name].value
    if POLIS_SETTING in kept:
        kept[POLIS_SETTING] = kept[POLIS_SETTING].model_dump()
    if PHASES_SETTING in kept:
        kept[PHASES_SETTING] = [phase.kept() for phase in kept[PHASES_SETTING]]
    return kept | kept_taking_part(body)

"""Analyses as requests and answers: votes and settings in, how far it is and what was made out."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Self

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from service.api.fields import Answer, Body, Query, StatementField
from service.store.analysis_jobs import KEPT_SECONDS
from service.store.analysis_records import AnalysisJob, AnalysisState

MIB = 1024 * 1024
MOST_BYTES = {"application/json": 32 * MIB, "text/csv": 256 * MIB, "application/zip": 64 * MIB}
"""Largest body of each kind; JSON takes far more memory to read than a table."""

FORMS = {"application/json": "json", "text/csv": "csv", "application/zip": "zip"}

_METHODS = ("classic", "ideal", "strict")


def _method(value: str) -> str:
    if value not in _METHODS:
        raise ValueError(f"expected one of {', '.join(_METHODS)}")
    return value


MethodField = Annotated[str, AfterValidator(_method), Field(json_schema_extra={"enum": list(_METHODS)})]
SeedField = Annotated[int, Field(ge=0, le=2**32 - 1)]
NumberOfGroupsField = Annotated[int, Field(ge=1, le=5)]


class AnalysisQuery(Query):
    """Settings of an analysis; those in a JSON body come before these."""

    method: MethodField | None = None
    seed: SeedField | None = None
    n_groups: Annotated[NumberOfGroupsField | None, Field(alias="groups")] = None
    certainty: bool = False

    def settings(self) -> dict[str, Any]:
        """Return what was given of the map's settings."""
        return self.model_dump(exclude_none=True, exclude={"certainty"})


class PreferHeaders(BaseModel):
    """Whether to wait (RFC 7240)."""

    model_config = ConfigDict(extra="ignore")

    prefer: Annotated[
        str | None,
        Field(alias="Prefer", description="`respond-async`: don't wait for what is made, answer 202 at once."),
    ] = None

    @property
    def is_hurried(self) -> bool:
        """Whether the answer shouldn't wait."""
        wishes = (self.prefer or "").lower().split(",")
        return "respond-async" in [one.strip() for one in wishes]


_ID = {
    "anyOf": [
        {"type": "string", "minLength": 1, "maxLength": 200},
        {"type": "integer", "minimum": 0, "maximum": 2**53 - 1},
    ]
}
_SETTINGS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "method": {"type": "string", "enum": list(_METHODS)},
        "seed": {"type": "integer", "minimum": 0, "maximum": 2**32 - 1},
        "n_groups": {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 5}, {"type": "null"}]},
        "certainty": {"type": "boolean", "description": "Whether to judge how sure the map is."},
    },
}
_STATEMENT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id"],
    "properties": {"id": _ID, "is_moderated_out": {"type": "boolean"}, "is_meta": {"type": "boolean"}},
}
REQUEST_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "additionalProperties": False,
                "required": ["votes"],
                "properties": {
                    "votes": {
                        "type": "array",
                        "description": "[participant, statement, vote]; the last one on a statement counts.",
                        "items": {
                            "type": "array",
                            "minItems": 3,
                            "maxItems": 3,
                            "prefixItems": [_ID, _ID, {"type": "integer", "enum": [-1, 0, 1]}],
                        },
                    },
                    "statements": {"type": "array", "items": {"anyOf": [_ID, _STATEMENT]}},
                    "settings": _SETTINGS,
                },
            }
        },
        "text/csv": {"schema": {"type": "string"}},
        "application/zip": {"schema": {"type": "string", "contentMediaType": "application/zip"}},
    },
}
"""What `POST /v1/group-maps` takes; the worker reads it, so that no web process has to hold it."""


class WhatIfSettings(Body):
    """What else may be different."""

    method: MethodField | None = None
    n_groups: NumberOfGroupsField | None = None

    def asked(self) -> dict[str, Any]:
        """Return what is to be different; no method is the conversation's, no number is whichever fits best."""
        said = self.model_dump(exclude_unset=True)
        return {name: value for name, value in said.items() if (name, value) != ("method", None)}


class WhatIfBody(Body):
    """What to leave out of a conversation's map, and how to draw it instead."""

    without_statements: Annotated[list[StatementField], Field(max_length=1_000, default_factory=list)]
    without_participants: Annotated[
        list[Annotated[str, Field(pattern="^[a-z2-7]{12}$")]],
        Field(
            max_length=10_000,
            description="References, as exclusions name people.",
            default_factory=list,
        ),
    ]
    settings: WhatIfSettings = WhatIfSettings()


class ErrorAnswer(Answer):
    """What is wrong, and where: a JSON pointer, or a line of a table."""

    pointer: str
    detail: str


class AnalysisAnswer(Answer):
    """An analysis: how far it is, and when it is done what was made."""

    id: str
    state: AnalysisState
    made_at: datetime
    begun_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime
    error: str | None
    errors: list[ErrorAnswer]
    analysis: dict[str, Any] | None

    @classmethod
    def of(cls, job: AnalysisJob) -> Self:
        """Return the answer for a record, without what was made."""
        since = job.finished_at or job.begun_at or job.made_at
        return cls(
            id=job.id,
            state=job.state,
            made_at=job.made_at,
            begun_at=job.begun_at,
            finished_at=job.finished_at,
            expires_at=since + timedelta(seconds=KEPT_SECONDS),
            error=job.error,
            errors=[ErrorAnswer(**one) for one in job.errors],
            analysis=None,
        )

    @classmethod
    def written(cls, job: AnalysisJob) -> bytes:
        """Return the answer as JSON, with what was made as the worker wrote it."""
        told = cls.of(job).model_dump(mode="json")
        if job.document is not None:
            told["analysis"] = orjson.Fragment(job.document)
        return orjson.dumps(told)


class TakenBackAnswer(Answer):
    """The id of the analysis that was taken back."""

    removed: str

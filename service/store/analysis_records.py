"""Records of analyses that were asked for alone, and of published maps that are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from service.store.records import AssessmentReading


class AnalysisKind(StrEnum):
    """What is to be made."""

    GROUP_MAP = "group-map"
    WHAT_IF_MAP = "what-if-map"
    EVIDENCE = "evidence"
    IMPORT = "import"
    IMPORT_CHECK = "import-check"


class AnalysisState(StrEnum):
    """How far an analysis is.

    `refused`: something in what was sent is wrong, and `errors` says where. `failed`: it took too long, too
    much memory, or the program is at fault.
    """

    ARRIVING = "arriving"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


ENDED = frozenset({AnalysisState.DONE, AnalysisState.REFUSED, AnalysisState.FAILED})
"""Nothing more will come of these."""


@dataclass(frozen=True, slots=True)
class NewAnalysis:
    """An analysis that somebody asks for.

    Attributes
    ----------
    conversation_number
        Whose votes; None for an analysis of votes that come with it.
    request
        What is asked, as a JSON document.
    """

    tenant: str
    kind: AnalysisKind
    request: Mapping[str, Any]
    is_test: bool = False
    conversation_number: int | None = None


@dataclass(frozen=True, slots=True)
class AnalysisJob:
    """An analysis, and what came of it.

    Attributes
    ----------
    number
        The store's own key; it never leaves the service.
    step
        What is being done now, as far as it is told.
    error, errors
        What went wrong, and where in what was sent: `{"pointer": …, "detail": …}`.
    document
        JSON of what was made; None until it is done.
    """

    number: int
    id: str
    tenant: str
    conversation_number: int | None
    kind: AnalysisKind
    is_test: bool
    state: AnalysisState
    request: Mapping[str, Any]
    error: str | None
    errors: Sequence[Mapping[str, str]]
    made_at: datetime
    begun_at: datetime | None
    finished_at: datetime | None
    document: bytes | None = field(default=None, repr=False)
    step: str | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ENDED


@dataclass(frozen=True, slots=True)
class MapVersion:
    """A published map that was kept.

    Attributes
    ----------
    document
        JSON of the map as people saw it.
    groups
        One byte for each participant: their group's position in the alphabet as int8, negative for none.
    assessment
        What can be believed of just this map; nothing if it was never judged.
    """

    method_version: int
    sequence: int
    outcome: str
    result_hash: str
    published_at: datetime
    document: bytes = field(default=b"", repr=False)
    groups: bytes = field(default=b"", repr=False)
    assessment: AssessmentReading | None = field(default=None, repr=False)

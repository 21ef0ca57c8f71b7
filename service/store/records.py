"""What goes into the store and what comes out: plain, frozen records.

Numbers (`number`, `participant_number`, `statement_number`) are the store's own dense numbering; they never
leave the service. Ids are what the outside world uses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from clustering.vocabulary import ConversationId, ParticipantId, Statement, StatementId, VoteValue
from service.store.platform_records import HashedParticipant

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEFAULT_TENANT = "default"
"""The tenant of a service that has only one."""

UNKNOWN_LANGUAGE = "und"
"""What BCP 47 calls a language that nobody stated."""

PLACE_BYTES = 17
"""Length of one participant's place: two little-endian float64 coordinates and one int8 group index."""

MEMBERSHIP_BYTES = 2
"""Length of one participant's membership: the group's index (int8) and hundredths of probability (uint8)."""


@dataclass(frozen=True, slots=True)
class NewConversation:
    """A conversation somebody wants to start; `id` only where it was known elsewhere already."""

    question: str
    description: str = ""
    language: str = "nl"
    is_open: bool = True
    is_test: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    id: ConversationId | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """One question and all votes on it, as it was when read.

    Attributes
    ----------
    number
        The store's own key.
    sequence
        How many changes it has seen: votes, statements, moderation, settings.
    settings
        The map settings as a JSON document (`clustering.settings.MapSettings`); empty means all defaults.
    """

    number: int
    id: ConversationId
    tenant: str
    question: str
    description: str
    language: str
    is_open: bool
    is_test: bool
    settings: Mapping[str, Any]
    sequence: int
    created_at: datetime


class StatementState(StrEnum):
    """Whether a statement can be seen and voted on."""

    VISIBLE = "visible"
    WAITING = "waiting"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class NewStatement:
    """A statement to add; without an id it gets the decimal digits of its number."""

    text: str
    id: StatementId | None = None
    state: StatementState = StatementState.VISIBLE
    is_meta: bool = False
    language: str = ""
    author: HashedParticipant | None = None


@dataclass(frozen=True, slots=True)
class StatementRecord:
    """A statement as kept: `number` is its place in order of adding, and the cursor of `list_all`.

    Attributes
    ----------
    reason
        Why a moderator decided as they did; told to whoever wrote it.
    translations
        Language → `{"text", "is_machine"}`.
    """

    number: int
    id: StatementId
    text: str
    state: StatementState
    is_meta: bool
    language: str
    created_at: datetime
    reason: str = ""
    translations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StatementChange:
    """What a moderator changes of a statement; what is None stays."""

    id: StatementId
    state: StatementState | None = None
    is_meta: bool | None = None
    text: str | None = None
    reason: str | None = None
    translations: Mapping[str, Mapping[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """A change that is no vote, for the audit log: what, when, and by whom (a key's name)."""

    sequence: int
    kind: str
    payload: Mapping[str, Any]
    made_at: datetime


@dataclass(frozen=True, slots=True)
class NewVote:
    """A vote to record.

    Attributes
    ----------
    value
        None takes the participant's vote back: the statement counts as not seen again.
    client_sequence
        A number that grows with each act of the participant on one device, so that a late retry of an older
        act never overwrites a newer one.
    channel
        By which way the participant came; kept with their first vote.
    """

    participant: ParticipantId | HashedParticipant
    statement: StatementId
    value: VoteValue | None
    client_sequence: int | None = None
    channel: str = ""


@dataclass(frozen=True, slots=True)
class RecordedVote:
    """A vote that is safely kept.

    Attributes
    ----------
    sequence
        The change that made the participant's current vote.
    is_new_line
        False when the participant already had this vote.
    is_superseded
        Whether a newer act of the same participant stands already, so that this one changed nothing.
    """

    sequence: int
    is_new_line: bool
    is_superseded: bool = False


class Refusal(StrEnum):
    """Why a vote was not recorded."""

    CONVERSATION_CLOSED = "closed"
    NOT_NOW = "not-now"
    UNKNOWN_STATEMENT = "unknown-statement"
    HIDDEN_STATEMENT = "hidden-statement"


@dataclass(frozen=True, slots=True)
class RefusedVote:
    """A vote that was not recorded, and why."""

    reason: Refusal


@dataclass(frozen=True, slots=True)
class OwnVote:
    """A participant's current vote on one statement."""

    statement: StatementId
    value: VoteValue
    sequence: int
    cast_at: datetime


@dataclass(frozen=True, slots=True)
class VoteCounts:
    """How much a conversation holds: people who voted, statements in any state, and current votes."""

    n_participants: int
    n_statements: int
    n_votes: int
    sequence: int


@dataclass(frozen=True, slots=True)
class LoadedConversation:
    """Everything a group map is drawn from, of one moment.

    Attributes
    ----------
    sequence
        The last change this includes.
    settings
        The map settings as a JSON document.
    statements
        By statement number, in every state; those not visible are `is_moderated_out`.
    participant_numbers, statement_numbers
        int32 arrays of shape (n_votes,), one entry per current vote, ordered by participant.
    values
        int8 array of shape (n_votes,): +1, 0 or −1.
    n_participants
        Participants are numbered 0 … n_participants − 1.
    left_out_participants
        The numbers of those who were excluded or erased, ascending; they have no votes here.
    seeds
        Ids of the statements that were there before the first vote.
    """

    sequence: int
    settings: Mapping[str, Any]
    statements: list[Statement]
    participant_numbers: "NDArray[np.int32]"
    statement_numbers: "NDArray[np.int32]"
    values: "NDArray[np.int8]"
    n_participants: int
    left_out_participants: "NDArray[np.int32]"
    seeds: frozenset[StatementId] = frozenset()


@dataclass(frozen=True, slots=True)
class PublishedMap:
    """A group map to publish.

    Attributes
    ----------
    canonical, presented, presentation, priorities
        JSON: the pure result, what the public reads, what the next alignment needs, and
        statement id → priority.
    places
        For participant number p the `PLACE_BYTES` bytes from `PLACE_BYTES`·p: x, y (float64, little-endian)
        and the group's index (int8, −1 = not placed), so that reading one place is one `substr`.
    pulls
        JSON: what choosing somebody's next statement needs to know of each (`clustering.routing`).
    outside, outside_public
        JSON: the map in the shape that other tools read, of everybody and of groups only; nothing where it was
        not written.
    """

    conversation_number: int
    method_version: int
    sequence: int
    outcome: str
    result_hash: str
    canonical: bytes
    presented: bytes
    presentation: bytes
    priorities: bytes
    places: bytes
    pulls: bytes = b"[]"
    outside: bytes = b""
    outside_public: bytes = b""


@dataclass(frozen=True, slots=True)
class MapReading:
    """The published map as the public reads it, and how far the log is ahead of it.

    Attributes
    ----------
    document
        JSON of the presented map.
    n_changes_since, n_votes_since
        Changes and votes after `sequence`; 0 means the map is up to date.
    error
        What went wrong with the attempts to redraw it, if they keep failing.
    """

    document: bytes
    method_version: int
    sequence: int
    published_at: datetime
    outcome: str
    result_hash: str
    n_changes_since: int
    n_votes_since: int
    error: str | None
    assessment: "AssessmentReading | None"


@dataclass(frozen=True, slots=True)
class PublishedAssessment:
    """An assessment to publish.

    Attributes
    ----------
    method_version, sequence
        Of the published map that was judged.
    document
        JSON, as the public reads it.
    membership
        For participant number p the `MEMBERSHIP_BYTES` bytes from `MEMBERSHIP_BYTES`·p on.
    """

    conversation_number: int
    method_version: int
    sequence: int
    document: bytes
    membership: bytes


@dataclass(frozen=True, slots=True)
class AssessmentReading:
    """The published assessment, and of which map it speaks."""

    method_version: int
    sequence: int
    made_at: datetime
    document: bytes


@dataclass(frozen=True, slots=True)
class Membership:
    """How likely one participant belongs to the group that the judged map put them in."""

    group: int
    probability: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where one participant stands.

    `group` is the index of their opinion group (0 = the first letter), negative on a map without groups.
    `membership` is how likely they belong to it, as far as that was judged; None where it wasn't.
    """

    x: float
    y: float
    group: int
    membership: float | None = None


@dataclass(frozen=True, slots=True)
class PresentedBefore:
    """What people saw last, so that the next map can be kept still, or this one judged: see `PublishedMap`."""

    method_version: int
    sequence: int
    presentation: bytes
    places: bytes


@dataclass(frozen=True, slots=True)
class MapAttempt:
    """A try at a map or its assessment that hasn't succeeded (yet): the `n_attempts`-th in a row."""

    n_attempts: int
    retry_at: datetime
    error: str | None

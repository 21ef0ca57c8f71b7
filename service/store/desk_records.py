"""Records of the people who work at the desk: who they are, what they may, how they came in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do at the desk of their tenant, from least to most."""

    VIEWER = "viewer"
    MODERATOR = "moderator"
    OWNER = "owner"

    def is_at_least(self, other: "Role") -> bool:
        """Return whether this role may do what the other one may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(other)


@dataclass(frozen=True, slots=True)
class DeskPerson:
    """Somebody who works with conversations.

    Attributes
    ----------
    number
        The store's own key.
    language
        The language they chose to read the desk in; empty when they chose none.
    """

    number: int
    tenant: str
    email: str
    name: str
    role: Role
    language: str
    created_at: datetime
    ended_at: datetime | None = None

    @property
    def is_live(self) -> bool:
        """Whether they may still come in."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Invitation:
    """An open invitation: for whom, as what, until when."""

    tenant: str
    email: str
    role: Role
    made_by: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class DeskSession:
    """Somebody is signed in on one browser.

    Attributes
    ----------
    id_hash
        What is kept of the session's id; the id itself only that browser knows.
    """

    id_hash: bytes
    person: DeskPerson
    made_at: datetime

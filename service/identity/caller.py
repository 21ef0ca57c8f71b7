"""Who is calling: the one record every check looks at."""

from dataclasses import dataclass
from enum import StrEnum

from clustering.vocabulary import ParticipantId


class Scope(StrEnum):
    """What a key allows its holder to do."""

    VOTE = "vote"
    STATEMENT_WRITE = "statement:write"
    MODERATE = "moderate"
    EXPORT = "export"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever made this request.

    Attributes
    ----------
    tenant
        The tenant whose conversations the caller may see beyond what is public; nothing for somebody unknown.
    scopes
        What the caller may do there.
    participant
        The only participant the caller may act as; nothing for a platform, which says on whose behalf it
        calls.
    """

    tenant: str | None
    scopes: frozenset[Scope] = frozenset()
    participant: ParticipantId | None = None

    @property
    def is_known(self) -> bool:
        """Whether the caller showed a key that is ours."""
        return self.tenant is not None

    def may(self, scope: Scope) -> bool:
        """Return whether the caller holds a scope."""
        return scope in self.scopes


ANYBODY = Caller(tenant=None)
"""Somebody who showed no key: they may read what is public."""

"""Who is calling: the one record every check looks at."""

from dataclasses import dataclass
from enum import StrEnum

from clustering.vocabulary import ConversationId
from service.store.platform_records import Assurance, HashedParticipant


class Scope(StrEnum):
    """What a key allows its holder to do."""

    VOTE = "vote"
    STATEMENT_WRITE = "statement:write"
    MODERATE = "moderate"
    EXPORT = "export"
    ADMIN = "admin"


PARTICIPANT_SCOPES = frozenset({Scope.VOTE, Scope.STATEMENT_WRITE})
"""What a participant's own token allows, for that participant only."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever made this request.

    Attributes
    ----------
    tenant
        The tenant whose conversations the caller may see beyond what is public; nothing for somebody unknown.
    scopes
        What the caller may do there.
    is_test
        Whether only conversations that are tests can be reached, or only those that aren't; nothing for
        whoever reaches both.
    participant, conversation
        The only participant the caller may act as, and the only conversation; nothing for a platform, which
        says on whose behalf it calls.
    assurance
        How sure it is who the participant is.
    name
        What the log of changes calls the caller: the name and id of a key.
    """

    tenant: str | None
    scopes: frozenset[Scope] = frozenset()
    is_test: bool | None = None
    participant: HashedParticipant | None = None
    conversation: ConversationId | None = None
    assurance: Assurance = Assurance.ANONYMOUS
    name: str = ""

    @property
    def is_known(self) -> bool:
        """Whether the caller showed a key or a token that is ours."""
        return bool(self.scopes)

    def may(self, scope: Scope) -> bool:
        """Return whether the caller holds a scope."""
        return scope in self.scopes

    def reaches(self, conversation_id: str) -> bool:
        """Return whether the caller may act in a conversation, as far as a participant's token tells."""
        return self.conversation in (None, conversation_id)


ANYBODY = Caller(tenant=None)
"""Somebody who showed no key: they may read what is public."""

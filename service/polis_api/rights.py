"""Who may see what: our rights, asked in Polis's places. A pid, a site's id or a report's id opens nothing."""

from service.api.callers import caller
from service.api.conversations import own_conversation, public_conversation
from service.api.parameters import ConversationPath
from service.api.problems import ProblemError
from service.api.settings_schemas import POLIS_SETTING
from service.identity.access import check
from service.identity.caller import Scope
from service.store.records import Conversation


def setting(conversation: Conversation, name: str) -> bool:
    """Return whether a conversation opens something to tools made for Polis."""
    return bool(conversation.settings.get(POLIS_SETTING, {}).get(name, False))


def shown(conversation_id: str) -> Conversation:
    """Return anybody's conversation, to show what is public of it."""
    return public_conversation(conversation_id)


def owned(conversation_id: str) -> Conversation:
    """Return a conversation of the caller's tenant, or the one that their token is for."""
    return own_conversation(ConversationPath(conversation=conversation_id))


def holds(conversation: Conversation, scope: Scope) -> bool:
    """Return whether the caller may do that here."""
    who = caller()
    return (
        who.may(scope)
        and who.participant is None
        and who.tenant == conversation.tenant
        and who.is_test in (None, conversation.is_test)
    )


def reads_ballots(conversation: Conversation) -> bool:
    """Return whether the caller may see who voted what, by number."""
    return setting(conversation, "open_data") or holds(conversation, Scope.EXPORT)


def require_ballots(conversation: Conversation) -> None:
    """Refuse who may not see what others voted.

    Raises
    ------
    ProblemError, KeyNeededError, ScopeNeededError
        In the words of what is missing.
    """
    if reads_ballots(conversation):
        return
    who = caller()
    if who.participant is not None:
        raise ProblemError("scope-needed", "what others voted needs a key with the scope 'export'")
    check(who, Scope.EXPORT)
    raise ProblemError("not-found", "there is nothing here that you may see; check the ids in the address")

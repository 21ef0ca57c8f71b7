"""Refuse to show results to those who may not see them yet."""

from service.actions.map_shown import MapShown, MapVisibility, map_shown
from service.api.callers import caller
from service.api.problems import ProblemError
from service.parts import parts
from service.store.records import Conversation


def check_map_shown(conversation: Conversation) -> None:
    """Refuse what the conversation doesn't show the public and participants yet; its platform's keys see all.

    Raises
    ------
    ProblemError
        When results are not shown to this caller yet.
    """
    shown = shown_to_caller(conversation)
    if shown.is_shown:
        return
    if shown.when is MapVisibility.AFTER_CLOSING:
        raise ProblemError("results-hidden", "this conversation shows its results when it has closed")
    detail = f"this conversation shows its results to participants who voted; {shown.n_missing} more to go"
    raise ProblemError("results-hidden", detail)


def shown_to_caller(conversation: Conversation) -> MapShown:
    """Return whether the caller may see the results of a conversation."""
    if is_of_platform(conversation):
        return MapShown(True, MapVisibility.ALWAYS)
    who = caller()
    # A token of another conversation shows no more than none.
    is_here = who.tenant == conversation.tenant and who.conversation == conversation.id
    return map_shown(parts().store, conversation, who.participant if is_here else None)


def is_of_platform(conversation: Conversation) -> bool:
    """Return whether the caller is a conversation's platform: it sees every drawing, others see batches."""
    who = caller()
    return who.is_known and who.participant is None and who.tenant == conversation.tenant

"""Say whether somebody may see what the votes amount to, as the conversation wants it."""

import time
from dataclasses import dataclass
from enum import StrEnum

from service.store import votes
from service.store.database import Store
from service.store.phases import is_over
from service.store.platform_records import HashedParticipant
from service.store.records import Conversation
from service.store.unseen import unseen_by

MAP_VISIBILITY_SETTING = "results_visible"
MIN_VOTES_SETTING = "min_votes_for_results"


class MapVisibility(StrEnum):
    """When participants and the public see the group map."""

    ALWAYS = "always"
    AFTER_VOTING = "after-voting"
    AFTER_CLOSING = "after-closing"


@dataclass(frozen=True, slots=True)
class MapShown:
    """Whether somebody may see the results, and what it would take.

    Attributes
    ----------
    when
        The conversation's rule.
    n_missing
        Votes that this participant still has to cast; 0 where votes don't help.
    """

    is_shown: bool
    when: MapVisibility
    n_missing: int = 0


def map_shown(
    store: Store, conversation: Conversation, participant: str | HashedParticipant | None
) -> MapShown:
    """Return whether results are shown to a participant, or to the public where there is none.

    Once nobody can vote any more, everybody may see them. Whoever has to vote first never needs more votes than
    there are statements to vote on.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    when = MapVisibility(conversation.settings.get(MAP_VISIBILITY_SETTING, MapVisibility.ALWAYS))
    if when is MapVisibility.ALWAYS or has_ended(conversation):
        return MapShown(True, when)
    if when is MapVisibility.AFTER_CLOSING:
        return MapShown(False, when)
    n_needed = max(1, conversation.settings.get(MIN_VOTES_SETTING, 0))
    if participant is None:
        return MapShown(False, when, n_needed)
    n_cast = len(votes.own_votes(store, conversation, participant))
    if n_cast >= n_needed:
        return MapShown(True, when)
    n_left = len(unseen_by(store, conversation, participant).numbers)
    n_missing = min(n_needed - n_cast, n_left)
    return MapShown(n_missing == 0, when, n_missing)


def has_ended(conversation: Conversation) -> bool:
    """Return whether nobody can vote any more."""
    return not conversation.is_open or is_over(conversation.settings, now=time.time())

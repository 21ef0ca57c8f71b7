"""Choose what somebody is asked next: what the map needs most is the likeliest."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.store import group_maps, statements, votes
from service.store.database import Store
from service.store.platform_records import HashedParticipant
from service.store.records import Conversation, StatementRecord, StatementState

UNKNOWN_PRIORITY = 1.0
"""How a statement weighs that the map has no priority for yet."""


@dataclass(frozen=True, slots=True)
class NextStatement:
    """What to show next, and how far the participant is.

    Attributes
    ----------
    statement
        Nothing when every visible statement has been seen.
    n_seen, n_statements
        How many of the visible statements the participant has voted on, and how many there are.
    """

    statement: StatementRecord | None
    n_seen: int
    n_statements: int


def next_statement(
    store: Store, conversation: Conversation, participant_id: str | HashedParticipant, *, seed: int
) -> NextStatement:
    """Return a visible statement that the participant has not voted on.

    Parameters
    ----------
    seed
        The same seed, votes and map choose the same statement.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    voted = {vote.statement for vote in votes.own_votes(store, conversation, participant_id)}
    visible = [one for one in statements.list_all(store, conversation) if one.state is StatementState.VISIBLE]
    unseen = [one for one in visible if one.id not in voted]
    chosen = weighted_choice(unseen, group_maps.priorities(store, conversation), seed=seed)
    return NextStatement(statement=chosen, n_seen=len(visible) - len(unseen), n_statements=len(visible))


def weighted_choice(
    unseen: Sequence[StatementRecord], priorities: Mapping[str, float], *, seed: int
) -> StatementRecord | None:
    """Return one statement, each as likely as its priority; nothing when there is nothing left.

    Parameters
    ----------
    unseen
        What may be chosen, in a fixed order.
    priorities
        Statement id → weight ≥ 0; a statement that is not named weighs `UNKNOWN_PRIORITY`.
    seed
        Fixes the choice.
    """
    if not unseen:
        return None
    weights = [max(0.0, priorities.get(one.id, UNKNOWN_PRIORITY)) for one in unseen]
    if not sum(weights) > 0:
        weights = [1.0] * len(unseen)
    # Reproducible on purpose, and nothing secret hangs on it.
    return random.Random(seed).choices(unseen, weights)[0]  # noqa: S311

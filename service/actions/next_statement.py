"""Choose what somebody is asked next, and write down how likely that was."""

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import orjson

from clustering.routing import Prospects, StatementPull, choose_among, prospects, standing
from service.store import group_maps, statement_pulls, statements
from service.store.database import Store
from service.store.exposures import Exposure, ExposureLog
from service.store.platform_records import HashedParticipant
from service.store.records import Conversation, StatementRecord
from service.store.unseen import Listed, unseen_by

ROUTING_SETTING = "routing"
"""Under which name a conversation's settings say who chooses: `informative`, or Polis's formula, `polis`."""

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
    propensity
        With what probability this one was chosen, of all that were left; nothing when nothing was.
    is_participants
        Whether a participant wrote it.
    """

    statement: StatementRecord | None
    n_seen: int
    n_statements: int
    propensity: float | None = None
    is_participants: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """A statement's id, the probability of choosing it, and which draw it was."""

    statement: str
    propensity: float
    because: str


def next_statement(
    store: Store,
    exposures: ExposureLog | None,
    conversation: Conversation,
    participant_id: str | HashedParticipant | None,
    *,
    seed: int,
    without: Collection[str | int] = (),
) -> NextStatement:
    """Return a visible statement that the participant has not voted on, and note that it is shown.

    Parameters
    ----------
    exposures
        Where it is noted that the statement is shown; nothing to choose without showing.
    participant_id
        Nobody where it is not known yet who asks: then nothing is noted.
    seed
        The same seed, votes and map choose the same statement.
    without
        Ids or numbers of statements not to choose: a browser holds some ready, so that nobody waits for
        the next one.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    unseen = unseen_by(store, conversation, participant_id)
    left = list(unseen.numbers)
    if without:
        left = [one for one in left if one not in without and unseen.numbers[one] not in without]
    if conversation.settings.get(ROUTING_SETTING) == "polis":
        priorities = group_maps.priorities(store, conversation)
        chosen = weighted_choice(left, priorities, seed=seed)
    else:
        pulls = _pulls(store, conversation.number, statement_pulls.stamp(store, conversation))
        if unseen.own_votes or without:
            among = _prospects(left, unseen.own_votes, pulls.by_id)
        else:
            among = _of_newcomers(unseen.listed, pulls)
        chosen = _chosen(among, seed=seed)
    n_seen = unseen.n_visible - len(unseen.numbers)
    if chosen is None:
        return NextStatement(None, n_seen, unseen.n_visible)
    number = unseen.numbers[chosen.statement]
    if exposures is not None and participant_id is not None:
        exposures.note(Exposure(conversation, participant_id, number, chosen.propensity, chosen.because))
    statement, is_participants = statements.find_with_origin(store, conversation, number)
    return NextStatement(statement, n_seen, unseen.n_visible, chosen.propensity, is_participants)


def informative_choice(
    unseen: Iterable[str],
    own_votes: Mapping[str, int],
    pulls: Mapping[str, StatementPull],
    *,
    seed: int,
) -> Chosen | None:
    """Return the statement expected to tell most of this participant; now and then a new one, or any.

    Parameters
    ----------
    unseen
        Ids of what may be chosen.
    own_votes
        Statement id → 1, 0 or −1: the participant's, also newer than the map.
    pulls
        By statement id, what the published map says; a statement that it doesn't know is new.
    seed
        Fixes the choice.
    """
    return _chosen(_prospects(unseen, own_votes, pulls), seed=seed)


def weighted_choice(unseen: Sequence[str], priorities: Mapping[str, float], *, seed: int) -> Chosen | None:
    """Return one statement, each as likely as its priority; nothing when there is nothing left.

    Parameters
    ----------
    unseen
        Ids of what may be chosen, in a fixed order.
    priorities
        Statement id → weight ≥ 0; a statement that is not named weighs `UNKNOWN_PRIORITY`.
    seed
        Fixes the choice.
    """
    if not unseen:
        return None
    weights = [max(0.0, priorities.get(id_text, UNKNOWN_PRIORITY)) for id_text in unseen]
    if not sum(weights) > 0:
        weights = [1.0] * len(unseen)
    # Reproducible on purpose, and nothing secret hangs on it.
    at = random.Random(seed).choices(range(len(unseen)), weights)[0]  # noqa: S311
    return Chosen(unseen[at], weights[at] / sum(weights), "priority")


@dataclass(frozen=True, eq=False, slots=True)
class _Pulls:
    """What one published map says of its statements, by id; the same object as long as there is no newer."""

    by_id: Mapping[str, StatementPull]


@lru_cache(maxsize=16)
def _pulls(store: Store, conversation_number: int, stamp: tuple[int, int] | None) -> _Pulls:  # noqa: ARG001
    """Return what the map says; kept under its stamp, because reading it takes longer than choosing."""
    told = map(StatementPull.from_document, orjson.loads(statement_pulls.document(store, conversation_number)))
    return _Pulls({one.statement: one for one in told})


@lru_cache(maxsize=16)
def _of_newcomers(listed: Listed, pulls: _Pulls) -> Prospects | None:
    """Return what may be chosen for whoever said nothing yet: the same for all of them."""
    return _prospects(listed.visible, {}, pulls.by_id)


def _prospects(
    unseen: Iterable[str], own_votes: Mapping[str, int], pulls: Mapping[str, StatementPull]
) -> Prospects | None:
    known = [pulls.get(id_text) or StatementPull(id_text) for id_text in unseen]
    return prospects(known, standing(own_votes, [pulls[one] for one in own_votes if one in pulls]))


def _chosen(among: Prospects | None, *, seed: int) -> Chosen | None:
    if among is None:
        return None
    at, because = choose_among(among, seed=seed)
    return Chosen(among.ordered[at].statement, among.chances[at], because)

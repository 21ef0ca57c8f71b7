"""What the report to a council says: one map and what was decided about its statements and participants."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from service.desk.group_labels import labels_of
from service.desk.reading_maps import ReadMap
from service.desk.representing import Representing, representing
from service.desk.shares import Shares, shares_by_statement
from service.pages.certainty import WITHOUT_GROUPS
from service.pages.map_page import MapPage, map_page
from service.store import leaving, statements
from service.store.database import Store
from service.store.funnel import Funnel, funnel
from service.store.phases import PHASES_SETTING
from service.store.records import UNKNOWN_LANGUAGE, Conversation, StatementRecord, StatementState

MOST_WEIGHED = 10
"""Statements whose shares are weighed."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase of the conversation, and whether it is over, going on, or to come: −1, 0, 1."""

    name: str
    starts_at: datetime
    ends_at: datetime
    when: int


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """How many people came so far: `kind` with `n_votes`, and their share of all who came."""

    kind: str
    n_people: int
    share: float
    n_votes: int = 0


@dataclass(frozen=True, slots=True)
class Moderation:
    """What was decided about statements and participants.

    Attributes
    ----------
    n_visible, n_waiting, n_hidden, n_meta
        Statements in each state, and those about the conversation itself.
    reasons, excluded
        Reason → statements hidden, participants excluded; most first. An empty reason is none.
    n_erased
        People who had everything about them removed.
    """

    n_visible: int
    n_waiting: int
    n_hidden: int
    n_meta: int
    reasons: Sequence[tuple[str, int]]
    excluded: Sequence[tuple[str, int]]
    n_erased: int

    @property
    def n_excluded(self) -> int:
        """Return how many people a moderator left off the map."""
        return sum(n for _, n in self.excluded)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the report says.

    Attributes
    ----------
    map
        Which map it speaks of.
    page
        What the map's own page says of it.
    by_statement
        The shares of every statement, by group unless they are chance, and of everybody.
    labels
        Letter → what the facilitator calls that group.
    representing
        Who took part beside all residents; nothing without the municipality's own figures.
    """

    map: ReadMap
    page: MapPage
    by_statement: Mapping[str, tuple[Shares, ...]]
    labels: Mapping[str, str]
    phases: tuple[Phase, ...]
    steps: tuple[FunnelStep, ...]
    moderation: Moderation
    representing: Representing | None
    document: Mapping[str, Any]


def report(store: Store, conversation: Conversation, read: ReadMap) -> Report:
    """Return what the report says of a map.

    Participation and moderation are those of now, also beside a map of earlier.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    records = statements.list_all(store, conversation)
    came = funnel(store, conversation)
    language = "" if conversation.language == UNKNOWN_LANGUAGE else conversation.language
    page = map_page(read.document, records, language=language)
    by_statement = shares_by_statement(read.document)
    if not page.groups:
        by_statement = {statement: found[-1:] for statement, found in by_statement.items()}
    return Report(
        map=read,
        page=page,
        by_statement=by_statement,
        labels=labels_of(conversation),
        phases=_phases(conversation, now=time.time()),
        steps=steps(came, n_placed=read.document["n_placed"]),
        moderation=_moderation(store, conversation, records, came),
        representing=representing(store, conversation, told_of(page, records)),
        document=read.document,
    )


def told_of(page: MapPage, records: Sequence[StatementRecord]) -> list[StatementRecord]:
    """Return the statements that a report tells of, in its order; before the map is judged, those seen most."""
    sure = page.certainty
    named = [one.id for one in page.statements[:MOST_WEIGHED]]
    if sure is not None and sure.verdict is not None:
        lists = (sure.by_all, sure.by_most, sure.dividing, sure.unsure)
        named = [one.statement.id for found in lists for one in found[:3]]
    by_id = {str(one.id): one for one in records}
    return [by_id[one] for one in dict.fromkeys(named) if one in by_id][:MOST_WEIGHED]


def has_chance_groups(verdict: str | None) -> bool:
    """Return whether a verdict says that the groups on the map are chance."""
    return verdict in WITHOUT_GROUPS


def steps(came: Funnel, *, n_placed: int) -> tuple[FunnelStep, ...]:
    """Return the steps of the funnel; shares are of the first.

    Examples
    --------
    >>> came = Funnel(n_opened=None, n_after={1: 10, 5: 5, 10: 1}, n_all=1, n_visible=9, n_erased=0)
    >>> [(one.kind, one.n_people, one.share) for one in steps(came, n_placed=4)][:3]
    [('votes', 10, 1.0), ('votes', 5, 0.5), ('placed', 4, 0.4)]
    """
    counted = [("opened", came.n_opened, 0)] if came.n_opened is not None else []
    counted += [("votes", n, n_votes) for n_votes, n in came.n_after.items()]
    # On the map is who voted on seven or so: between five votes and ten.
    counted.insert(len(counted) - 1, ("placed", n_placed, 0))
    counted.append(("all", came.n_all, came.n_visible))
    most = max(counted[0][1] or 0, 1)
    return tuple(FunnelStep(kind, n or 0, min(1.0, (n or 0) / most), n_votes) for kind, n, n_votes in counted)


def _phases(conversation: Conversation, *, now: float) -> tuple[Phase, ...]:
    return tuple(
        Phase(
            one["name"],
            datetime.fromtimestamp(one["starts_at"], UTC),
            datetime.fromtimestamp(one["ends_at"], UTC),
            -1 if one["ends_at"] <= now else 1 if now < one["starts_at"] else 0,
        )
        for one in conversation.settings.get(PHASES_SETTING) or ()
    )


def _moderation(
    store: Store, conversation: Conversation, records: Sequence[StatementRecord], came: Funnel
) -> Moderation:
    n_in = Counter(one.state for one in records)
    hidden = Counter(one.reason.strip() for one in records if one.state is StatementState.HIDDEN)
    excluded = Counter(one.reason.strip() for one in leaving.list_excluded(store, conversation))
    return Moderation(
        n_visible=n_in[StatementState.VISIBLE],
        n_waiting=n_in[StatementState.WAITING],
        n_hidden=n_in[StatementState.HIDDEN],
        n_meta=sum(one.is_meta for one in records),
        reasons=hidden.most_common(),
        excluded=excluded.most_common(),
        n_erased=came.n_erased,
    )

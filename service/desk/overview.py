"""How a conversation goes: numbers a facilitator asks for, in plain words."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Response, request

from service.desk.answering import desk_answer
from service.desk.entering import Visit, desk_page
from service.desk.targets import KINDS, targets_of
from service.parts import parts
from service.store import group_maps, monitoring, statements, votes, webhooks
from service.store.desk_records import Role
from service.store.records import Conversation, StatementRecord, StatementState

N_DAYS = 30
N_LEAST_SEEN = 5
_STEPS = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class Step:
    """How many people came as far as some number of votes, and which share of all that is, in percent."""

    n_votes: int
    is_all: bool
    n_people: int
    percent: int


@dataclass(frozen=True, slots=True)
class Day:
    """The votes of one day, and how high its bar is: from 0 to 100."""

    day: date
    n_votes: int
    height: int


@desk_page("/conversations/<conversation>", Role.VIEWER)
def overview_page(visit: Visit) -> Response:
    """Show how a conversation goes."""
    numbers = numbers_of(visit.conversation)
    wrong = request.args.get("wrong") in KINDS
    imported = request.args.get("imported") is not None
    response = desk_answer(
        visit, "overview.html", imported=imported, wrong=wrong, target_kinds=KINDS, **numbers
    )
    if imported and numbers["map"] is None and numbers["counts"].n_votes:
        response.headers["Refresh"] = "3"
    return response


def numbers_of(conversation: Conversation) -> dict[str, Any]:
    """Return what the page is filled with."""
    store = parts().store
    every = statements.list_all(store, conversation)
    visible = [one for one in every if one.state is StatementState.VISIBLE]
    by_channel = monitoring.channels(store, conversation)
    counts = votes.counts(store, conversation)
    return {
        "counts": counts,
        "targets": targets_of(conversation, counts),
        "n_in_state": {state: sum(one.state == state for one in every) for state in StatementState},
        "steps": _funnel(conversation, len(visible)),
        "days": _days(monitoring.votes_by_day(store, conversation)),
        "channels": sorted(by_channel.items(), key=lambda one: -one[1]),
        "least_seen": _least_seen(conversation, visible),
        "map": group_maps.read(store, conversation, is_public=False),
        "n_webhooks_off": sum(
            one.disabled_because is not None for one in webhooks.list_all(store, conversation.tenant)
        ),
        "n_webhooks_failing": webhooks.n_failing(store, conversation.tenant),
    }


def _funnel(conversation: Conversation, n_visible: int) -> list[Step]:
    """Return how far people come; `all` is every statement that is shown now."""
    numbers = monitoring.votes_per_participant(parts().store, conversation)
    n_people = sum(numbers.values())
    wanted = [(least, False) for least in _STEPS if least < n_visible or least == 1]
    if n_visible > 1:
        wanted.append((n_visible, True))
    steps = []
    for least, is_all in wanted:
        n_far = sum(n for n_votes, n in numbers.items() if n_votes >= least)
        steps.append(Step(least, is_all, n_far, round(100 * n_far / n_people) if n_people else 0))
    return steps


def _days(found: list[tuple[date, int]]) -> list[Day]:
    """Return the latest month, or the last one with votes in it, days without votes too."""
    if not found:
        return []
    last = max(found[-1][0], min(datetime.now(UTC).date(), found[-1][0] + timedelta(days=7)))
    cast = dict(found)
    first = max(found[0][0], last - timedelta(days=N_DAYS - 1))
    days = [first + timedelta(days=place) for place in range((last - first).days + 1)]
    most = max((cast.get(day, 0) for day in days), default=0) or 1
    return [Day(day, cast.get(day, 0), round(100 * cast.get(day, 0) / most)) for day in days]


def _least_seen(
    conversation: Conversation, visible: list[StatementRecord]
) -> list[tuple[StatementRecord, int]]:
    numbers = monitoring.votes_per_statement(parts().store, conversation)
    pairs = [(one, numbers.get(one.number, 0)) for one in visible]
    return sorted(pairs, key=lambda pair: pair[1])[:N_LEAST_SEEN]

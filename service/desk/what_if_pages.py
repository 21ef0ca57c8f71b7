"""What if: the map without some statements or participants, or with other groups; nothing changes."""

import re
from dataclasses import dataclass, field
from typing import Any

import orjson
from flask import Response, request

from clustering.vocabulary import StatementId
from service.actions.await_analysis import TooManyAnalysesError, await_analysis
from service.actions.read_group_map import read_group_map
from service.desk.answering import desk_answer, to_page
from service.desk.entering import Visit, desk_page
from service.desk.map_pages import drawn_values
from service.desk.map_values import DeskMap, desk_map
from service.desk.reading_maps import ReadMap, read_map
from service.desk.reading_pages import page_address
from service.identity.references import numbers_of_references
from service.parts import parts
from service.store import analysis_jobs, statements, votes
from service.store.analysis_records import AnalysisJob, AnalysisKind, NewAnalysis
from service.store.desk_records import Role
from service.store.errors import NotFoundError
from service.store.records import Conversation, StatementState

MOST_PEOPLE = 10_000
NUMBERS_OF_GROUPS = ("2", "3", "4", "5")
_REFERENCE = re.compile(r"[a-z2-7]{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to leave out, as somebody chose it; `problem` is the key of what is wrong with it."""

    statements: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    n_groups: str = ""
    problem: str = ""
    unknown: tuple[str, ...] = field(default=())


@desk_page("/conversations/<conversation>/map/what-if", Role.MODERATOR)
def what_if_page(visit: Visit) -> Response:
    """Show what can be left out; an address may name a statement already."""
    return _form(visit, Asked(statements=tuple(request.args.getlist("without"))))


@desk_page("/conversations/<conversation>/map/what-if", Role.MODERATOR, method="POST")
def what_if_form(visit: Visit) -> Response:
    """Ask for the map without what was chosen, and wait for it as long as a request may."""
    asked, conversation = _asked(), visit.conversation
    numbers = _numbers(conversation, asked.people)
    unknown = tuple(one for one in asked.people if one not in numbers)
    if unknown:
        return _form(visit, Asked(asked.statements, asked.people, asked.n_groups, "unknown", unknown), 422)
    wished = [StatementId(one) for one in asked.statements]
    known = statements.known_ids(parts().store, conversation, wished)
    wanted: dict[str, Any] = {
        "without_statements": [one for one in wished if one in known],
        "without_participants": sorted(set(numbers.values())),
        "settings": {"n_groups": int(asked.n_groups)} if asked.n_groups else {},
    }
    new = NewAnalysis(
        conversation.tenant, AnalysisKind.WHAT_IF_MAP, wanted, conversation.is_test, conversation.number
    )
    try:
        job = await_analysis(parts().store, parts().analysis_requests, parts().waiting_room, new)
    except TooManyAnalysesError:
        return _form(visit, Asked(asked.statements, asked.people, asked.n_groups, "too_many"), 429)
    return to_page(page_address("what_if_map_page", conversation, job=job.id))


@desk_page("/conversations/<conversation>/map/what-if/<job>", Role.MODERATOR)
def what_if_map_page(visit: Visit, job: str) -> Response:
    """Show the map as it would be beside the one of now, or how far it is."""
    conversation = visit.conversation
    found = _found(conversation, job)
    now = desk_map(parts().store, conversation, read_map(parts().store, conversation))
    values: dict[str, Any] = {
        "job": found,
        "left_out": {
            "statements": len(found.request["without_statements"]),
            "people": len(found.request["without_participants"]),
        },
        "again_address": page_address("what_if_page", conversation),
        "values": lambda one: drawn_values(visit, one),
    }
    if found.document is not None:
        made = orjson.loads(found.document)
        values |= {
            "found_now": now,
            "found_if": _drawn_if(conversation, made["group_map"]),
            "differences": made["differences"],
            "texts": now.page.by_id,
        }
    response = desk_answer(visit, "what_if_map.html", 200, **values, **drawn_values(visit, now))
    if not found.has_ended:
        response.headers["Refresh"] = "2"
    return response


def _asked() -> Asked:
    text = request.form.get("people", "")
    people = [*request.form.getlist("participant"), *re.split(r"[\s,;]+", text)]
    n_groups = request.form.get("groups", "")
    return Asked(
        statements=tuple(dict.fromkeys(request.form.getlist("without"))),
        people=tuple(dict.fromkeys(one for one in people if one))[:MOST_PEOPLE],
        n_groups=n_groups if n_groups in NUMBERS_OF_GROUPS else "",
    )


def _numbers(conversation: Conversation, people: tuple[str, ...]) -> dict[str, int]:
    """Return reference → number of those that somebody has."""
    named = [one for one in people if _REFERENCE.fullmatch(one)]
    if not named:
        return {}
    n_participants = votes.counts(parts().store, conversation).n_participants
    secret = parts().store.secret
    return numbers_of_references(secret, conversation, named, n_participants=n_participants)


def _found(conversation: Conversation, job: str) -> AnalysisJob:
    if len(job) > 64 or not job.isascii():
        raise NotFoundError("no such map")
    return analysis_jobs.find(
        parts().store,
        conversation.tenant,
        job,
        kind=AnalysisKind.WHAT_IF_MAP,
        is_test=None,
        conversation_number=conversation.number,
    )


def _drawn_if(conversation: Conversation, document: dict[str, Any]) -> DeskMap:
    """Return the map as it would be; how sure it is isn't worked out for maps that nobody publishes."""
    now = read_group_map(parts().store, conversation, is_public=False).document
    fresh = {name: now[name] for name in ("as_of", "published_at", "conversation")}
    whole = {"bubbles": []} | document | fresh | {"votes_pending": 0, "stale": False, "error": None}
    read = ReadMap(whole | {"certainty": None}, now["as_of"], is_current=False, is_kept=False)
    return desk_map(parts().store, conversation, read)


def _form(visit: Visit, asked: Asked, status: int = 200) -> Response:
    records = statements.list_all(parts().store, visit.conversation)
    return desk_answer(
        visit,
        "what_if.html",
        status,
        asked=asked,
        records=[one for one in records if one.state is StatementState.VISIBLE and not one.is_meta],
        numbers=NUMBERS_OF_GROUPS,
        back_address=page_address("map_page", visit.conversation),
    )

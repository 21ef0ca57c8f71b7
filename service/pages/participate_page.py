"""What the page of taking part shows: one statement to vote on, own votes, a sheet to write on, the map."""

import re
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from service.actions.map_shown import has_ended
from service.actions.next_statement import NextStatement, next_statement
from service.actions.read_group_map import read_group_map
from service.api.callers import caller
from service.api.fields import DEFAULT_STATEMENT_LENGTH
from service.api.settings_schemas import (
    ASSURANCE_SETTING,
    LENGTH_SETTING,
    OUTCOME_SETTING,
    WRITERS_SETTING,
    Writers,
)
from service.api.showing import shown_to_caller
from service.api.taking_part_schemas import SITES_SETTING
from service.identity.participant_tokens import anonymous_participant
from service.pages.framing import parent_origin, policy_of_a_frame
from service.pages.routes import html_page, map_values, without_full_stop
from service.pages.widget_files import loaded_at_start, widget_files
from service.pages.words import Words
from service.parts import parts
from service.store import statements, votes
from service.store.phases import asks_for_statements, asks_for_votes, phase_at
from service.store.platform_records import Assurance
from service.store.records import UNKNOWN_LANGUAGE, Conversation, StatementRecord, StatementState

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", re.ASCII)

VIEWS = ("vote", "mine", "write", "results", "code")
"""What somebody can look at; the element has views of the same names."""


@dataclass(slots=True)
class Visit:
    """One request for the page, and what became of it so far.

    Attributes
    ----------
    token
        The participant's, once there is one; it goes back into the page's hidden fields and nowhere else.
    is_new
        Whether it was made for this request.
    done, trouble
        Keys of the sentences that say what was done, and what could not be.
    about
        The statement that was voted on, to be named in that sentence.
    asked
        A statement to vote on again; nothing for the next one.
    code
        A code for another device, just made.
    draft
        A statement that could not be kept, as it was written.
    """

    conversation: Conversation
    words: Words
    view: str = "vote"
    token: str = ""
    is_new: bool = False
    done: str | None = None
    trouble: str | None = None
    about: StatementRecord | None = None
    asked: StatementRecord | None = None
    code: str | None = None
    draft: str = ""


@dataclass(frozen=True, slots=True)
class OwnVote:
    """A vote of one's own; the statement is nothing when it isn't shown any more."""

    statement: StatementRecord | None
    value: int


def needed_assurance(conversation: Conversation) -> Assurance:
    """Return how sure a conversation wants to be of who votes."""
    return Assurance(conversation.settings.get(ASSURANCE_SETTING, Assurance.ANONYMOUS))


def seed_of(text: str) -> int | None:
    """Return the seed that a form says, if it is one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 16 else None


def written_page(visit: Visit) -> Response:
    """Return the page for a visit."""
    conversation, words = visit.conversation, visit.words
    now, kept = time.time(), conversation.settings
    phase = phase_at(kept, now=now)
    language = "" if conversation.language == UNKNOWN_LANGUAGE else conversation.language
    may_vote = conversation.is_open and asks_for_votes(kept, now=now)
    response = html_page(
        "participate.html",
        words,
        visit=visit,
        conversation=conversation,
        language=language,
        element_language=_element_language(language),
        modules=_modules(_element_language(language)),
        phase=None if phase is None else phase["name"],
        outcome=kept.get(OUTCOME_SETTING, ""),
        has_ended=has_ended(conversation),
        may_vote=may_vote,
        may_write=conversation.is_open
        and kept.get(WRITERS_SETTING) != Writers.PLATFORM
        and asks_for_statements(kept, now=now),
        needed=_still_needed(visit),
        max_length=kept.get(LENGTH_SETTING, DEFAULT_STATEMENT_LENGTH),
        parent_origin=parent_origin(request.args.get("origin"), kept.get(SITES_SETTING, ())),
        reads=_reader(words),
        without_end=without_full_stop,
        **_values_of_view(visit, may_vote=may_vote, language=language),
    )
    response.headers["Content-Security-Policy"] = policy_of_a_frame(kept.get(SITES_SETTING, ()))
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
    return response


def _element_language(language: str) -> str:
    """Return what the element is to speak, which knows more languages than these pages."""
    asked = request.args.get("lang", "")
    return asked if _LANGUAGE.fullmatch(asked) else language


def _modules(language: str) -> Sequence[str]:
    """Return the files that the element begins with; what it says comes after what it does."""
    words = f"words-{language.lower().partition('-')[0]}.js"
    return (*loaded_at_start(), *((words,) if words in widget_files() else ()))


def _still_needed(visit: Visit) -> Assurance | None:
    """Return what somebody has to show before they can vote here; nothing when it is enough already."""
    needed = needed_assurance(visit.conversation)
    shown = caller().assurance if visit.token else Assurance.ANONYMOUS
    return None if shown.is_at_least(needed) else needed


def _values_of_view(visit: Visit, *, may_vote: bool, language: str) -> dict[str, Any]:
    if visit.view == "results":
        return _of_map(visit, language)
    if visit.view == "mine":
        return {"own_votes": _own_votes(visit), "own_statements": _own_statements(visit)}
    if visit.view == "vote" and may_vote and _still_needed(visit) is None:
        return _of_statement(visit)
    return {}


def _of_statement(visit: Visit) -> dict[str, Any]:
    """Return what is asked now: a statement that was named, or the next one."""
    seed = secrets.randbits(53)
    found = _next(visit, seed)
    before = None
    if visit.asked is not None:
        cast = {one.statement: int(one.value) for one in _cast(visit)}
        before = cast.get(visit.asked.id)
    return {"next": found, "statement": visit.asked or found.statement, "seed": seed, "before": before}


def _next(visit: Visit, seed: int) -> NextStatement:
    participant, log = caller().participant, parts().exposures
    is_shown = participant is not None and visit.asked is None
    # Whoever only opens the page has no name to note anything under; the first vote makes up for it.
    return next_statement(
        parts().store,
        log if is_shown else None,
        visit.conversation,
        participant or anonymous_participant(),
        seed=seed,
    )


def _of_map(visit: Visit, language: str) -> dict[str, Any]:
    shown = shown_to_caller(visit.conversation)
    if not shown.is_shown:
        return {"shown": shown}
    current = read_group_map(parts().store, visit.conversation, is_public=True)
    return {"shown": shown, **map_values(visit.conversation, current, visit.words, language)}


def _cast(visit: Visit):
    participant = caller().participant
    return [] if participant is None else votes.own_votes(parts().store, visit.conversation, participant)


def _own_votes(visit: Visit) -> Sequence[OwnVote]:
    cast = _cast(visit)
    found = statements.by_ids(parts().store, visit.conversation, [one.statement for one in cast])
    visible = {key: one for key, one in found.items() if one.state is StatementState.VISIBLE}
    return [OwnVote(visible.get(one.statement), int(one.value)) for one in cast]


def _own_statements(visit: Visit) -> Sequence[StatementRecord]:
    participant = caller().participant
    return [] if participant is None else statements.own(parts().store, visit.conversation, participant)


def _reader(words: Words):
    """Return a function that gives a statement's text for a reader, its language, and who translated it."""

    def read(statement: StatementRecord) -> Mapping[str, Any]:
        translated = statement.translations.get(words.language)
        if translated is None or statement.language.partition("-")[0] == words.language:
            return {"text": statement.text, "language": statement.language, "original": None}
        return {
            "text": translated["text"],
            "language": words.language,
            "is_machine": translated["is_machine"],
            "original": statement.text,
        }

    return read

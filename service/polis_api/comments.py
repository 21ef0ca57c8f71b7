"""Statements: list, add, moderate, translate. Texts that nobody approved are for moderators only."""

import time
from collections import Counter
from typing import Any

import orjson
from flask import Response

from clustering.vocabulary import VoteValue
from service.actions.add_statements import add_statements
from service.actions.cast_vote import cast_vote
from service.actions.moderate_statements import moderate_statements
from service.actions.submit_statement import RefusedStatement, SubmissionRefusal, submit_statement
from service.api.fields import DEFAULT_STATEMENT_LENGTH
from service.api.problems import FieldError, ProblemError
from service.api.settings_schemas import (
    LENGTH_SETTING,
    MODERATION_SETTING,
    WRITERS_SETTING,
    Moderation,
    Writers,
)
from service.api.texts import n_characters
from service.identity.caller import Scope
from service.parts import parts
from service.polis_api import asked, rights
from service.polis_api.answers import STATES, auth_answer, comment_answer
from service.polis_api.declaring import json_of, routes
from service.polis_api.next_comments import translations
from service.polis_api.shelf import numbering
from service.polis_api.taking_part import Taker, taker, voting
from service.polis_api.vote_routes import signed, statement_of
from service.store import group_maps, participants, statements
from service.store.own_ballots import ballot
from service.store.participants import id_hash
from service.store.phases import asks_for_statements
from service.store.platform_records import HashedParticipant
from service.store.records import (
    Conversation,
    NewStatement,
    NewVote,
    RefusedVote,
    StatementChange,
    StatementRecord,
    StatementState,
)


@routes.declare("GET", "/comments", asked.CommentsQuery)
def get_comments(said: asked.CommentsQuery) -> Response:
    """List statements: to the public the visible ones, to moderators all; `limit` makes it one page of them."""
    conversation = rights.shown(said.conversation_id)
    moderates = rights.holds(conversation, Scope.MODERATE)
    counts = _counts(conversation) if said.include_voting_patterns else None
    # Open data says that there is a statement that isn't visible, not what it reads.
    sees_all = moderates or (rights.setting(conversation, "open_data") and said.moderation)
    answers = [
        _comment(conversation, one, author, counts, moderates=moderates)
        for one, author in _with_authors(conversation)
        if sees_all or one.state is StatementState.VISIBLE
    ]
    if moderates and not said.moderation and (said.mod, said.mod_gt, said.mod_in) == (None, None, None):
        answers = [one for one in answers if one["mod"] >= 0]
    answers = [one for one in answers if _is_wanted(one, said)]
    seen = _seen(conversation, said)
    answers = [one for one in answers if one["tid"] not in seen]
    if said.limit is None:
        return json_of(answers[said.offset :])
    page = {"limit": said.limit, "offset": said.offset, "total": len(answers)}
    end = said.offset + said.limit
    return json_of(
        {"comments": answers[said.offset : end], "pagination": page | {"hasMore": end < len(answers)}}
    )


@routes.declare("POST", "/comments", asked.CommentBody)
def post_comments(said: asked.CommentBody) -> Response:
    """Add a statement: a participant's own, or with a key the organiser's; `vote` is its writer's."""
    conversation = rights.shown(said.conversation_id)
    most = conversation.settings.get(LENGTH_SETTING, DEFAULT_STATEMENT_LENGTH)
    if n_characters(said.txt) > most:
        wrong = (FieldError("#/txt", f"expected at most {most} characters, got {n_characters(said.txt)}"),)
        raise ProblemError("too-long", "the text is too long", wrong)
    if rights.holds(conversation, Scope.STATEMENT_WRITE) and said.xid is None:
        (made,) = add_statements(
            parts().store,
            parts().map_requests,
            conversation,
            [NewStatement(said.txt, language=said.lang or "")],
        )
        return json_of(_told(conversation, made, None))
    if said.is_seed:
        raise ProblemError("scope-needed", "the organiser's statements need a key with 'statement:write'")
    who = voting(conversation, said.xid)
    made = _submitted(conversation, said, who)
    if said.vote is not None and made.state is StatementState.VISIBLE and who.participant is not None:
        vote = NewVote(who.participant, made.id, VoteValue(signed(said.vote)))
        kept = cast_vote(parts().committer, parts().map_requests, conversation, vote)
        assert not isinstance(kept, RefusedVote) or kept.reason  # noqa: S101 - the statement stands without it.
    return json_of(_told(conversation, made, who))


@routes.declare("PUT", "/comments", asked.ModerationBody, scope=Scope.MODERATE)
def put_comments(said: asked.ModerationBody) -> Response:
    """Decide on a statement: `mod` 1 shows it, 0 holds it back, -1 hides it."""
    conversation = rights.owned(said.conversation_id)
    state = None if said.mod is None else STATES[said.mod]
    if said.mod is None and said.active is False:
        state = StatementState.HIDDEN
    change = StatementChange(statement_of(conversation, said.tid), state=state, is_meta=said.is_meta)
    moderate_statements(parts().store, parts().map_requests, conversation, [change])
    return json_of({})


@routes.declare("GET", "/comments/translations", asked.TranslationsQuery, kind="list")
def get_comments_translations(said: asked.TranslationsQuery) -> Response:
    """Read a visible statement in another language."""
    conversation = rights.shown(said.conversation_id)
    number = numbering(conversation).statements.inside(said.tid)
    if number is None:
        return json_of([])
    statement_of(conversation, said.tid, field="?tid")
    one = statements.find(parts().store, conversation, number)
    if one.state is not StatementState.VISIBLE and not rights.holds(conversation, Scope.MODERATE):
        return json_of([])
    return json_of(translations(one, said.tid, said.lang))


def _with_authors(conversation: Conversation) -> list[tuple[StatementRecord, tuple[bool, int | None]]]:
    """Return statements by number, each with whether a participant wrote it, and which."""
    store = parts().store
    wrote = statements.authors(store, conversation)
    return [
        (one, (one.number in wrote, wrote.get(one.number))) for one in statements.list_all(store, conversation)
    ]


def _comment(
    conversation: Conversation,
    one: StatementRecord,
    author: tuple[bool, int | None],
    counts: dict[str, Counter[int]] | None,
    *,
    moderates: bool,
) -> dict[str, Any]:
    numbers = numbering(conversation)
    is_written, who = author
    is_told = who is not None and (moderates or rights.reads_ballots(conversation))
    answer = comment_answer(
        one,
        tid=numbers.statements.outside(one.number),
        # The organiser has no pid; there its owner is participant 0, and clients refuse anything below.
        pid=numbers.participants.outside(who) if is_told and who is not None else 0,
        is_seed=not is_written,
        conversation_id=conversation.id,
    )
    if one.state is not StatementState.VISIBLE and not moderates:
        answer["txt"] = ""
    if counts is not None:
        total = counts.get(one.id, Counter())
        answer |= {
            "agree_count": total[1],
            "disagree_count": total[-1],
            "pass_count": total[0],
            "count": total.total(),
        }
    return answer


def _counts(conversation: Conversation) -> dict[str, Counter[int]]:
    """Return statement id → value → how many, as of the published map: each vote at once would show whose."""
    drawn = group_maps.read(parts().store, conversation, is_public=not rights.reads_ballots(conversation))
    listed = [] if drawn is None else orjson.loads(drawn.document)["statements"]
    return {
        one["statement"]: Counter({1: one["n_agree"], -1: one["n_disagree"], 0: one["n_pass"]})
        for one in listed
    }


def _is_wanted(answer: dict[str, Any], said: asked.CommentsQuery) -> bool:
    return (
        (said.mod is None or answer["mod"] == said.mod)
        and (said.mod_gt is None or answer["mod"] > said.mod_gt)
        and (said.mod_in is None or (answer["mod"] > 0) == said.mod_in)
        and (said.tids is None or answer["tid"] in said.tids)
    )


def _seen(conversation: Conversation, said: asked.CommentsQuery) -> set[int]:
    """Return the tids that the caller has voted on, when they asked for the others."""
    if said.not_voted_by_pid is None:
        return set()
    number = numbering(conversation).participants.inside(said.not_voted_by_pid)
    who = taker(conversation, said.xid).participant
    own = None if who is None else participants.number(parts().store, conversation, who)
    if number is None or (number != own and not rights.reads_ballots(conversation)):
        return set()
    tids = numbering(conversation).statements
    return {tids.outside(one.statement_number) for one in ballot(parts().store, conversation, number)}


def _submitted(conversation: Conversation, said: asked.CommentBody, who: Taker) -> StatementRecord:
    if not conversation.is_open:
        raise ProblemError("conversation-closed", "the conversation takes no statements any more")
    kept = conversation.settings
    if kept.get(WRITERS_SETTING) == Writers.PLATFORM or not asks_for_statements(kept, now=time.time()):
        raise ProblemError("not-now", "this conversation does not ask participants for statements now")
    assert who.participant is not None  # noqa: S101 - whoever writes is somebody by now.
    made = submit_statement(
        parts().store,
        parts().map_requests,
        conversation,
        said.txt,
        author=HashedParticipant(id_hash(parts().store, conversation, who.participant)),
        language=said.lang or "",
        is_shown_at_once=kept.get(MODERATION_SETTING) == Moderation.AFTER,
    )
    if not isinstance(made, RefusedStatement):
        return made
    if made.reason is SubmissionRefusal.TOO_MANY_WAITING:
        raise ProblemError("too-many-waiting", "wait until a moderator has read those you wrote")
    raise ProblemError("same-statement", "this is said already")


def _told(conversation: Conversation, made: StatementRecord, who: Taker | None) -> dict[str, Any]:
    numbers, number = numbering(conversation), None
    if who is not None and who.participant is not None:
        number = participants.number(parts().store, conversation, who.participant)
    answer: dict[str, Any] = {
        "tid": numbers.statements.outside(made.number),
        "currentPid": None if number is None else numbers.participants.outside(number),
    }
    if who is not None and who.token is not None:
        answer["auth"] = auth_answer(who.token)
    return answer

"""Somebody comes: what they are asked first, what they said already, and the token they vote with."""

from typing import Any

import orjson
from flask import Response, request

from service.identity.caller import Scope
from service.parts import parts
from service.polis_api import asked, rights
from service.polis_api.answers import USER, auth_answer, conversation_answer, participant_answer
from service.polis_api.declaring import json_of, routes
from service.polis_api.next_comments import next_comment
from service.polis_api.shelf import numbering, shelf
from service.polis_api.taking_part import Taker, check_own, taker, voting
from service.polis_api.vote_routes import vote_answer
from service.store import participants, votes
from service.store.exporting import CastVote
from service.store.own_ballots import ballot
from service.store.records import Conversation


@routes.declare("GET", "/participationInit", asked.InitQuery)
def get_participation_init(said: asked.InitQuery) -> Response:
    """Read all that a participant's page starts with; whoever brings an external id gets a token."""
    answer: dict[str, Any] = {
        "user": dict(USER),
        "nextComment": {},
        "votes": [],
        "pca": None,
        "famous": {},
        "acceptLanguage": request.headers.get("Accept-Language", "en-US")[:200],
    }
    if said.conversation_id is None:
        return json_of(answer)
    conversation = rights.shown(said.conversation_id)
    who = taker(conversation, said.xid)
    number, cast = _known(conversation, who)
    numbers = numbering(conversation)
    # Where nobody is known yet the key is left out, as in Polis: its clients can't read a null.
    if number is not None:
        answer["ptpt"] = _participant(conversation, number, cast)
        answer["votes"] = [vote_answer(conversation, one, numbers) for one in cast]
    check_own(said.pid, None if number is None else numbers.participants.outside(number))
    answer["user"]["hasXid"] = said.xid is not None
    answer["nextComment"] = next_comment(conversation, who.participant, lang=said.lang)
    answer["conversation"] = conversation_answer(
        conversation,
        votes.counts(parts().store, conversation),
        is_owner=rights.holds(conversation, Scope.ADMIN),
    )
    drawn = shelf().map_of(conversation, is_public=True)
    answer["pca"] = None if drawn is None else orjson.Fragment(shelf().quoted(drawn))
    if who.token is not None:
        answer["auth"] = auth_answer(who.token)
    response = json_of(answer)
    if who.token is not None:
        response.headers["Cache-Control"] = "no-store"
    return response


@routes.declare("GET", "/nextComment", asked.NextQuery)
def get_next_comment(said: asked.NextQuery) -> Response:
    """Choose what somebody is asked next; an empty object when there is nothing left."""
    conversation = rights.shown(said.conversation_id)
    who = taker(conversation, said.xid)
    pid = _pid(conversation, who)
    check_own(said.not_voted_by_pid, pid)
    found = next_comment(conversation, who.participant, without=said.without, lang=said.lang)
    return json_of(found if pid is None else found | {"currentPid": pid})


@routes.declare("GET", "/participants", asked.ParticipantQuery)
def get_participants(said: asked.ParticipantQuery) -> Response:
    """Read who the caller is in a conversation; `null` before their first vote."""
    conversation = rights.shown(said.conversation_id)
    number, cast = _known(conversation, taker(conversation, said.xid))
    return json_of(None if number is None else _participant(conversation, number, cast))


@routes.declare("POST", "/participants", asked.ParticipantQuery)
def post_participants(said: asked.ParticipantQuery) -> Response:
    """Become a participant: the token is the whole of it, and nothing is kept before the first vote."""
    conversation = rights.shown(said.conversation_id)
    who = voting(conversation, said.xid)
    number, cast = _known(conversation, who)
    answer: dict[str, Any] = {"pid": -1} if number is None else _participant(conversation, number, cast)
    if who.token is not None:
        answer["auth"] = auth_answer(who.token)
    return json_of(answer)


def _known(conversation: Conversation, who: Taker) -> tuple[int | None, list[CastVote]]:
    """Return a participant's number and votes; no number for somebody who never voted here."""
    if who.participant is None:
        return None, []
    store = parts().store
    number = participants.number(store, conversation, who.participant)
    return number, [] if number is None else ballot(store, conversation, number)


def _pid(conversation: Conversation, who: Taker) -> int | None:
    if who.participant is None:
        return None
    number = participants.number(parts().store, conversation, who.participant)
    return None if number is None else numbering(conversation).participants.outside(number)


def _participant(conversation: Conversation, number: int, cast: list[CastVote]) -> dict[str, Any]:
    pid = numbering(conversation).participants.outside(number)
    return participant_answer(pid, n_votes=len(cast), at=max((one.cast_at for one in cast), default=0))

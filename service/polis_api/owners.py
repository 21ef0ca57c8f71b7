"""What a conversation's owner reads of it, who one is, and a key's own token."""

from array import array
from collections import Counter
from collections.abc import Iterator
from typing import Any

from flask import Response

from service.api.callers import caller
from service.api.problems import ProblemError
from service.exports.cells import as_text, table
from service.identity.bearer import UnknownKeyError
from service.identity.caller import Scope
from service.identity.session_tokens import LIFE_SECONDS, SessionError, issue_session
from service.parts import parts
from service.polis_api import asked, rights
from service.polis_api.answers import USER
from service.polis_api.conversations import uuid_of
from service.polis_api.declaring import json_of, routes
from service.polis_api.shelf import numbering
from service.store import conversations, outside_numbers, statements
from service.store.exporting import reading
from service.store.records import Conversation, StatementState


@routes.declare("GET", "/conversationStats", asked.StatsQuery)
def get_conversation_stats(said: asked.StatsQuery) -> Response:
    """Read when people voted and wrote, and how many votes they have; needs the right to see ballots."""
    conversation = rights.shown(said.conversation_id)
    rights.require_ballots(conversation)
    store, first, n_votes, times = parts().store, {}, Counter(), array("q")
    with reading(store, conversation) as found:
        left_out = {one.participant_number for one in found.left_out()}
        for some in found.cast_votes():
            for one in some:
                is_later = said.until is not None and 1_000 * one.cast_at > said.until
                if is_later or one.participant_number in left_out:
                    continue
                times.append(1_000 * one.cast_at)
                first.setdefault(one.participant_number, 1_000 * one.cast_at)
                n_votes[one.participant_number] += 1
    listed = statements.list_all(store, conversation)
    moderates = rights.holds(conversation, Scope.MODERATE)
    written = [
        1_000 * int(one.created_at.timestamp())
        for one in listed
        if moderates or one.state is StatementState.VISIBLE
    ]
    histogram = Counter(n_votes.values())
    return json_of(
        {
            "voteTimes": times.tolist(),
            "firstVoteTimes": sorted(first.values()),
            "commentTimes": [moment for moment in written if said.until is None or moment <= said.until],
            "firstCommentTimes": [],
            "votesHistogram": [
                {"n_votes": number, "n_ptpts": histogram[number]} for number in sorted(histogram)
            ],
            "burstHistogram": [],
        }
    )


@routes.declare("GET", "/participation", asked.ConversationQuery, scope=Scope.EXPORT)
def get_participation(said: asked.ConversationQuery) -> Response:
    """Read how many votes and statements each participant has, by pid."""
    conversation = rights.owned(said.conversation_id)
    pids, store = numbering(conversation).participants, parts().store
    wrote = Counter(who for who in statements.authors(store, conversation).values() if who is not None)
    with reading(store, conversation) as found:
        told = {
            str(pids.outside(one.participant_number)): {
                "votes": len(one.votes),
                "comments": wrote[one.participant_number],
            }
            for one in found.ballots()
        }
    return json_of(told)


@routes.declare("GET", "/ptptois", asked.ConversationQuery, kind="list")
def get_ptptois(said: asked.ConversationQuery) -> Response:
    """List participants of special interest: there are none here, nobody is shown by name."""
    rights.shown(said.conversation_id)
    return json_of([])


@routes.declare("GET", "/votes/famous", asked.ConversationQuery)
def get_votes_famous(said: asked.ConversationQuery) -> Response:
    """Read votes of people who are known by name: there are none here."""
    rights.shown(said.conversation_id)
    return json_of({})


@routes.declare("GET", "/xids", asked.ConversationQuery, scope=Scope.EXPORT, kind="list")
def get_xids(said: asked.ConversationQuery) -> Response:
    """List pids and external ids, of a conversation that keeps them."""
    conversation = rights.owned(said.conversation_id)
    return json_of([{"pid": pid, "xid": xid} for pid, xid in _xids(conversation)])


@routes.declare("GET", "/xid/<uuid>", asked.NothingQuery, scope=Scope.EXPORT, kind="text/csv")
def get_xid_report(_: asked.NothingQuery, uuid: str) -> Response:
    """Read pids and external ids as CSV, by the conversation's uuid."""
    conversation = _by_uuid(uuid.removesuffix("-xid.csv").removesuffix(".csv"))
    rows: Iterator[tuple[Any, ...]] = ((pid, as_text(xid)) for pid, xid in _xids(conversation))
    pieces = b"".join(table([("participant", "xid"), *rows]))
    return Response(pieces, mimetype="text/csv", headers={"Cache-Control": "no-store"})


@routes.declare("GET", "/users", asked.NothingQuery)
def get_users(_: asked.NothingQuery) -> Response:
    """Read who one is: the name of one's key, or nobody."""
    who = caller()
    return json_of(dict(USER) | {"hname": who.name or None})


@routes.declare("POST", "/auth/login", asked.LoginBody)
def post_auth_login(said: asked.LoginBody) -> Response:
    """Exchange a key, sent as the password, for a bearer token that ends within a day."""
    try:
        session = issue_session(parts().key_ring, said.password)
    except SessionError as error:
        raise UnknownKeyError(str(error)) from None
    told = {"token": session, "token_type": "Bearer", "expires_in": LIFE_SECONDS}
    response = json_of(dict(USER) | told)
    response.headers["Cache-Control"] = "no-store"
    return response


@routes.declare("POST", "/auth/deregister", asked.NothingQuery)
def post_auth_deregister(_: asked.NothingQuery) -> Response:
    """Log out: nothing is kept here, so there is nothing to forget; throw the token away."""
    return json_of({})


def _xids(conversation: Conversation) -> list[tuple[int, str]]:
    pids = numbering(conversation).participants
    return [(pids.outside(number), name) for number, name in outside_numbers.names(parts().store, conversation)]


def _by_uuid(uuid: str) -> Conversation:
    who, after = caller(), None
    assert who.tenant is not None  # noqa: S101 - the scope was checked, and only known callers hold one.
    while True:
        found = conversations.list_all(parts().store, who.tenant, after=after, limit=1_000, is_test=who.is_test)
        for one in found:
            if uuid_of(one) == uuid:
                return one
        if len(found) < 1_000:
            raise ProblemError("not-found", "there is no conversation of yours with this uuid")
        after = found[-1].number

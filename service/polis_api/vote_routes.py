"""Votes: cast one or many, read one's own, and, with the right to, somebody else's."""

import csv
import io
from typing import Any, NoReturn

from flask import Response

from clustering.vocabulary import StatementId, VoteValue
from service.actions.cast_vote import cast_vote
from service.actions.cast_votes import cast_votes
from service.api.fields import MAX_BATCH
from service.api.problems import FieldError, ProblemError
from service.identity.caller import Scope
from service.parts import parts
from service.polis_api import asked, rights
from service.polis_api.answers import auth_answer, milliseconds
from service.polis_api.declaring import json_of, routes
from service.polis_api.next_comments import next_comment
from service.polis_api.shelf import numbering
from service.polis_api.taking_part import check_own, participant_of_xid, taker, voting
from service.store import participants, statements
from service.store.errors import NotFoundError
from service.store.exporting import CastVote
from service.store.outside_numbers import Numbering
from service.store.own_ballots import ballot, counted_ballot
from service.store.records import Conversation, NewVote, Refusal, RefusedVote

_REFUSALS = {
    Refusal.CONVERSATION_CLOSED: ("conversation-closed", "the conversation takes no votes any more"),
    Refusal.NOT_NOW: ("not-now", "no phase of this conversation asks for votes now"),
    Refusal.UNKNOWN_STATEMENT: ("unknown-statement", "the conversation has no such tid; the vote was not kept"),
    Refusal.HIDDEN_STATEMENT: ("hidden-statement", "this tid waits for moderation or was hidden"),
}
BULK_COLUMNS = ("user_id", "vote_value", "comment_id")


def signed(value: int) -> int:
    """Return a vote's value with its sign turned: there agree is −1, here it is 1."""
    return -value


def vote_answer(conversation: Conversation, one: CastVote, numbers: Numbering) -> dict[str, Any]:
    """Return a vote as it is read."""
    return {
        "pid": numbers.participants.outside(one.participant_number),
        "tid": numbers.statements.outside(one.statement_number),
        "vote": signed(one.value),
        "weight_x_32767": 0,
        "modified": milliseconds(one.cast_at),
        "conversation_id": conversation.id,
    }


def statement_of(conversation: Conversation, tid: int, *, field: str = "#/tid") -> StatementId:
    """Return the id of the statement with a number.

    Raises
    ------
    ProblemError
        When there is none.
    """
    number = numbering(conversation).statements.inside(tid)
    try:
        if number is None or number >= 2**31:
            raise NotFoundError(f"no tid {tid}")
        return statements.id_of(parts().store, conversation.number, number)
    except NotFoundError:
        wrong = (FieldError(field, "the conversation has no statement with this number"),)
        raise ProblemError("unknown-statement", "there is no such statement", wrong) from None


@routes.declare("POST", "/votes", asked.VoteBody)
def post_votes(said: asked.VoteBody) -> Response:
    """Record a vote (agree is -1); somebody unknown becomes a participant and gets a token, under `auth`."""
    conversation = rights.shown(said.conversation_id)
    who = voting(conversation, said.xid)
    assert who.participant is not None  # noqa: S101 - whoever votes is somebody by now.
    if said.pid is not None:
        check_own(
            said.pid, _pid(conversation, participants.number(parts().store, conversation, who.participant))
        )
    vote = NewVote(who.participant, statement_of(conversation, said.tid), VoteValue(signed(said.vote)))
    given = cast_vote(parts().committer, parts().map_requests, conversation, vote)
    if isinstance(given, RefusedVote):
        _refuse(given)
    number = participants.number(parts().store, conversation, who.participant)
    answer: dict[str, Any] = {
        "currentPid": _pid(conversation, number),
        "nextComment": next_comment(conversation, who.participant, lang=said.lang),
    }
    if who.token is not None:
        answer["auth"] = auth_answer(who.token)
    return json_of(answer)


@routes.declare("GET", "/votes", asked.VotesQuery, kind="list")
def get_votes(said: asked.VotesQuery) -> Response:
    """Read a participant's votes (agree is -1): one's own, or with the right to see ballots anybody's."""
    conversation = rights.shown(said.conversation_id)
    numbers = numbering(conversation)
    if said.pid is None:
        found = _own(conversation, said.xid)
    else:
        found = _ballot_of(conversation, numbers.participants.inside(said.pid), said.xid)
    shown = [vote_answer(conversation, one, numbers) for one in found]
    return json_of([one for one in shown if said.tid is None or one["tid"] == said.tid])


@routes.declare("GET", "/votes/me", asked.ParticipantQuery, kind="list")
def get_own_votes(said: asked.ParticipantQuery) -> Response:
    """Read one's own votes (agree is -1)."""
    conversation = rights.shown(said.conversation_id)
    numbers = numbering(conversation)
    return json_of([vote_answer(conversation, one, numbers) for one in _own(conversation, said.xid)])


@routes.declare("POST", "/votes-bulk", asked.BulkBody, scope=Scope.VOTE)
def post_votes_bulk(said: asked.BulkBody) -> Response:
    """Record up to 1,000 votes from CSV, in which agree is 1, on behalf of the platform's own participants."""
    conversation = rights.owned(said.conversation_id)
    if not rights.holds(conversation, Scope.VOTE):
        raise ProblemError("scope-needed", "votes of many people need a platform's key")
    # A first line may say which sign the file has; there is only this one.
    lines = [line for line in said.csv.splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(io.StringIO("\n".join(lines))))
    if not rows or len(rows) > MAX_BATCH or not set(BULK_COLUMNS) <= rows[0].keys():
        wrong = (FieldError("#/csv", f"expected 1 to {MAX_BATCH} rows with {', '.join(BULK_COLUMNS)}"),)
        raise ProblemError("invalid", "one field is not valid", wrong)
    ids = {one.number: one.id for one in statements.list_all(parts().store, conversation)}
    votes = [_bulk_vote(conversation, row, at, ids) for at, row in enumerate(rows, start=2)]
    given = cast_votes(parts().store, parts().map_requests, conversation, votes)
    n_refused = sum(isinstance(one, RefusedVote) for one in given)
    return json_of({"n_votes": len(given) - n_refused, "n_refused": n_refused})


def _bulk_vote(
    conversation: Conversation, row: dict[str, str], at: int, ids: dict[int, StatementId]
) -> NewVote:
    try:
        value, tid = int(row["vote_value"]), int(row["comment_id"])
        if value not in (-1, 0, 1) or not row["user_id"]:
            raise ValueError
        number = numbering(conversation).statements.inside(tid)
        # What isn't there is refused vote by vote, as in `vote-batches`.
        statement = (
            StatementId(f"no tid {tid}") if number is None else ids.get(number, StatementId(f"no tid {tid}"))
        )
    except (ValueError, TypeError):
        detail = "expected a user_id, a vote_value of 1, 0 or -1 and a comment_id that is a whole number"
        raise ProblemError(
            "invalid", "one row is not valid", (FieldError(f"#/csv line {at}", detail),)
        ) from None
    return NewVote(participant_of_xid(row["user_id"]), statement, VoteValue(value))


def _own_number(conversation: Conversation, xid: str | None) -> int | None:
    who = taker(conversation, xid)
    if who.participant is None:
        return None
    return participants.number(parts().store, conversation, who.participant)


def _ballot_of(conversation: Conversation, number: int | None, xid: str | None) -> list[CastVote]:
    """Return somebody's votes; whoever was excluded sees their own still, and others see what counts."""
    store, own = parts().store, _own_number(conversation, xid)
    if number is not None and number == own:
        return ballot(store, conversation, number)
    rights.require_ballots(conversation)
    return [] if number is None else counted_ballot(store, conversation, number)


def _own(conversation: Conversation, xid: str | None) -> list[CastVote]:
    number = _own_number(conversation, xid)
    return [] if number is None else ballot(parts().store, conversation, number)


def _pid(conversation: Conversation, number: int | None) -> int | None:
    return None if number is None else numbering(conversation).participants.outside(number)


def _refuse(refused: RefusedVote) -> NoReturn:
    name, detail = _REFUSALS[refused.reason]
    raise ProblemError(name, detail)

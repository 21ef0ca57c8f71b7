"""Taking part on a page of this service: the element, and within it a form that works without JavaScript.

Nobody can make somebody else's browser vote here (CSRF). A browser sends nothing by itself that says who it is
for: there is no cookie, no certificate, no password. The participant's token stands in a hidden field of the
page that its owner reads; whoever forges a form would have to know it, and without it votes as somebody new.
"""

from collections.abc import Callable

from flask import Blueprint, Response, g, request
from pydantic import ValidationError

from clustering.vocabulary import StatementId, VoteValue
from service.actions.admit_participant import (
    CodeRefusedError,
    admit_anonymous,
    admit_from_other_device,
    admit_signed,
    admit_with_code,
)
from service.actions.cast_vote import cast_vote
from service.actions.make_transfer_code import make_transfer_code
from service.actions.next_statement import next_statement
from service.api.acting import check_assurance
from service.api.callers import caller
from service.api.conversations import public_conversation
from service.api.problems import ProblemError
from service.api.requests import takes
from service.api.statement_schemas import NewStatementBody
from service.api.statements import submitted
from service.identity.access import public
from service.identity.bearer import UnknownKeyError, caller_of
from service.identity.participant_tokens import ParticipantToken
from service.identity.signed_identity import IdentityError
from service.identity.transfer_codes import is_transfer_code
from service.pages.participate_page import VIEWS, Visit, needed_assurance, seed_of, written_page
from service.pages.routes import page_words
from service.parts import parts
from service.store import statements
from service.store.platform_records import Assurance, HashedParticipant
from service.store.records import Conversation, NewVote, RefusedVote, StatementRecord, StatementState

routes = Blueprint("participating", __name__)

MAX_FORM_BYTES = 64 * 1024
"""A statement, a token and a signed identity together have some 20,000 bytes at most."""

_VALUES = {"1": VoteValue.AGREE, "0": VoteValue.PASS, "-1": VoteValue.DISAGREE}


@routes.get("/conversations/<conversation>/participate")
@public
def participate_page(conversation: str) -> Response:
    """Show a conversation to whoever comes; nothing is kept of that."""
    visit = _visit(conversation)
    wanted = request.args.get("view", "")
    visit.view = wanted if wanted in VIEWS else "vote"
    return written_page(visit)


@routes.post("/conversations/<conversation>/participate")
@takes({"application/x-www-form-urlencoded": MAX_FORM_BYTES})
@public
def take_part(conversation: str) -> Response:
    """Do what somebody asked by a form, and answer with the page that comes next."""
    visit = _visit(conversation)
    try:
        _admit(visit)
        wanted = request.form.get("step", "")
        _STEPS.get(wanted, _open_view)(visit)
    except _StoppedError as stopped:
        visit.trouble = stopped.key
    except ProblemError as problem:
        visit.trouble = f"take_trouble_{problem.name}"
        if visit.trouble not in visit.words.texts:
            raise
    return written_page(visit)


class _StoppedError(Exception):
    """What was asked can't be done; the key of the sentence that says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _visit(conversation_id: str) -> Visit:
    found = public_conversation(conversation_id)
    return Visit(conversation=found, words=page_words(found.language))


def _admit(visit: Visit) -> None:
    """Let in whoever shows a token, a platform's word or a code; others are new, where that is enough."""
    form, store, conversation = request.form, parts().store, visit.conversation
    if form.get("token"):
        _act_as(visit, form["token"])
    elif form.get("identity"):
        audience = parts().settings.audience
        _enter(visit, lambda: admit_signed(store, conversation, form["identity"], audience=audience))
    elif form.get("step") != "redeem" and needed_assurance(conversation) is Assurance.ANONYMOUS:
        _enter(visit, lambda: admit_anonymous(store, conversation))
        visit.is_new = True


def _enter(visit: Visit, admission: Callable[[], ParticipantToken]) -> None:
    try:
        token = admission()
    except IdentityError:
        raise _StoppedError("take_identity_refused") from None
    except CodeRefusedError:
        raise _StoppedError("take_code_refused") from None
    _act_as(visit, token.text)


def _act_as(visit: Visit, text: str) -> None:
    """Go on as if the token had come in a header, so that every rule of the API holds here."""
    try:
        who = caller_of(f"Bearer {text}", admin_key=None, key_ring=parts().key_ring)
    except UnknownKeyError:
        raise _StoppedError("take_token_ended") from None
    # A platform's key has no place in a page.
    if who.participant is None or not who.reaches(visit.conversation.id):
        raise _StoppedError("take_token_ended")
    g.caller, visit.token = who, text


def _participant() -> HashedParticipant:
    participant = caller().participant
    if participant is None:
        raise _StoppedError("take_identity_needed")
    return participant


def _vote(visit: Visit) -> None:
    """Cast the vote that was chosen; whoever is new is then known to have been shown what they voted on."""
    value = _VALUES.get(request.form.get("vote", ""))
    statement, participant = _statement_id(), _participant()
    if value is None:
        raise _StoppedError("take_trouble_vote")
    check_assurance(visit.conversation)
    if visit.is_new:
        _note_shown(visit, participant)
    _cast(visit, NewVote(participant, statement, value))
    visit.done, visit.about = _DONE[value], _record(visit.conversation, statement)


_DONE = {
    VoteValue.AGREE: "take_voted_agree",
    VoteValue.PASS: "take_voted_pass",
    VoteValue.DISAGREE: "take_voted_disagree",
}


def _note_shown(visit: Visit, participant: HashedParticipant) -> None:
    # The first statement was chosen before anybody had a name: the same seed chooses it again, and notes it.
    seed = seed_of(request.form.get("seed", ""))
    if seed is not None:
        next_statement(parts().store, parts().exposures, visit.conversation, participant, seed=seed)


def _undo(visit: Visit) -> None:
    statement = _statement_id()
    _cast(visit, NewVote(_participant(), statement, None))
    visit.asked, visit.done = _record(visit.conversation, statement), "take_undone"


def _change(visit: Visit) -> None:
    visit.asked = _record(visit.conversation, _statement_id())


def _cast(visit: Visit, vote: NewVote) -> None:
    given = cast_vote(parts().committer, parts().map_requests, visit.conversation, vote)
    if isinstance(given, RefusedVote):
        raise _StoppedError(f"take_refused_{given.reason}")


def _submit(visit: Visit) -> None:
    """Keep a statement of the participant's own."""
    visit.view, visit.draft = "write", request.form.get("text", "")[:5_000]
    try:
        body = NewStatementBody(text=visit.draft)
    except ValidationError:
        raise _StoppedError("take_trouble_text") from None
    language = visit.words.language
    kept = submitted(visit.conversation, body.text, author=_participant(), language=language)
    visit.draft, visit.done = "", f"take_written_{kept.state}"


def _redeem(visit: Visit) -> None:
    """Let somebody in by a code, from a letter or from their other device."""
    visit.view, typed = "code", request.form.get("code", "")[:64]
    store, conversation = parts().store, visit.conversation
    admit = admit_from_other_device if is_transfer_code(typed) else admit_with_code
    _enter(visit, lambda: admit(store, conversation, typed))
    visit.view, visit.done = "vote", "take_code_accepted"


def _transfer(visit: Visit) -> None:
    visit.view = "code"
    made = make_transfer_code(parts().store, visit.conversation, _participant(), assurance=caller().assurance)
    visit.code = made.code


def _open_view(visit: Visit) -> None:
    wanted = request.form.get("step", "")
    visit.view = wanted if wanted in VIEWS else "vote"


_STEPS: dict[str, Callable[[Visit], None]] = {
    "cast": _vote,
    "undo": _undo,
    "change": _change,
    "submit": _submit,
    "redeem": _redeem,
    "transfer": _transfer,
}


def _statement_id() -> StatementId:
    given = request.form.get("statement", "")
    if not given or len(given) > 1_000 or "\0" in given:
        raise _StoppedError("take_refused_unknown-statement")
    return StatementId(given)


def _record(conversation: Conversation, statement: StatementId) -> StatementRecord | None:
    """Return a statement that may be shown."""
    found = statements.by_ids(parts().store, conversation, [statement]).get(statement)
    return found if found is not None and found.state is StatementState.VISIBLE else None

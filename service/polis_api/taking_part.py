"""Who takes part: somebody with a token, whom a platform names, who bears an external id, or somebody new."""

from dataclasses import dataclass

from clustering.errors import IdError
from clustering.vocabulary import ParticipantId, identifier
from service.api.acting import Participant
from service.api.callers import caller
from service.api.problems import FieldError, ProblemError
from service.api.settings_schemas import ASSURANCE_SETTING
from service.identity.caller import Scope
from service.identity.participant_tokens import ParticipantToken, anonymous_participant, issue_token
from service.identity.signed_identity import IdentityError, read_signed_identity
from service.parts import parts
from service.polis_api import rights
from service.store import identities, outside_numbers
from service.store.participants import id_hash
from service.store.platform_records import Assurance
from service.store.records import Conversation

SIGNED = "eyJ"
"""What a signed identity starts with: the letters of `{"` in base64."""


@dataclass(frozen=True, slots=True)
class Taker:
    """Who asks, as far as that is known.

    Attributes
    ----------
    participant
        Nothing for somebody who hasn't said.
    token
        What they are to come back with, where they have it from this request.
    assurance
        How sure it is who they are.
    """

    participant: Participant | None
    token: ParticipantToken | None
    assurance: Assurance


def participant_of_xid(xid: str) -> ParticipantId:
    """Return the participant with an external id, who is nobody that another id of ours could name."""
    try:
        return ParticipantId(identifier(f"xid {xid}", of="participant"))
    except IdError as error:
        raise ProblemError("invalid", "one field is not valid", (FieldError("?xid", str(error)),)) from None


def taker(conversation: Conversation, xid: str | None) -> Taker:
    """Return who asks.

    Raises
    ------
    ProblemError
        When an external id is not signed where it has to be, or its signature isn't accepted.
    """
    who = caller()
    if who.participant is not None and who.reaches(conversation.id):
        return Taker(who.participant, None, who.assurance)
    if rights.holds(conversation, Scope.VOTE):
        named = None if xid is None else participant_of_xid(xid)
        _name(conversation, named, xid)
        return Taker(named, None, Assurance.ACCOUNT)
    if xid is None:
        return Taker(None, None, Assurance.ANONYMOUS)
    if xid.startswith(SIGNED):
        return _signed(conversation, xid)
    if not rights.setting(conversation, "unsigned_xid"):
        raise ProblemError(
            "identity-refused",
            "this conversation takes signed external ids only: send a signed identity (JWT) as xid, "
            "or let its owner allow unsigned ones (polis.unsigned_xid)",
        )
    return _admitted(conversation, xid, Assurance.ANONYMOUS)


def voting(conversation: Conversation, xid: str | None) -> Taker:
    """Return who votes or writes here; somebody unknown becomes a participant.

    Raises
    ------
    ProblemError
        As `taker`; for somebody from another conversation, for a platform that names nobody, and for less
        assurance than the conversation asks for.
    """
    who = caller()
    if who.participant is not None and not who.reaches(conversation.id):
        raise ProblemError("not-found", "this token is of another conversation")
    if who.is_known and who.participant is None and not rights.holds(conversation, Scope.VOTE):
        raise ProblemError(
            "scope-needed", "this key can't vote here; leave it out to take part as somebody new"
        )
    found = taker(conversation, xid)
    if found.participant is None and who.is_known:
        raise ProblemError("participant-needed", "a platform says on whose behalf it acts, by xid")
    needed = Assurance(conversation.settings.get(ASSURANCE_SETTING, Assurance.ANONYMOUS))
    if not found.assurance.is_at_least(needed):
        detail = f"this conversation asks for the level '{needed}', and this is '{found.assurance}'"
        raise ProblemError("assurance-needed", detail)
    if found.participant is not None:
        return found
    token = issue_token(parts().store, conversation, anonymous_participant(), assurance=Assurance.ANONYMOUS)
    return Taker(token.participant, token, Assurance.ANONYMOUS)


def check_own(pid: int | None, own: int | None) -> None:
    """Refuse a pid that isn't the caller's: it names nobody else here.

    Raises
    ------
    ProblemError
        When it is another's.
    """
    if pid is not None and pid != own:
        raise ProblemError("scope-needed", "a pid is no credential: this needs that participant's own token")


def _signed(conversation: Conversation, xid: str) -> Taker:
    try:
        found = read_signed_identity(parts().store, conversation, xid, audience=parts().settings.audience)
    except IdentityError as error:
        raise ProblemError("identity-refused", f"the signed identity is not accepted: {error}") from None
    admitted = _admitted(conversation, found.participant, found.assurance)
    assert admitted.token is not None  # noqa: S101 - whoever is admitted gets one.
    identities.keep(
        parts().store,
        conversation,
        admitted.token.participant,
        assurance=found.assurance,
        attributes=found.attributes,
    )
    return admitted


def _admitted(conversation: Conversation, xid: str, assurance: Assurance) -> Taker:
    token = issue_token(parts().store, conversation, participant_of_xid(xid), assurance=assurance)
    _name(conversation, token.participant, xid)
    return Taker(token.participant, token, assurance)


def _name(conversation: Conversation, participant: Participant | None, xid: str | None) -> None:
    if participant is not None and xid is not None and rights.setting(conversation, "keep_xids"):
        store = parts().store
        outside_numbers.name(store, conversation, id_hash(store, conversation, participant), xid)

"""Let somebody take part: with nothing, with a platform's signed word, or with a code from a letter."""

from service.identity.codes import CodeError, code_hash, participant_of, value_of
from service.identity.participant_tokens import ParticipantToken, anonymous_participant, issue_token
from service.identity.signed_identity import read_signed_identity
from service.identity.transfer_codes import transfer_code_hash
from service.store import codes, identities, transfer_codes
from service.store.database import Store
from service.store.platform_records import Assurance
from service.store.records import Conversation


class CodeRefusedError(Exception):
    """A code that can't be redeemed; the message is for whoever typed it."""


def admit_anonymous(store: Store, conversation: Conversation) -> ParticipantToken:
    """Return a token for somebody who told nothing; nothing is stored."""
    return issue_token(store, conversation, anonymous_participant(), assurance=Assurance.ANONYMOUS)


def admit_signed(store: Store, conversation: Conversation, signed: str, *, audience: str) -> ParticipantToken:
    """Return a token for whom a platform vouches; the same person gets the same place again.

    Raises
    ------
    IdentityError
        When the platform's word isn't accepted.
    """
    found = read_signed_identity(store, conversation, signed, audience=audience)
    token = issue_token(store, conversation, found.participant, assurance=found.assurance)
    identities.keep(
        store, conversation, token.participant, assurance=found.assurance, attributes=found.attributes
    )
    return token


def admit_from_other_device(store: Store, conversation: Conversation, typed: str) -> ParticipantToken:
    """Return a token for the participant who made a transfer code, which is then used up.

    Raises
    ------
    CodeRefusedError
        When it is no such code, not one of this conversation, used already, or older than ten minutes.
    """
    try:
        hashed = transfer_code_hash(store.secret, conversation, typed)
    except CodeError as error:
        raise CodeRefusedError(str(error)) from None
    found = transfer_codes.redeem(store, conversation, hashed)
    if found is None:
        raise CodeRefusedError("this code is not known, was used already, or has ended; make a new one")
    return issue_token(store, conversation, found.participant, assurance=found.assurance)


def admit_with_code(store: Store, conversation: Conversation, typed: str) -> ParticipantToken:
    """Return a token for a code, which is then used up; of many tries at once one succeeds.

    Raises
    ------
    CodeRefusedError
        When it is no code, not one of this conversation, or used already.
    """
    try:
        value = value_of(typed)
    except CodeError as error:
        raise CodeRefusedError(str(error)) from None
    redeemed = codes.redeem(store, conversation, code_hash(store.secret, conversation, value))
    if redeemed is None:
        raise CodeRefusedError("this code is not one of this conversation; compare it with your letter")
    if not redeemed:
        raise CodeRefusedError("this code was used already; it works once, on one device")
    token = issue_token(store, conversation, participant_of(value), assurance=Assurance.CODE)
    identities.keep(store, conversation, token.participant, assurance=Assurance.CODE, attributes={})
    return token

"""As whom a request acts: a participant as themselves, a platform on behalf of the participant it names."""

from clustering.errors import IdError
from clustering.vocabulary import ParticipantId, identifier
from service.api.callers import caller
from service.api.parameters import ParticipantHeaders
from service.api.problems import FieldError, ProblemError
from service.api.settings_schemas import ASSURANCE_SETTING
from service.store.platform_records import Assurance, HashedParticipant
from service.store.records import Conversation

Participant = ParticipantId | HashedParticipant


def acting_participant(named: ParticipantId | None, *, pointer: str) -> Participant:
    """Return the participant on whose behalf the request is.

    Parameters
    ----------
    named
        Whom the request names, if anybody.
    pointer
        Where it names them, for the error.

    Raises
    ------
    ProblemError
        When a platform names nobody, or somebody with a participant's token names anybody at all.
    """
    own = caller().participant
    if own is not None and named is None:
        return own
    if own is not None:
        raise ProblemError(
            "scope-needed",
            "a participant's token acts for that participant only; leave the participant's id out",
        )
    if named is None:
        errors = (FieldError(pointer, "a platform says on whose behalf it asks"),)
        raise ProblemError("participant-needed", "one field is missing", errors)
    return named


def participant_of(header: ParticipantHeaders) -> Participant:
    """Return whom the Participant header names; what is sent in UTF-8 arrives as if it were Latin-1.

    Raises
    ------
    ProblemError
        As `acting_participant`, and for a header that can't be an id.
    """
    pointer = "header Participant"
    if header.participant is None:
        return acting_participant(None, pointer=pointer)
    try:
        named = ParticipantId(
            identifier(header.participant.encode("latin-1").decode("utf-8"), of="participant")
        )
    except (UnicodeError, IdError) as error:
        detail = str(error) if isinstance(error, IdError) else "expected UTF-8"
        raise ProblemError("invalid", "one field is not valid", (FieldError(pointer, detail),)) from None
    return acting_participant(named, pointer=pointer)


def check_assurance(conversation: Conversation) -> None:
    """Refuse votes of people who are less known than the conversation asks.

    A platform's key stands for accounts of that platform.

    Raises
    ------
    ProblemError
        When the conversation asks for more.
    """
    needed = Assurance(conversation.settings.get(ASSURANCE_SETTING, Assurance.ANONYMOUS))
    shown = Assurance.ACCOUNT if caller().participant is None else caller().assurance
    if not shown.is_at_least(needed):
        raise ProblemError(
            "assurance-needed", f"this conversation asks for the level '{needed}', and this is '{shown}'"
        )

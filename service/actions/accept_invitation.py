"""Somebody accepts an invitation to the desk: they choose a password, and may come in from then on."""

from enum import StrEnum

from service.actions.invite_person import EmailError, plain_email
from service.identity.desk_secrets import secret_hash
from service.identity.passwords import is_good, password_hash
from service.store import desk_people
from service.store.database import Store
from service.store.desk_records import DeskPerson


class InvitationRefusal(StrEnum):
    """Why nobody was let in."""

    NOT_OPEN = "not-open"
    WEAK_PASSWORD = "weak-password"  # noqa: S105 - no password.


def accept_invitation(
    store: Store, code: str, *, email: str, name: str, password: str, language: str
) -> DeskPerson | InvitationRefusal:
    """Return who was let in, or why nobody was; a link alone opens nothing, the address has to be known too.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    hashed = secret_hash(code.strip())
    try:
        address = plain_email(email)
    except EmailError:
        return InvitationRefusal.NOT_OPEN
    if hashed is None:
        return InvitationRefusal.NOT_OPEN
    if not is_good(password, email=address, name=name):
        return InvitationRefusal.WEAK_PASSWORD
    kept = password_hash(password)
    let_in = desk_people.accept(store, hashed, email=address, name=name, password_hash=kept, language=language)
    return let_in or InvitationRefusal.NOT_OPEN

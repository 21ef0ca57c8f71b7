"""Somebody signs in at the desk: when address and password fit, a session begins."""

from service.actions.invite_person import EmailError, plain_email
from service.identity.desk_secrets import fresh_secret, secret_hash
from service.identity.passwords import MOST_LENGTH, is_outdated, is_password, password_hash
from service.store import desk_people, desk_sessions
from service.store.database import Store
from service.store.desk_records import DeskPerson


def sign_in(store: Store, *, email: str, password: str) -> DeskPerson | None:
    """Return who signs in, or nothing; a wrong address takes as long as a wrong password.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    try:
        found = desk_people.find(store, plain_email(email))
    except EmailError:
        found = None
    person, kept = found or (None, None)
    fits = is_password(password[: MOST_LENGTH + 1], kept)
    if person is None or kept is None or not fits or not person.is_live:
        return None
    if is_outdated(kept):
        desk_people.keep_password(store, person, password_hash(password))
    return person


def begin_session(store: Store, person: DeskPerson) -> str:
    """Return the id of a new session: the browser keeps it, the store only its hash."""
    session_id = fresh_secret()
    hashed = secret_hash(session_id)
    assert hashed is not None  # noqa: S101 - it was just made.
    desk_sessions.begin(store, person, id_hash=hashed)
    return session_id

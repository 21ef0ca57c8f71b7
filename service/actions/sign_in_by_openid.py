"""Somebody signs in at the desk by an identity at an OpenID provider, if they were invited at its address."""

import hmac

from service.actions.invite_person import EmailError, plain_email
from service.identity.derived import derived_key
from service.identity.openid import Identified
from service.store import desk_people
from service.store.database import Store
from service.store.desk_records import DeskPerson


def sign_in_by_openid(store: Store, identified: Identified, *, name: str, language: str) -> DeskPerson | None:
    """Return who signs in, or nothing for who was never invited, or is let in no longer.

    Parameters
    ----------
    name
        What they are called here when they come in for the first time.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    try:
        email = plain_email(identified.email)
    except EmailError:
        return None
    return desk_people.let_in_by_identity(
        store, identity_hash(store.secret, identified), email=email, name=name or email, language=language
    )


def identity_hash(secret: bytes, identified: Identified) -> bytes:
    """Return what the store knows an identity by; without the secret nobody can tell whose it is."""
    named = f"{identified.issuer}\0{identified.subject}"
    return hmac.digest(derived_key(secret, "identities at the desk"), named.encode(), "sha256")

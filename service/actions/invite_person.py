"""Somebody is invited to the desk: they get a code that lets them in once."""

import re
from datetime import UTC, datetime, timedelta

from service.identity.desk_secrets import fresh_secret, secret_hash
from service.store import desk_people
from service.store.database import Store
from service.store.desk_records import Invitation, Role

LIFE_DAYS = 7
"""How long an invitation stays open."""

_EMAIL = re.compile(r"[^@\s\x00-\x1f<>\"]{1,100}@[^@\s\x00-\x1f<>\"]{1,150}", re.ASCII)


class EmailError(ValueError):
    """What was given is no e-mail address."""


def plain_email(text: str) -> str:
    """Return an e-mail address in the form it is kept.

    Raises
    ------
    EmailError
        For what can't be one.
    """
    plain = text.strip().lower()
    if not _EMAIL.fullmatch(plain):
        raise EmailError("expected an e-mail address, such as ann@example.org")
    return plain


def invite_person(store: Store, *, tenant: str, email: str, role: Role, made_by: str) -> str:
    """Keep an invitation and return its code, which is shown this once.

    Raises
    ------
    EmailError
        For what can't be an e-mail address.
    NotFoundError, AlreadyExistsError
        When there is no such tenant; when the address belongs to somebody of another one.
    """
    code = fresh_secret()
    hashed = secret_hash(code)
    assert hashed is not None  # noqa: S101 - it was just made.
    ends = datetime.now(UTC) + timedelta(days=LIFE_DAYS)
    new = Invitation(tenant, plain_email(email), role, made_by, ends)
    desk_people.invite(store, new, code_hash=hashed)
    return code

"""People of the desk, and the invitations they come in by."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, insert, select, update

from service.store import tenants
from service.store.clock import as_time, now_seconds
from service.store.database import Store
from service.store.desk_records import DeskPerson, Invitation, Role
from service.store.desk_tables import desk_identities, desk_invitations, desk_people, desk_sessions
from service.store.errors import AlreadyExistsError, NotFoundError


def invite(store: Store, new: Invitation, *, code_hash: bytes) -> None:
    """Keep an invitation; an earlier one to the same address ends.

    Raises
    ------
    NotFoundError
        When there is no such tenant.
    AlreadyExistsError
        When the address belongs to somebody of another tenant.
    """
    row = {
        "code_hash": code_hash,
        "tenant": new.tenant,
        "email": new.email,
        "role": new.role.value,
        "made_by": new.made_by,
        "expires_at": int(new.expires_at.timestamp()),
    }
    with store.writing() as connection:
        tenants.require(connection, new.tenant)
        elsewhere = (desk_people.c.email == new.email) & (desk_people.c.tenant != new.tenant)
        if connection.execute(select(desk_people.c.number).where(elsewhere)).first():
            raise AlreadyExistsError("this address is in use by another organisation; take another one")
        same = (desk_invitations.c.email == new.email) & (desk_invitations.c.tenant == new.tenant)
        over = desk_invitations.c.expires_at <= now_seconds()
        connection.execute(delete(desk_invitations).where(same | over))
        connection.execute(insert(desk_invitations).values(row))


def accept(
    store: Store, code_hash: bytes, *, email: str, name: str, password_hash: str, language: str
) -> DeskPerson | None:
    """Return whom an invitation let in, and end it; nothing when it isn't open, or is for another address.

    Somebody who is in already gets the new password and role; wherever they were signed in, they no longer are.
    """
    this = (
        (desk_invitations.c.code_hash == code_hash)
        & (desk_invitations.c.email == email)
        & (desk_invitations.c.expires_at > now_seconds())
    )
    with store.writing() as connection:
        taken = connection.execute(delete(desk_invitations).where(this).returning(*desk_invitations.c))
        invited = taken.mappings().first()
        if invited is None:
            return None
        given = {
            "tenant": invited["tenant"],
            "email": email,
            "name": name,
            "role": invited["role"],
            "password_hash": password_hash,
            "language": language,
        }
        return _kept(connection, given)


def _kept(connection: Connection, given: dict[str, str]) -> DeskPerson | None:
    before = connection.execute(select(desk_people).where(desk_people.c.email == given["email"])).first()
    if before is None:
        made = insert(desk_people).values(created_at=now_seconds(), **given)
    elif before.tenant != given["tenant"]:
        return None
    else:
        connection.execute(delete(desk_sessions).where(desk_sessions.c.person == before.number))
        made = update(desk_people).where(desk_people.c.number == before.number).values(ended_at=None, **given)
    return person_of(connection.execute(made.returning(*desk_people.c)).mappings().one())


def let_in_by_identity(
    store: Store, identity_hash: bytes, *, email: str, name: str, language: str
) -> DeskPerson | None:
    """Return whom an identity at an OpenID provider belongs to; nothing for who may not come in.

    Who was invited at the identity's address comes in by it from then on, and by no other. Who works here at
    that address, and never came in by an identity, does too.
    """
    with store.writing() as connection:
        person = _invited(connection, email=email, name=name, language=language)
        if person is None:
            known = select(desk_identities.c.person).where(desk_identities.c.identity_hash == identity_hash)
            bound = _live(connection, desk_people.c.number.in_(known))
            if bound is not None:
                return bound
            others = desk_people.c.number.not_in(select(desk_identities.c.person))
            person = _live(connection, (desk_people.c.email == email) & others)
        if person is not None:
            theirs = desk_identities.c.person == person.number
            same = desk_identities.c.identity_hash == identity_hash
            connection.execute(delete(desk_identities).where(theirs | same))
            bind = {"person": person.number, "identity_hash": identity_hash}
            connection.execute(insert(desk_identities).values(bind))
        return person


def _invited(connection: Connection, *, email: str, name: str, language: str) -> DeskPerson | None:
    """Return whom an invitation at an address lets in, and end it."""
    here = (desk_invitations.c.email == email) & (desk_invitations.c.expires_at > now_seconds())
    newest = select(desk_invitations).where(here).order_by(desk_invitations.c.expires_at.desc()).limit(1)
    invited = connection.execute(newest.with_for_update()).mappings().first()
    if invited is None:
        return None
    connection.execute(delete(desk_invitations).where(desk_invitations.c.code_hash == invited["code_hash"]))
    given = {name: invited[name] for name in ("tenant", "email", "role")}
    is_new = (
        connection.execute(select(desk_people.c.number).where(desk_people.c.email == email)).first() is None
    )
    # Who comes in by an identity has no password, unless they had one before.
    first = {"name": name, "language": language, "password_hash": ""} if is_new else {}
    return _kept(connection, given | first)


def _live(connection: Connection, condition: ColumnElement[bool]) -> DeskPerson | None:
    live = condition & desk_people.c.ended_at.is_(None)
    row = connection.execute(select(desk_people).where(live).with_for_update()).mappings().first()
    return None if row is None else person_of(row)


def invitations(store: Store, tenant: str) -> Sequence[Invitation]:
    """Return a tenant's open invitations, by address."""
    query = select(desk_invitations).where(
        desk_invitations.c.tenant == tenant, desk_invitations.c.expires_at > now_seconds()
    )
    with store.reading() as connection:
        rows = connection.execute(query.order_by(desk_invitations.c.email)).all()
    return [
        Invitation(row.tenant, row.email, Role(row.role), row.made_by, as_time(row.expires_at)) for row in rows
    ]


def find(store: Store, email: str) -> tuple[DeskPerson, str | None] | None:
    """Return whom an address belongs to, live or not, with what is kept of their password if they have one."""
    with store.reading() as connection:
        row = connection.execute(select(desk_people).where(desk_people.c.email == email)).mappings().first()
    return None if row is None else (person_of(row), row["password_hash"] or None)


def list_all(store: Store, tenant: str) -> Sequence[DeskPerson]:
    """Return a tenant's people, ended ones too, by address."""
    query = select(desk_people).where(desk_people.c.tenant == tenant).order_by(desk_people.c.email)
    with store.reading() as connection:
        return [person_of(row) for row in connection.execute(query).mappings()]


def keep_password(store: Store, person: DeskPerson, password_hash: str) -> None:
    """Keep another hash of a person's password."""
    this = desk_people.c.number == person.number
    with store.writing() as connection:
        connection.execute(update(desk_people).where(this).values(password_hash=password_hash))


def keep_language(store: Store, person: DeskPerson, language: str) -> None:
    """Keep the language that a person chose."""
    this = desk_people.c.number == person.number
    with store.writing() as connection:
        connection.execute(update(desk_people).where(this).values(language=language))


def end(store: Store, tenant: str, email: str) -> None:
    """Let somebody in no longer, and sign them out; raises `NotFoundError` when there is nobody."""
    this = (desk_people.c.email == email) & (desk_people.c.tenant == tenant)
    with store.writing() as connection:
        open_one = (desk_invitations.c.email == email) & (desk_invitations.c.tenant == tenant)
        taken = connection.execute(delete(desk_invitations).where(open_one)).rowcount
        ended = update(desk_people).where(this, desk_people.c.ended_at.is_(None)).values(ended_at=now_seconds())
        row = connection.execute(ended.returning(desk_people.c.number)).first()
        if row is None and not taken:
            raise NotFoundError(f"nobody with the address {email!r:.80} works for {tenant!r}")
        if row is not None:
            connection.execute(delete(desk_sessions).where(desk_sessions.c.person == row.number))


def person_of(row: RowMapping) -> DeskPerson:
    """Return a row as a record."""
    return DeskPerson(
        number=row["number"],
        tenant=row["tenant"],
        email=row["email"],
        name=row["name"],
        role=Role(row["role"]),
        language=row["language"],
        created_at=as_time(row["created_at"]),
        ended_at=None if row["ended_at"] is None else as_time(row["ended_at"]),
    )

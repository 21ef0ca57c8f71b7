"""Who is signed in at the desk: sessions that end when they are idle, and after a working day anyway."""

from sqlalchemy import delete, insert, select, update

from service.store.clock import as_time, now_seconds
from service.store.database import Store
from service.store.desk_people import person_of
from service.store.desk_records import DeskPerson, DeskSession
from service.store.desk_tables import desk_people, desk_sessions

IDLE_SECONDS = 2 * 3600
"""How long somebody may do nothing before they have to sign in again."""

LIFE_SECONDS = 12 * 3600
"""How long a session lasts at most: a working day."""

USE_NOTED_EVERY_SECONDS = 60
"""How exactly it is kept when a session was last used: writing it for each request would be much writing."""


def begin(store: Store, person: DeskPerson, *, id_hash: bytes) -> None:
    """Keep a new session; those that are over are cleared away."""
    now = now_seconds()
    row = {"id_hash": id_hash, "person": person.number, "made_at": now, "used_at": now}
    over = (desk_sessions.c.used_at <= now - IDLE_SECONDS) | (desk_sessions.c.made_at <= now - LIFE_SECONDS)
    with store.writing() as connection:
        connection.execute(delete(desk_sessions).where(over))
        connection.execute(insert(desk_sessions).values(row))


def find(store: Store, id_hash: bytes) -> DeskSession | None:
    """Return a session that isn't over, whose person may come in; it counts as used."""
    now = now_seconds()
    query = (
        select(desk_people, desk_sessions.c.made_at, desk_sessions.c.used_at)
        .join(desk_sessions, desk_sessions.c.person == desk_people.c.number)
        .where(
            desk_sessions.c.id_hash == id_hash,
            desk_sessions.c.used_at > now - IDLE_SECONDS,
            desk_sessions.c.made_at > now - LIFE_SECONDS,
            desk_people.c.ended_at.is_(None),
        )
    )
    with store.reading() as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        return None
    if row["used_at"] <= now - USE_NOTED_EVERY_SECONDS:
        this = desk_sessions.c.id_hash == id_hash
        with store.writing() as connection:
            connection.execute(update(desk_sessions).where(this).values(used_at=now))
    return DeskSession(id_hash, person_of(row), as_time(row["made_at"]))


def end(store: Store, id_hash: bytes) -> None:
    """End a session; ending it twice is harmless."""
    with store.writing() as connection:
        connection.execute(delete(desk_sessions).where(desk_sessions.c.id_hash == id_hash))

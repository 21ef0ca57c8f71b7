"""Tell webhooks when a phase begins or ends: time passes without anybody changing anything."""

from sqlalchemy import String, cast, insert, select, update

from service.store.database import Store
from service.store.phases import PHASES_SETTING, phase_at
from service.store.platform_records import Event
from service.store.tables import conversations, told_phases
from service.store.webhooks import announce


def tell_phases(store: Store, *, now: float) -> list[int]:
    """Announce every conversation whose phase is another one than was told last; return their numbers.

    The first time a conversation is looked at, nothing is told: whoever set its phases knows them.
    """
    query = (
        select(
            conversations.c.number, conversations.c.settings, told_phases.c.phase, told_phases.c.conversation
        )
        .outerjoin(told_phases, told_phases.c.conversation == conversations.c.number)
        .where(cast(conversations.c.settings, String).contains(f'"{PHASES_SETTING}"'))
    )
    with store.reading() as connection:
        found = connection.execute(query).all()
    changed = []
    for row in found:
        phase = phase_at(row.settings, now=now)
        name = "" if phase is None else phase["name"]
        if row.conversation is not None and row.phase == name:
            continue
        with store.writing() as connection:
            if row.conversation is None:
                connection.execute(insert(told_phases).values(conversation=row.number, phase=name))
                continue
            this = (told_phases.c.conversation == row.number) & (told_phases.c.phase == row.phase)
            if connection.execute(update(told_phases).where(this).values(phase=name)).rowcount == 1:
                announce(connection, row.number, Event.PHASE_CHANGED, {"phase": name or None})
                changed.append(row.number)
    return changed

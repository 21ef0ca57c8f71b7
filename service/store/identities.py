"""Who participants are, as far as anybody said: kept apart from their votes, under the same keyed hash."""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from service.store.clock import now_seconds
from service.store.database import Store
from service.store.platform_records import Assurance, HashedParticipant, Identity
from service.store.platform_tables import used_identities
from service.store.records import Conversation
from service.store.tables import identities


def keep(
    store: Store,
    conversation: Conversation,
    participant: HashedParticipant,
    *,
    assurance: Assurance,
    attributes: Mapping[str, str | bool | int],
) -> None:
    """Keep what a participant came with; the latest counts."""
    row = {
        "conversation": conversation.number,
        "id_hash": participant.digest,
        "assurance": assurance.value,
        "attributes": dict(attributes),
        "made_at": now_seconds(),
    }
    new = (sqlite if store.is_sqlite else postgresql).insert(identities).values(row)
    changed = {name: new.excluded[name] for name in ("assurance", "attributes", "made_at")}
    with store.writing() as connection:
        connection.execute(new.on_conflict_do_update(index_elements=["conversation", "id_hash"], set_=changed))


def find(store: Store, conversation: Conversation, participant: HashedParticipant) -> Identity | None:
    """Return what is known of a participant, if anything."""
    here = (identities.c.conversation == conversation.number) & (identities.c.id_hash == participant.digest)
    with store.reading() as connection:
        row = connection.execute(select(identities).where(here)).mappings().first()
    return None if row is None else Identity(Assurance(row["assurance"]), row["attributes"])


def use_once(store: Store, digest: bytes, *, expires_at: int) -> bool:
    """Return whether a signed identity is used for the first time; of many at once, one is told so."""
    new = (sqlite if store.is_sqlite else postgresql).insert(used_identities)
    values = {"id_hash": digest, "expires_at": expires_at}
    with store.writing() as connection:
        connection.execute(delete(used_identities).where(used_identities.c.expires_at < now_seconds()))
        made = connection.execute(
            new.values(values).on_conflict_do_nothing().returning(used_identities.c.id_hash)
        )
        return made.first() is not None

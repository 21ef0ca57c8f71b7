"""A conversation comes back from our own zip: the same votes, statements and map, all or nothing."""

from dataclasses import dataclass, fields
from pathlib import Path

from clustering.settings import MapSettings
from clustering.vocabulary import ConversationId, identifier
from service.exports.archive_reading import opened_archive
from service.map_requests import MapRequests
from service.store.database import Store
from service.store.records import DEFAULT_TENANT, Conversation, NewConversation
from service.store.restoring import restore


@dataclass(frozen=True, slots=True)
class RestoredConversation:
    """A conversation that came back, and whether its participants find their own votes."""

    conversation: Conversation
    n_statements: int
    n_votes: int
    keeps_participants: bool


def restore_conversation(
    store: Store,
    map_requests: MapRequests,
    path: Path,
    *,
    tenant: str = DEFAULT_TENANT,
    conversation_id: str | None = None,
    is_test: bool | None = None,
) -> RestoredConversation:
    """Keep what stands in a zip of ours, under the id it had unless told another, and ask for its map.

    Participants find their own votes only in a service with the same secret, under the same tenant and id:
    their ids are hashed with all three.

    Raises
    ------
    AlreadyExistsError
        When the id is taken.
    ExchangeError
        When the zip is damaged or doesn't fit together; nothing is kept.
    """
    with opened_archive(path) as archive:
        wanted = identifier(conversation_id or archive.words["id"], of="conversation")
        is_home = archive.is_home(store.secret, tenant=tenant, conversation_id=wanted)
        words = {name: archive.words[name] for name in ("question", "description", "language", "settings")}
        words |= {name: archive.words[name] for name in ("is_open", "is_test")}
        if is_test is not None:
            words["is_test"] = is_test
        known = {field.name for field in fields(MapSettings)}
        MapSettings.from_document({name: one for name, one in words["settings"].items() if name in known})
        rows = archive.rows(keeps_hashes=is_home)
        made = restore(store, tenant, NewConversation(id=ConversationId(wanted), **words), rows)
    map_requests.ask(made.number)
    return RestoredConversation(made, rows.n_statements, rows.n_votes, is_home)

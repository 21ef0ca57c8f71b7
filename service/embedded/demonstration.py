"""Show one conversation's group map from a service that starts empty and leaves nothing."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from clustering.samples import neighbourhood_conversation
from clustering.vocabulary import Statement
from service.actions.import_conversation import import_conversation
from service.embedded.data_folder import prepared
from service.embedded.serving import Serving, StartError, serving
from service.embedded.supervisor import LOOK_SECONDS
from service.embedded.temporary_folder import temporary_folder
from service.map_requests import MapRequests
from service.settings import Settings
from service.store import group_maps
from service.store.database import Store, open_store
from service.store.migrating import migrate
from service.store.records import Conversation

MAP_SECONDS = 120.0
"""How long the first map may take."""


@contextmanager
def demonstration(settings: Settings, export_path: Path | None) -> Iterator[tuple[str, Serving]]:
    """Yield the address of the map's page, once it answers, and the service; both end on leaving.

    Raises
    ------
    ExchangeError
        When the export can't be read.
    StartError
        When the service or the map doesn't come.
    """
    with temporary_folder("poldermodel-demo-") as folder:
        own = {"data_folder": folder, "database_url": f"sqlite:///{folder}/poldermodel.sqlite3"}
        settings = prepared(settings.model_copy(update={**own, "redis_url": ""}))
        migrate(settings.database_url)
        store = open_store(settings.database_url, secret=settings.secret.get_secret_value().encode())
        try:
            conversation = _imported(store, export_path)
            with serving(settings, may_move=True) as running:
                running.wait_until_it_answers()
                _wait_for_map(store, conversation, running)
                yield f"{running.address}/conversations/{conversation.id}/map", running
        finally:
            store.close()


def _imported(store: Store, path: Path | None) -> Conversation:
    """Import what is to be shown. The sweep finds it as soon as it runs; nobody needs to ask for its map."""
    if path is None:
        return import_conversation(store, MapRequests(""), simulated(), language="nl")
    from clustering.exchange import read_polis_export

    return import_conversation(store, MapRequests(""), read_polis_export(path))


@dataclass(frozen=True)
class _Simulated:
    """Our own simulated neighbourhood in the shape of an export."""

    question: str
    description: str
    statements: Sequence[Statement]
    participants: Sequence[str]
    participant_index: Sequence[int]
    statement_index: Sequence[int]
    values: Sequence[int]
    cast_at_ms: Sequence[int]


def simulated() -> _Simulated:
    """Return the conversation shown when no export is given."""
    sample = neighbourhood_conversation()
    participants = list(sample.groups)
    row = {participant: number for number, participant in enumerate(participants)}
    column = {statement.id: number for number, statement in enumerate(sample.statements)}
    latest = {(row[vote.participant], column[vote.statement]): int(vote.value) for vote in sample.votes}
    return _Simulated(
        question=sample.question,
        description=sample.description,
        statements=sample.statements,
        participants=participants,
        participant_index=[who for who, _ in latest],
        statement_index=[what for _, what in latest],
        values=list(latest.values()),
        cast_at_ms=[-1] * len(latest),
    )


def _wait_for_map(store: Store, conversation: Conversation, running: Serving) -> None:
    """Return once the map is there, or when told to stop; raises `StartError` when it doesn't come."""
    deadline = time.monotonic() + MAP_SECONDS
    while running.supervisor.look() and group_maps.stamp(store, conversation.number) is None:
        if time.monotonic() > deadline:
            raise StartError("the first map does not come; the messages above say why")
        time.sleep(LOOK_SECONDS)

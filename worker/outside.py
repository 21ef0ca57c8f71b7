"""A map as tools made for Polis read it: drawn with the map, so that no web process loads the arithmetic."""

import orjson

from clustering.exchange.pca2_views import public_document, shown_document
from clustering.settings import METHOD_VERSION
from clustering.steadiness import PresentedMap
from service.store import outside_maps, outside_numbers
from service.store.database import Store
from service.store.records import LoadedConversation
from worker.rows import kept_numbers


def outside_documents(
    store: Store, conversation_number: int, loaded: LoadedConversation, shown: PresentedMap
) -> tuple[bytes, bytes]:
    """Return the map of everybody and the map of groups only, as JSON."""
    numbering = outside_numbers.read(store, conversation_number)
    of_people, of_statements = numbering.participants, numbering.statements
    last_cast_at = outside_maps.last_cast_at(store, conversation_number, as_of=loaded.sequence)
    document = shown_document(
        shown,
        # The rows of the matrix are named by their place among those who are on the map.
        pids={str(row): of_people.outside(number) for row, number in enumerate(kept_numbers(loaded).tolist())},
        tids={str(one.id): of_statements.outside(at) for at, one in enumerate(loaded.statements)},
        math_tick=outside_maps.stamp_number(METHOD_VERSION, loaded.sequence),
        last_vote_ms=1_000 * last_cast_at,
    )
    return orjson.dumps(document), orjson.dumps(public_document(document))

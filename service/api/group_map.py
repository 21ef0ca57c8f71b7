"""The published group map over HTTP: one row of the store, and how far the votes are ahead of it."""

from typing import Any

import orjson
from flask import Response
from flask_openapi.blueprint import APIBlueprint

from clustering.vocabulary import Outcome
from service.api.conversations import public_conversation
from service.api.group_map_schemas import GroupMapAnswer
from service.api.parameters import ConversationPath
from service.api.parts import parts
from service.api.reading import json_answer, merged
from service.identity.access import public
from service.store import group_maps, votes
from service.store.records import Conversation, MapReading

routes = APIBlueprint(
    "group_map", __name__, url_prefix="/v1/conversations/<conversation>", abp_tags=[{"name": "group map"}]
)


@routes.get("/group-map", operation_id="readGroupMap", responses={200: GroupMapAnswer})
@public
def get_group_map(path: ConversationPath) -> Response:
    """Read the published group map.

    `as_of` is the sequence of the last change it includes: whoever voted knows by it whether that vote is in.
    The ETag is the stamp (method version and sequence): a reader who has this map already is answered 304.
    """
    conversation = public_conversation(path.conversation)
    reading = group_maps.read(parts().store, conversation)
    return json_answer(document_of(conversation, reading), headers={"ETag": stamp(reading)})


def document_of(conversation: Conversation, reading: MapReading | None) -> bytes:
    """Return the public document of a reading; before the first map, that of a conversation without votes."""
    if reading is None:
        return orjson.dumps(_before_the_first(conversation))
    freshness = {
        "as_of": reading.sequence,
        "published_at": reading.published_at.isoformat(),
        "stale": reading.n_changes_since > 0,
        "votes_pending": reading.n_votes_since,
        "error": reading.error,
        "conversation": conversation.id,
    }
    return merged(reading.document, freshness)


def stamp(reading: MapReading | None) -> str:
    """Return the ETag of a reading; an error that appears without a new map changes it too."""
    if reading is None:
        return '"0-0"'
    return f'"{reading.method_version}-{reading.sequence}{"-failing" if reading.error else ""}"'


def _before_the_first(conversation: Conversation) -> dict[str, Any]:
    """Return the map as of sequence 0, when there were no votes: all that is known before the first drawing."""
    counts = votes.counts(parts().store, conversation)
    nothing: dict[str, Any] = {
        "outcome": Outcome.NO_VOTES,
        "missing": None,
        "method_version": 0,
        "n_participants": 0,
        "n_placed": 0,
        "n_statements": 0,
        "n_statements_counted": 0,
        "n_votes": 0,
        "n_groups": 0,
    }
    empty = {name: [] for name in ("candidates", "axes", "groups", "statements")}
    return (
        nothing
        | empty
        | {
            "consensus": {"agree": [], "disagree": []},
            "as_of": 0,
            "published_at": None,
            "stale": conversation.sequence > 0,
            "votes_pending": counts.n_votes,
            "error": None,
            "conversation": conversation.id,
        }
    )

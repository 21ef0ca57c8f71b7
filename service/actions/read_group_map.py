"""Read the published group map, and how far the votes are ahead of it."""

from dataclasses import dataclass
from typing import Any

import orjson

from clustering.vocabulary import Outcome
from service.store import attempts, group_maps, votes
from service.store.database import Store
from service.store.records import Conversation


@dataclass(frozen=True, slots=True)
class CurrentMap:
    """The map that people see now.

    Attributes
    ----------
    document
        The public group map, with how fresh it is.
    stamp
        Names the map: method version and sequence, and whether newer ones keep failing.
    n_changes_since
        Changes to the conversation that the map does not include yet.
    """

    document: dict[str, Any]
    stamp: str
    n_changes_since: int


def read_group_map(store: Store, conversation: Conversation) -> CurrentMap:
    """Return the published map; before the first, the map of a conversation without votes.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    reading = group_maps.read(store, conversation)
    if reading is None:
        nothing_yet = _before_the_first(store, conversation)
        stamp = _stamp(0, 0, nothing_yet["error"])
        return CurrentMap(document=nothing_yet, stamp=stamp, n_changes_since=conversation.sequence)
    freshness = {
        "as_of": reading.sequence,
        "published_at": reading.published_at.isoformat(),
        "stale": reading.n_changes_since > 0,
        "votes_pending": reading.n_votes_since,
        "error": reading.error,
        "conversation": conversation.id,
    }
    document = orjson.loads(reading.document) | freshness
    stamp = _stamp(reading.method_version, reading.sequence, reading.error)
    return CurrentMap(document, stamp, reading.n_changes_since)


def _stamp(method_version: int, sequence: int, error: str | None) -> str:
    # An error that appears without a new map is news too.
    return f"{method_version}-{sequence}{'-failing' if error else ''}"


def _before_the_first(store: Store, conversation: Conversation) -> dict[str, Any]:
    """Return the map as of sequence 0, when there were no votes: all that is known before the first drawing."""
    n_votes = votes.counts(store, conversation).n_votes
    counts = ("n_participants", "n_placed", "n_statements", "n_statements_counted", "n_votes", "n_groups")
    lists: dict[str, Any] = {name: [] for name in ("candidates", "axes", "groups", "bubbles", "statements")}
    return (
        {"outcome": Outcome.NO_VOTES, "missing": None, "method_version": 0}
        | dict.fromkeys(counts, 0)
        | lists
        | {
            "consensus": {"agree": [], "disagree": []},
            "as_of": 0,
            "published_at": None,
            "stale": conversation.sequence > 0,
            "votes_pending": n_votes,
            "error": attempts.shown_error(store, conversation),
            "conversation": conversation.id,
        }
    )

"""Which map a page of the desk speaks of: the one people see now, or one that was kept."""

from dataclasses import dataclass
from typing import Any

import orjson

from service.actions.read_group_map import certainty_of_map, read_group_map
from service.store import map_versions
from service.store.database import Store
from service.store.records import Conversation

ALL = 1_000
"""Most kept maps listed; the thinning of old ones keeps far fewer."""


@dataclass(frozen=True, slots=True)
class ReadMap:
    """A map to speak of.

    Attributes
    ----------
    document
        The public group map with its freshness; `certainty` is nothing where it isn't known of just this map.
    sequence
        Which one; 0 before the first.
    is_current
        Whether it is the one people see now.
    is_kept
        Whether this map will be found again by its sequence.
    """

    document: dict[str, Any]
    sequence: int
    is_current: bool
    is_kept: bool


def read_map(store: Store, conversation: Conversation, sequence: int | None = None) -> ReadMap:
    """Return the current map, or the kept one of a sequence.

    How sure a kept map was stands beside it if just this map was judged; that of another one never does.

    Raises
    ------
    NotFoundError
        When no map of that sequence is kept.
    """
    current = read_group_map(store, conversation, is_public=False).document
    as_of = current["as_of"]
    if sequence is None or sequence == as_of:
        kept = map_versions.list_all(store, conversation, after=as_of - 1, limit=1)
        return ReadMap(current, as_of, is_current=True, is_kept=bool(kept) and kept[0].sequence == as_of)
    found = map_versions.find(store, conversation, sequence)
    judged = found.assessment
    stamp = (found.method_version, sequence)
    certainty = None if judged is None else certainty_of_map(judged, of=stamp)
    document = {"bubbles": []} | orjson.loads(found.document)
    document |= {
        "as_of": sequence,
        "published_at": found.published_at.isoformat(),
        "stale": False,
        "votes_pending": 0,
        "error": None,
        "conversation": conversation.id,
        "certainty": certainty,
    }
    return ReadMap(document, sequence, is_current=False, is_kept=True)

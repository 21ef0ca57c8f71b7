"""Read the published group map, what can be believed of it, and how far the votes are ahead of it."""

from dataclasses import dataclass
from typing import Any

import orjson

from clustering.vocabulary import Outcome
from service.store import attempts, group_maps, votes
from service.store.database import Store
from service.store.records import AssessmentReading, Conversation


@dataclass(frozen=True, slots=True)
class CurrentMap:
    """The map that people see now.

    Attributes
    ----------
    document
        The public group map, with how fresh it is and, under `certainty`, what can be believed of it.
    stamp
        Names both: method version and sequence of the map and of the map that was judged last, and whether
        newer maps keep failing.
    n_changes_since
        Changes to the conversation that the map does not include yet.
    """

    document: dict[str, Any]
    stamp: str
    n_changes_since: int


def read_group_map(store: Store, conversation: Conversation, *, is_public: bool) -> CurrentMap:
    """Return the published map; before the first, the map of a conversation without votes.

    Parameters
    ----------
    is_public
        Whether it is for everybody, to whom it changes when five people voted; see `group_maps.read`.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    reading = group_maps.read(store, conversation, is_public=is_public)
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
    # A map of before there were clouds has none.
    document = {"bubbles": []} | orjson.loads(reading.document) | freshness
    stamp = _stamp(reading.method_version, reading.sequence, reading.error)
    judged = reading.assessment
    if judged is not None:
        stamp += f"+{judged.method_version}-{judged.sequence}"
    of = (reading.method_version, reading.sequence)
    document["certainty"] = None if judged is None else certainty_of_map(judged, of=of)
    return CurrentMap(document, stamp, reading.n_changes_since)


def certainty_of_map(judged: AssessmentReading, *, of: tuple[int, int]) -> dict[str, Any]:
    """Return an assessment as the public reads it: flat, every group with what marks it out.

    Parameters
    ----------
    of
        Method version and sequence of the map beside which it stands; it is stale beside another one.
    """
    document = orjson.loads(judged.document)
    marking = document.pop("representative_statements")
    # `strict` looks for groups in its own way; how sure they are isn't known.
    figures = document.pop("certainty") or dict.fromkeys(_FIGURES)
    groups = [one | {"representative_statements": marking[one["group"]]} for one in document.pop("groups")]
    return {
        "as_of": judged.sequence,
        "stale": (judged.method_version, judged.sequence) != of,
        "made_at": judged.made_at.isoformat(),
        **figures,
        "groups": groups,
        **document,
    }


_FIGURES = (
    "verdict",
    "missing",
    "n_groups",
    "reason",
    "candidates",
    "n_in_between",
    "is_thorough",
    "shared_pattern",
    "modality",
)


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
            "certainty": None,
        }
    )

"""Which visible statements say nearly the same as a text: a hint while somebody writes."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from service.store import statements
from service.store.database import Store
from service.store.records import Conversation, StatementRecord, StatementState

LEAST_SIMILARITY = 70.0
"""From here on two short sentences share most of their words: found by reading pairs of the open Polis data."""

MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class SimilarStatement:
    """A visible statement, and how alike it is: from 0 to 100."""

    statement: StatementRecord
    similarity: float


def similar_statements(store: Store, conversation: Conversation, text: str) -> list[SimilarStatement]:
    """Return up to five visible statements that share most of their words with a text, the likest first.

    Compared by words in any order (rapidfuzz's token-set and token-sort ratios): it sees rewordings that keep
    the words, not those that say it in others.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    visible = [one for one in statements.list_all(store, conversation) if one.state is StatementState.VISIBLE]
    found = process.extract(
        text,
        [one.text for one in visible],
        scorer=_similarity,
        processor=utils.default_process,
        score_cutoff=LEAST_SIMILARITY,
        limit=MOST_SHOWN,
    )
    return [SimilarStatement(visible[place], round(score, 1)) for _, score, place in found]


def likest(text: str, others: Sequence[str]) -> str | None:
    """Return the text among others that shares most of its words with this one, if it shares enough."""
    found = process.extractOne(
        text, others, scorer=_similarity, processor=utils.default_process, score_cutoff=LEAST_SIMILARITY
    )
    return None if found is None else found[0]


def _similarity(one: str, other: str, *, score_cutoff: float | None = None, **_: object) -> float:
    """Return the mean of two measures: one forgives what only one of the texts says, the other doesn't."""
    del score_cutoff
    return (fuzz.token_set_ratio(one, other) + fuzz.token_sort_ratio(one, other)) / 2

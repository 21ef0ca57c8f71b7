"""A moderator merges two statements that say the same, or takes that back; then a new map is asked for."""

from clustering.vocabulary import StatementId
from service.map_requests import MapRequests
from service.store import merging, statements
from service.store.database import Store
from service.store.errors import NotFoundError
from service.store.merges import Merge
from service.store.merging import Parted
from service.store.records import Conversation

LONGEST_QUOTE = 400
"""Characters of the kept statement that the reason quotes: a reason has 500 at most."""

REASONS = {
    "ar": "دُمجت مع: «{}»",
    "de": "Zusammengelegt mit: „{}“",
    "en": "Merged with: “{}”",
    "fr": "Regroupée avec : « {} »",
    "nl": "Samengevoegd met: ‘{}’",
    "pl": "Połączono z: „{}”",
    "tr": "Şununla birleştirildi: “{}”",
    "uk": "Об’єднано з: «{}»",
}
"""What whoever wrote the merged statement reads, by the language of the conversation."""


def merge_statements(
    store: Store, map_requests: MapRequests, conversation: Conversation, *, merged: str, kept: str
) -> Merge:
    """Hide one statement and count its votes for the other, for everybody who hasn't voted on that one.

    Raises
    ------
    MergeRefusedError
        When they can't be merged; it says why.
    NotFoundError
        When the conversation lacks one of them; nothing is changed then.
    StoreUnavailableError
        When the store does not answer.
    """
    found = {
        str(known): one
        for known, one in statements.by_ids(
            store, conversation, [StatementId(merged), StatementId(kept)]
        ).items()
    }
    missing = next((one for one in (merged, kept) if one not in found), None)
    if missing is not None:
        raise NotFoundError(f"no statement {missing!r:.60} in this conversation")
    reason = _reason(conversation.language, found[kept].text)
    made, is_new = merging.merge(store, conversation, merged, kept, reason=reason)
    if is_new:
        map_requests.ask_at_once(conversation.number)
    return made


def part_statements(
    store: Store, map_requests: MapRequests, conversation: Conversation, sequence: int
) -> Parted:
    """Take a merge back.

    Raises
    ------
    MergeRefusedError
        When the kept statement was merged into another since.
    NotFoundError
        When no merge of this sequence stands.
    StoreUnavailableError
        When the store does not answer.
    """
    parted = merging.undo(store, conversation, sequence)
    map_requests.ask_at_once(conversation.number)
    return parted


def _reason(language: str, text: str) -> str:
    quoted = text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"
    return REASONS.get(language.partition("-")[0].lower(), REASONS["en"]).format(quoted)

"""What would come of an import, said before anything is kept."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clustering.vocabulary import identifier

if TYPE_CHECKING:
    from clustering.exchange import Export
    from service.store.database import Store


MOST_TOLD = 1_000
"""Most of a question that is told, in characters: it is somebody else's file, and could hold anything."""


def polis_dry_run(export: "Export", *, n_waiting: int) -> dict[str, Any]:
    """Return what would come of a Polis export that was read.

    Parameters
    ----------
    n_waiting
        How many of its statements would wait for a moderator.
    """
    from service.polis_api.differing import differences

    return {
        "form": "polis",
        "question": export.question[:MOST_TOLD],
        "n_statements": len(export.statements),
        "n_hidden": sum(one.is_moderated_out for one in export.statements),
        "n_undecided": len(export.unmoderated),
        "n_participants": len(export.participants),
        "n_votes": export.n_votes,
        "differences": [one.told() for one in differences(export, waiting=n_waiting)],
    }


def own_dry_run(store: "Store", path: Path, *, tenant: str, conversation_id: str | None) -> dict[str, Any]:
    """Return what would come of a zip of ours; every line of it is read, as an import does.

    Raises
    ------
    ExchangeError
        When the zip is damaged or doesn't fit together.
    """
    from service.exports.archive_reading import opened_archive
    from service.store.records import StatementState

    with opened_archive(path) as archive:
        wanted = identifier(conversation_id or archive.words["id"], of="conversation")
        is_home = archive.is_home(store.secret, tenant=tenant, conversation_id=wanted)
        rows = archive.rows(keeps_hashes=is_home)
        states: Counter[str] = Counter()
        for rest in (
            _counted(rows.statements, states),
            rows.participants,
            rows.changes,
            rows.left_out,
            rows.votes,
        ):
            deque(rest, maxlen=0)
        return {
            "form": "own",
            "question": archive.words["question"][:MOST_TOLD],
            "conversation": wanted,
            "is_taken": _is_taken(store, wanted),
            "keeps_participants": is_home,
            "n_statements": rows.n_statements,
            "n_hidden": states[StatementState.HIDDEN],
            "n_undecided": states[StatementState.WAITING],
            "n_participants": rows.n_participants,
            "n_votes": rows.n_votes,
            "differences": [],
        }


def _counted(statements: Iterable[Any], states: Counter[str]) -> Iterator[Any]:
    for one in statements:
        states[one["state"]] += 1
        yield one


def _is_taken(store: "Store", conversation_id: str) -> bool:
    from service.store import conversations
    from service.store.errors import NotFoundError

    try:
        conversations.find(store, None, conversation_id)
    except NotFoundError:
        return False
    return True

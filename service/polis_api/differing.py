"""What differs between a conversation as Polis told it and as it is here; each with why."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np

from service.actions.import_conversation import Importable


class Readable(Importable, Protocol):
    """A conversation as `clustering.exchange` reads it, with what only Polis's exports tell; see `Export`."""

    @property
    def published_counts(self) -> Sequence[tuple[int, int] | None]: ...  # noqa: D102
    @property
    def published_groups(self) -> Sequence[str | None]: ...  # noqa: D102
    @property
    def unmoderated(self) -> frozenset[str]: ...  # noqa: D102
    @property
    def n_votes_changed(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that isn't here what it was there.

    Attributes
    ----------
    kind
        What sort of thing, by a name that stays; pages in other languages say it in words of their own.
    there, here
        How much, or what.
    """

    kind: str
    what: str
    there: int | str
    here: int | str
    why: str

    def told(self) -> dict[str, Any]:
        """Return it as it is written to JSON."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{self.what}: {self.there} there, {self.here} here; {self.why}"


def differences(
    export: Readable, *, waiting: int, missing: Sequence[str] = (), n_said: int | None = None
) -> list[Difference]:
    """Return what differs.

    Parameters
    ----------
    waiting
        How many statements wait for a moderator here.
    missing
        What could not be read there.
    n_said
        How many people have voted, as the source says; None where it doesn't.

    Raises
    ------
    Nothing.
    """
    found = [
        *_of_votes(export),
        *_of_counts(export),
        *_of_statements(export, waiting),
        *_of_people(export, n_said),
    ]
    return [*found, *(Difference("not-read", "not read", "there", "not here", why) for why in missing)]


def _of_votes(export: Readable) -> list[Difference]:
    found, n_votes = [], int(export.values.size)
    if export.n_votes_changed:
        found.append(
            Difference(
                "changed-votes",
                "lines of the log of votes",
                n_votes + export.n_votes_changed,
                n_votes,
                "whoever changed their mind is counted once, with their latest vote",
            )
        )
    n_untimed = int(np.count_nonzero(np.asarray(export.cast_at_ms) < 0))
    if n_untimed:
        found.append(
            Difference(
                "untimed-votes",
                "votes without a time",
                n_untimed,
                0,
                "they count as cast at the moment of the import",
            )
        )
    return found


def _of_counts(export: Readable) -> list[Difference]:
    """Return where the counts that were published aren't those of the votes."""
    index, values = np.asarray(export.statement_index), np.asarray(export.values)
    agree, disagree = (np.bincount(index[values == side], minlength=len(export.statements)) for side in (1, -1))
    pairs = [
        (sum(counts), int(agree[at] + disagree[at]))
        for at, counts in enumerate(export.published_counts)
        if counts is not None and counts != (agree[at], disagree[at])
    ]
    if not pairs:
        return []
    there, here = (sum(side) for side in zip(*pairs, strict=True))
    why = (
        "Polis counts changed votes twice in comments.csv"
        if there > here
        else "counted at another moment there"
    )
    return [Difference("counts", f"agrees and disagrees of {len(pairs)} statements", there, here, why)]


def _of_statements(export: Readable, waiting: int) -> list[Difference]:
    found = []
    n_untold = sum(not one.text.strip() for one in export.statements)
    if n_untold:
        found.append(
            Difference(
                "untold-statements",
                "statements without a text",
                n_untold,
                n_untold,
                "their texts are not told there, or not to whoever asked; moderators read them",
            )
        )
    if export.unmoderated:
        why = "nobody decided on them there: they wait for you" if waiting else "shown, as they were there"
        found.append(
            Difference(
                "undecided-statements", "statements nobody decided on", len(export.unmoderated), waiting, why
            )
        )
    return found


def _of_people(export: Readable, n_said: int | None) -> list[Difference]:
    found = []
    n_voted = len(np.unique(np.asarray(export.participant_index)))
    if n_said is not None and n_said != n_voted:
        found.append(
            Difference(
                "participants",
                "participants",
                n_said,
                n_voted,
                "people are counted here who have voted on something",
            )
        )
    if any(group is not None for group in export.published_groups):
        found.append(
            Difference(
                "groups",
                "groups",
                "Polis's",
                "ours",
                "the map is drawn anew from the votes; see docs/method.md",
            )
        )
    return found

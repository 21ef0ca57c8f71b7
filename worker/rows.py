"""Participants' numbers and the rows of the vote matrix: the same, but for those who are not on the map."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from service.store.records import PLACE_BYTES, LoadedConversation, PresentedBefore

NO_PLACE = bytes(PLACE_BYTES - 1) + b"\xff"
"""Where somebody stands who isn't on the map: nowhere, with the group's index −1 as int8."""

NO_MEMBERSHIP = b"\xff\x00"
"""Of whom nothing is known: group −1 as int8, and no hundredths."""


def kept_numbers(loaded: LoadedConversation) -> NDArray[np.intp]:
    """Return the participant number of each row: everybody who was neither excluded nor erased."""
    is_kept = np.ones(loaded.n_participants, dtype=bool)
    is_kept[loaded.left_out_participants] = False
    return np.flatnonzero(is_kept)


def row_of_each_vote(loaded: LoadedConversation, kept: NDArray[np.intp]) -> NDArray[np.int32]:
    """Return the row of the participant of each vote."""
    if kept.size == loaded.n_participants:
        return loaded.participant_numbers
    return np.searchsorted(kept, loaded.participant_numbers).astype(np.int32)


def by_number(rows: bytes, kept: NDArray[np.intp], *, n_participants: int, nobody: bytes) -> bytes:
    """Return what is told of each row as told of participants' numbers; who has no row gets `nobody`."""
    if kept.size == n_participants:
        return rows
    spread = np.tile(np.frombuffer(nobody, dtype=np.uint8), (n_participants, 1))
    spread[kept] = np.frombuffer(rows, dtype=np.uint8).reshape(-1, len(nobody))
    return spread.tobytes()


def before_by_row(before: PresentedBefore | None, kept: NDArray[np.intp]) -> PresentedBefore | None:
    """Return what people saw last with its places by row: those of numbers that came since are not in it."""
    if before is None:
        return None
    places = np.frombuffer(before.places, dtype=np.uint8).reshape(-1, PLACE_BYTES)
    known = kept[kept < len(places)]
    return before if known.size == len(places) else replace(before, places=places[known].tobytes())

"""Participants' numbers and the rows of the vote matrix: the same, but for those who are not on the map."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from service.store.records import PLACE_BYTES, LoadedConversation, PresentedBefore

_NOWHERE = np.zeros(PLACE_BYTES, dtype=np.uint8)
_NOWHERE[-1] = 255  # The group's index as int8: −1, not placed.


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


def places_by_number(places: bytes, kept: NDArray[np.intp], *, n_participants: int) -> bytes:
    """Return the places of rows as places of participants' numbers; who has no row has no place."""
    if kept.size == n_participants:
        return places
    spread = np.tile(_NOWHERE, (n_participants, 1))
    spread[kept] = np.frombuffer(places, dtype=np.uint8).reshape(-1, PLACE_BYTES)
    return spread.tobytes()


def before_by_row(before: PresentedBefore | None, kept: NDArray[np.intp]) -> PresentedBefore | None:
    """Return what people saw last with its places by row: those of numbers that came since are not in it."""
    if before is None:
        return None
    places = np.frombuffer(before.places, dtype=np.uint8).reshape(-1, PLACE_BYTES)
    known = kept[kept < len(places)]
    return before if known.size == len(places) else replace(before, places=places[known].tobytes())

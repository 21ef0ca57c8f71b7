"""What the map would be, had some people not taken part: for people to judge, never put in its place."""

import numpy as np
from numpy.typing import NDArray

from clustering.group_map import GroupMap
from clustering.pipeline import compute_group_map
from clustering.settings import MapSettings
from clustering.vote_matrix import VoteMatrix


def without(matrix: VoteMatrix, rows: NDArray[np.intp], *, settings: MapSettings | None = None) -> GroupMap:
    """Return the group map of everybody but the participants in these rows, all else equal.

    Parameters
    ----------
    matrix
        n_participants × n_statements.
    rows
        Rows left out, such as `Evidence.rows`; statements stay, also those that only these people saw. With
        everybody left out the outcome is that of no votes.
    settings
        Those of the map to compare with.

    Raises
    ------
    IndexError
        For a row that isn't there.

    Notes
    -----
    *Source*: own.
    """
    kept = np.ones(matrix.n_participants, dtype=bool)
    kept[rows] = False
    return compute_group_map(matrix.rows(np.flatnonzero(kept)), settings=settings)

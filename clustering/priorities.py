"""Which statement to show next: how much each one's next vote is worth."""

import numpy as np
from numpy.typing import NDArray

from clustering.settings import META_PRIORITY, NEW_STATEMENT_BOOST, NEW_STATEMENT_HALF_LIFE
from clustering.tallies import Tallies

Floats = NDArray[np.float64]


def statement_priorities(
    counts: Tallies, *, extremity: Floats, is_meta: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return how much more often than others each statement should be shown, length n_statements, ≥ 0.

    Statements many people pass on are shown less, statements that stretch the map and new statements more. A
    next statement is drawn in proportion to its priority.

    Parameters
    ----------
    counts
        1 × n_statements: the placed participants together.
    extremity
        Length n_statements: how far a statement stretches the map.
    is_meta
        Length n_statements: statements about the conversation itself get a fixed priority of 49.

    Raises
    ------
    ValueError
        If the lengths differ.

    Notes
    -----
    *Source*: Polis, math/src/polismath/math/conversation.clj `importance-metric`, `priority-metric` (commit
    19af6644). Differs in using the counts of this map, not of the one before.
    """
    seen = counts.n_seen[0]
    agrees = (counts.n_agree[0] + 1) / (seen + 2)
    passes = (counts.n_pass[0] + 1) / (seen + 2)
    importance = (1 - passes) * (extremity + 1) * agrees
    is_new = 1 + NEW_STATEMENT_BOOST * 2.0 ** (-seen / NEW_STATEMENT_HALF_LIFE)
    return np.where(is_meta, float(META_PRIORITY), importance * is_new) ** 2

"""Whether +1 means agree: established from counts in the same files."""

import numpy as np
from numpy.typing import NDArray

from clustering.errors import ExchangeError

MAX_MISFIT = 0.5
"""Share of votes that may contradict the counts before the files are refused; Polis's own counts are a few
percent off where it counts changed votes twice."""


def sign_of(
    index: NDArray[np.integer],
    values: NDArray[np.int8],
    *,
    n_agree: NDArray[np.integer],
    n_disagree: NDArray[np.integer],
    where: str,
) -> int:
    """Return what to multiply votes by so that agree is +1: 1 or −1.

    Parameters
    ----------
    index, values
        Length n_votes: which count each vote belongs to, and the vote as written.
    n_agree, n_disagree
        The counts, of participants or of statements.
    where
        The file with the counts, for the error message.

    Returns
    -------
    int
        1 too where agrees and disagrees are equally many, so that nothing can be told.

    Raises
    ------
    ExchangeError
        When the votes fit the counts with neither sign.
    """
    plus, minus = (np.bincount(index[values == value], minlength=len(n_agree)) for value in (1, -1))
    as_written = int(np.abs(plus - n_agree).sum() + np.abs(minus - n_disagree).sum())
    turned = int(np.abs(minus - n_agree).sum() + np.abs(plus - n_disagree).sum())
    if min(as_written, turned) > MAX_MISFIT * values.size:
        raise ExchangeError(
            f"{where}: its counts of agree and disagree fit the votes with neither sign "
            f"({as_written} and {turned} of {values.size} votes differ); are the files of one conversation?"
        )
    return -1 if turned < as_written else 1

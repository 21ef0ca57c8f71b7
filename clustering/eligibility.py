"""Who has voted enough to be placed on the map."""

import numpy as np
from numpy.typing import NDArray

from clustering.settings import MIN_VOTES_TO_BE_PLACED, TOP_UP_TO
from clustering.vote_matrix import VoteMatrix


def votes_needed(matrix: VoteMatrix) -> int:
    """Return how many votes place a participant: seven, or all statements if there are fewer.

    Only statements that somebody has voted on count, as in Polis, where a statement exists for the
    mathematics from its first vote.
    """
    return min(MIN_VOTES_TO_BE_PLACED, int(np.count_nonzero(matrix.votes_per_statement)))


def is_placed(matrix: VoteMatrix, *, exactly: bool = False) -> NDArray[np.bool_]:
    """Return who is placed on the map.

    Everybody with `votes_needed` votes; while those are fewer than 15, also the most active others, up to 15.
    Nobody without a vote is placed.

    Parameters
    ----------
    matrix
        n_participants × n_statements; votes on moderated-out statements count as activity.
    exactly
        Stop at 15 even among equally active people, taking those in earlier rows, as Polis does.

    Returns
    -------
    ndarray of bool, length n_participants.

    Raises
    ------
    Nothing: an empty matrix gives an empty answer.

    Notes
    -----
    *Source*: Polis, math/src/polismath/math/conversation.clj `:in-conv` (commit 19af6644). Differs from it in
    two things: the answer doesn't depend on earlier maps, and where several people are equally active at the
    fifteenth place all of them join, so that equal ballots are treated equally.
    """
    n_votes = matrix.votes_per_participant
    placed = (n_votes >= max(votes_needed(matrix), 1)) & (n_votes > 0)
    if placed.sum() >= TOP_UP_TO:
        return placed
    if exactly:
        others = np.argsort(np.where(placed, 0, -n_votes), kind="stable")[: TOP_UP_TO - placed.sum()]
        placed[others] = n_votes[others] > 0
        return placed
    by_activity = np.sort(n_votes)[::-1]
    fewest = by_activity[min(TOP_UP_TO, n_votes.size) - 1] if n_votes.size else 0
    return placed | (n_votes >= max(fewest, 1))

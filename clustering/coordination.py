"""Ballots that look coordinated: equal ones share one weight; the rest is evidence for people to judge."""

import numpy as np
from numpy.typing import NDArray

from clustering.settings import DUPLICATE_MIN_VOTES
from clustering.vote_matrix import VoteMatrix


def equal_ballot_sets(matrix: VoteMatrix) -> NDArray[np.intp]:
    """Return which set of equal ballots each participant's ballot is in, length n_participants.

    Sets are numbered from 0 in the order of their first row. Ballots without votes are equal to each other.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: own; ballots are compared by 128-bit digests (`VoteMatrix.ballot_digests`).
    """
    first, second = matrix.ballot_digests.T
    order = np.lexsort((second, first))
    digests = matrix.ballot_digests[order]
    is_new = np.append(True, np.any(digests[1:] != digests[:-1], axis=1))[: len(order)]
    sets = np.empty(len(order), dtype=np.intp)
    sets[order] = np.cumsum(is_new) - 1
    first_row = order[is_new]
    rank = np.empty(len(first_row), dtype=np.intp)
    rank[np.argsort(first_row)] = np.arange(len(first_row))
    return rank[sets]


def ballot_weights(matrix: VoteMatrix) -> NDArray[np.float64]:
    """Return how many people each participant counts for in places and groups, length n_participants.

    One each; but m people with exactly equal ballots of ten votes or more count for one together, 1/m each.
    Among 8,737 real participants with that many votes seven share a ballot, so honest people lose nothing, and
    a block of copied ballots can't draw the map to itself. Counts shown to people stay counts of people.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: measured on the open Polis data and on planted copies (docs/method.md).
    """
    sets = equal_ballot_sets(matrix)
    sizes = np.bincount(sets)
    shares = matrix.votes_per_participant >= DUPLICATE_MIN_VOTES
    return np.where(shares, 1.0 / sizes[sets] if sizes.size else 1.0, 1.0)

"""Counts of agree, disagree and seen: per group and statement."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from clustering.errors import ShapeError
from clustering.vote_matrix import VoteMatrix

Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Tallies:
    """How many people of each group said what of each statement, n_groups × n_statements each.

    Attributes
    ----------
    n_agree, n_disagree
        People.
    n_seen
        People who cast any vote, pass included.
    """

    n_agree: Counts
    n_disagree: Counts
    n_seen: Counts

    @property
    def n_pass(self) -> Counts:
        """People who passed."""
        return self.n_seen - self.n_agree - self.n_disagree

    def total(self) -> "Tallies":
        """Return the counts of all groups together, 1 × n_statements."""
        return Tallies(*(count.sum(axis=0, keepdims=True) for count in self._parts()))

    def of_the_others(self) -> "Tallies":
        """Return for each group the counts of all other groups together, n_groups × n_statements."""
        return Tallies(*(count.sum(axis=0, keepdims=True) - count for count in self._parts()))

    def _parts(self) -> tuple[Counts, Counts, Counts]:
        return self.n_agree, self.n_disagree, self.n_seen


def tallies(matrix: VoteMatrix, labels: NDArray[np.integer], *, n_groups: int) -> Tallies:
    """Return the counts of each group.

    Parameters
    ----------
    matrix
        n_participants × n_statements.
    labels
        Length n_participants: 0 … n_groups − 1, or −1 for people in no group.
    n_groups
        Rows of the answer.

    Raises
    ------
    ShapeError
        When there isn't one label per participant.

    Notes
    -----
    *Source*: the counts of Polis, math/src/polismath/math/repness.clj `comment-stats-graphimpl` (commit
    2679ba7f), there named na, nd, ns.
    """
    if labels.shape != (matrix.n_participants,):
        raise ShapeError(f"labels: expected shape ({matrix.n_participants},), got {labels.shape}")
    in_group = labels >= 0
    member = sparse.csr_array(
        (np.ones(int(in_group.sum()), np.int32), (labels[in_group], np.flatnonzero(in_group))),
        shape=(n_groups, matrix.n_participants),
    )
    votes = matrix.votes
    # Three sums over the same cells; the sum of the votes and of their sizes give agrees and disagrees.
    seen, net, decided = (
        (member @ sparse.csr_array((data, votes.indices, votes.indptr), shape=votes.shape))
        .toarray()
        .astype(np.int64)
        for data in (np.ones_like(votes.data), votes.data, np.abs(votes.data))
    )
    return Tallies(n_agree=(decided + net) // 2, n_disagree=(decided - net) // 2, n_seen=seen)


def overall_tallies(matrix: VoteMatrix) -> Tallies:
    """Return the counts of all participants together, placed or not, 1 × n_statements.

    Raises
    ------
    Nothing.
    """
    columns, values = matrix.votes.indices, matrix.votes.data
    agree, disagree = (
        np.bincount(columns[values == value], minlength=matrix.n_statements)[None] for value in (1, -1)
    )
    return Tallies(agree, disagree, matrix.votes_per_statement[None])

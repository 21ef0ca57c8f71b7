"""Counts of agree, disagree and seen: per group and statement."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustering.errors import ShapeError
from clustering.kernels import weight_per_slot
from clustering.parts import summed_over_rows
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
        counts = (self.n_agree, self.n_disagree, self.n_seen)
        return Tallies(*(count.sum(axis=0, keepdims=True) for count in counts))


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
    return _from_counts(_counted(matrix, labels, n_groups))


def group_and_overall_tallies(
    matrix: VoteMatrix, labels: NDArray[np.integer], *, n_groups: int
) -> tuple[Tallies, Tallies]:
    """Return `tallies` and `overall_tallies` from going through the votes once.

    Raises
    ------
    ShapeError
        When there isn't one label per participant.

    Notes
    -----
    *Source*: as `tallies`.
    """
    # People in no group are counted as one more, so that all groups together are everybody.
    counted = tallies(matrix, np.where(labels < 0, n_groups, labels).astype(np.int8), n_groups=n_groups + 1)
    groups = Tallies(counted.n_agree[:-1], counted.n_disagree[:-1], counted.n_seen[:-1])
    return groups, counted.total()


def overall_tallies(matrix: VoteMatrix) -> Tallies:
    """Return the counts of all participants together, placed or not, 1 × n_statements.

    Raises
    ------
    Nothing.
    """
    return _from_counts(_counted(matrix, np.zeros(matrix.n_participants, np.int8), 1))


def _counted(matrix: VoteMatrix, labels: NDArray[np.integer], n_groups: int) -> Counts:
    votes, each = matrix.votes, np.ones(matrix.n_participants)
    # Sums of ones are whole numbers, exact in double precision up to 2⁵³ people.
    counted = summed_over_rows(
        weight_per_slot,
        matrix.n_participants,
        (n_groups, 3 * matrix.n_statements),
        *(votes.indptr, votes.indices, votes.data, labels, each),
        work=votes.nnz,
    )
    return counted.reshape(n_groups, matrix.n_statements, 3).astype(np.int64)


def _from_counts(counts: Counts) -> Tallies:
    return Tallies(n_agree=counts[:, :, 2], n_disagree=counts[:, :, 0], n_seen=counts.sum(axis=2))

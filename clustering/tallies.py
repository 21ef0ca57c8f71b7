"""Counts of agree, disagree and seen: per group and statement."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
    groups = _counted(matrix, labels, n_groups=n_groups)[:n_groups]
    return _from_counts(groups)


def overall_tallies(matrix: VoteMatrix) -> Tallies:
    """Return the counts of all participants together, placed or not, 1 × n_statements.

    Raises
    ------
    Nothing.
    """
    return _from_counts(_counted(matrix, np.zeros(matrix.n_participants, np.int8), n_groups=1))


def _from_counts(counts: Counts) -> Tallies:
    return Tallies(n_agree=counts[:, :, 2], n_disagree=counts[:, :, 0], n_seen=counts.sum(axis=2))


def _counted(matrix: VoteMatrix, labels: NDArray[np.integer], *, n_groups: int) -> Counts:
    """Return how often each vote value stands in each group and statement, n_groups × n_statements × 3.

    One count of one number per vote: five million take a fifth of what three sparse products take. People in
    no group are counted in a row of their own after the groups, which `tallies` leaves out.
    """
    slot = np.where(labels < 0, n_groups, labels).astype(np.int32)
    n_slots = int(slot.max(initial=n_groups - 1)) + 1
    width = 3 * matrix.n_statements
    key = np.repeat(slot * np.int32(width), matrix.votes_per_participant)
    key += matrix.votes.indices * np.int32(3)
    key += matrix.votes.data
    key += 1
    return np.bincount(key, minlength=n_slots * width).reshape(n_slots, matrix.n_statements, 3)

"""Which statements most people share, and which all groups share."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from clustering.proportions import share_z, smoothed_share
from clustering.settings import N_CONSENSUS, Z_90
from clustering.tallies import Tallies


@dataclass(frozen=True, slots=True)
class ConsensusStatement:
    """A statement most people share.

    Attributes
    ----------
    statement
        Its column.
    n_success, n_seen
        People who voted that way, and who saw it.
    share, share_z
        Smoothed share and its standard errors above one half.
    """

    statement: int
    n_success: int
    n_seen: int
    share: float
    share_z: float


@dataclass(frozen=True, slots=True)
class Consensus:
    """Statements most people agree with, and statements most people reject; at most five each."""

    agree: list[ConsensusStatement]
    disagree: list[ConsensusStatement]


def consensus_statements(everybody: Tallies, *, is_left_out: NDArray[np.bool_]) -> Consensus:
    """Return what most of all participants share, whatever their group, strongest first.

    Parameters
    ----------
    everybody
        1 × n_statements, all participants, placed or not.
    is_left_out
        Length n_statements: statements not to name.

    Raises
    ------
    Nothing: without votes both lists are empty.

    Notes
    -----
    *Source*: Polis, math/src/polismath/math/repness.clj `select-consensus-comments` (commit 2679ba7f): share
    above one half, z above 1.2816, ordered by share × z.
    """
    return Consensus(
        agree=_strongest(everybody.n_agree[0], everybody.n_seen[0], ~is_left_out),
        disagree=_strongest(everybody.n_disagree[0], everybody.n_seen[0], ~is_left_out),
    )


def _strongest(
    n_success: NDArray[np.int64], n_seen: NDArray[np.int64], is_named: NDArray[np.bool_]
) -> list[ConsensusStatement]:
    share, z = smoothed_share(n_success, n_seen), share_z(n_success, n_seen)
    shared = np.flatnonzero(is_named & (share > 0.5) & (z > Z_90))
    order = shared[np.argsort(-(share * z)[shared], kind="stable")][:N_CONSENSUS]
    return [
        ConsensusStatement(int(j), int(n_success[j]), int(n_seen[j]), float(share[j]), float(z[j]))
        for j in order
    ]


def group_aware_consensus(
    groups: Tallies, *, direction: Literal["agree", "disagree"] = "agree"
) -> NDArray[np.float64]:
    """Return the product over groups of the smoothed share of agreement, length n_statements, 0 … 1.

    High only where every group agrees. The number of groups changes its scale, so compare it within one map.

    Parameters
    ----------
    groups
        n_groups × n_statements; without groups every product is empty and so 1.
    direction
        The side to take.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: Polis, math/src/polismath/math/conversation.clj `:group-aware-consensus` (commit 19af6644).
    """
    n_success = groups.n_agree if direction == "agree" else groups.n_disagree
    return smoothed_share(n_success, groups.n_seen).prod(axis=0)

"""What is said about statements, given a grouping."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustering.consensus import Consensus, consensus_statements, group_aware_consensus
from clustering.priorities import statement_priorities
from clustering.representativeness import RepresentativeStatement, representative_statements
from clustering.tallies import Tallies, group_and_overall_tallies
from clustering.vote_matrix import VoteMatrix


@dataclass(frozen=True, eq=False)
class Judgements:
    """Counts and judgements of every statement.

    Attributes
    ----------
    groups
        Counts, n_groups × n_statements.
    everybody
        Counts of all participants, 1 × n_statements.
    representative
        Per group, the statements that mark it out.
    consensus
        Statements most people share.
    group_aware_consensus
        Length n_statements; empty when there are no groups.
    priorities
        Length n_statements.
    """

    groups: Tallies
    everybody: Tallies
    representative: list[list[RepresentativeStatement]]
    consensus: Consensus
    group_aware_consensus: NDArray[np.float64]
    priorities: NDArray[np.float64]


def judgements(
    matrix: VoteMatrix, labels: NDArray[np.integer], *, n_groups: int, extremity: NDArray[np.float64]
) -> Judgements:
    """Return what the votes say of the statements, for this grouping.

    Parameters
    ----------
    matrix
        n_participants × n_statements.
    labels
        Length n_participants, −1 for people not placed.
    n_groups
        0 when there are none.
    extremity
        Length n_statements.

    Raises
    ------
    ShapeError
        When there isn't one label per participant.
    """
    groups, everybody = group_and_overall_tallies(matrix, labels, n_groups=n_groups)
    is_meta = np.array([statement.is_meta for statement in matrix.statements], dtype=bool)
    placed = groups.total() if n_groups else everybody
    return Judgements(
        groups=groups,
        everybody=everybody,
        representative=representative_statements(groups, is_left_out=matrix.is_left_out),
        consensus=consensus_statements(everybody, is_left_out=matrix.is_left_out),
        group_aware_consensus=group_aware_consensus(groups) if n_groups else np.zeros(0),
        priorities=statement_priorities(placed, extremity=extremity, is_meta=is_meta),
    )

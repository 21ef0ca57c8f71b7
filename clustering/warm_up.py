"""Compile every kernel ahead: `python -m clustering.warm_up`, once after installing.

Compiled code is kept beside the package, or where NUMBA_CACHE_DIR says, and serves every later process.
"""

import numpy as np

from clustering.assessment import assessment
from clustering.group_map import GroupMap
from clustering.pipeline import compute_group_map
from clustering.settings import MapSettings
from clustering.vocabulary import Statement, StatementId
from clustering.vote_matrix import VoteMatrix


def warm_up() -> None:
    """Run every kernel that maps need once, on a few made-up votes.

    Raises
    ------
    Nothing.
    """
    _small_map()


def warm_up_certainty() -> None:
    """Run those too that say how sure a map is: they take longer to compile, and no map waits for them.

    Raises
    ------
    Nothing.
    """
    # What takes long does one thing two hundred times; once is enough here.
    assessment(_small_map(), n_simulations=1)


def _small_map() -> GroupMap:
    rng = np.random.Generator(np.random.PCG64(0))
    # Two camps: what hangs together is judged further than noise is.
    camp = np.where(np.arange(40) < 20, 1, -1)[:, None]
    votes = np.where(rng.random((40, 10)) < 0.8, camp, rng.integers(-1, 2, (40, 10)))
    rows, columns = np.nonzero(rng.random(votes.shape) < 0.9)
    matrix = VoteMatrix.from_arrays(
        participants=range(len(votes)),
        statements=[Statement(StatementId(str(column))) for column in range(votes.shape[1])],
        participant_index=rows,
        statement_index=columns,
        values=votes[rows, columns],
    )
    return compute_group_map(matrix, settings=MapSettings(method="ideal"))


if __name__ == "__main__":
    warm_up_certainty()

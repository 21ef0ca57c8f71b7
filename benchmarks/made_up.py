"""Votes for benchmarks: of any size, made up from groups in a plane, with realistic gaps."""

import numpy as np
from numpy.typing import NDArray

from clustering.vocabulary import Statement, StatementId
from clustering.vote_matrix import VoteMatrix

Triples = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8]]


def triples(n_participants: int, n_statements: int, n_votes: int, *, seed: int = 0) -> Triples:
    """Return about n_votes votes as participant, statement and value, in random order.

    Three groups in a plane; people vote on a log-normally spread number of statements, earlier ones more
    often, which is how votes gather in real conversations.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    activity = rng.lognormal(0.0, 0.8, n_participants)
    wanted = np.minimum(np.maximum(activity / activity.sum() * n_votes, 1), n_statements).astype(np.int64)
    centres = np.array([[1.5, 0.0], [-1.0, 1.2], [-0.8, -1.2]])
    people = centres[rng.choice(3, n_participants, p=[0.5, 0.3, 0.2])] + rng.normal(0, 0.8, (n_participants, 2))
    people = people.astype(np.float32)
    loading = rng.normal(0, 1.0, (n_statements, 2)).astype(np.float32)
    easiness = rng.normal(0.5, 1.0, n_statements).astype(np.float32)
    popularity = 1.0 / (1.0 + np.arange(n_statements) / n_statements)
    rows = np.repeat(np.arange(n_participants, dtype=np.int32), wanted)
    columns = rng.choice(n_statements, rows.size, p=popularity / popularity.sum()).astype(np.int32)
    chance = 1.0 / (1.0 + np.exp(-(easiness[columns] + (people[rows] * loading[columns]).sum(axis=1))))
    values = np.where(rng.random(rows.size) < chance, 1, -1).astype(np.int8)
    values[rng.random(rows.size) < 0.12] = 0
    order = rng.permutation(rows.size)
    return rows[order], columns[order], values[order]


def matrix(
    n_participants: int, n_statements: int, n_votes: int, *, seed: int = 0, kept: float = 1.0
) -> VoteMatrix:
    """Return the same votes, or the first share of them, as a matrix; repeated cells keep the last."""
    made = triples(n_participants, n_statements, n_votes, seed=seed)
    rows, columns, values = (part[: round(kept * len(part))] for part in made)
    return VoteMatrix.from_arrays(
        participants=range(n_participants),
        statements=[Statement(id=StatementId(str(column))) for column in range(n_statements)],
        participant_index=rows,
        statement_index=columns,
        values=values,
    )

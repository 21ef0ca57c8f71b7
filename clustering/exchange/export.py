"""A conversation as it came out of another system, in this project's words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustering.vocabulary import Statement
from clustering.vote_matrix import VoteMatrix


@dataclass(frozen=True, eq=False)
class Export:
    """A conversation read from files.

    Attributes
    ----------
    question, description
        As exported; empty where the files don't say.
    statements
        All statements, with their text and moderation.
    participants
        Ids as in the export, also of people without a vote.
    participant_index, statement_index, values
        Length n_votes: the latest vote on every cell, agree +1, pass 0, disagree −1.
    cast_at_ms
        Length n_votes, milliseconds since 1970, or −1 where the files don't say.
    published_groups
        Length n_participants: the group the other system put each in, or None.
    was_sign_turned
        Whether the files had agree as −1.
    statement_authors
        Length n_statements, or empty: the participant who wrote each, where the files say.
    statement_created_ms
        Length n_statements, or empty: milliseconds since 1970, or −1.
    unmoderated
        Ids of the statements that nobody had decided on.
    xids
        Length n_participants, or empty: what a platform called each, where the files say.
    n_votes_changed
        Lines of the log of votes that a later vote on the same statement replaced.
    published_counts
        Length n_statements, or empty: how many agree and disagree the files say each statement has, or None.
    address
        Where the other system had it; empty where the files don't say.
    """

    question: str
    description: str
    statements: Sequence[Statement]
    participants: Sequence[str]
    participant_index: NDArray[np.int32]
    statement_index: NDArray[np.int32]
    values: NDArray[np.int8]
    cast_at_ms: NDArray[np.int64]
    published_groups: Sequence[str | None]
    was_sign_turned: bool
    statement_authors: Sequence[str | None] = ()
    statement_created_ms: Sequence[int] = ()
    unmoderated: frozenset[str] = frozenset()
    xids: Sequence[str | None] = ()
    n_votes_changed: int = 0
    published_counts: Sequence[tuple[int, int] | None] = ()
    address: str = ""

    @property
    def n_votes(self) -> int:
        """Latest votes."""
        return self.values.size

    def vote_matrix(self) -> VoteMatrix:
        """Return the votes as a matrix, rows in the order of `participants`.

        Raises
        ------
        IdError
            When an id stands twice.
        """
        return VoteMatrix.from_arrays(
            participants=self.participants,
            statements=self.statements,
            participant_index=self.participant_index,
            statement_index=self.statement_index,
            values=self.values,
        )

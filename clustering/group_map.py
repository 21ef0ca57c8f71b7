"""The result: places, groups and judgements, as a pure function of votes, moderation, settings and seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clustering.grouping import Grouping
from clustering.judgements import Judgements
from clustering.map_start import MapStart
from clustering.projection import Axes
from clustering.settings import MapSettings
from clustering.vocabulary import Outcome
from clustering.vote_matrix import VoteMatrix

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GroupMap:
    """A group map: canonical, or started from an earlier one and near the canonical one.

    Rows are in the order of the computation, not of the data that came in.

    Attributes
    ----------
    outcome
        `ready`, or why there are no groups.
    missing
        What it would take, for outcomes that wait for something; else empty.
    settings
        What was asked for.
    input_digest
        Digest of the ballots and the moderation; empty on a map that isn't canonical.
    matrix
        The votes, n_participants × n_statements.
    given_row
        Length n_participants: the row each participant had in the data that came in.
    axes
        The two axes.
    places
        n_participants × 2, of everybody with votes, placed or not.
    covariances
        n_participants × 2 × 2, uncertainty of the places; None where the method knows none.
    weights
        Length n_participants: how many people each counts for in axes and groups, at most one.
    statement_places
        n_statements × 2.
    is_placed
        Length n_participants.
    candidates
        The grouping of the placed participants for each number of groups considered.
    grouping
        The chosen one, or None.
    judged
        Counts and judgements, given the chosen grouping.
    start
        What a quick map after a few more votes may start from. A quick map hands on what it started from, so
        that a row of them never drifts away from the last canonical one.
    is_canonical
        Whether the map is a function of ballots, moderation, settings and seed alone. A map that started from
        an earlier one isn't: it has no written form, no hash, and can't be published.
    """

    outcome: Outcome
    missing: Mapping[str, int]
    settings: MapSettings
    input_digest: str
    matrix: VoteMatrix
    given_row: NDArray[np.intp]
    axes: Axes
    places: Floats
    covariances: Floats | None
    weights: Floats
    statement_places: Floats
    is_placed: NDArray[np.bool_]
    candidates: list[Grouping]
    grouping: Grouping | None
    judged: Judgements
    start: MapStart
    is_canonical: bool = True

    @property
    def n_groups(self) -> int:
        """Number of groups; 0 when none are reported."""
        return 0 if self.grouping is None else self.grouping.n_groups

    @cached_property
    def labels(self) -> NDArray[np.int8]:
        """Group of each participant, length n_participants; −1 for those without one."""
        return spread_labels(self.grouping, self.is_placed)

    @property
    def extremity(self) -> Floats:
        """How far each statement stretches the map, length n_statements."""
        return np.hypot(self.statement_places[:, 0], self.statement_places[:, 1])

    @property
    def n_statements_counted(self) -> int:
        """Statements that take part in the map: with votes, not moderated out, not meta."""
        return int(np.count_nonzero((self.matrix.votes_per_statement > 0) & ~self.matrix.is_left_out))

    def as_given(self, per_participant: NDArray) -> NDArray:
        """Return values per participant in the order of the data that came in.

        Raises
        ------
        IndexError
            If there isn't one value per participant.
        """
        given = np.empty_like(per_participant)
        given[self.given_row] = per_participant
        return given

    def to_document(self) -> dict[str, Any]:
        """Return the written form: plain JSON values, numbers rounded to ten decimals.

        Raises
        ------
        NotCanonicalError
            If the map started from an earlier one.
        """
        from clustering.written_form import canonical_document

        return canonical_document(self)

    @cached_property
    def result_hash(self) -> str:
        """SHA-256 of the written form: equal hashes mean equal maps. NotCanonicalError if it has none."""
        return self.to_document()["result_hash"]


def spread_labels(grouping: Grouping | None, is_placed: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Return the grouping's labels for everybody, −1 for people not placed.

    Raises
    ------
    ValueError
        If the grouping has another number of people than are placed.
    """
    labels = np.full(is_placed.shape, -1, dtype=np.int8)
    if grouping is not None:
        labels[is_placed] = grouping.labels
    return labels

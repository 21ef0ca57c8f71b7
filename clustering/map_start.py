"""What a map leaves behind for a quick one after a few more votes; nothing of any participant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from clustering.grouping import Grouping
from clustering.projection import Axes
from clustering.settings import (
    PREDICTION_STRENGTH_NEEDED,
    STARTED_CENTRES,
    STARTED_PEOPLE,
    STARTED_PLANE,
    STARTED_STRENGTH_MARGIN,
    Method,
)
from clustering.vocabulary import Statement, StatementId

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class MapStart:
    """Where the axes, the statements and the groups of a canonical map stood.

    Attributes
    ----------
    method
        Of the map.
    statements
        Ids, length n_statements.
    components
        2 × n_statements, the axes.
    nearest
        n_statements × 4 at most, the directions around them.
    early_pulls
        n_statements × 3: `early_pulls_` of the ideal-point model, NaN for statements that it didn't know; None
        where there was no model.
    statement_places
        n_statements × 2, on the map.
    centres
        Of the groups on the map, k × 2, by number of groups.
    strengths
        Prediction strengths by number of groups, of those that were looked at.
    """

    method: Method
    statements: Sequence[StatementId]
    components: Floats
    nearest: Floats
    early_pulls: Floats | None
    statement_places: Floats
    centres: Mapping[int, Floats]
    strengths: Mapping[int, float]

    def on(self, statements: Sequence[Statement]) -> "MapStart":
        """Return the start for these statements, matched by id; nothing is known of new ones.

        Raises
        ------
        Nothing.
        """
        row_of = {name: row for row, name in enumerate(self.statements)}
        ids = [statement.id for statement in statements]
        rows = np.array([row_of.get(name, len(row_of)) for name in ids], dtype=np.intp)
        return replace(
            self,
            statements=ids,
            components=_taken(self.components.T, rows, new=0.0).T,
            nearest=_taken(self.nearest, rows, new=0.0),
            early_pulls=None if self.early_pulls is None else _taken(self.early_pulls, rows, new=np.nan),
            statement_places=_taken(self.statement_places, rows, new=0.0),
        )

    def fits(self, axes: Axes) -> bool:
        """Say whether these axes lie in the plane of the start's, but for 26° (cosine 0.9).

        They don't after many new votes, or where the start is of another conversation.

        Parameters
        ----------
        axes
            Of the same statements in the same order.

        Raises
        ------
        ValueError
            If the axes are of other statements (shapes differ).

        Notes
        -----
        *Source*: principal angles between subspaces, Björck and Golub (1973).
        """
        cosines = np.linalg.svd(axes.components @ self.components.T, compute_uv=False)
        return bool(cosines.min() >= STARTED_PLANE)

    def turned_to(self, statement_places: Floats) -> "MapStart":
        """Return the start with its centres turned as the statements turned that both maps hold.

        Parameters
        ----------
        statement_places
            On the map at hand, n_statements × 2.

        Raises
        ------
        ValueError
            If they are of other statements (shapes differ).

        Notes
        -----
        *Source*: orthogonal Procrustes, Schönemann (1966).
        """
        left, _, right = np.linalg.svd(self.statement_places.T @ statement_places)
        return replace(self, centres={k: centres @ (left @ right) for k, centres in self.centres.items()})

    def strengths_of(self, candidates: Sequence[Grouping]) -> dict[int, float]:
        """Return the prediction strengths, by number of groups, that hold for these divisions as well.

        Those of divisions whose centres stand where the earlier ones stood, but for a tenth of the distance
        between the nearest two of them, and that a few more votes can't bring to the other side of 0.8. None
        where people are so few that each of them weighs.

        Parameters
        ----------
        candidates
            Divisions on the map that the start was turned to.

        Raises
        ------
        Nothing.

        Notes
        -----
        *Source*: ours.
        """
        return {
            grouping.n_groups: self.strengths[grouping.n_groups]
            for grouping in candidates
            if len(grouping.labels) >= STARTED_PEOPLE
            and abs(
                self.strengths.get(grouping.n_groups, PREDICTION_STRENGTH_NEEDED) - PREDICTION_STRENGTH_NEEDED
            )
            >= STARTED_STRENGTH_MARGIN
            and _stand_there(grouping.centres, self.centres[grouping.n_groups])
        }


def _stand_there(centres: Floats, earlier: Floats) -> bool:
    """Say whether each centre has one of the earlier ones near it, and none has that of another."""
    moved = np.hypot(*np.moveaxis(centres[:, None, :] - earlier[None, :, :], 2, 0))
    apart = np.hypot(*np.moveaxis(centres[:, None, :] - centres[None, :, :], 2, 0))
    nearest_two = np.min(apart[~np.eye(len(centres), dtype=bool)], initial=np.inf)
    return bool(np.all(moved.min(axis=0) <= STARTED_CENTRES * nearest_two))


def _taken(values: Floats, rows: NDArray[np.intp], *, new: float) -> Floats:
    return np.vstack((values, np.full((1, values.shape[1]), new)))[rows]

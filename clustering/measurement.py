"""How precisely each participant's votes measure where they stand."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustering.errors import ShapeError

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Measurement:
    """What each person's votes say of their true place z.

    A Gaussian likelihood exp(information·z − z'·precision·z / 2).
    In this form somebody whose votes say nothing (precision 0) is no special case.

    Attributes
    ----------
    precision
        n_placed × 2 × 2, symmetric, no negative eigenvalue.
    information
        n_placed × 2: precision times the place that the votes alone would give.
    placing
        n_placed × 2 × 2: the place on the map is `placing @ information`.
    """

    precision: Floats
    information: Floats
    placing: Floats

    @property
    def places(self) -> Floats:
        """Places on the map, n_placed × 2."""
        return np.einsum("nij,nj->ni", self.placing, self.information)

    def of_rows(self, rows: NDArray[np.intp]) -> "Measurement":
        """Return the measurement of the people in these rows."""
        return Measurement(self.precision[rows], self.information[rows], self.placing[rows])

    def along(self, axis: Floats) -> tuple[Floats, Floats]:
        """Return precision and information along a unit axis, each of length n_placed.

        The place across the axis is unknown; it is averaged over a standard normal distribution, which is the
        ideal-point model's own. For the model this gives 1 / variance − 1, from the variance along the axis.
        """
        across = np.array([-axis[1], axis[0]])
        own = np.einsum("nij,i,j->n", self.precision, axis, axis)
        shared = np.einsum("nij,i,j->n", self.precision, axis, across)
        other = np.einsum("nij,i,j->n", self.precision, across, across) + 1.0
        information = self.information @ axis - shared / other * (self.information @ across)
        return np.maximum(own - shared * shared / other, 0.0), information

    def measured_again(self, true_places: Floats, *, rng: np.random.Generator) -> "Measurement":
        """Return what as precise a measurement would give of people at these places, n_placed × 2."""
        noise = rng.standard_normal(true_places.shape)
        first = np.sqrt(self.precision[:, 0, 0])
        below = self.precision[:, 0, 1] / np.where(first > 0, first, 1.0)
        second = np.sqrt(np.maximum(self.precision[:, 1, 1] - below * below, 0.0))
        error = np.column_stack((first * noise[:, 0], below * noise[:, 0] + second * noise[:, 1]))
        expected = np.einsum("nij,nj->ni", self.precision, true_places)
        return Measurement(self.precision, expected + error, self.placing)


def measured_by_model(places: Floats, covariances: Floats) -> Measurement:
    """Return the measurement behind the places of the ideal-point model.

    The model's covariance also holds its prior, a standard normal distribution; taken out, the votes' own
    part is left.

    Parameters
    ----------
    places
        n_placed × 2: the most likely places.
    covariances
        n_placed × 2 × 2: (I + votes' precision)⁻¹.

    Raises
    ------
    ShapeError
        If there isn't one covariance per place.
    numpy.linalg.LinAlgError
        If a covariance is singular.

    Notes
    -----
    *Source*: Laplace's approximation; Bernardo and Smith (1994), Bayesian Theory, section 5.3.
    """
    if covariances.shape != (len(places), 2, 2):
        raise ShapeError(f"covariances: expected ({len(places)}, 2, 2), got {covariances.shape}")
    posterior = np.linalg.inv(covariances)
    values, vectors = np.linalg.eigh(posterior - np.eye(2))
    precision = np.einsum("nij,nj,nkj->nik", vectors, np.maximum(values, 0.0), vectors)
    return Measurement(precision, np.einsum("nij,nj->ni", posterior, places), covariances)


def measured_by_votes(
    places: Floats, n_votes: NDArray[np.integer], *, n_statements: int, noise: float
) -> Measurement:
    """Return a plain approximation for places that come without covariances, as those of `classic`.

    A place of `classic` is a sum over the statements seen, stretched by √(n_statements / n_votes). If votes
    scatter independently with variance `noise` around what the true place gives, the place varies by `noise`
    along each axis, whoever voted how often, around √(n_votes / n_statements) times the true place: who saw
    little is drawn to the centre. So the votes' precision is n_votes / (n_statements · noise).

    Parameters
    ----------
    places
        n_placed × 2, in votes.
    n_votes
        Length n_placed, on the statements that take part.
    n_statements
        That take part.
    noise
        Mean variance of the votes on one statement, in votes²; the part that the axes explain is left in, so
        that the uncertainty is rather too large. 0, when nobody differs, is taken as 1.

    Raises
    ------
    ShapeError
        If there isn't one number of votes per place.

    Notes
    -----
    *Source*: variance of a sum of independent terms with loadings of total length 1, spread evenly.
    """
    if n_votes.shape != (len(places),):
        raise ShapeError(f"n_votes: expected ({len(places)},), got {n_votes.shape}")
    noise = noise if noise > 0 else 1.0
    drawn_in = np.sqrt(n_votes / max(n_statements, 1))
    precision = drawn_in**2 / noise
    stretch = np.divide(noise, drawn_in, out=np.zeros(len(places)), where=drawn_in > 0)
    unit = np.eye(2)[None]
    return Measurement(
        precision[:, None, None] * unit, places * (drawn_in / noise)[:, None], stretch[:, None, None] * unit
    )

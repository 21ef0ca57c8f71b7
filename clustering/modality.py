"""Whether people stand in more than one crowd, allowing for the error of measuring each; the valley between."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustering.kmeans import best_of_starts, collapse
from clustering.latent_density import Density, any_density, density_grid, one_peaked_density
from clustering.measurement import Measurement
from clustering.sampling import some_rows
from clustering.settings import MODALITY_PEOPLE, MODALITY_SIMULATIONS, RESAMPLED_STARTS

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Modality:
    """What the test for more than one crowd found.

    Attributes
    ----------
    p_value
        How often conversations with one peak show as deep a valley, 1 / (n_simulations + 1) … 1.
    log_likelihood_ratio
        Of the likeliest density to the likeliest one with one peak; told, not tested.
    valley_depth
        Density in the valley as a share of the lower of the two peaks: 0 empty, 1 no valley.
    axis
        Unit vector along which people are divided, length 2.
    n_people, n_simulations
        That the test was made with.
    """

    p_value: float
    log_likelihood_ratio: float
    valley_depth: float
    axis: Floats
    n_people: int
    n_simulations: int


@dataclass(frozen=True, eq=False)
class _Profile:
    """The line that divides people best in two, how they are spread along it, and the valley between."""

    axis: Floats
    spread: Density
    valley_depth: float


def modality(
    measurement: Measurement, *, seed: int, n_simulations: int = MODALITY_SIMULATIONS
) -> Modality | None:
    """Return whether people stand in more than one crowd along the line that divides them best in two.

    The line runs through the centres of the best division in two. Along it the valley in the spread of people's
    true places, whatever its shape, is compared with the valleys that chance digs where there is only one
    peak, in simulated conversations: true places drawn from the likeliest single-peaked spread along the line
    and, independently, from that across it, both drawn smooth, measured with each person's own error, and
    divided in two anew.

    Parameters
    ----------
    measurement
        Of n_placed people.
    seed
        Of every draw.
    n_simulations
        Conversations to draw.

    Returns
    -------
    Modality or None
        None where there are fewer than two different places, so that nothing divides.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: smoothed bootstrap test for more than one peak, Silverman (1981), Using kernel density estimates
    to investigate multimodality, with the depth of the valley in place of the critical width; densities as in
    `latent_density`. Ours: allowing for the error of measuring, and choosing the line again in every
    simulation, without which round clouds look divided. Drawn smooth because the likeliest single-peaked
    density is a staircase, steeper than any crowd. Beyond 1,000 people a random choice of so many.
    """
    used = measurement.of_rows(some_rows(len(measurement.information), MODALITY_PEOPLE, seed=seed))
    found = _profile(used, np.random.Generator(np.random.PCG64([seed, 0])))
    if found is None:
        return None
    across = np.array([-found.axis[1], found.axis[0]])
    along, sideways = (_one_smooth_peak(used, axis) for axis in (found.axis, across))
    n_as_deep = 0
    for draw in range(n_simulations):
        rng = np.random.Generator(np.random.PCG64([seed, draw + 1]))
        n_as_deep += _simulated_valley(used, found.axis, along, sideways, rng) <= found.valley_depth
    return Modality(
        p_value=(1 + n_as_deep) / (1 + n_simulations),
        log_likelihood_ratio=found.spread.log_likelihood - along.log_likelihood,
        valley_depth=found.valley_depth,
        axis=found.axis,
        n_people=len(used.information),
        n_simulations=n_simulations,
    )


def valley_depth(density: Density, *, middle: float, n_people: int) -> float:
    """Return the density in the valley between two peaks as a share of the lower peak, 0 … 1.

    The density is smoothed first; the peaks are the highest points on either side of the middle, the valley
    is the lowest point between them. 1 where there is no valley.

    Parameters
    ----------
    density
        Of people along a line.
    middle
        Where the line divides.
    n_people
        That the density was made from; the more, the less it is smoothed.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: normal kernel with the width 0.9 · spread / n_people^⅕ of Silverman (1986), Density Estimation,
    equation 3.31.
    """
    points = density.points
    smooth = smoothed(density, n_people=n_people)
    n_left = int(np.clip(np.searchsorted(points, middle), 1, len(points) - 1))
    left, right = int(np.argmax(smooth[:n_left])), n_left + int(np.argmax(smooth[n_left:]))
    return float(smooth[left : right + 1].min() / min(smooth[left], smooth[right]))


def smoothed(density: Density, *, n_people: int) -> Floats:
    """Return the density drawn smooth on its own points, up to a constant factor; length n_points.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: as `valley_depth`; never narrower than one step of the grid.
    """
    points, shares = density.points, density.shares
    centre = float(points @ shares)
    spread = np.sqrt(float(((points - centre) ** 2) @ shares))
    width = max(0.9 * spread * n_people**-0.2, points[1] - points[0])
    return np.exp(-(((points[:, None] - points) / width) ** 2) / 2) @ shares


def _profile(measurement: Measurement, rng: np.random.Generator) -> _Profile | None:
    points, _ = collapse(measurement.places)
    if len(points.weights) < 2:
        return None
    centres = best_of_starts(points, 2, rng=rng, n_starts=RESAMPLED_STARTS)
    apart = centres[1] - centres[0]
    axis = apart / np.hypot(apart[0], apart[1])
    precision, information = measurement.along(axis)
    spread = any_density(precision, information, density_grid(precision, information))
    middle = float(centres.mean(axis=0) @ axis)
    return _Profile(axis, spread, valley_depth(spread, middle=middle, n_people=len(information)))


def _one_smooth_peak(measurement: Measurement, axis: Floats) -> Density:
    """Return the likeliest density with one peak along an axis, as smooth as where a valley is sought."""
    precision, information = measurement.along(axis)
    likeliest = one_peaked_density(precision, information, density_grid(precision, information))
    smooth = smoothed(likeliest, n_people=len(information))
    return Density(likeliest.points, smooth / smooth.sum(), likeliest.log_likelihood)


def _simulated_valley(
    measurement: Measurement, axis: Floats, along: Density, sideways: Density, rng: np.random.Generator
) -> float:
    """Return the valley depth of one simulated conversation with one peak."""
    n = len(measurement.information)
    across = np.array([-axis[1], axis[0]])
    places = along.drawn(n, rng=rng)[:, None] * axis + sideways.drawn(n, rng=rng)[:, None] * across
    simulated = _profile(measurement.measured_again(places, rng=rng), rng)
    return 1.0 if simulated is None else simulated.valley_depth

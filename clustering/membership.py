"""How likely each participant belongs to the group the map puts them in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustering.errors import ShapeError
from clustering.measurement import Measurement
from clustering.sampling import some_rows
from clustering.settings import (
    MEMBERSHIP_PRIOR_PEOPLE,
    MEMBERSHIP_ROUNDS,
    MEMBERSHIP_TOLERANCE,
    RESAMPLED_PEOPLE,
)

Floats = NDArray[np.float64]

_ROUNDS_WITH_GROUPS_AS_GIVEN = 10
"""First rounds, in which everybody belongs to the group the map puts them in: the spreads settle."""


@dataclass(frozen=True, eq=False)
class Mixture:
    """Normal distributions of true places, one per group.

    Attributes
    ----------
    shares
        Of people, length n_groups, sum 1.
    means
        n_groups × 2.
    covariances
        n_groups × 2 × 2.
    """

    shares: Floats
    means: Floats
    covariances: Floats


def membership_probabilities(
    measurement: Measurement,
    labels: NDArray[np.integer],
    *,
    n_groups: int,
    seed: int,
    counted: NDArray[np.intp] | None = None,
) -> Floats:
    """Return how likely each person's votes come from each group, n_placed × n_groups, rows of sum 1.

    Every group is a normal distribution of true places; what a person's votes measure scatters around the true
    place with that person's own error. So somebody with few votes, or between two groups, is sure of neither.

    Parameters
    ----------
    measurement
        Of n_placed people.
    labels
        Length n_placed: the groups that the distributions start from.
    n_groups
        One group gives probability 1; no groups give no columns.
    seed
        Of the choice of people that the distributions are fitted to, beyond 2,000.
    counted
        Rows of the people they are fitted to; all by default.

    Raises
    ------
    ShapeError
        When there isn't one label per person.

    Notes
    -----
    *Source*: mixture of normal distributions seen through known errors ("extreme deconvolution"), Bovy, Hogg
    and Roweis (2011), equations 15 and 16, written with precisions. Differs from it in a prior that pulls each
    group's spread towards that of all groups together with the weight of ten people.
    """
    if labels.shape != (len(measurement.information),):
        raise ShapeError(f"labels: expected ({len(measurement.information)},), got {labels.shape}")
    if n_groups <= 1 or not len(labels):
        return np.ones((len(labels), n_groups))
    counted = np.arange(len(labels)) if counted is None else counted
    rows = counted[some_rows(len(counted), RESAMPLED_PEOPLE, seed=seed)]
    mixture = fitted_mixture(measurement.of_rows(rows), labels[rows], n_groups=n_groups)
    return group_chances(measurement, mixture)


def fitted_mixture(measurement: Measurement, labels: NDArray[np.integer], *, n_groups: int) -> Mixture:
    """Return the likeliest normal distribution of true places of each group, started from the groups.

    Parameters
    ----------
    measurement
        Of n_people.
    labels
        Length n_people, 0 … n_groups − 1.
    n_groups
        Two or more.

    Raises
    ------
    IndexError
        If a label is out of range.

    Notes
    -----
    *Source*: Bovy, Hogg and Roweis (2011), section 3; the prior on covariances as in Fraley and Raftery (2007).
    """
    member = np.zeros((len(labels), n_groups))
    member[np.arange(len(labels)), labels] = 1.0
    places = measurement.places
    start = np.cov(places.T, bias=True) + 1e-9 * np.eye(2)
    sizes = np.maximum(member.sum(axis=0), 1e-12)
    means = (member.T @ places) / sizes[:, None]
    mixture = Mixture(sizes / sizes.sum(), means, np.repeat(start[None], n_groups, axis=0))
    before = member
    for round_ in range(MEMBERSHIP_ROUNDS):
        mixture = _improved(measurement, mixture, before)
        if round_ < _ROUNDS_WITH_GROUPS_AS_GIVEN:
            continue
        member = group_chances(measurement, mixture)
        if np.abs(member - before).max() < MEMBERSHIP_TOLERANCE:
            break
        before = member
    return mixture


def group_chances(measurement: Measurement, mixture: Mixture) -> Floats:
    """Return each person's chances to belong to the groups of a mixture, n_people × n_groups, rows of sum 1.

    Raises
    ------
    numpy.linalg.LinAlgError
        If a group's covariance is singular.

    Notes
    -----
    *Source*: Bayes' theorem; Bovy, Hogg and Roweis (2011), equation 14.
    """
    logs = np.column_stack([_posterior(measurement, mixture, group)[2] for group in range(len(mixture.shares))])
    logs += np.log(mixture.shares)
    chances = np.exp(logs - logs.max(axis=1, keepdims=True))
    return chances / chances.sum(axis=1, keepdims=True)


def _improved(measurement: Measurement, mixture: Mixture, member: Floats) -> Mixture:
    """Return the mixture after one maximisation step, given who belongs where."""
    sizes = np.maximum(member.sum(axis=0), 1e-12)
    means, scatter = [], []
    for group in range(len(sizes)):
        place, spread, _ = _posterior(measurement, mixture, group)
        weight = member[:, group]
        mean = weight @ place / sizes[group]
        away = place - mean
        means.append(mean)
        scatter.append(np.einsum("n,ni,nj->ij", weight, away, away) + np.einsum("n,nij->ij", weight, spread))
    together = sum(scatter) / sizes.sum()
    imagined = MEMBERSHIP_PRIOR_PEOPLE
    covariances = [
        (own + imagined * together) / (size + imagined) + 1e-9 * np.eye(2)
        for own, size in zip(scatter, sizes, strict=True)
    ]
    return Mixture(sizes / sizes.sum(), np.array(means), np.array(covariances))


def _posterior(measurement: Measurement, mixture: Mixture, group: int) -> tuple[Floats, Floats, Floats]:
    """Return everybody's true place given one group: mean, covariance, and the log evidence for the group."""
    inverse = np.linalg.inv(mixture.covariances[group])
    pull = inverse @ mixture.means[group]
    precision = measurement.precision + inverse
    a, b, c = precision[:, 0, 0], precision[:, 0, 1], precision[:, 1, 1]
    determinant = a * c - b * b
    spread = np.stack((c, -b, -b, a), axis=1).reshape(-1, 2, 2) / determinant[:, None, None]
    information = measurement.information + pull
    place = np.einsum("nij,nj->ni", spread, information)
    evidence = (np.log(np.linalg.det(inverse)) - np.log(determinant)) / 2
    evidence += (np.einsum("ni,ni->n", information, place) - mixture.means[group] @ pull) / 2
    return place, spread, evidence

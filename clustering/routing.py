"""Which statement teaches most about one participant: plain Python, for the process that answers the web.

Beside Polis's formula (`clustering.priorities`), which is the same for everybody. Everything needed comes from
a published map as plain numbers, and from the participant's own votes; nothing here loads a numeric library.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, hypot, pi, sqrt
from operator import attrgetter
from typing import Any, Literal

from clustering.settings import (
    IDEAL_LOADING_PRECISION,
    IDEAL_MAX_STEP,
    IDEAL_MIN_WEIGHT,
    IDEAL_PERSON_STEPS,
    ROUTER_NEW_SHARE,
    ROUTER_RANDOM_SHARE,
    ROUTER_WELL_SEEN,
)

_PI_8 = pi / 8

Because = Literal["informative", "new", "random"]


@dataclass(frozen=True, slots=True)
class StatementPull:
    """What a published map says of a statement, as far as choosing needs it.

    Attributes
    ----------
    statement
        Its id.
    pull
        How the two coordinates of a place move the log-odds of agreeing; 0, 0 while unknown.
    easiness
        Log-odds that somebody at the centre agrees.
    n_seen, n_pass
        People who saw it, and those of them who passed.
    is_seed
        Put there by the organiser before the conversation opened.
    """

    statement: str
    pull: tuple[float, float] = (0.0, 0.0)
    easiness: float = 0.0
    n_seen: int = 0
    n_pass: int = 0
    is_seed: bool = False
    _unsure: float = field(init=False, repr=False, compare=False)
    _says: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out what doesn't hang on who is asked: everybody is compared with every statement."""
        n_decided = self.n_seen - self.n_pass
        object.__setattr__(self, "_unsure", 1.0 / (IDEAL_LOADING_PRECISION + n_decided / 4))
        object.__setattr__(self, "_says", (n_decided + 1) / (self.n_seen + 2) if self.n_seen else 1.0)

    def to_document(self) -> list[Any]:
        """Return plain JSON values, in short: a web process reads hundreds of these for an answer."""
        w1, w2, b = (round(value, 4) for value in (*self.pull, self.easiness))
        return [self.statement, w1, w2, b, self.n_seen, self.n_pass, int(self.is_seed)]

    @classmethod
    def from_document(cls, document: Sequence[Any]) -> "StatementPull":
        """Return what `to_document` wrote."""
        id_text, w1, w2, b, n_seen, n_pass, is_seed = document
        return cls(id_text, (w1, w2), b, n_seen, n_pass, bool(is_seed))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a participant stands as far as their votes tell: mean and covariance of two coordinates."""

    x: float = 0.0
    y: float = 0.0
    xx: float = 1.0
    xy: float = 0.0
    yy: float = 1.0


@dataclass(frozen=True, slots=True)
class Choice:
    """A chosen statement, and the record of how it could have gone.

    Attributes
    ----------
    statement
        Its id.
    propensity
        The probability with which it was chosen.
    propensities
        Statement id → probability, of everything that could have been chosen; they add up to 1.
    because
        Which of the three draws chose it. All of them could have: the propensity counts them all.
    """

    statement: str
    propensity: float
    propensities: Mapping[str, float]
    because: Because


@dataclass(frozen=True, slots=True)
class Prospects:
    """What may be chosen for somebody, and how likely each is in each of the three draws.

    Attributes
    ----------
    ordered
        What may be shown, by id.
    at_random, of_new, of_best, chances
        Length n_statements, each adding up to 1 (`of_new` to 0 where nothing is new): within a draw, over all.
    shares
        How likely each draw is.
    """

    ordered: Sequence[StatementPull]
    at_random: Sequence[float]
    of_new: Sequence[float]
    of_best: Sequence[float]
    chances: Sequence[float]
    shares: tuple[float, float, float]


def standing(votes: Mapping[str, int], pulls: Iterable[StatementPull]) -> Standing:
    """Return where a participant stands, from their votes alone, the statements as published.

    Parameters
    ----------
    votes
        Statement id → 1, 0 or −1. Passes say nothing about places, nor do votes on statements not in `pulls`.
        Without votes the standing is that of anybody: 0, with variance 1.
    pulls
        The published statements.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: the person step of `IdealPointModel`: Newton's method to the mode of the posterior under a unit
    Gaussian prior, the inverse curvature as covariance (Laplace).

    Examples
    --------
    >>> standing({}, []).xx
    1.0
    """
    cast = [
        (*p.pull, p.easiness, votes[p.statement] > 0)
        for p in pulls
        if votes.get(p.statement, 0) and p.pull != (0.0, 0.0)
    ]
    x = y = 0.0
    for _ in range(IDEAL_PERSON_STEPS):
        gx, gy, xx, xy, yy = _slope_and_curvature(x, y, cast)
        determinant = xx * yy - xy * xy
        dx, dy = (yy * gx - xy * gy) / determinant, (xx * gy - xy * gx) / determinant
        length = hypot(dx, dy)
        shorter = min(1.0, IDEAL_MAX_STEP / length) if length else 1.0
        x, y = x + dx * shorter, y + dy * shorter
        if length < 1e-6:
            break
    _, _, xx, xy, yy = _slope_and_curvature(x, y, cast)
    determinant = xx * yy - xy * xy
    return Standing(x, y, yy / determinant, -xy / determinant, xx / determinant)


def information(stands: Standing, pull: StatementPull) -> float:
    """Return how much of the variance of a participant's place one vote on a statement is expected to remove.

    Parameters
    ----------
    stands
        Mean and covariance Σ of the place.
    pull
        The statement: w and b, how many people saw it and how many of them passed.

    Returns
    -------
    float
        Expected fall of the trace of Σ, ≥ 0, in squared standard deviations of people's places: (1 − passes) ·
        q̄ |Σw|² / (1 + q̄ w'Σw), where q̄ is p (1 − p) averaged over the place.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: A-optimal design, Chaloner and Verdinelli (1995); the average of p (1 − p) over a Gaussian by the
    approximation of MacKay (1992), differentiated. What few have voted on has a pull that is itself uncertain:
    its variance v = 1 / (4 + ¼ n) is added, ww' + vI, as what will be learned of it later.
    """
    return _worths(stands, [pull])[0]


def choose_next(
    unseen: Sequence[StatementPull],
    stands: Standing,
    *,
    seed: int,
    random_share: float = ROUTER_RANDOM_SHARE,
    new_share: float = ROUTER_NEW_SHARE,
) -> Choice | None:
    """Return the statement to show next, with the probability of every choice; None if nothing is left.

    One of three draws: a share of the choices at random among all unseen statements; a share among those that
    too few people have seen, organisers' first, the less seen the likelier; the rest by what a vote is expected
    to tell of this participant's place, the best one.

    Parameters
    ----------
    unseen
        What may be shown; the choice doesn't depend on their order.
    stands
        Where the participant stands: see `standing`.
    seed
        The same seed, statements and standing choose the same.
    random_share, new_share
        From 0 to 1, together at most 1.

    Raises
    ------
    ValueError
        If the shares are out of range.

    Notes
    -----
    *Source*: own; propensities for unbiased shares: Horvitz and Thompson (1952).
    """
    found = prospects(unseen, stands, random_share=random_share, new_share=new_share)
    if found is None:
        return None
    at, because = choose_among(found, seed=seed)
    named = zip(found.ordered, found.chances, strict=True)
    propensities = {pull.statement: chance for pull, chance in named}
    return Choice(found.ordered[at].statement, found.chances[at], propensities, because)


def prospects(
    unseen: Sequence[StatementPull],
    stands: Standing,
    *,
    random_share: float = ROUTER_RANDOM_SHARE,
    new_share: float = ROUTER_NEW_SHARE,
) -> Prospects | None:
    """Return how likely each statement is to be chosen, as in `choose_next`; None if nothing is left.

    Parameters
    ----------
    unseen, stands, random_share, new_share
        As in `choose_next`.

    Raises
    ------
    ValueError
        If the shares are out of range.

    Notes
    -----
    *Source*: as `choose_next`, of which this is all that doesn't hang on the seed.
    """
    if not (random_share >= 0 and new_share >= 0 and random_share + new_share <= 1):
        raise ValueError(f"shares: expected ≥ 0 and at most 1 together, got {random_share} and {new_share}")
    if not unseen:
        return None
    ordered = sorted(unseen, key=attrgetter("statement"))
    of_new = _newness(ordered)
    at_random = [1.0 / len(ordered)] * len(ordered)
    of_best = _most_informative(ordered, stands)
    kept = new_share if any(of_new) else 0.0
    shares = (random_share, kept, 1.0 - random_share - kept)
    chances = [
        shares[0] * r + shares[1] * n + shares[2] * b
        for r, n, b in zip(at_random, of_new, of_best, strict=True)
    ]
    return Prospects(ordered, at_random, of_new, of_best, chances, shares)


def choose_among(found: Prospects, *, seed: int) -> tuple[int, Because]:
    """Return the place of the chosen one in `found.ordered`, and which draw chose it.

    Parameters
    ----------
    found
        See `prospects`.
    seed
        The same seed and prospects choose the same.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: as `choose_next`.
    """
    draw = random.Random(seed)  # noqa: S311 - reproducible on purpose, and nothing secret hangs on it.
    draws: list[tuple[Because, Sequence[float]]] = [
        ("random", found.at_random),
        ("new", found.of_new),
        ("informative", found.of_best),
    ]
    because, of = draw.choices(draws, found.shares)[0]
    return draw.choices(range(len(found.ordered)), of)[0], because


def published_pulls(
    statements: Sequence[str],
    *,
    loadings: Sequence[Sequence[float]],
    easiness: Sequence[float],
    n_seen: Sequence[int],
    n_pass: Sequence[int],
    seeds: Iterable[str] = (),
) -> list[StatementPull]:
    """Return what a map publishes for choosing, from the fitted model's numbers and the counts.

    Parameters
    ----------
    statements
        Ids, length n_statements.
    loadings, easiness
        Of the `IdealPointModel`, n_statements × 2 and n_statements; of lists, not arrays.
    n_seen, n_pass
        People who saw each statement, and those of them who passed; length n_statements.
    seeds
        Ids of the organiser's statements.

    Raises
    ------
    ValueError
        If the lengths differ.
    """
    seeded = set(seeds)
    return [
        StatementPull(id_, (float(pull[0]), float(pull[1])), float(b), int(seen), int(passed), id_ in seeded)
        for id_, pull, b, seen, passed in zip(statements, loadings, easiness, n_seen, n_pass, strict=True)
    ]


def _slope_and_curvature(
    x: float, y: float, cast: Sequence[tuple[float, float, float, bool]]
) -> tuple[float, float, float, float, float]:
    gx, gy, xx, xy, yy = -x, -y, 1.0, 0.0, 1.0
    for w1, w2, b, agrees in cast:
        p = 1.0 / (1.0 + exp(-_held(b + x * w1 + y * w2)))
        surprise = agrees - p
        weight = max(p * (1.0 - p), IDEAL_MIN_WEIGHT)
        gx, gy = gx + surprise * w1, gy + surprise * w2
        xx, xy, yy = xx + weight * w1 * w1, xy + weight * w1 * w2, yy + weight * w2 * w2
    return gx, gy, xx, xy, yy


def _held(z: float) -> float:
    return max(-30.0, min(30.0, z))


def _worths(stands: Standing, pulls: Sequence[StatementPull]) -> list[float]:
    """Return `information` of each; one loop without calls: every request goes through all statements."""
    x, y, xx, xy, yy = stands.x, stands.y, stands.xx, stands.xy, stands.yy
    trace, square = xx + yy, xx * xx + 2 * xy * xy + yy * yy
    found = []
    for pull in pulls:
        w1, w2 = pull.pull
        unsure = pull._unsure
        a, b = xx * w1 + xy * w2, xy * w1 + yy * w2
        spread = w1 * a + w2 * b + unsure * trace
        narrowed = 1.0 / sqrt(1.0 + _PI_8 * spread)
        z = narrowed * (pull.easiness + w1 * x + w2 * y)
        p = 1.0 / (1.0 + exp(-z)) if -30 < z < 30 else 0.0
        q = narrowed * p * (1.0 - p)
        found.append(pull._says * q * (a * a + b * b + unsure * square) / (1.0 + q * spread))
    return found


def _newness(ordered: Sequence[StatementPull]) -> list[float]:
    """Return the chance of each statement within the draw of new ones; zeros when none is new."""
    new = [max(0, ROUTER_WELL_SEEN - pull.n_seen) for pull in ordered]
    seeds = [weight if pull.is_seed else 0 for weight, pull in zip(new, ordered, strict=True)]
    weights = seeds if any(seeds) else new
    total = sum(weights) or 1
    return [weight / total for weight in weights]


def _most_informative(ordered: Sequence[StatementPull], stands: Standing) -> list[float]:
    """Return the chance of each statement within the draw of the best one: 1, or shared by equals."""
    worth = _worths(stands, ordered)
    least = max(worth) * (1 - 1e-9)
    share = 1.0 / sum(value >= least for value in worth)
    return [share if value >= least else 0.0 for value in worth]

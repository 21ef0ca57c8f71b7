"""Ballots that look coordinated: equal ones share one weight; the rest is evidence for people to judge."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.special import expit, pdtrc

from clustering.settings import (
    ALIKE_BLOCK,
    ALIKE_MIN_PEOPLE,
    ALIKE_MIN_SHARED,
    ALIKE_SHARE,
    ALIKE_Z,
    BURST_CHANCE,
    BURST_MIN_PEOPLE,
    BURST_SECONDS,
    BURST_SURROUNDINGS_SECONDS,
    DUPLICATE_MIN_VOTES,
)
from clustering.vote_matrix import VoteMatrix


def equal_ballot_sets(matrix: VoteMatrix) -> NDArray[np.intp]:
    """Return which set of equal ballots each participant's ballot is in, length n_participants.

    Sets are numbered from 0 in the order of their first row. Ballots without votes are equal to each other.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: own; ballots are compared by 128-bit digests (`VoteMatrix.ballot_digests`).
    """
    order = matrix.in_ballot_order()
    is_new = _is_new(matrix.ballot_digests[order])
    sets = np.empty(len(order), dtype=np.intp)
    sets[order] = np.cumsum(is_new) - 1
    first_row = order[is_new]
    rank = np.empty(len(first_row), dtype=np.intp)
    rank[np.argsort(first_row)] = np.arange(len(first_row))
    return rank[sets]


def _is_new(digests: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return which digests, equal ones side by side, differ from the one before."""
    return np.append(True, np.any(digests[1:] != digests[:-1], axis=1))[: len(digests)]


def ballot_weights(matrix: VoteMatrix) -> NDArray[np.float64]:
    """Return how many people each participant counts for in places and groups, length n_participants.

    One each; but m people with exactly equal ballots of ten votes or more count for one together, 1/m each.
    Among 8,737 real participants with that many votes seven share a ballot, so honest people lose nothing, and
    a block of copied ballots can't draw the map to itself. Counts shown to people stay counts of people.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: measured on the open Polis data and on planted copies (docs/method.md).
    """
    weights = np.ones(matrix.n_participants)
    long_enough = np.flatnonzero(matrix.votes_per_participant >= DUPLICATE_MIN_VOTES)
    digests = matrix.ballot_digests[long_enough]
    # Sorting one half of the digests tells whether there are copies at all, mostly at once; few rows are left.
    half, in_order = digests[:, 0], np.sort(digests[:, 0])
    repeated = np.unique(in_order[1:][in_order[1:] == in_order[:-1]])
    if repeated.size:
        at = np.minimum(np.searchsorted(repeated, half), repeated.size - 1)
        maybe = np.flatnonzero(repeated[at] == half)
        order = maybe[np.lexsort(digests[maybe].T)]
        n_copies = np.diff(np.append(np.flatnonzero(_is_new(digests[order])), len(order)))
        weights[long_enough[order]] = np.repeat(1.0 / n_copies, n_copies)
    return weights


def counts_once(matrix: VoteMatrix, weights: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return who counts where copies of one ballot count once, length n_participants: of copies the first.

    Parameters
    ----------
    matrix
        n_participants × n_statements.
    weights
        Its `ballot_weights`.

    Raises
    ------
    IndexError
        If there isn't one weight per participant.

    Notes
    -----
    *Source*: own.
    """
    counts = weights >= 1
    copies = np.flatnonzero(~counts)
    if copies.size:
        counts[copies[np.unique(equal_ballot_sets(matrix)[copies], return_index=True)[1]]] = True
    return counts


EvidenceKind = Literal["alike", "all-agree", "all-disagree", "all-pass", "burst"]

USUAL: Mapping[EvidenceKind, str] = {
    "alike": "Sets of 3 to 5 in one of five open conversations, 27 of 2,031 people; none in the other four.",
    "all-agree": "0 to 3.8 % of the people with ten votes or more, in 17 open conversations.",
    "all-disagree": "0 to 0.2 % of the people with ten votes or more, in five open conversations.",
    "all-pass": "0 to 4.2 % of the people with ten votes or more, in 17 open conversations.",
    "burst": "At most 8 first votes within a minute in open conversations; 27 and 37 when two were launched.",
}
"""How usual each kind is in open conversations in which nobody is known to have cheated (docs/method.md)."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """Something about ballots that people should look at. Nothing is ever done about it unasked.

    Attributes
    ----------
    kind
        `alike`: ballots that agree more than their places let expect. `all-agree`, `all-disagree`, `all-pass`:
        ten votes or more, all the same. `burst`: more first votes at once than the time around lets expect.
    rows
        The participants' rows, in rising order.
    seen
        What was seen, in numbers: `n_people` always; of `alike` the least `agreement` and `z` among the pairs
        found; of ballots all the same the `share` of people with as many votes; of a burst `start_ms` and
        `expected` first votes.
    usual
        How usual that is among honest people, in words.
    """

    kind: EvidenceKind
    rows: NDArray[np.intp]
    seen: Mapping[str, float]
    usual: str


class FittedPlaces(Protocol):
    """What is needed of `IdealPoints`."""

    @property
    def positions(self) -> NDArray[np.float64]:
        """Length n_participants × 2."""
        ...

    @property
    def loadings(self) -> NDArray[np.float64]:
        """Length n_statements × 2."""
        ...

    @property
    def easiness(self) -> NDArray[np.float64]:
        """Length n_statements."""
        ...


def one_sided_ballots(matrix: VoteMatrix) -> list[Evidence]:
    """Return the people with ten votes or more who always agree, always disagree or always pass.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: own; base rates in docs/method.md.
    """
    votes, counted = matrix.votes, matrix.votes_per_participant >= DUPLICATE_MIN_VOTES
    owner = np.repeat(np.arange(matrix.n_participants), matrix.votes_per_participant)
    found = []
    values: tuple[tuple[EvidenceKind, int], ...] = (("all-agree", 1), ("all-disagree", -1), ("all-pass", 0))
    for kind, value in values:
        n_same = np.bincount(owner[votes.data == value], minlength=matrix.n_participants)
        rows = np.flatnonzero(counted & (n_same == matrix.votes_per_participant))
        if rows.size:
            seen = {"n_people": float(rows.size), "share": rows.size / float(counted.sum())}
            found.append(Evidence(kind, rows, seen, USUAL[kind]))
    return found


def ballots_alike(matrix: VoteMatrix, model: FittedPlaces) -> list[Evidence]:
    """Return the sets of three people or more who agree much more than their places let expect.

    Two people are alike if, of the twenty statements or more that both decided on, they agree on 90 %, and that
    is five standard deviations more than the model expects of two people at their places. Sets are chained:
    everybody in one is alike to somebody in it. Equal ballots are alike too.

    Parameters
    ----------
    matrix
        n_participants × n_statements.
    model
        Fitted to it, rows and columns in the same order.

    Not everything is found. In trials with planted ballots most exact copies and most ballots with little
    noise were found among 1,200 people and more, none among 200, and none with much noise: a large block
    draws the model to itself, which then expects it.

    Raises
    ------
    ValueError
        If the model is of another number of participants or statements.

    Notes
    -----
    *Source*: own. Agreement on j has the chance p_i p_k + (1−p_i)(1−p_k) = (1 + t_i t_k)/2, t = 2p − 1, so that
    expectation and variance of the number of agreements are products of matrices; a block of people at a time.
    """
    votes = matrix.votes
    n_decided = np.bincount(votes.nonzero()[0], minlength=matrix.n_participants)
    rows = np.flatnonzero(n_decided >= ALIKE_MIN_SHARED)
    leaning = 2 * expit(model.positions @ model.loadings.T + model.easiness)[rows] - 1
    cast = votes[rows].toarray().astype(np.float32)
    decided = np.abs(cast)
    expected = (leaning * decided).astype(np.float32)
    parts = (cast, decided, expected, expected * expected)
    pairs = [
        _alike(first, tuple(part[first : first + ALIKE_BLOCK] for part in parts), parts)
        for first in range(0, rows.size, ALIKE_BLOCK)
    ]
    if not pairs:
        return []
    one, other, z, agreement = np.concatenate(pairs, axis=1)
    pair = (one.astype(np.intp), other.astype(np.intp))
    links = sparse.coo_array((np.ones(one.size), pair), shape=(rows.size, rows.size))
    set_of = connected_components(links, directed=False)[1]
    found = []
    for number in np.flatnonzero(np.bincount(set_of, minlength=1) >= ALIKE_MIN_PEOPLE):
        inside, members = set_of[pair[0]] == number, rows[set_of == number]
        least = {"agreement": float(agreement[inside].min()), "z": float(z[inside].min())}
        found.append(Evidence("alike", members, {"n_people": float(members.size), **least}, USUAL["alike"]))
    return found


Block = tuple[NDArray[np.float32], ...]


def _alike(first: int, block: Block, parts: Block) -> NDArray[np.float64]:
    """Return the pairs found of a block of people and those after each: both positions, z and agreement."""
    difference, n_both, expected, squared = (
        mine @ all_[first:].T for mine, all_ in zip(block, parts, strict=True)
    )
    # Agreements are (n + Σ xx')/2; expected (n + Σ tt')/2; variance (n − Σ t²t'²)/4.
    n_both_or_one = np.maximum(n_both, 1)
    z = (difference - expected) / np.sqrt(np.maximum(n_both - squared, 1e-3))
    agreement = (1 + difference / n_both_or_one) / 2
    is_alike = (n_both >= ALIKE_MIN_SHARED) & (agreement >= ALIKE_SHARE - 1e-6) & (z >= ALIKE_Z)
    one, other = np.nonzero(np.triu(is_alike, k=1))
    pairs = (one + first, other + first, z[one, other], agreement[one, other])
    return np.vstack(pairs).astype(np.float64)


def first_votes_at(
    participant_index: NDArray[np.integer], cast_at_ms: NDArray[np.integer], *, n_participants: int
) -> NDArray[np.int64]:
    """Return when each participant cast their first vote, length n_participants, −1 where nobody knows.

    Parameters
    ----------
    participant_index, cast_at_ms
        Length n_votes: who cast each vote and when, milliseconds since 1970, −1 if unknown.

    Raises
    ------
    IndexError
        If a participant's position is out of range.

    Notes
    -----
    *Source*: own.
    """
    first = np.full(n_participants, np.iinfo(np.int64).max)
    known = np.asarray(cast_at_ms) >= 0
    np.minimum.at(first, participant_index[known], cast_at_ms[known])
    return np.where(first == np.iinfo(np.int64).max, -1, first)


def bursts(first_vote_ms: NDArray[np.integer]) -> list[Evidence]:
    """Return the minutes in which many more people came than the hour around lets expect.

    Parameters
    ----------
    first_vote_ms
        Length n_participants: see `first_votes_at`.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: own. Windows start at a first vote and don't overlap, the fullest first; the chance of so many is
    Poisson's at the rate of the hour around without the window (as far as the conversation reaches, one first
    vote at least), times the number of windows.
    """
    rows = np.flatnonzero(first_vote_ms >= 0)
    rows = rows[np.argsort(first_vote_ms[rows], kind="stable")]
    at = first_vote_ms[rows].astype(np.int64)
    if not at.size:
        return []
    last = np.searchsorted(at, at + BURST_SECONDS * 1000)
    size = last - np.arange(at.size)
    expected = _expected_first_votes(at, size)
    chance = np.asarray(pdtrc(size - 1, expected)) * at.size
    taken, found = np.zeros(at.size, bool), []
    for start in np.argsort(-size, kind="stable").tolist():
        inside = slice(start, int(last[start]))
        if size[start] < BURST_MIN_PEOPLE or chance[start] > BURST_CHANCE or taken[inside].any():
            continue
        taken[inside] = True
        seen = {"start_ms": float(at[start]), "expected": float(expected[start])}
        found.append(
            Evidence("burst", np.sort(rows[inside]), {"n_people": float(size[start]), **seen}, USUAL["burst"])
        )
    return found


def _expected_first_votes(at: NDArray[np.int64], size: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return how many first votes the hour around lets expect in the window that starts at each."""
    window, half = BURST_SECONDS * 1000, BURST_SURROUNDINGS_SECONDS * 500
    middle = at + window // 2
    n_around = np.searchsorted(at, middle + half) - np.searchsorted(at, middle - half)
    reach = np.minimum(middle + half, at[-1]) - np.maximum(middle - half, at[0])
    return np.maximum(n_around - size, 1) * (window / np.maximum(reach - window, window))

"""Which statements mark a group out from the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from clustering.proportions import difference_z, share_z, smoothed_share
from clustering.settings import N_REPRESENTATIVE, Z_90
from clustering.tallies import Tallies

Floats = NDArray[np.float64]
Direction = Literal["agree", "disagree"]


@dataclass(frozen=True, eq=False)
class SideScores:
    """How one side (agree, or disagree) stands in each group, n_groups × n_statements each.

    Attributes
    ----------
    share
        Smoothed share of those who saw the statement.
    share_z
        Standard errors of that share above one half.
    ratio
        The share divided by the share among all other groups: *representativeness*.
    ratio_z
        Standard errors of the share above that of the others.
    """

    share: Floats
    share_z: Floats
    ratio: Floats
    ratio_z: Floats

    @property
    def rank(self) -> Floats:
        """The product that statements are ordered by, n_groups × n_statements."""
        return self.ratio * self.ratio_z * self.share * self.share_z


@dataclass(frozen=True, slots=True)
class RepresentativeStatement:
    """A statement that marks a group out.

    Attributes
    ----------
    statement
        Its column.
    direction
        Whether the group stands out by agreeing or by disagreeing.
    n_success, n_seen
        People of the group who voted that way, and who saw it.
    share, share_z, representativeness, representativeness_z
        The scores of `SideScores`.
    is_best_agree
        Put first because it is what the group most clearly agrees on.
    """

    statement: int
    direction: Direction
    n_success: int
    n_seen: int
    share: float
    share_z: float
    representativeness: float
    representativeness_z: float
    is_best_agree: bool = False


def side_scores(n_success: NDArray[np.int64], n_seen: NDArray[np.int64]) -> SideScores:
    """Return the scores of one side for all groups and statements.

    Parameters
    ----------
    n_success, n_seen
        n_groups × n_statements: people who voted that way, people who saw the statement.

    Raises
    ------
    ValueError
        If the shapes differ.

    Notes
    -----
    *Source*: Polis, math/src/polismath/math/repness.clj `comment-stats`, `add-comparitive-stats` (commit
    2679ba7f).
    """
    other_success = n_success.sum(axis=0) - n_success
    other_seen = n_seen.sum(axis=0) - n_seen
    share = smoothed_share(n_success, n_seen)
    return SideScores(
        share=share,
        share_z=share_z(n_success, n_seen),
        ratio=share / smoothed_share(other_success, other_seen),
        ratio_z=difference_z(n_success, n_seen, other_success, other_seen),
    )


def representative_statements(
    counts: Tallies, *, is_left_out: NDArray[np.bool_]
) -> list[list[RepresentativeStatement]]:
    """Return the statements that mark each group out, at most five a group, agrees first.

    Parameters
    ----------
    counts
        Of the groups, n_groups × n_statements.
    is_left_out
        Length n_statements: statements not to name.

    Returns
    -------
    list of list of RepresentativeStatement
        One list per group. Each has a statement even where none passes the tests, as in Polis; with a single
        group there is nothing to stand out from and the scores compare with nobody.

    Raises
    ------
    ShapeError
        Never by itself; counts are made by `tallies`.

    Notes
    -----
    *Source*: Polis, math/src/polismath/math/repness.clj `select-rep-comments` (commit 2679ba7f).
    """
    agree = side_scores(counts.n_agree, counts.n_seen)
    disagree = side_scores(counts.n_disagree, counts.n_seen)
    named = np.flatnonzero(~is_left_out)
    return [_of_group(group, named, counts, agree, disagree) for group in range(len(counts.n_seen))]


def _of_group(
    group: int, named: NDArray[np.intp], counts: Tallies, agree: SideScores, disagree: SideScores
) -> list[RepresentativeStatement]:
    passes = _is_clear(agree)[group] | _is_clear(disagree)[group]
    sufficient = named[passes[named]]
    first = _best_agree(group, named, counts, agree)
    lead = [] if first is None else [_finalised(group, first, counts, agree, disagree, is_best_agree=True)]
    if not sufficient.size:
        return lead or _least_bad(group, named, counts, agree, disagree)
    rank = np.where(agree.ratio_z > disagree.ratio_z, agree.rank, disagree.rank)[group, sufficient]
    order = [j for j in sufficient[np.argsort(-rank, kind="stable")] if j != first][:N_REPRESENTATIVE]
    rest = [_finalised(group, j, counts, agree, disagree) for j in order]
    return _agrees_first([*lead, *rest][:N_REPRESENTATIVE])


def _is_clear(side: SideScores) -> NDArray[np.bool_]:
    """Return where both tests pass at the one-sided 90 % level (without any correction for many tests)."""
    return (side.ratio_z > Z_90) & (side.share_z > Z_90)


def _best_agree(group: int, named: NDArray[np.intp], counts: Tallies, agree: SideScores) -> int | None:
    """Return the statement the group most clearly agrees on, or None.

    The rule depends on the order of statements: the first acceptable one is replaced only by a better one,
    and what better means depends on the one it replaces.
    """
    voted = (counts.n_agree[group] > 0) | (counts.n_disagree[group] > 0)
    share, z = agree.share[group], agree.share_z[group]
    ratio, ratio_z = agree.ratio[group], agree.ratio_z[group]
    acceptable = (z > Z_90) | ((ratio > 1.0) & (share > 0.5))
    by_share, by_both = share * z, ratio * ratio_z * share * z
    best: int | None = None
    for j in named[voted[named]]:
        if best is None:
            best = int(j) if acceptable[j] else None
        elif (by_both[j] > by_both[best]) if ratio[best] > 1.0 else (by_share[j] > by_share[best]):
            best = int(j)
    return best


def _least_bad(
    group: int, named: NDArray[np.intp], counts: Tallies, agree: SideScores, disagree: SideScores
) -> list[RepresentativeStatement]:
    if not named.size:
        return []
    strongest = np.maximum(agree.ratio_z[group, named], disagree.ratio_z[group, named])
    return [_finalised(group, int(named[int(np.argmax(strongest))]), counts, agree, disagree)]


def _finalised(
    group: int,
    j: int | np.integer,
    counts: Tallies,
    agree: SideScores,
    disagree: SideScores,
    *,
    is_best_agree: bool = False,
) -> RepresentativeStatement:
    stands_out_by_agreeing = agree.ratio_z[group, j] > disagree.ratio_z[group, j]
    side = agree if stands_out_by_agreeing else disagree
    n_success = counts.n_agree if stands_out_by_agreeing else counts.n_disagree
    return RepresentativeStatement(
        statement=int(j),
        direction="agree" if stands_out_by_agreeing else "disagree",
        n_success=int(n_success[group, j]),
        n_seen=int(counts.n_seen[group, j]),
        share=float(side.share[group, j]),
        share_z=float(side.share_z[group, j]),
        representativeness=float(side.ratio[group, j]),
        representativeness_z=float(side.ratio_z[group, j]),
        is_best_agree=is_best_agree,
    )


def _agrees_first(statements: Sequence[RepresentativeStatement]) -> list[RepresentativeStatement]:
    return sorted(statements, key=lambda statement: statement.direction != "agree")

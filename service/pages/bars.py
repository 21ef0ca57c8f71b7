"""Votes on one statement as a bar: shares of agree, pass and disagree, and how many votes they rest on."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clustering.share_ends import share_ends

SHOWN_VOTES = 5
"""Votes of a group below which nothing is shown of them: the privacy floor holds for votes as for people."""

FEW_VOTES = 10
"""Votes below which a bar is faded and labelled: too few to say much."""


@dataclass(frozen=True, slots=True)
class Bar:
    """The votes of one group, or of everybody, on one statement.

    Attributes
    ----------
    group
        The group's letter; nothing for everybody.
    n_seen
        Votes; nothing when the group, or its votes, are too few to show.
    is_group_hidden
        Whether it is the group that is too small, not only its votes on this statement.
    agree, passed, disagree
        Whole percentages that sum to 100; all 0 without votes.
    share, low, high
        The share who agree, with its 90 % interval, between 0 and 1.
    """

    group: str | None
    n_seen: int | None
    agree: int = 0
    passed: int = 0
    disagree: int = 0
    share: float = 0.0
    low: float = 0.0
    high: float = 1.0
    is_group_hidden: bool = False

    @property
    def is_small(self) -> bool:
        """Whether the bar rests on few votes."""
        return self.n_seen is not None and self.n_seen < FEW_VOTES


def bar(counts: Mapping[str, Any] | None, *, group: str | None) -> Bar:
    """Return the bar of some counts.

    Parameters
    ----------
    counts
        `n_agree`, `n_pass`, `n_disagree` and `n_seen`; all nothing for a group too small to show.
    group
        Whose votes they are.
    """
    if counts is None or counts["n_seen"] is None:
        return Bar(group, None, is_group_hidden=True)
    n_seen = counts["n_seen"]
    if n_seen == 0:
        return Bar(group, 0)
    if group is not None and n_seen < SHOWN_VOTES:
        return Bar(group, None)
    agree, passed, disagree = percentages([counts["n_agree"], counts["n_pass"], counts["n_disagree"]])
    low, high = interval(counts["n_agree"], n_seen)
    return Bar(group, n_seen, agree, passed, disagree, counts["n_agree"] / n_seen, low, high)


def percentages(parts: list[int]) -> list[int]:
    """Return parts of a whole as whole percentages that sum to 100, by largest remainder.

    Examples
    --------
    >>> percentages([1, 1, 1])
    [34, 33, 33]
    """
    whole = sum(parts)
    exact = [100 * part / whole for part in parts]
    found = [math.floor(one) for one in exact]
    by_remainder = sorted(range(len(parts)), key=lambda index: (found[index] - exact[index], index))
    for index in by_remainder[: 100 - sum(found)]:
        found[index] += 1
    return found


def interval(n_yes: float, n_seen: float) -> tuple[float, float]:
    """Return the 90 % interval of a share: the one of `certainty`, so that a figure is the same everywhere.

    Parameters
    ----------
    n_yes, n_seen
        Votes that agree, of all votes (> 0); weighed ones as their effective number.

    Raises
    ------
    ValueError
        Without votes.

    Notes
    -----
    *Source*: `clustering.share_ends`: the middle 90 % of Beta(yes + 1, no + 1).

    Examples
    --------
    >>> low, high = interval(8, 10)
    >>> round(low, 3), round(high, 3)
    (0.53, 0.921)
    """
    return share_ends(n_yes, n_seen)

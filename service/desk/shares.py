"""Votes of one group on one statement: three shares, each with its 90 % interval, and how many votes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.pages.bars import bar, interval


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 90 % interval, all in whole percentages."""

    percent: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Shares:
    """The votes of one group, or of everybody, on one statement.

    Attributes
    ----------
    group
        The group's letter; nothing for everybody.
    n_seen
        Votes; nothing when the group, or its votes, are too few to show.
    agree, passed, disagree
        The shares; nothing where there is nothing to show. The percentages sum to 100.
    is_group_hidden
        Whether it is the group that is too small, not only its votes on this statement.
    is_small
        Whether they rest on few votes.
    """

    group: str | None
    n_seen: int | None
    agree: Share | None = None
    passed: Share | None = None
    disagree: Share | None = None
    is_group_hidden: bool = False
    is_small: bool = False


def shares(counts: Mapping[str, Any] | None, *, group: str | None) -> Shares:
    """Return the shares of some counts; what is too few to show is left out as on every other page.

    Parameters
    ----------
    counts
        `n_agree`, `n_pass`, `n_disagree` and `n_seen`; nothing for a group too small to show.
    group
        Whose votes they are.

    Examples
    --------
    >>> counts = {"n_agree": 8, "n_pass": 1, "n_disagree": 1, "n_seen": 10}
    >>> shares(counts, group="A").agree
    Share(percent=80, low=53, high=92)
    """
    shown = bar(counts, group=group)
    if counts is None or not shown.n_seen:
        return Shares(group, shown.n_seen, is_group_hidden=shown.is_group_hidden)
    return Shares(
        group,
        shown.n_seen,
        agree=_share(shown.agree, counts["n_agree"], shown.n_seen),
        passed=_share(shown.passed, counts["n_pass"], shown.n_seen),
        disagree=_share(shown.disagree, counts["n_disagree"], shown.n_seen),
        is_small=shown.is_small,
    )


def _share(percent: int, n_yes: int, n_seen: int) -> Share:
    low, high = interval(n_yes, n_seen)
    return Share(percent, round(100 * low), round(100 * high))


def shares_by_statement(document: Mapping[str, Any]) -> dict[str, tuple[Shares, ...]]:
    """Return statement id → the shares of every group in the order of letters, then of everybody."""
    letters: Sequence[str] = [group["group"] for group in document["groups"]]
    return {
        counts["statement"]: (
            *(shares(counts["groups"].get(letter), group=letter) for letter in letters),
            shares(counts, group=None),
        )
        for counts in document["statements"]
    }

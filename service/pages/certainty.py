"""What the map page says of how sure the map is: the figures beside the map, with the statements' texts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.pages.shown_statement import ShownStatement

MOST_LISTED = 5
"""Statements shown of each list; the others are in the data."""

WITHOUT_GROUPS = frozenset({"no stable groups", "no shared pattern"})
"""Verdicts by which groups on the map are chance."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share of people with its 90 % interval; of one group, or of everybody where it has no letter."""

    group: str | None
    share: float
    low: float
    high: float
    n_people: int


@dataclass(frozen=True, slots=True)
class SureStatement:
    """A statement something can be said of for sure.

    Attributes
    ----------
    direction
        `agree`, `disagree` or `pass`: what the shares are of.
    estimates
        The shares to tell, most important first.
    """

    statement: ShownStatement
    direction: str
    estimates: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class ShownCertainty:
    """Everything the page says of how sure a map is.

    Attributes
    ----------
    verdict
        As the API names it; nothing for methods that are not judged.
    missing
        What it would take to say more, if it is too early.
    n_groups
        How many groups come back; the map may show another number.
    n_in_between
        People between the groups; nothing for one to four.
    recovery
        Per group on the map, the share of it that is found again.
    is_stale, made_at
        Whether the map has moved on since it was judged, and when that was.
    marking, n_seen_by_few
        Per group: the statements that mark it out, and how many few of it saw.
    by_all, by_most, dividing, unsure
        What all groups share, what most people share beside that, what divides, what people pass on.
    document
        The API's, for the plain figures.
    """

    verdict: str | None
    missing: Mapping[str, int]
    n_groups: int
    n_in_between: int | None
    recovery: Mapping[str, float]
    is_stale: bool
    made_at: datetime
    marking: Mapping[str, tuple[SureStatement, ...]]
    n_seen_by_few: Mapping[str, int]
    by_all: tuple[SureStatement, ...]
    by_most: tuple[SureStatement, ...]
    dividing: tuple[SureStatement, ...]
    unsure: tuple[SureStatement, ...]
    document: Mapping[str, Any]

    @property
    def has_groups(self) -> bool:
        """Whether the groups on the map are more than chance, as far as is known."""
        return self.verdict not in WITHOUT_GROUPS


def certainty_of(
    document: Mapping[str, Any] | None, shown: Mapping[str, ShownStatement], *, letters: Sequence[str]
) -> ShownCertainty | None:
    """Return what the page says of how sure a map is; nothing until it is known.

    Parameters
    ----------
    document
        The `certainty` of the public group map.
    shown
        The statements of the map; those hidden since aren't spoken of.
    letters
        The groups on the map now, which may be others than when it was judged.
    """
    if document is None:
        return None
    told = {one["group"]: one for one in document["groups"] if one["group"] in letters}
    by_all = _sure(document["shared_by_all_groups"], shown, letters)
    shared = {one.statement.id for one in by_all}
    by_most = [one for one in document["shared_by_most_people"] if one["statement"] not in shared]
    return ShownCertainty(
        verdict=document["verdict"],
        missing=document["missing"] or {},
        n_groups=document["n_groups"] or 0,
        n_in_between=document["n_in_between"],
        recovery={letter: one["recovery"] for letter, one in told.items() if one["recovery"] is not None},
        is_stale=document["stale"],
        made_at=datetime.fromisoformat(document["made_at"]),
        marking={
            letter: _sure(one["representative_statements"], shown, letters, group=letter)
            for letter, one in told.items()
        },
        n_seen_by_few={letter: len(one["seen_by_few"]) for letter, one in told.items()},
        by_all=by_all,
        by_most=_sure(by_most, shown, letters),
        dividing=_sure(document["dividing"], shown, letters),
        unsure=_sure(document["unsure"], shown, letters, direction="pass"),
        document=document,
    )


def _sure(
    named: Iterable[Mapping[str, Any]],
    shown: Mapping[str, ShownStatement],
    letters: Sequence[str],
    *,
    group: str | None = None,
    direction: str = "agree",
) -> tuple[SureStatement, ...]:
    """Return the statements of one list that are on view, the first few of them."""
    found = [
        SureStatement(shown[one["statement"]], one.get("direction", direction), _estimates(one, letters, group))
        for one in named
        if one["statement"] in shown and shown[one["statement"]].text is not None
    ]
    return tuple(found[:MOST_LISTED])


def _estimates(named: Mapping[str, Any], letters: Sequence[str], group: str | None) -> tuple[Estimate, ...]:
    """Return the shares to tell of one statement."""
    if "groups" not in named:
        return (_estimate(named, group),)
    by_letter = {one["group"]: one for one in named["groups"] if one["group"] in letters}
    # Where groups differ, the two furthest apart; where they share it, the one that shares it least.
    wanted = [named["most"], named["least"]] if "gap" in named else [named["worst_group"]]
    return tuple(_estimate(by_letter[letter], letter) for letter in wanted if letter in by_letter)


def _estimate(figures: Mapping[str, Any], group: str | None) -> Estimate:
    return Estimate(group, figures["share"], figures["low"], figures["high"], figures["n_seen"])

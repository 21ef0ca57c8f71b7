"""All statements of a map with what is known of them: to sort, to filter, and to see which divide."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.desk.shares import Shares, shares_by_statement
from service.pages.bars import FEW_VOTES
from service.pages.certainty import WITHOUT_GROUPS
from service.store.records import StatementRecord, StatementState

CONSENSUS, DIVIDING, UNSURE, FEW = "consensus", "dividing", "unsure", "few"
KINDS = (CONSENSUS, DIVIDING, UNSURE, FEW)
"""What a statement can be: shared for sure, dividing for sure, doubted for sure, or seen by few."""

SORTS = ("votes", "least-votes", "division", "agree", "disagree", "pass", "order")
"""Ways to sort: `votes` and `least-votes` by how many, `order` as they were added."""


@dataclass(frozen=True, slots=True)
class Row:
    """One statement.

    Attributes
    ----------
    number
        Its place in order of adding.
    is_counted
        Whether the map is made with it: neither moderated out nor about the conversation itself.
    shares
        Of every group by letter, those of everybody last.
    division
        How far the groups that cast ten votes or more are apart in agreeing, 0 … 1; of a map without groups,
        1 where as many agree as disagree and 0 where all do the same. Nothing with too few votes.
    kinds
        Which of `KINDS` it is.
    """

    number: int
    id: str
    text: str
    language: str
    is_visible: bool
    is_meta: bool
    is_counted: bool
    shares: tuple[Shares, ...]
    division: float | None
    kinds: frozenset[str]

    @property
    def everybody(self) -> Shares:
        """Return the shares of everybody."""
        return self.shares[-1]

    def of(self, group: str | None) -> Shares:
        """Return the shares of a group, or of everybody."""
        return next((one for one in self.shares if one.group == group), self.everybody)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to see of the statements.

    Attributes
    ----------
    kind, group, sort
        One of `KINDS`, a letter, one of `SORTS`; nothing is no wish.
    find
        Words that the text holds.
    """

    kind: str | None = None
    group: str | None = None
    sort: str = "votes"
    find: str = ""


def wish_of(asked: Mapping[str, str], letters: Sequence[str]) -> Wish:
    """Return the wish that an address holds; what isn't known is no wish.

    Examples
    --------
    >>> wish_of({"kind": "dividing", "group": "Z", "sort": "?"}, ["A", "B"])
    Wish(kind='dividing', group=None, sort='votes', find='')
    """
    kind, group, sort = asked.get("kind"), asked.get("group"), asked.get("sort", "votes")
    return Wish(
        kind=kind if kind in KINDS else None,
        group=group if group in letters else None,
        sort=sort if sort in SORTS else "votes",
        find=asked.get("find", "").strip()[:200],
    )


def rows_of(document: Mapping[str, Any], records: Sequence[StatementRecord], *, language: str) -> list[Row]:
    """Return every statement of a map that is still there, and visible ones that came after it.

    Parameters
    ----------
    document
        The public group map.
    language
        The conversation's, for statements that don't name theirs.
    """
    by_statement, kinds = shares_by_statement(document), _kinds(document)
    counted = {one["statement"]: one for one in document["statements"]}
    n_groups = len(document["groups"])
    nobody = tuple(Shares(group["group"], 0) for group in document["groups"])
    rows = []
    for one in records:
        shares = by_statement.get(one.id, (*nobody, Shares(None, 0)))
        entry = counted.get(one.id)
        few = {FEW} if (shares[-1].n_seen or 0) < FEW_VOTES else set()
        rows.append(
            Row(
                number=one.number,
                id=one.id,
                text=one.text,
                language=one.language or language,
                is_visible=one.state is StatementState.VISIBLE,
                is_meta=one.is_meta,
                is_counted=entry is not None and not entry["is_moderated_out"] and not entry["is_meta"],
                shares=shares,
                division=division(shares, has_groups=n_groups > 1),
                kinds=frozenset(kinds.get(one.id, set()) | few),
            )
        )
    return rows


def division(shares: Sequence[Shares], *, has_groups: bool) -> float | None:
    """Return how much a statement divides, 0 … 1, or nothing where too few voted on it.

    Parameters
    ----------
    shares
        Of every group, those of everybody last.
    has_groups
        Whether to compare groups; else those who agree with those who disagree.
    """
    if has_groups:
        found = [one.agree.percent for one in shares[:-1] if one.agree and (one.n_seen or 0) >= FEW_VOTES]
        return (max(found) - min(found)) / 100 if len(found) > 1 else None
    everybody = shares[-1]
    if everybody.agree is None or everybody.disagree is None or (everybody.n_seen or 0) < FEW_VOTES:
        return None
    return 1 - abs(everybody.agree.percent - everybody.disagree.percent) / 100


def _kinds(document: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return statement id → what it is for sure; nothing of a map that wasn't judged."""
    certainty = document["certainty"]
    if certainty is None:
        return {}
    found: dict[str, set[str]] = {}
    has_groups = certainty["verdict"] not in WITHOUT_GROUPS
    shared = certainty["shared_by_all_groups" if has_groups else "shared_by_most_people"]
    dividing = certainty["dividing"] if has_groups else []
    for kind, named in ((CONSENSUS, shared), (DIVIDING, dividing), (UNSURE, certainty["unsure"])):
        for one in named:
            found.setdefault(one["statement"], set()).add(kind)
    return found


def wanted(rows: Sequence[Row], wish: Wish) -> list[Row]:
    """Return the rows that a wish asks for, in its order; ties stay in order of adding."""
    found = [one for one in rows if _is_wanted(one, wish)]
    if wish.sort == "order":
        return found
    return sorted(found, key=lambda one: _KEYS[wish.sort](one, wish.group))


def _is_wanted(row: Row, wish: Wish) -> bool:
    few_here = wish.kind == FEW and wish.group and (row.of(wish.group).n_seen or 0) < FEW_VOTES
    is_kind = wish.kind is None or wish.kind in row.kinds or bool(few_here)
    return is_kind and all(word in row.text.casefold() for word in wish.find.casefold().split())


def _percent(name: str) -> Callable[[Row, str | None], float]:
    def key(row: Row, group: str | None) -> float:
        share = getattr(row.of(group), name)
        # Statements without votes come last.
        return 1.0 if share is None else -share.percent

    return key


_KEYS: Mapping[str, Callable[[Row, str | None], float]] = {
    "votes": lambda row, group: -(row.of(group).n_seen or 0),
    "least-votes": lambda row, group: row.of(group).n_seen or 0,
    "division": lambda row, _: 1.0 if row.division is None else -row.division,
    "agree": _percent("agree"),
    "disagree": _percent("disagree"),
    "pass": _percent("passed"),
}

"""What the map page says: the public group map and the statements' texts, put in the order people read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.pages.bars import FEW_VOTES, bar
from service.pages.certainty import WITHOUT_GROUPS, ShownCertainty, SureStatement, certainty_of
from service.pages.drawing import Drawing, cloud_of, drawing_of
from service.pages.shown_statement import ShownStatement
from service.store.records import StatementRecord, StatementState

MOST_STATEMENTS = 300
"""Statements listed with all their votes; a page of more is slow to read and to load."""

END_STATEMENTS = 2
"""Statements that explain each end of an axis."""


@dataclass(frozen=True, slots=True)
class MarkingStatement:
    """A statement that stands out, and which way.

    Attributes
    ----------
    direction
        `agree` or `disagree`.
    against
        The groups in which fewer than half of the votes go that way.
    """

    direction: str
    statement: ShownStatement
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """An opinion group.

    Attributes
    ----------
    letter
        Its letter.
    n_participants
        Its people; nothing when there are too few to say.
    share
        Their share of everybody on the map.
    where
        Words of where it stands: keys such as `left` and `up`.
    marking
        The statements that mark it out: for sure where that is known, else as Polis counts them.
    """

    letter: str
    n_participants: int | None
    share: float | None
    where: tuple[str, ...]
    marking: tuple[MarkingStatement | SureStatement, ...]


@dataclass(frozen=True, slots=True)
class MapPage:
    """Everything the page says about a map.

    Attributes
    ----------
    state
        An outcome, or `first-map` while the first is being drawn: which design the page takes.
    differs, shares
        The statement that groups differ most on, and the one they share most; nothing when there is none.
    ends
        For `left`, `right`, `up` and `down`: statements that people there agree with more often.
    certainty
        How sure it is; nothing until that is known.
    by_id
        Every statement of the map.
    document
        The public document, for the plain figures; without its groups where they are chance.
    """

    state: str
    document: Mapping[str, Any]
    published_at: datetime | None
    drawing: Drawing | None
    smallest_bubble: int | None
    groups: tuple[ShownGroup, ...]
    differs: ShownStatement | None
    shares: ShownStatement | None
    ends: Mapping[str, tuple[ShownStatement, ...]]
    shared: tuple[MarkingStatement, ...]
    statements: tuple[ShownStatement, ...]
    n_statements_left_out: int
    certainty: ShownCertainty | None
    by_id: Mapping[str, ShownStatement]


def map_page(document: Mapping[str, Any], records: Sequence[StatementRecord], *, language: str) -> MapPage:
    """Return what the page says; of groups that are chance it says nothing, and shows everybody in one cloud.

    Parameters
    ----------
    document
        The public group map with its freshness.
    records
        The conversation's statements; only visible ones lend their text.
    language
        The conversation's language, for statements that don't name theirs.
    """
    document = _without_chance(document)
    shown = _shown_statements(document, records, language)
    letters = [group["group"] for group in document["groups"]]
    certainty = certainty_of(document["certainty"], shown, letters=letters)
    groups = tuple(_group(group, document, shown, certainty) for group in document["groups"])
    listed = _listed(document, shown)
    drawn = [one for group in document["groups"] for one in group["bubbles"]] or document.get("bubbles", [])
    published = document["published_at"]
    return MapPage(
        state=_state(document),
        document=document,
        published_at=None if published is None else datetime.fromisoformat(published),
        drawing=drawing_of(document["groups"]) or cloud_of(document.get("bubbles", [])),
        smallest_bubble=min((one["n_participants"] for one in drawn), default=None),
        groups=groups,
        differs=_most_different(listed),
        shares=_most_shared(listed, document),
        ends=_ends(document, shown),
        shared=_shared(document, shown),
        statements=tuple(listed[:MOST_STATEMENTS]),
        n_statements_left_out=max(0, len(listed) - MOST_STATEMENTS),
        certainty=certainty,
        by_id=shown,
    )


def _without_chance(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a document without groups if those on its map are chance."""
    sure = document["certainty"]
    if sure is None or sure["verdict"] not in WITHOUT_GROUPS or not document["groups"]:
        return document
    bubbles = [one for group in document["groups"] for one in group["bubbles"]]
    return {**document, "groups": [], "bubbles": bubbles}


def _state(document: Mapping[str, Any]) -> str:
    if document["published_at"] is None and document["votes_pending"]:
        return "first-map"
    return str(document["outcome"])


def _shown_statements(
    document: Mapping[str, Any], records: Sequence[StatementRecord], language: str
) -> dict[str, ShownStatement]:
    """Return every statement of the map that may be shown; those hidden since lose their text."""
    visible = {str(one.id): one for one in records if one.state is StatementState.VISIBLE}
    letters = [group["group"] for group in document["groups"]]
    shown = {}
    for counts in document["statements"]:
        record = visible.get(counts["statement"])
        shown[counts["statement"]] = ShownStatement(
            id=counts["statement"],
            text=None if record is None else record.text,
            language=(record.language if record else "") or language,
            bars=tuple(bar(counts["groups"].get(letter), group=letter) for letter in letters),
            everybody=bar(counts, group=None),
            is_meta=counts["is_meta"],
        )
    return shown


def _group(
    group: Mapping[str, Any],
    document: Mapping[str, Any],
    shown: dict[str, ShownStatement],
    certainty: ShownCertainty | None,
) -> ShownGroup:
    n_people = group["n_participants"]
    classic = (
        MarkingStatement(one["direction"], shown[one["statement"]])
        for one in group["representative_statements"]
    )
    return ShownGroup(
        letter=group["group"],
        n_participants=n_people,
        share=None if n_people is None else n_people / document["n_placed"],
        where=_where(group, document["groups"]),
        marking=tuple(classic) if certainty is None else certainty.marking.get(group["group"], ()),
    )


def _where(group: Mapping[str, Any], groups: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return in words where a group's centre stands among the places of all groups."""
    centre = group["centre"]
    places = [
        place for one in groups if one["centre"] is not None for place in (*one["outline"], one["centre"])
    ]
    if centre is None or not places:
        return ()
    words = []
    for axis, low, high in ((0, "left", "right"), (1, "down", "up")):
        least, most = min(place[axis] for place in places), max(place[axis] for place in places)
        position = (centre[axis] - least) / ((most - least) or 1)
        words += [low] if position < 0.4 else [high] if position > 0.6 else []
    return tuple(words) or ("middle",)


def _listed(document: Mapping[str, Any], shown: dict[str, ShownStatement]) -> list[ShownStatement]:
    """Return the statements to list: those on view, those with most votes first."""
    left_out = {one["statement"] for one in document["statements"] if one["is_moderated_out"]}
    listed = [one for one in shown.values() if one.text is not None and one.id not in left_out]
    return sorted(listed, key=lambda one: -(one.everybody.n_seen or 0))


def _is_said_by_all(statement: ShownStatement) -> bool:
    """Return whether every group cast enough votes on a statement to speak of its share."""
    bars = statement.bars
    return len(bars) > 1 and not statement.is_meta and all((one.n_seen or 0) >= FEW_VOTES for one in bars)


def _most_different(listed: Sequence[ShownStatement]) -> ShownStatement | None:
    """Return the statement with the widest gap between groups that is more than chance."""
    found = [one for one in listed if _is_said_by_all(one) and _gap(one) > 0]
    return max(found, key=_gap, default=None)


def _gap(statement: ShownStatement) -> float:
    # From the low end of the highest share to the high end of the lowest: positive only beyond doubt.
    highest = max(statement.bars, key=lambda one: one.share)
    lowest = min(statement.bars, key=lambda one: one.share)
    return highest.low - lowest.high


def _most_shared(listed: Sequence[ShownStatement], document: Mapping[str, Any]) -> ShownStatement | None:
    """Return the statement most agreed with in every group, among those that most of each group agrees with."""
    score = {one["statement"]: one["group_aware_consensus"] or 0.0 for one in document["statements"]}
    found = [one for one in listed if _is_said_by_all(one) and all(bar.low > 0.5 for bar in one.bars)]
    return max(found, key=lambda one: score[one.id], default=None)


def _ends(
    document: Mapping[str, Any], shown: dict[str, ShownStatement]
) -> dict[str, tuple[ShownStatement, ...]]:
    """Return the statements at each end of the axes; nothing where an end has none."""
    ends = {}
    for axis, (low, high) in zip(document["axes"], (("left", "right"), ("down", "up")), strict=False):
        for side, ids in ((low, axis["low"]), (high, axis["high"])):
            found = [shown[one] for one in ids if shown[one].text is not None]
            if found:
                ends[side] = tuple(found[:END_STATEMENTS])
    return ends


def _shared(document: Mapping[str, Any], shown: dict[str, ShownStatement]) -> tuple[MarkingStatement, ...]:
    """Return the consensus statements; those that every group shares come first."""
    found = [
        MarkingStatement(direction, shown[one["statement"]], _against(shown[one["statement"]], direction))
        for direction in ("agree", "disagree")
        for one in document["consensus"][direction]
        if shown[one["statement"]].text is not None
    ]
    return tuple(sorted(found, key=lambda one: bool(one.against)))


def _against(statement: ShownStatement, direction: str) -> tuple[str, ...]:
    return tuple(
        bar.group
        for bar in statement.bars
        if bar.group and bar.n_seen and (bar.agree if direction == "agree" else bar.disagree) < 50
    )

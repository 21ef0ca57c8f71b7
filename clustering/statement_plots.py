"""Figures of how groups voted on statements; use them from `plots`."""

from collections.abc import Sequence

from clustering.assessment import Assessment
from clustering.drawing import BODY, LINE, LOOKS, MUTED, SMALL, SURFACE, WIDTH, Look, Picture, tinted, wrapped
from clustering.findings import common_ground_finding, percent, statements_finding, text_of
from clustering.intervals import share_interval
from clustering.settings import SEEN_BY_FEW, SMALLEST_GROUP_SHOWN
from clustering.tallies import Tallies

_SHARES = (4.3, 8.0)
"""Where shares of 0 % and 100 % stand beside a statement, in inches from the left."""


def statement_bars(
    assessed: Assessment,
    statements: Sequence[str] | None = None,
    *,
    group: str | None = None,
    title: str | None = None,
) -> Picture:
    """Return how each group voted on some statements: agree, pass and disagree, with n and 90 % interval.

    Parameters
    ----------
    assessed
        Of a map with groups.
    statements
        Their ids, in the order to draw; or
    group
        The letter of a group, for the statements that mark it out.
    title
        Instead of the finding.

    Raises
    ------
    KeyError
        For an id or a letter that isn't there.
    """
    columns = _columns(assessed, statements, group)
    counts = assessed.judged.groups
    n_groups = counts.n_seen.shape[0]
    texts = [wrapped(text_of(assessed.group_map, column), WIDTH, BODY, at_most=3) for column in columns]
    high = 0.45 + sum(0.23 * len(lines) + 0.27 * n_groups + 0.26 for lines in texts)
    note = "Shares of those of the group who saw the statement; the thin line is the 90 % interval of agreeing."
    picture = Picture(title=title or statements_finding(assessed, columns, group), note=note, height=high)
    y = picture.top
    _legend(picture, y)
    y += 0.5
    for column, lines in zip(columns, texts, strict=True):
        y = picture.write(0, y, lines) + 0.04
        for row in range(n_groups):
            _votes(picture, y, LOOKS[row], _of(counts, row, column))
            y += 0.27
        y += 0.2
    return picture


def common_ground_figure(assessed: Assessment, *, n_each: int = 5, title: str | None = None) -> Picture:
    """Return what all groups share beside what divides them: every group's share, n and 90 % interval.

    Parameters
    ----------
    assessed
        Of a map with groups.
    n_each
        Statements of either kind, at most.
    title
        Instead of the finding.
    """
    ground, group_map = assessed.ground, assessed.group_map
    n_groups = len(assessed.judged.groups.n_seen)
    shared = [(found.statement, found.direction) for found in ground.by_all_groups[:n_each]]
    dividing = [(found.statement, "agree") for found in ground.dividing[:n_each]]
    parts = [("What every group shares", shared), ("What divides them", dividing)]
    texts = {
        column: wrapped(text_of(group_map, column), _SHARES[0] - 0.5, SMALL, at_most=3)
        for _, rows in parts
        for column, _ in rows
    }
    heights = [sum(_row_height(texts[column], n_groups) for column, _ in rows) for _, rows in parts]
    high = 0.4 + sum(0.75 + height for height in heights)
    note = "Share of those of the group who saw the statement; the thin line is the 90 % interval."
    picture = Picture(title=title or common_ground_finding(assessed), note=note, height=high)
    y = picture.top
    for row, look in enumerate(LOOKS[:n_groups]):
        picture.mark(0.08 + 1.1 * row, y + 0.09, look, area=52)
        picture.write(0.24 + 1.1 * row, y, f"group {look.letter}", size=SMALL, colour=look.colour)
    y += 0.45
    for (heading, rows), height in zip(parts, heights, strict=True):
        picture.write(0, y, heading, weight="bold")
        _scale_of_shares(picture, y + 0.06, height)
        y += 0.42
        if not rows:
            picture.write(0, y, "Nothing that could be said with confidence.", size=SMALL, colour=MUTED)
        for column, direction in rows:
            _shares(picture, y, assessed, column, direction, texts[column])
            y += _row_height(texts[column], n_groups)
        y += 0.33
    return picture


def _columns(assessed: Assessment, statements: Sequence[str] | None, group: str | None) -> list[int]:
    if statements is None:
        letters = [look.letter for look in LOOKS[: len(assessed.representative)]]
        if group not in letters:
            raise KeyError(f"group: expected one of {', '.join(letters) or 'none'}, got {group!r}")
        return [found.statement for found in assessed.representative[letters.index(group)]]
    position = {str(statement.id): j for j, statement in enumerate(assessed.group_map.matrix.statements)}
    return [position[statement] for statement in statements]


def _legend(picture: Picture, y: float) -> None:
    left = 0.75
    for said, drawn in (("✓ agree", "agree"), ("– pass", "pass"), ("✕ disagree", "disagree")):
        picture.bar(left, y, 0.3, 0.15, **_fill(drawn, MUTED))
        picture.write(left + 0.38, y - 0.02, said, size=SMALL, colour=MUTED)
        left += 1.35


def _fill(side: str, colour: str) -> dict[str, object]:
    """Return how a part of a bar is filled: told apart by pattern, not by colour alone."""
    if side == "agree":
        return {"facecolor": colour}
    if side == "pass":
        return {"facecolor": SURFACE, "edgecolor": LINE, "linewidth": 0.6}
    return {
        "facecolor": tinted(colour, 0.16),
        "edgecolor": tinted(colour, 0.55),
        "hatch": "/////",
        "linewidth": 0,
    }


def _votes(picture: Picture, y: float, look: Look, counts: tuple[int, int, int]) -> None:
    """Draw one group's votes on one statement: agree, pass, disagree, in this order."""
    n_agree, n_pass, n_disagree = counts
    seen = sum(counts)
    picture.mark(0.12, y + 0.085, look, area=48)
    picture.write(0.28, y, look.letter, size=SMALL, weight="bold", colour=look.colour)
    if seen < SMALLEST_GROUP_SHOWN:
        picture.write(0.75, y, "fewer than 5 people saw this", size=SMALL, colour=MUTED)
        return
    left, whole = 0.75, WIDTH - 2.75
    x, colour = left, look.colour if seen >= SEEN_BY_FEW else tinted(look.colour, 0.45)
    for side, n in (("agree", n_agree), ("pass", n_pass), ("disagree", n_disagree)):
        picture.bar(x, y, whole * n / seen, 0.19, **_fill(side, colour))
        x += whole * n / seen
    interval = share_interval(n_agree, seen)
    picture.whisker(left + whole * float(interval.low), left + whole * float(interval.high), y + 0.095)
    few = ", few" if seen < SEEN_BY_FEW else ""
    said = f"{percent(n_agree / seen)} agree (n = {seen:,}{few})"
    picture.write(left + whole + 0.12, y, said, size=SMALL, colour=MUTED)


def _of(counts: Tallies, row: int, column: int) -> tuple[int, int, int]:
    n_agree, n_pass, n_disagree = (
        int(n[row, column]) for n in (counts.n_agree, counts.n_pass, counts.n_disagree)
    )
    return n_agree, n_pass, n_disagree


def _scale_of_shares(picture: Picture, y: float, high: float) -> None:
    """Draw the scale of shares over rows that are together so high."""
    left, right = _SHARES
    for share in (0.0, 0.5, 1.0):
        x = left + (right - left) * share
        picture.write(x, y, percent(share), size=8.5, colour=MUTED, align="center")
        picture.line([x, x], [y + 0.24, y + 0.22 + high], color=LINE, linewidth=0.8)


def _row_height(lines: Sequence[str], n_groups: int) -> float:
    return max(0.2 * len(lines), 0.17 * n_groups) + 0.2


def _shares(
    picture: Picture, y: float, assessed: Assessment, column: int, direction: str, lines: Sequence[str]
) -> None:
    """Draw one statement and the share of every group that takes one side, each with its interval."""
    counts = assessed.judged.groups
    n_groups = len(counts.n_seen)
    high = _row_height(lines, n_groups) - 0.2
    left, right = _SHARES
    picture.write(0, y, lines, size=SMALL)
    side = "✓ agree" if direction == "agree" else "✕ disagree"
    picture.write(right + 0.25, y + high / 2 - 0.1, side, size=SMALL, colour=MUTED)
    for row in range(n_groups):
        n_agree, _, n_disagree = _of(counts, row, column)
        seen = int(counts.n_seen[row, column])
        if seen < SMALLEST_GROUP_SHOWN:
            continue
        at = y + high * (row + 0.5) / n_groups
        interval = share_interval(n_agree if direction == "agree" else n_disagree, seen)
        low, share, top = (
            left + (right - left) * float(x) for x in (interval.low, interval.share, interval.high)
        )
        look, faint = LOOKS[row], seen < SEEN_BY_FEW
        picture.line([low, top], [at, at], color=tinted(look.colour, 0.6), linewidth=1.6)
        picture.mark([share], [at], look, area=62, faint=faint)

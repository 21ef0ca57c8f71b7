"""Figures of how sure a map is; use them from `plots`."""

import numpy as np
from numpy.typing import NDArray

from clustering.assessment import Assessment
from clustering.drawing import LINE, LOOKS, MUTED, SMALL, SURFACE, WIDTH, Picture, tinted
from clustering.findings import certainty_finding, crowds_finding, is_doubted, membership_finding, percent
from clustering.latent_density import any_density, density_grid, one_peaked_density
from clustering.modality import smoothed
from clustering.sampling import some_rows
from clustering.settings import MEMBERSHIP_SURE, MODALITY_PEOPLE, PREDICTION_STRENGTH_NEEDED
from clustering.stability import measurement_of_places

Floats = NDArray[np.float64]


def certainty_figure(assessed: Assessment, *, title: str | None = None) -> Picture:
    """Return for each number of groups whether it comes back when half of the people divide the others.

    Parameters
    ----------
    assessed
        Of a map with enough votes to judge; otherwise the figure says what is missing.
    title
        Instead of the finding.
    """
    choice = None if assessed.certainty is None else assessed.certainty.choice
    scores = () if choice is None else choice.candidates
    note = (
        "Prediction strength: of every ten pairs that belong together in the weakest group, how many would the "
        "other half of the people put together? Groups are reported from 0.8."
    )
    title = title or certainty_finding(assessed)
    picture = Picture(title=title, note=note, height=0.5 + 0.62 * len(scores))
    left, right = 2.2, 7.6
    for row, score in enumerate(scores):
        y = picture.top + 0.1 + 0.62 * row
        is_chosen = choice is not None and score.n_groups == choice.n_groups
        colour = LOOKS[0].colour if is_chosen else tinted(MUTED, 0.55)
        picture.bar(left, y, right - left, 0.34, facecolor=SURFACE)
        picture.bar(left, y, (right - left) * score.prediction_strength, 0.34, facecolor=colour)
        picture.write(0, y - 0.01, f"{score.n_groups} groups", weight="bold" if is_chosen else "normal")
        sizes = " + ".join(f"{size:,}" for size in score.sizes)
        picture.write(0, y + 0.2, sizes, size=8.5, colour=MUTED)
        said = "comes back" if score.is_reportable else "too small a group" if score.comes_back else "doesn't"
        picture.write(right + 0.12, y + 0.07, f"{score.prediction_strength:.2f}  {said}", size=SMALL)
    if scores:
        x, end = left + (right - left) * PREDICTION_STRENGTH_NEEDED, picture.top + 0.62 * len(scores)
        picture.line([x, x], [picture.top, end], linewidth=1.2, linestyle=(0, (4, 3)))
        picture.write(x, end + 0.06, "needed: 0.8", size=SMALL, colour=MUTED, align="center")
    return picture


def crowds_figure(assessed: Assessment, *, title: str | None = None) -> Picture:
    """Return how people are spread along the line that divides them best: one hump, or two and a valley.

    Parameters
    ----------
    assessed
        Of a map whose votes hang together; otherwise the figure says that there is nothing to see.
    title
        Instead of the finding.
    """
    crowds = None if assessed.certainty is None else assessed.certainty.modality
    note = (
        "How many people stand where along the line that divides them best, the error of measuring each taken "
        "out. Dashed: the likeliest spread with a single hump. Letters: the middle of each group."
    )
    picture = Picture(title=title or crowds_finding(assessed), note=note, height=3.2 if crowds else 0.1)
    if crowds is None:
        return picture
    group_map = assessed.group_map
    rows = np.flatnonzero(group_map.is_placed)
    covariances = None if group_map.covariances is None else group_map.covariances[rows]
    measured = measurement_of_places(group_map.places[rows], covariances, group_map.matrix.rows(rows))
    measured = measured.of_rows(some_rows(len(rows), MODALITY_PEOPLE, seed=group_map.settings.seed))
    along = measured.along(crowds.axis)
    grid = density_grid(*along)
    found = [smoothed(fit(*along, grid), n_people=crowds.n_people) for fit in (any_density, one_peaked_density)]
    base, high = picture.top + 2.6, 2.3 / max(curve.max() for curve in found)
    x = WIDTH * (grid - grid[0]) / (grid[-1] - grid[0])
    spread, single = (base - high * curve for curve in found)
    picture.paper.fill_between(x, base, spread, color=tinted(LOOKS[0].colour, 0.18), linewidth=0)
    picture.line(x, spread, color=LOOKS[0].colour, linewidth=2.0)
    picture.line(x, single, color=MUTED, linewidth=1.3, linestyle=(0, (4, 3)))
    picture.line([0, WIDTH], [base, base], color=LINE)
    if not is_doubted(assessed):
        _middles(picture, assessed, x=x, grid=grid, base=base)
    return picture


def membership_figure(assessed: Assessment, *, title: str | None = None) -> Picture:
    """Return how sure people's groups are: how many people belong to theirs with which probability.

    Parameters
    ----------
    assessed
        Of a map whose groups come back; otherwise the figure says that there are none to belong to.
    title
        Instead of the finding.
    """
    certainty = assessed.certainty
    sure = np.zeros(0) if certainty is None or not certainty.choice.n_groups else certainty.membership
    edges = np.linspace(0, 1, 21)
    counted = np.histogram(sure, edges)[0]
    shown = np.flatnonzero(np.cumsum(counted) > 0)
    note = (
        f"People by the probability that they belong to the group the map puts them in. "
        f"Below {MEMBERSHIP_SURE} somebody stands in between, often for want of votes."
    )
    picture = Picture(title=title or membership_finding(assessed), note=note, height=2.9 if shown.size else 0.1)
    if not shown.size:
        return picture
    base, wide = picture.top + 2.45, WIDTH / len(shown)
    for place, part in enumerate(shown):
        is_sure = edges[part] >= MEMBERSHIP_SURE - 1e-9
        high = 2.1 * counted[part] / counted.max()
        colour = LOOKS[0].colour if is_sure else tinted(MUTED, 0.55)
        picture.bar(place * wide + 0.03, base - high, wide - 0.06, high, facecolor=colour)
        picture.write(
            (place + 0.5) * wide,
            base - high - 0.22,
            f"{counted[part]:,}" if counted[part] else "",
            size=SMALL,
            align="center",
        )
        if place % 2 == len(shown) % 2:
            picture.write(
                place * wide, base + 0.06, percent(edges[part]), size=SMALL, colour=MUTED, align="center"
            )
    picture.write(WIDTH, base + 0.06, percent(1.0), size=SMALL, colour=MUTED, align="right")
    picture.line([0, WIDTH], [base, base], color=LINE)
    return picture


def _middles(picture: Picture, assessed: Assessment, *, x: Floats, grid: Floats, base: float) -> None:
    """Write each group's letter below the middle of its people, neighbours on lines of their own."""
    group_map, certainty = assessed.group_map, assessed.certainty
    if certainty is None or certainty.modality is None:
        return
    middles = [
        float(group_map.places[group_map.labels == group].mean(axis=0) @ certainty.modality.axis)
        for group in range(group_map.n_groups)
    ]
    free_from = [0.0, 0.0, 0.0]
    for group in np.argsort(middles):
        look, at = LOOKS[group], float(np.interp(middles[group], grid, x))
        row = next((row for row, end in enumerate(free_from) if at >= end), 0)
        free_from[row] = at + 0.45
        picture.mark([at], [base + 0.2 + 0.22 * row], look, area=60)
        picture.write(
            at + 0.14, base + 0.11 + 0.22 * row, look.letter, size=SMALL, weight="bold", colour=look.colour
        )

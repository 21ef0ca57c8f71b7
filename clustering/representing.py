"""Who took part beside who might have: differences from known figures, and weights that make up for them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustering.errors import ShapeError
from clustering.settings import LARGEST_WEIGHT, MOST_RAKING_ROUNDS, RAKING_TOLERANCE, SMALLEST_CELL

Floats = NDArray[np.float64]

NO_ANSWER = -1
"""The option of somebody who did not answer a question."""


@dataclass(frozen=True, eq=False)
class Raking:
    """Weights by which people count, so that the weighted shares of their answers are the known ones.

    Attributes
    ----------
    weights
        Length n_participants, mean 1; how many people each one stands for.
    n_effective
        (Σw)² / Σw²: as many people drawn at random would tell as much, 0 … n_participants.
    n_rounds
        Rounds that it took.
    largest_gap
        Largest difference that is left between a weighted share and its known one, 0 … 1.
    is_converged
        Whether that is below the tolerance.
    n_trimmed
        People whose weight would have been larger than is let.
    cells
        Per question: for each option the cell it was counted in; options with few people share one.
    """

    weights: Floats
    n_effective: float
    n_rounds: int
    largest_gap: float
    is_converged: bool
    n_trimmed: int
    cells: tuple[NDArray[np.intp], ...]


def raked(
    answers: NDArray[np.integer],
    known: Sequence[Floats],
    *,
    smallest_cell: int = SMALLEST_CELL,
    largest_weight: float = LARGEST_WEIGHT,
) -> Raking:
    """Return weights by which each question's answers are shared out as is known of all residents.

    Parameters
    ----------
    answers
        n_participants × n_questions: the option that each chose, `NO_ANSWER` for none. Who didn't answer a
        question keeps their weight there.
    known
        Per question: the known share of each option, at least 0, adding up to more than 0.
    smallest_cell
        People a cell holds at least; options of fewer are counted together, so that no weight points at
        somebody.
    largest_weight
        Most people that one may stand for. Trimmed weights leave a gap, and `largest_gap` says how large.

    Returns
    -------
    Raking
        Of nobody: no weights, and nothing left to mend. Where nobody answered, all weights are 1.

    Raises
    ------
    ShapeError
        If there aren't as many questions in both, or an answer is not one of the options.

    Notes
    -----
    *Source*: Deming and Stephan (1940), iterative proportional fitting; the effective number of people is
    Kish's (1965, 11.7). Differs from it in that weights are trimmed within each round, after Izrael, Battaglia
    and Frankel (2009).

    Examples
    --------
    >>> answers = np.array([[0]] * 30 + [[1]] * 10)
    >>> found = raked(answers, [np.array([0.5, 0.5])])
    >>> found.weights[[0, -1]].round(3).tolist(), round(found.n_effective, 1)
    ([0.667, 2.0], 30.0)
    """
    _check(answers, known)
    n_people = len(answers)
    weights = np.ones(n_people)
    margins = [_margin(answers[:, q], shares, smallest_cell) for q, shares in enumerate(known)]
    n_rounds, gap = 0, _largest_gap(weights, margins)
    while gap > RAKING_TOLERANCE and n_rounds < MOST_RAKING_ROUNDS:
        for cell_of, wanted in margins:
            weights = _fitted(weights, cell_of, wanted)
        weights = _trimmed(weights, largest_weight)
        n_rounds, before = n_rounds + 1, gap
        gap = _largest_gap(weights, margins)
        # Where weights are trimmed the gap stays; going on would change nothing.
        if abs(before - gap) < RAKING_TOLERANCE / 100:
            break
    return Raking(
        weights=weights,
        n_effective=effective_number(weights),
        n_rounds=n_rounds,
        largest_gap=gap,
        is_converged=gap <= RAKING_TOLERANCE,
        n_trimmed=int((weights >= largest_weight * (1 - 1e-9)).sum()),
        cells=tuple(
            cells_of(answers[:, q], n_options=len(shares), smallest_cell=smallest_cell)
            for q, shares in enumerate(known)
        ),
    )


def cells_of(
    chosen: NDArray[np.integer], *, n_options: int, smallest_cell: int = SMALLEST_CELL
) -> NDArray[np.intp]:
    """Return for each option the cell it is counted in: its own, or one that it shares.

    Options of fewer people than `smallest_cell` share one cell; if that is still too small, the next smallest
    joins it. Cells are numbered by their first option.

    Parameters
    ----------
    chosen
        Length n_participants: the option that each chose, `NO_ANSWER` for none.

    Returns
    -------
    ndarray
        Length n_options; nobody at all makes one cell of everything.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: own.

    Examples
    --------
    >>> cells_of(np.array([0] * 9 + [1] * 3 + [2] * 2 + [3] * 8), n_options=4).tolist()
    [0, 1, 1, 3]
    """
    n_in = np.bincount(chosen[chosen >= 0], minlength=n_options)
    smallest_first = np.argsort(n_in, kind="stable")
    n_joined, joined = 0, []
    for option in smallest_first:
        is_large = n_in[option] >= smallest_cell
        if is_large and (not joined or n_joined >= smallest_cell):
            break
        joined.append(int(option))
        n_joined += int(n_in[option])
    cells = np.arange(n_options)
    if joined:
        cells[joined] = min(joined)
    return cells.astype(np.intp)


def effective_number(weights: Floats) -> float:
    """Return how many people drawn at random would tell as much as these weighted ones.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: Kish (1965), Survey Sampling, 11.7: (Σw)² / Σw². Nobody is 0.

    Examples
    --------
    >>> effective_number(np.array([1.0, 1.0, 2.0]))
    2.6666666666666665
    """
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0


def weighted_share(is_yes: NDArray[np.bool_], weights: Floats) -> tuple[float, float]:
    """Return the weighted share of those who say yes, and the effective number of people it rests on.

    Parameters
    ----------
    is_yes, weights
        Of the same people; nobody gives ½ and 0.

    Raises
    ------
    ShapeError
        If there aren't as many of both.

    Notes
    -----
    *Source*: the ratio estimator, Hájek (1971).

    Examples
    --------
    >>> weighted_share(np.array([True, False]), np.array([3.0, 1.0]))
    (0.75, 1.6)
    """
    if is_yes.shape != weights.shape:
        raise ShapeError(f"expected a weight for each answer, got {is_yes.shape} and {weights.shape}")
    total = float(weights.sum())
    if total <= 0:
        return 0.5, 0.0
    return float(weights[is_yes].sum()) / total, effective_number(weights)


def _check(answers: NDArray[np.integer], known: Sequence[Floats]) -> None:
    if answers.ndim != 2 or answers.shape[1] != len(known):
        raise ShapeError(f"answers: expected a column for each of {len(known)} questions, got {answers.shape}")
    for question, shares in enumerate(known):
        column = answers[:, question]
        if column.size and not (column.min() >= NO_ANSWER and column.max() < len(shares)):
            given = f"{column.min()} to {column.max()}"
            raise ShapeError(f"question {question}: expected options below {len(shares)}, got {given}")


Margin = tuple[NDArray[np.intp], Floats]


def _margin(chosen: NDArray[np.integer], shares: Floats, smallest_cell: int) -> Margin:
    """Return each person's cell, −1 for none, and the known share of every cell somebody is in."""
    cells = cells_of(chosen, n_options=len(shares), smallest_cell=smallest_cell)
    of_people = np.where(chosen >= 0, cells[np.maximum(chosen, 0)], NO_ANSWER).astype(np.intp)
    wanted = np.zeros(len(shares))
    np.add.at(wanted, cells, shares)
    # A cell that nobody is in can't be made up for; the others share what is left.
    filled = np.bincount(of_people[of_people >= 0], minlength=len(shares)) > 0
    wanted = np.where(filled, wanted, 0.0)
    total = wanted.sum()
    return of_people, wanted / total if total > 0 else wanted


def _sums(weights: Floats, cell_of: NDArray[np.intp], n_cells: int) -> Floats:
    known = cell_of >= 0
    sums = np.bincount(cell_of[known], weights=weights[known], minlength=n_cells)
    # Of nobody, the counts would be whole numbers.
    return sums.astype(np.float64)


def _fitted(weights: Floats, cell_of: NDArray[np.intp], wanted: Floats) -> Floats:
    """Return weights scaled so that the shares of one question are the known ones."""
    sums = _sums(weights, cell_of, len(wanted))
    factors = np.divide(wanted * sums.sum(), sums, out=np.ones_like(sums), where=(sums > 0) & (wanted > 0))
    return np.where(cell_of >= 0, weights * factors[np.maximum(cell_of, 0)], weights)


def _trimmed(weights: Floats, largest: float) -> Floats:
    """Return weights of mean 1, none above the largest that is let."""
    weights = weights * (len(weights) / weights.sum())
    while (weights > largest * (1 + 1e-12)).any():
        excess = float((weights - largest).clip(min=0).sum())
        weights = np.minimum(weights, largest)
        # What is cut off goes to all others in proportion, so that the mean stays 1.
        has_room = weights < largest
        weights[has_room] *= 1 + excess / weights[has_room].sum()
    return weights


def _largest_gap(weights: Floats, margins: Sequence[Margin]) -> float:
    gap = 0.0
    for cell_of, wanted in margins:
        sums = _sums(weights, cell_of, len(wanted))
        total = sums.sum()
        if total > 0 and wanted.sum() > 0:
            gap = max(gap, float(np.abs(sums / total - wanted).max()))
    return gap

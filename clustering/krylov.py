"""The leading directions of a covariance that is only known by what it does to vectors."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clustering.kernels import BLOCK

Floats = NDArray[np.float64]

RESIDUAL = 1e-11
"""Residual of the wanted directions, relative to the largest eigenvalue: angles are this over the gap."""
MAX_BLOCKS = 24
"""Blocks before the search starts again from the best directions so far."""
MAX_RESTARTS = 40
NEGLIGIBLE = 1e-13
"""Part of a new direction, relative to its length before, below which it only holds rounding noise."""


@dataclass(frozen=True, eq=False)
class Directions:
    """The leading directions of a matrix.

    Attributes
    ----------
    values
        Largest eigenvalues, descending, length n_wanted; zeros where the matrix has no such direction.
    vectors
        Their eigenvectors, n_wanted × size; zeros likewise.
    nearest
        The best directions the search ended with, size × 4 at most: where a later one may start.
    """

    values: Floats
    vectors: Floats
    nearest: Floats


def leading_directions(
    times: Callable[[Floats], Floats],
    size: int,
    *,
    n_wanted: int,
    start: Floats | None = None,
    residual: float = RESIDUAL,
) -> Directions:
    """Return the largest eigenvalues and their eigenvectors.

    Parameters
    ----------
    times
        Multiplies a symmetric positive semi-definite matrix of this size by size × 4 vectors.
    size
        Rows and columns of the matrix.
    n_wanted
        At most 4.
    start
        size × n directions thought to be near; a fixed start by default.
    residual
        At which the search rests, relative to the largest eigenvalue.

    Raises
    ------
    ArithmeticError
        If the directions don't settle; not seen on any data so far.

    Notes
    -----
    *Source*: block Krylov with Rayleigh–Ritz (Golub and Underwood 1977; Musco and Musco 2015), with full
    reorthogonalisation: the matrices are small, reading the votes is what costs.
    """
    block = _first_block(size, np.zeros((size, 0)) if start is None else start)
    for _ in range(MAX_RESTARTS):
        values, vectors, is_settled = _searched(times, block, n_wanted, residual)
        if is_settled:
            kept = min(n_wanted, len(values))
            found, directions = np.zeros(n_wanted), np.zeros((n_wanted, size))
            found[:kept], directions[:kept] = values[:kept], vectors[:, :kept].T
            return Directions(np.maximum(found, 0.0), directions, vectors[:, :BLOCK])
        block = vectors[:, :BLOCK]
    raise ArithmeticError(f"the axes of {size} statements did not settle; please report these votes")


def _first_block(size: int, start: Floats) -> Floats:
    """Return the start made up to four directions, or as many as there can be."""
    # A fixed block without symmetry: a constant one could stand at a right angle to an axis.
    block = np.random.Generator(np.random.PCG64(0)).standard_normal((size, min(BLOCK, size)))
    return _orthonormal(np.hstack((start, block)), np.zeros((size, 0)))[:, : min(BLOCK, size)]


def _searched(
    times: Callable[[Floats], Floats], block: Floats, n_wanted: int, least: float
) -> tuple[Floats, Floats, bool]:
    """Return Ritz values and vectors of the space the block reaches, and whether they have settled."""
    basis, images = np.zeros((len(block), 0)), np.zeros((len(block), 0))
    values, vectors = np.zeros(0), block
    for _ in range(MAX_BLOCKS):
        image = times(_padded(block))[:, : block.shape[1]]
        basis, images = np.hstack((basis, block)), np.hstack((images, image))
        values, inside = np.linalg.eigh(basis.T @ images)
        values, inside = values[::-1], inside[:, ::-1]
        vectors = basis @ inside[:, : max(BLOCK, n_wanted)]
        wanted = slice(0, n_wanted)
        residual = images @ inside[:, wanted] - vectors[:, wanted] * values[wanted]
        if np.linalg.norm(residual, axis=0).max(initial=0.0) <= least * max(values[0], 0.0):
            return values, vectors, True
        block = _orthonormal(image, basis)
        if not block.shape[1]:
            return values, vectors, True
    return values, vectors, False


def _padded(block: Floats) -> Floats:
    missing = BLOCK - block.shape[1]
    return np.ascontiguousarray(np.pad(block, ((0, 0), (0, missing))) if missing else block)


def _orthonormal(block: Floats, basis: Floats) -> Floats:
    """Return an orthonormal basis of what the block adds to the basis, without mere rounding noise."""
    added = np.zeros((len(block), 0))
    for column in block.T:
        length = np.linalg.norm(column)
        rest = column
        for _ in range(2):  # Twice is enough (Giraud and Langou 2002).
            rest = rest - basis @ (basis.T @ rest) - added @ (added.T @ rest)
        if length > 0 and np.linalg.norm(rest) > NEGLIGIBLE * length:
            added = np.hstack((added, (rest / np.linalg.norm(rest))[:, None]))
    return added

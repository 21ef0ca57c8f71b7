"""The inner loops whose sums may be reordered, compiled: the ideal-point model, and distances for silhouettes.

Run by `clustering.parts` like those of `clustering.kernels`.
"""

import numpy as np
from numba import njit

N_SUMS = 12
"""Sums per statement: three of the gradient, six of the curvature, and three unused, which makes a row of
three vectors of the processor."""

# Fused multiply-add, no signed zeros, and sums over a person's votes several at a time, in the one order that
# the processor at hand always takes: half the time, and rounding far below the written form's ten decimals.
_reordered = njit(nogil=True, cache=True, fastmath={"contract", "arcp", "nsz", "reassoc", "nnan", "ninf"})


_STEPS_PER_UNIT = 64
_REACH = 14
_LOGISTIC = 1.0 / (
    1.0 + np.exp(-np.arange(-_REACH * _STEPS_PER_UNIT, _REACH * _STEPS_PER_UNIT + 1) / _STEPS_PER_UNIT)
)


@njit(nogil=True, inline="always")
def logistic(z):
    """Return 1 / (1 + exp(−z)), within 2·10⁻⁸ up to |z| = 14 and held there beyond (8·10⁻⁷ from 0 or 1).

    A table with the second-order Taylor step from its nearest entry: a fifth of the time of `exp`.
    """
    if z > _REACH - 0.01:
        z = _REACH - 0.01
    if z < 0.01 - _REACH:
        z = 0.01 - _REACH
    at = np.uint32((z + _REACH) * _STEPS_PER_UNIT + 0.5)
    near = _LOGISTIC[at]
    step = z - (at * (1.0 / _STEPS_PER_UNIT) - _REACH)
    return near + step * near * (1.0 - near) * (1.0 + step * (0.5 - near))


@_reordered
def person_step(
    first, last, places, rows, indptr, indices, agrees, pulls, n_steps, max_step, min_step, min_weight
):
    """Move these rows' places (n_participants × 2, in place) by Newton steps towards their mode, pulls fixed.

    Pulls are n_statements × 3: two loadings and the easiness. The prior of a place is the unit Gaussian. A step
    shorter than `min_step` is somebody's last.
    """
    for at_row in range(first, last):
        i = rows[at_row]
        x, y = places[i, 0], places[i, 1]
        for _ in range(n_steps):
            gx, gy, xx, xy, yy = -x, -y, 1.0, 0.0, 1.0
            for at in range(np.uint64(indptr[i]), np.uint64(indptr[i + 1])):
                j = np.uint32(indices[at])
                one, other = pulls[j, 0], pulls[j, 1]
                chance = logistic(pulls[j, 2] + x * one + y * other)
                surprise = agrees[at] - chance
                gx += surprise * one
                gy += surprise * other
                weight = chance * (1.0 - chance)
                weight = weight if weight > min_weight else min_weight
                xx += weight * one * one
                xy += weight * one * other
                yy += weight * other * other
            determinant = xx * yy - xy * xy
            dx = (yy * gx - xy * gy) / determinant
            dy = (xx * gy - xy * gx) / determinant
            length = np.sqrt(dx * dx + dy * dy)
            if length > max_step:
                dx *= max_step / length
                dy *= max_step / length
            x += dx
            y += dy
            if length < min_step:
                break
        places[i, 0] = x
        places[i, 1] = y


@_reordered
def person_step_and_sums(
    first,
    last,
    sums,
    places,
    rows,
    indptr,
    indices,
    agrees,
    weights,
    pulls,
    n_steps,
    max_step,
    min_step,
    min_weight,
):
    """Move places as `person_step` does, then add up what their votes ask of the statements, n_statements × 12.

    Going through the votes person by person keeps a person's place at hand and their votes in the nearest
    cache; statement by statement every vote would fetch a place from far away, at three times the cost.
    """
    for at_row in range(first, last):
        if n_steps:
            person_step(
                at_row,
                at_row + 1,
                places,
                rows,
                indptr,
                indices,
                agrees,
                pulls,
                n_steps,
                max_step,
                min_step,
                min_weight,
            )
        i = rows[at_row]
        x, y, own_weight = places[i, 0], places[i, 1], weights[i]
        xx, xy, yy = x * x, x * y, y * y
        for at in range(np.uint64(indptr[i]), np.uint64(indptr[i + 1])):
            j = np.uint32(indices[at])
            chance = logistic(pulls[j, 2] + x * pulls[j, 0] + y * pulls[j, 1])
            surprise = own_weight * (agrees[at] - chance)
            weight = chance * (1.0 - chance)
            weight = own_weight * (weight if weight > min_weight else min_weight)
            sums[j, 0] += surprise * x
            sums[j, 1] += surprise * y
            sums[j, 2] += surprise
            sums[j, 3] += weight * xx
            sums[j, 4] += weight * xy
            sums[j, 5] += weight * yy
            sums[j, 6] += weight * x
            sums[j, 7] += weight * y
            sums[j, 8] += weight


@_reordered
def statement_step(first, last, pulls, sums, prior, precision, max_step):
    """Move pulls (n_statements × 3, in place) by one Newton step, given the sums over their votes.

    The prior of each of the three numbers is Gaussian.
    """
    for j in range(first, last):
        g0 = sums[j, 0] + precision[0] * (prior[0] - pulls[j, 0])
        g1 = sums[j, 1] + precision[1] * (prior[1] - pulls[j, 1])
        g2 = sums[j, 2] + precision[2] * (prior[2] - pulls[j, 2])
        h00, h11, h22 = sums[j, 3] + precision[0], sums[j, 5] + precision[1], sums[j, 8] + precision[2]
        h01, h02, h12 = sums[j, 4], sums[j, 6], sums[j, 7]
        # The inverse of a symmetric 3 × 3 matrix by its cofactors.
        c00, c01, c02 = h11 * h22 - h12 * h12, h02 * h12 - h01 * h22, h01 * h12 - h02 * h11
        c11, c12, c22 = h00 * h22 - h02 * h02, h01 * h02 - h00 * h12, h00 * h11 - h01 * h01
        determinant = h00 * c00 + h01 * c01 + h02 * c02
        d0 = (c00 * g0 + c01 * g1 + c02 * g2) / determinant
        d1 = (c01 * g0 + c11 * g1 + c12 * g2) / determinant
        d2 = (c02 * g0 + c12 * g1 + c22 * g2) / determinant
        length = np.sqrt(d0 * d0 + d1 * d1 + d2 * d2)
        shorter = max_step / length if length > max_step else 1.0
        pulls[j, 0] += shorter * d0
        pulls[j, 1] += shorter * d1
        pulls[j, 2] += shorter * d2


@_reordered
def place_precisions(first, last, curvature, indptr, indices, pulls, places):
    """Write the curvature of each place's log posterior, n_participants × 3: xx, xy, yy."""
    for i in range(first, last):
        x, y = places[i, 0], places[i, 1]
        xx, xy, yy = 1.0, 0.0, 1.0
        for at in range(np.uint64(indptr[i]), np.uint64(indptr[i + 1])):
            j = np.uint32(indices[at])
            one, other = pulls[j, 0], pulls[j, 1]
            chance = logistic(pulls[j, 2] + x * one + y * other)
            weight = chance * (1.0 - chance)
            xx += weight * one * one
            xy += weight * one * other
            yy += weight * other * other
        curvature[i, 0] = xx
        curvature[i, 1] = xy
        curvature[i, 2] = yy


@_reordered
def distances_to_classes(first, last, summed, places, x, y, weights, starts):
    """Write each place's distances to the points of each class, times their weights: n_places × n_classes.

    Class c holds the points starts[c] to starts[c + 1].
    """
    for i in range(first, last):
        own_x, own_y = places[i, 0], places[i, 1]
        for which in range(summed.shape[1]):
            total = 0.0
            for j in range(np.uint64(starts[which]), np.uint64(starts[which + 1])):
                across, up = x[j] - own_x, y[j] - own_y
                total += weights[j] * np.sqrt(across * across + up * up)
            summed[i, which] = total

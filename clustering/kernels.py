"""The inner loops over votes and places, compiled.

Every loop that runs in parallel either writes to rows or columns of its own, or adds up in a fixed number of
parts that are then summed in order: results are the same bit for bit whatever the number of threads.

`python -m clustering.kernels` compiles everything ahead, so that no request waits for it; compiled code is
kept in Numba's cache.
"""

import numpy as np
from numba import njit, prange

N_PARTS = 16
"""Parts that sums are made in, whatever the number of threads."""
BLOCK = 4
"""Vectors multiplied at once: reading a vote costs more than using it four times."""

_FAST = {"contract", "arcp", "nsz"}
"""Allows fused multiply-add, which one processor does alike every time; never another order of sums."""


@njit(parallel=True, cache=True, fastmath=_FAST)
def covariance_times(indptr, indices, data, means, is_kept, vectors):
    """Return X'X V for votes minus means, n_statements × 4; X is never made."""
    n_rows, n_statements = indptr.size - 1, vectors.shape[0]
    partial = np.zeros((N_PARTS, n_statements, BLOCK))
    for part in prange(N_PARTS):
        sums = partial[part]
        for row in range(part * n_rows // N_PARTS, (part + 1) * n_rows // N_PARTS):
            a = b = c = d = 0.0
            for at in range(indptr[row], indptr[row + 1]):
                j = indices[at]
                deviation = is_kept[j] * (data[at] - means[j])
                a += deviation * vectors[j, 0]
                b += deviation * vectors[j, 1]
                c += deviation * vectors[j, 2]
                d += deviation * vectors[j, 3]
            for at in range(indptr[row], indptr[row + 1]):
                j = indices[at]
                deviation = is_kept[j] * (data[at] - means[j])
                sums[j, 0] += deviation * a
                sums[j, 1] += deviation * b
                sums[j, 2] += deviation * c
                sums[j, 3] += deviation * d
    total = np.zeros((n_statements, BLOCK))
    for part in range(N_PARTS):
        total += partial[part]
    return total


@njit(parallel=True, cache=True, fastmath=_FAST)
def deviations_times(indptr, indices, data, means, is_kept, components):
    """Return X V for votes minus means and two components (n_statements × 2), n_participants × 2."""
    n_rows = indptr.size - 1
    places = np.empty((n_rows, 2))
    for row in prange(n_rows):
        x = y = 0.0
        for at in range(indptr[row], indptr[row + 1]):
            j = indices[at]
            deviation = is_kept[j] * (data[at] - means[j])
            x += deviation * components[j, 0]
            y += deviation * components[j, 1]
        places[row, 0] = x
        places[row, 1] = y
    return places


@njit(parallel=True, cache=True)
def ballot_digests(indptr, indices, data, table):
    """Return per row the sum, modulo 2⁶⁴, of table[3·column + vote + 1]."""
    n_rows = indptr.size - 1
    digests = np.zeros(n_rows, np.uint64)
    for row in prange(n_rows):
        total = np.uint64(0)
        for at in range(indptr[row], indptr[row + 1]):
            total += table[3 * indices[at] + data[at] + 1]
        digests[row] = total
    return digests


@njit(parallel=True, cache=True)
def counts_by_group(indptr, indices, data, labels, n_groups, n_statements):
    """Return how often each vote stands in each group and statement, n_groups × n_statements × 3; −1 is no group."""
    n_rows = indptr.size - 1
    partial = np.zeros((N_PARTS, n_groups, n_statements, 3), np.int32)
    for part in prange(N_PARTS):
        for row in range(part * n_rows // N_PARTS, (part + 1) * n_rows // N_PARTS):
            group = labels[row]
            if group >= 0:
                for at in range(indptr[row], indptr[row + 1]):
                    partial[part, group, indices[at], data[at] + 1] += 1
    total = np.zeros((n_groups, n_statements, 3), np.int64)
    for part in range(N_PARTS):
        total += partial[part]
    return total


@njit(parallel=True, cache=True, fastmath=_FAST)
def nearest_centre(places, weights, centres, labels):
    """Write each place's nearest centre into labels; return the weighted sums per centre and the spread.

    The sums are n_centres × 3: weight, weight·x, weight·y. Of equally near centres the first is taken.
    """
    n_places, n_centres = places.shape[0], centres.shape[0]
    partial = np.zeros((N_PARTS, n_centres, 3))
    spreads = np.zeros(N_PARTS)
    changed = np.zeros(N_PARTS, np.int64)
    for part in prange(N_PARTS):
        for i in range(part * n_places // N_PARTS, (part + 1) * n_places // N_PARTS):
            best, nearest = np.inf, 0
            for centre in range(n_centres):
                across = places[i, 0] - centres[centre, 0]
                up = places[i, 1] - centres[centre, 1]
                distance = across * across + up * up
                if distance < best:
                    best, nearest = distance, centre
            changed[part] += labels[i] != nearest
            labels[i] = nearest
            weight = weights[i]
            spreads[part] += weight * best
            partial[part, nearest, 0] += weight
            partial[part, nearest, 1] += weight * places[i, 0]
            partial[part, nearest, 2] += weight * places[i, 1]
    sums = np.zeros((n_centres, 3))
    spread = 0.0
    for part in range(N_PARTS):
        sums += partial[part]
        spread += spreads[part]
    return sums, spread, changed.sum()


@njit(parallel=True, cache=True, fastmath=_FAST)
def person_step(indptr, indices, agrees, items, places, n_steps, max_step, min_weight):
    """Move places (n_participants × 2, in place) by Newton steps towards their mode, items fixed.

    Items are n_statements × 3: two loadings and the easiness. The prior of a place is the unit Gaussian.
    """
    for i in prange(places.shape[0]):
        x, y = places[i, 0], places[i, 1]
        for _ in range(n_steps):
            gx, gy, xx, xy, yy = -x, -y, 1.0, 0.0, 1.0
            for at in range(indptr[i], indptr[i + 1]):
                j = indices[at]
                first, second = items[j, 0], items[j, 1]
                chance = 1.0 / (1.0 + np.exp(-(items[j, 2] + x * first + y * second)))
                surprise = agrees[at] - chance
                gx += surprise * first
                gy += surprise * second
                weight = max(chance * (1.0 - chance), min_weight)
                xx += weight * first * first
                xy += weight * first * second
                yy += weight * second * second
            determinant = xx * yy - xy * xy
            dx = (yy * gx - xy * gy) / determinant
            dy = (xx * gy - xy * gx) / determinant
            length = np.sqrt(dx * dx + dy * dy)
            if length > max_step:
                dx *= max_step / length
                dy *= max_step / length
            x += dx
            y += dy
        places[i, 0] = x
        places[i, 1] = y


@njit(parallel=True, cache=True, fastmath=_FAST)
def statement_step(indptr, indices, agrees, weights, places, items, prior, precision, n_steps, max_step, min_weight):
    """Move items (n_statements × 3, in place) by Newton steps towards their mode, places fixed.

    The votes are given by column (CSC); the prior of each of the three numbers is Gaussian.
    """
    for j in prange(items.shape[0]):
        first, second, easiness = items[j, 0], items[j, 1], items[j, 2]
        for _ in range(n_steps):
            g0 = precision[0] * (prior[0] - first)
            g1 = precision[1] * (prior[1] - second)
            g2 = precision[2] * (prior[2] - easiness)
            h00, h11, h22 = precision[0], precision[1], precision[2]
            h01 = h02 = h12 = 0.0
            for at in range(indptr[j], indptr[j + 1]):
                i = indices[at]
                x, y = places[i, 0], places[i, 1]
                chance = 1.0 / (1.0 + np.exp(-(easiness + x * first + y * second)))
                surprise = weights[i] * (agrees[at] - chance)
                g0 += surprise * x
                g1 += surprise * y
                g2 += surprise
                weight = weights[i] * max(chance * (1.0 - chance), min_weight)
                h00 += weight * x * x
                h01 += weight * x * y
                h11 += weight * y * y
                h02 += weight * x
                h12 += weight * y
                h22 += weight
            # The inverse of a symmetric 3 × 3 matrix by its cofactors.
            c00, c01, c02 = h11 * h22 - h12 * h12, h02 * h12 - h01 * h22, h01 * h12 - h02 * h11
            c11, c12, c22 = h00 * h22 - h02 * h02, h01 * h02 - h00 * h12, h00 * h11 - h01 * h01
            determinant = h00 * c00 + h01 * c01 + h02 * c02
            d0 = (c00 * g0 + c01 * g1 + c02 * g2) / determinant
            d1 = (c01 * g0 + c11 * g1 + c12 * g2) / determinant
            d2 = (c02 * g0 + c12 * g1 + c22 * g2) / determinant
            length = np.sqrt(d0 * d0 + d1 * d1 + d2 * d2)
            if length > max_step:
                d0 *= max_step / length
                d1 *= max_step / length
                d2 *= max_step / length
            first += d0
            second += d1
            easiness += d2
        items[j, 0] = first
        items[j, 1] = second
        items[j, 2] = easiness


@njit(parallel=True, cache=True, fastmath=_FAST)
def place_precisions(indptr, indices, items, places):
    """Return the curvature of each place's log posterior, n_participants × 3: xx, xy, yy."""
    curvature = np.empty((places.shape[0], 3))
    for i in prange(places.shape[0]):
        x, y = places[i, 0], places[i, 1]
        xx, xy, yy = 1.0, 0.0, 1.0
        for at in range(indptr[i], indptr[i + 1]):
            j = indices[at]
            first, second = items[j, 0], items[j, 1]
            chance = 1.0 / (1.0 + np.exp(-(items[j, 2] + x * first + y * second)))
            weight = chance * (1.0 - chance)
            xx += weight * first * first
            xy += weight * first * second
            yy += weight * second * second
        curvature[i, 0] = xx
        curvature[i, 1] = xy
        curvature[i, 2] = yy
    return curvature

"""The inner loops over votes and places, compiled.

Each kernel works on the rows from `first` to `last` and releases Python's lock, so that `clustering.parts` can
run several at once. Rows are always cut into the same parts and sums of parts are added in the same order:
results are the same bit for bit, whatever the number of threads.

`python -m clustering.warm_up` compiles everything ahead, so that no request waits for it; compiled code is kept
in Numba's cache.

A *slot* is one vote on one statement: 3·column + vote + 1. What depends on vote and statement alone is looked
up per slot, and what is summed per statement is summed per slot: one read or write for each vote.
"""

import numpy as np
from numba import njit

BLOCK = 4
"""Vectors multiplied at once: reading a vote costs more than using it four times."""

# Fused multiply-add and no signed zeros, but never another order of sums.
_compiled = njit(nogil=True, cache=True, fastmath={"contract", "arcp", "nsz"})
# Sums over a person's or a statement's votes may be taken several at a time, in the one order that the
# processor at hand always takes: half the time, and rounding far below the written form's ten decimals.
_reordered = njit(nogil=True, cache=True, fastmath={"contract", "arcp", "nsz", "reassoc", "nnan", "ninf"})


@_compiled
def through_ballots(first, last, sums, indptr, indices, data, weights, table):
    """Add to each slot (n_slots × 4), for all who cast it, weight × the table's sum over their ballot."""
    for row in range(first, last):
        a = b = c = d = 0.0
        for at in range(indptr[row], indptr[row + 1]):
            slot = np.uint32(3 * indices[at] + data[at] + 1)
            a += table[slot, 0]
            b += table[slot, 1]
            c += table[slot, 2]
            d += table[slot, 3]
        weight = weights[row]
        a, b, c, d = weight * a, weight * b, weight * c, weight * d
        for at in range(indptr[row], indptr[row + 1]):
            slot = np.uint32(3 * indices[at] + data[at] + 1)
            sums[slot, 0] += a
            sums[slot, 1] += b
            sums[slot, 2] += c
            sums[slot, 3] += d


@_compiled
def summed_ballots(first, last, sums, indptr, indices, data, table):
    """Write per row the sum of the table (n_slots × 2) over the ballot, n_participants × 2."""
    for row in range(first, last):
        x = y = 0.0
        for at in range(indptr[row], indptr[row + 1]):
            slot = np.uint32(3 * indices[at] + data[at] + 1)
            x += table[slot, 0]
            y += table[slot, 1]
        sums[row, 0] = x
        sums[row, 1] = y


@_compiled
def ballot_digests(first, last, digests, indptr, indices, data, table):
    """Write per row the sums, modulo 2⁶⁴, of the table (n_slots × 2) over the ballot, n_participants × 2."""
    for row in range(first, last):
        one, other = np.uint64(0), np.uint64(0)
        for at in range(indptr[row], indptr[row + 1]):
            slot = np.uint32(3 * indices[at] + data[at] + 1)
            one += table[slot, 0]
            other += table[slot, 1]
        digests[row, 0] = one
        digests[row, 1] = other


@_compiled
def weight_per_slot(first, last, sums, indptr, indices, data, labels, weights):
    """Add up the weight of who cast each slot in each group, n_groups × n_slots; label −1 is no group."""
    for row in range(first, last):
        group = labels[row]
        if group >= 0:
            own, weight = sums[group], weights[row]
            for at in range(indptr[row], indptr[row + 1]):
                own[np.uint32(3 * indices[at] + data[at] + 1)] += weight


@_compiled
def seen_per_column(first, last, sums, indices):
    """Add up how often each column stands among the votes from `first` to `last`, n_statements."""
    for at in range(first, last):
        sums[np.uint32(indices[at])] += 1.0


@_compiled
def decided_votes(first, last, agrees, indices, columns, data, starts, kept_starts, is_kept):
    """Write the agrees (1) and disagrees (0) on kept columns, and the columns, one row after the other."""
    for row in range(first, last):
        to = kept_starts[row]
        for at in range(starts[row], starts[row + 1]):
            column = np.uint32(columns[at])
            if data[at] != 0 and is_kept[column]:
                agrees[to] = data[at] > 0
                indices[to] = columns[at]
                to += 1


@_compiled
def n_decided(first, last, counts, columns, data, starts, is_kept):
    """Write how many agrees and disagrees on kept columns each row has, n_participants."""
    for row in range(first, last):
        n = 0
        for at in range(starts[row], starts[row + 1]):
            n += data[at] != 0 and is_kept[np.uint32(columns[at])]
        counts[row] = n


@_compiled
def nearest_centre(first, last, sums, places, weights, centres, labels):
    """Write each place's nearest centre into labels, the first of equally near ones.

    Adds to sums, (n_centres + 1) × 3: per centre the weight, weight·x and weight·y; in the last row the spread
    and how many labels changed.
    """
    n_centres = centres.shape[0]
    for i in range(first, last):
        best, nearest = np.inf, 0
        for centre in range(n_centres):
            across = places[i, 0] - centres[centre, 0]
            up = places[i, 1] - centres[centre, 1]
            distance = across * across + up * up
            if distance < best:
                best, nearest = distance, centre
        weight = weights[i]
        sums[n_centres, 0] += weight * best
        sums[n_centres, 1] += labels[i] != nearest
        labels[i] = nearest
        sums[nearest, 0] += weight
        sums[nearest, 1] += weight * places[i, 0]
        sums[nearest, 2] += weight * places[i, 1]


@_compiled
def settle_starts(first, last, spreads, centres, places, weights, max_iterations):
    """Move each start's centres (n_starts × k × 2, in place) to where k-means rests; write their spreads."""
    n_centres = centres.shape[1]
    labels = np.empty(places.shape[0], np.int8)
    sums = np.empty((n_centres + 1, 3))
    for start in range(first, last):
        own = centres[start]
        labels[:] = -1
        for _ in range(max_iterations):
            sums[:] = 0.0
            nearest_centre(0, places.shape[0], sums, places, weights, own, labels)
            spreads[start] = sums[n_centres, 0]
            if sums[n_centres, 1] == 0:
                break
            for centre in range(n_centres):
                if sums[centre, 0] > 0:
                    own[centre, 0] = sums[centre, 1] / sums[centre, 0]
                    own[centre, 1] = sums[centre, 2] / sums[centre, 0]


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
def person_step(first, last, places, indptr, indices, agrees, pulls, n_steps, max_step, min_weight):
    """Move places (n_participants × 2, in place) by Newton steps towards their mode, pulls fixed.

    Pulls are n_statements × 3: two loadings and the easiness. The prior of a place is the unit Gaussian.
    """
    for i in range(first, last):
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
            if length < 1e-9:
                break
        places[i, 0] = x
        places[i, 1] = y


@_reordered
def statement_step(
    first,
    last,
    pulls,
    indptr,
    indices,
    agrees,
    weights,
    places,
    prior,
    precision,
    n_steps,
    max_step,
    min_weight,
):
    """Move pulls (n_statements × 3, in place) by Newton steps towards their mode, places fixed.

    The votes are given by column (CSC); the prior of each of the three numbers is Gaussian.
    """
    for j in range(first, last):
        one, other, easiness = pulls[j, 0], pulls[j, 1], pulls[j, 2]
        for _ in range(n_steps):
            g0 = precision[0] * (prior[0] - one)
            g1 = precision[1] * (prior[1] - other)
            g2 = precision[2] * (prior[2] - easiness)
            h00, h11, h22 = precision[0], precision[1], precision[2]
            h01 = h02 = h12 = 0.0
            for at in range(np.uint64(indptr[j]), np.uint64(indptr[j + 1])):
                i = np.uint32(indices[at])
                x, y = places[i, 0], places[i, 1]
                chance = logistic(easiness + x * one + y * other)
                surprise = weights[i] * (agrees[at] - chance)
                g0 += surprise * x
                g1 += surprise * y
                g2 += surprise
                weight = chance * (1.0 - chance)
                weight = weights[i] * (weight if weight > min_weight else min_weight)
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
            one += d0
            other += d1
            easiness += d2
        pulls[j, 0] = one
        pulls[j, 1] = other
        pulls[j, 2] = easiness


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

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

from clustering.vector_sums import add_multiple

BLOCK = 4
"""Vectors multiplied at once: reading a vote costs more than using it four times."""

# Fused multiply-add and no signed zeros, but never another order of sums.
_compiled = njit(nogil=True, cache=True, fastmath={"contract", "arcp", "nsz"})


@_compiled
def through_ballots(first, last, sums, indptr, indices, data, weights, vectors, means):
    """Add to each statement (n_statements × 4), for all who saw it, weight × deviation × their ballot's sum.

    Summed are the deviations from the means, each times the statement's row of `vectors` (n_statements × 4).
    """
    for row in range(first, last):
        a = b = c = d = 0.0
        for at in range(np.uint64(indptr[row]), np.uint64(indptr[row + 1])):
            j = np.uint32(indices[at])
            deviation = data[at] - means[j]
            a += deviation * vectors[j, 0]
            b += deviation * vectors[j, 1]
            c += deviation * vectors[j, 2]
            d += deviation * vectors[j, 3]
        weight = weights[row]
        a, b, c, d = weight * a, weight * b, weight * c, weight * d
        for at in range(np.uint64(indptr[row]), np.uint64(indptr[row + 1])):
            j = np.uint32(indices[at])
            add_multiple(sums, j, 0, data[at] - means[j], a, b, c, d)


@_compiled
def summed_ballots(first, last, sums, indptr, indices, data, table):
    """Write per row the sum of the table (n_slots × 2) over the ballot, n_participants × 2."""
    for row in range(first, last):
        x = y = 0.0
        for at in range(np.uint64(indptr[row]), np.uint64(indptr[row + 1])):
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
        for at in range(np.uint64(indptr[row]), np.uint64(indptr[row + 1])):
            slot = np.uint32(3 * indices[at] + data[at] + 1)
            one += table[slot, 0]
            other += table[slot, 1]
        digests[row, 0] = one
        digests[row, 1] = other


@_compiled
def copied_ballots(first, last, indices, data, from_indptr, from_indices, from_data, order, indptr):
    """Write the ballots at these positions, one after the other."""
    for row in range(first, last):
        # Two plain loops over unsigned positions are copied many votes at a time.
        at, to = np.uint64(from_indptr[order[row]]), np.uint64(indptr[row])
        n = np.uint64(indptr[row + 1]) - to
        for vote in range(n):
            indices[to + vote] = from_indices[at + vote]
        for vote in range(n):
            data[to + vote] = from_data[at + vote]


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

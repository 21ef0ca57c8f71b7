"""Adding four multiples at once is adding each of them."""

import numpy as np
from numba import njit

from clustering.vector_sums import add_multiple


@njit
def added(sums, rows, factors, addends):
    """Add each factor times its four addends to columns 4 to 7 of its row."""
    for at in range(len(rows)):
        four = addends[at]
        add_multiple(sums, np.uint32(rows[at]), 4, factors[at], four[0], four[1], four[2], four[3])


def test_it_adds_to_its_own_row_and_columns_only():
    rng = np.random.default_rng(0)
    rows, factors, addends = rng.integers(0, 5, 200), rng.normal(size=200), rng.normal(size=(200, 4))
    # Three columns more than two vectors: rows begin at odd places.
    sums = rng.normal(size=(6, 11))
    expected = sums.copy()
    np.add.at(expected[:, 4:8], rows, factors[:, None] * addends)
    added(sums, rows, factors, addends)
    # Fused or not, two hundred additions differ by some last bits.
    np.testing.assert_allclose(sums, expected, rtol=0, atol=1e-12)
    assert (sums[:, :4] == expected[:, :4]).all()
    assert (sums[:, 8:] == expected[:, 8:]).all()

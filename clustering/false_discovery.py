"""Many tests at once: which may be believed when a known share of them may be false."""

import numpy as np
from numpy.typing import NDArray


def adjusted_p_values(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return for each test the smallest false-discovery rate at which it would be believed, of the same shape.

    NaN stands for a test that wasn't made and stays NaN.

    Raises
    ------
    Nothing.

    Notes
    -----
    *Source*: Benjamini and Hochberg (1995); `scipy.stats.false_discovery_control` without its refusal of NaN.

    Examples
    --------
    >>> adjusted_p_values(np.array([0.01, 0.04, 0.03, np.nan])).round(3).tolist()
    [0.03, 0.04, 0.04, nan]
    """
    adjusted = np.full(p_values.shape, np.nan)
    made = np.flatnonzero(~np.isnan(p_values))
    if made.size:
        values = p_values.flat[made]
        order = np.argsort(values)
        scaled = values[order] * made.size / np.arange(1, made.size + 1)
        # The largest p-value is scaled by 1, so none comes out above it.
        adjusted.flat[made[order]] = np.minimum.accumulate(scaled[::-1])[::-1]
    return adjusted

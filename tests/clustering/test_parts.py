"""Rows are gone through once each, in sixteen parts, and sums of parts are added in order."""

import threading

import numpy as np
import pytest

from clustering.parts import WORTH_THREADS, over_rows, summed_over_rows


class _Noted:
    """A kernel that notes which rows it was called with, and by which thread."""

    def __init__(self):
        self.parts, self.threads = [], set()

    def __call__(self, first, last, out, add):
        self.parts.append((first, last))
        self.threads.add(threading.get_ident())
        out += add * (last - first)


@pytest.mark.parametrize("work", [0, WORTH_THREADS - 1, WORTH_THREADS])
@pytest.mark.parametrize("n_rows", [0, 1, 15, 16, 17, 1_000])
def test_every_row_is_in_one_part_and_parts_are_even(n_rows, work):
    noted = _Noted()
    total = summed_over_rows(noted, n_rows, (2, 3), 0.5, work=work)
    assert total.shape == (2, 3)
    assert total == pytest.approx(0.5 * n_rows)
    ordered = sorted(noted.parts)
    assert [first for first, _ in ordered] == [0, *(last for _, last in ordered[:-1])]
    assert ordered[-1][1] == n_rows
    sizes = [last - first for first, last in ordered]
    assert len(sizes) == min(16, max(n_rows, 1))
    assert max(sizes) - min(sizes) <= 1
    if work < WORTH_THREADS:
        assert noted.threads == {threading.get_ident()}


def test_parts_of_a_sum_are_added_in_order_whatever_thread_was_first():
    def fraction(first, last, out):
        out += 0.1 + 1e16 * (first == 0) - 1e16 * (last == 160)

    # Sixteen tenths, of which all but the last vanish beside 10¹⁶ and what remains is rounded to even numbers.
    expected = 0.1 + 1e16
    for _ in range(14):
        expected += 0.1
    expected += 0.1 - 1e16
    for work in (0, WORTH_THREADS):
        assert summed_over_rows(fraction, 160, (1,), work=work).tolist() == [expected]


def test_a_kernel_writes_its_own_rows():
    def squares(first, last, out, values):
        out[first:last] = values[first:last] ** 2

    out = np.zeros(40)
    over_rows(squares, 40, out, np.arange(40.0), work=10**9)
    assert out.tolist() == [float(n * n) for n in range(40)]


def test_what_a_part_raises_is_raised():
    def fails(first, last, out):
        raise ArithmeticError(f"rows {first} to {last}")

    with pytest.raises(ArithmeticError, match="rows 0 to 1"):
        over_rows(fails, 16, np.zeros(1), work=10**9)

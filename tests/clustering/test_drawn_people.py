"""What is drawn of people: parts of neighbours, their means, and the outline around them."""

import numpy as np
import pytest
from scipy.spatial import ConvexHull

from clustering.halving import bubble_size, halved
from clustering.outlines import Bubble, bubbles, outline


@pytest.mark.parametrize(
    ("n", "size"), [(0, 10), (1, 10), (1_600, 10), (1_601, 11), (16_000, 100), (16_001, 101)]
)
def test_a_bubble_holds_ten_or_as_many_as_make_160_bubbles(n, size):
    assert bubble_size(n) == size


@pytest.mark.parametrize(("n", "sizes"), [(1, [1]), (19, [19]), (20, [10, 10]), (41, [10, 10, 10, 11])])
def test_parts_are_halves_of_halves_while_both_are_large_enough(n, sizes):
    parts = halved(np.random.default_rng(0).normal(size=(n, 2)), smallest=10)
    assert sorted(len(part) for part in parts) == sizes
    assert sorted(np.concatenate(parts).tolist()) == list(range(n))


def test_the_wider_axis_is_cut_and_equal_places_by_the_other():
    tall = np.array([[0.0, 3.0], [1.0, 0.0], [0.5, 9.0], [0.2, 5.0]])
    assert [sorted(part.tolist()) for part in halved(tall, smallest=2)] == [[0, 1], [2, 3]]
    wide = tall[:, ::-1]
    assert [sorted(part.tolist()) for part in halved(wide, smallest=2)] == [[0, 1], [2, 3]]
    level = np.array([[0.0, 4.0], [5.0, 1.0], [5.0, 0.0], [9.0, 2.0]])
    assert [sorted(part.tolist()) for part in halved(level, smallest=2)] == [[0, 2], [1, 3]]


def test_a_bubble_is_the_mean_and_the_root_mean_square_distance():
    (only,) = bubbles(np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0], [4.0, 4.0], [2.0, 2.0]]), smallest=10)
    # Four corners at √8, one in the middle.
    assert only == Bubble(2.0, 2.0, 5, pytest.approx(np.sqrt(4 * 8 / 5)))
    assert bubbles(np.zeros((4, 2)), smallest=1) == []


def test_an_outline_is_the_hull_of_twelve_points_on_each_circle():
    drawn = [Bubble(0.0, 0.0, 10, 2.0), Bubble(9.0, 1.0, 10, 0.001)]
    corners = outline(drawn, margin=0.5)
    angle = np.arange(12) * np.pi / 6
    circle = np.column_stack((np.cos(angle), np.sin(angle)))
    hull = ConvexHull(np.vstack((2.0 * circle, [9.0, 1.0] + 0.5 * circle)))
    assert ConvexHull(corners).volume == pytest.approx(hull.volume)
    assert len(corners) == len(hull.vertices)
    x, y = corners.T
    # Counter-clockwise: the shoelace formula gives a positive area.
    assert (x * np.roll(y, -1) - y * np.roll(x, -1)).sum() / 2 == pytest.approx(hull.volume)
    assert outline([], margin=0.5).shape == (0, 2)

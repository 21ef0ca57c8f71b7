"""Where k-means starts, and the grids that stand for very many people."""

import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from clustering.grouping import candidate_groupings, on_grid
from clustering.kmeans import Points, _drawn, _seedings, collapse, settled


def test_the_first_centre_is_drawn_by_weight_and_the_second_by_weight_and_squared_distance():
    """Of three places on a line greedy k-means++ has a closed form: the better of two draws."""
    points = Points(np.array([[0.0, 0.0], [1.0, 0.0], [3.0, 0.0]]), np.array([1.0, 2.0, 1.0]))
    n = 20_000
    starts = _seedings(points, 2, np.random.default_rng(0), n)[:, :, 0]
    first = [np.mean(starts[:, 0] == x) for x in (0, 1, 3)]
    # Three standard errors of a share of 20,000.
    assert first == pytest.approx([0.25, 0.5, 0.25], abs=0.011)
    # After 0: chances 2·1 and 1·9 of 11. With 3 the spread left is 2, with 1 it is 4, so 3 wins unless both
    # draws are 1.
    second = starts[starts[:, 0] == 0, 1]
    assert np.mean(second == 1) == pytest.approx((2 / 11) ** 2, abs=0.011)
    assert np.mean(second == 3) == pytest.approx(1 - (2 / 11) ** 2, abs=0.011)
    assert not np.any(starts[:, 0] == starts[:, 1])


def test_draws_follow_the_chances_and_never_a_chance_of_nought():
    chance = np.cumsum(np.tile([0.0, 3.0, 0.0, 1.0], (40_000, 1)), axis=1)
    drawn = _drawn(chance, np.random.default_rng(1))
    assert np.bincount(drawn, minlength=4) / 40_000 == pytest.approx([0, 0.75, 0, 0.25], abs=0.01)
    assert set(drawn.tolist()) == {1, 3}


def test_so_many_moves_and_no_more():
    points = Points(np.array([[0.0, 0.0], [1.0, 0.0], [4.0, 0.0], [5.0, 0.0]]), np.ones(4))
    start = np.array([[0.0, 0.0], [1.0, 0.0]])
    # Centres at 0 and 1; then 0 and 10/3; then ½ and 4½.
    unmoved = settled(points, start, max_iterations=0)
    assert (unmoved.labels.tolist(), unmoved.spread) == ([0, 1, 1, 1], 9 + 16)
    assert np.array_equal(unmoved.centres, start)
    once = settled(points, start, max_iterations=1)
    assert once.centres[:, 0].tolist() == pytest.approx([0, 10 / 3])
    assert once.labels.tolist() == [0, 0, 1, 1]
    assert once.spread == pytest.approx(1 + 4 / 9 + 25 / 9)
    rested = settled(points, start, max_iterations=9)
    assert rested.centres[:, 0].tolist() == [0.5, 4.5]
    assert rested.spread == 1.0
    assert np.array_equal(start, [[0.0, 0.0], [1.0, 0.0]])


def test_weights_of_equal_places_are_added_up():
    places = np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 0.0], [1.0, 1.0]])
    points, place_of = collapse(places, np.array([0.5, 2.0, 0.25, 1.0]))
    assert points.places.tolist() == [[0.0, 2.0], [1.0, 0.0], [1.0, 1.0]]
    assert points.weights.tolist() == [2.0, 0.75, 1.0]
    assert place_of.tolist() == [1, 0, 1, 2]
    nobody, nowhere = collapse(np.zeros((0, 2)))
    assert (nobody.places.shape, nobody.weights.shape, nowhere.shape) == ((0, 2), (0,), (0,))


def test_a_cell_is_the_weighted_mean_of_what_it_holds():
    rng = np.random.default_rng(2)
    points = Points(rng.normal(size=(500, 2)), rng.uniform(0.5, 2, 500))
    grid = on_grid(points, n_cells=8)
    assert grid.cell_of.max() == len(grid.weights) - 1
    for cell in range(len(grid.weights)):
        inside = grid.cell_of == cell
        assert grid.weights[cell] == pytest.approx(points.weights[inside].sum())
        mean = np.average(points.places[inside], axis=0, weights=points.weights[inside])
        assert grid.places[cell] == pytest.approx(mean)


def test_cells_are_squares_of_an_eighth_of_the_wider_axis():
    """On a thousand evenly spaced places the quantiles are the ends less one place in a thousand."""
    across = np.linspace(0, 16, 1_001)
    grid = on_grid(Points(np.column_stack((across, across / 4)), np.ones(1_001)), n_cells=8)
    # The quantiles lie at 0.016 and 15.984; a cell is 1.996 wide, and the diagonal rises by two cells.
    edges = 0.016 + 1.996 * np.arange(-8, 25)
    up = 0.004 + 1.996 * np.arange(-8, 25)
    expected = {(np.searchsorted(edges, x + 1e-9), np.searchsorted(up, x / 4 + 1e-9)) for x in across}
    assert len(grid.weights) == len(expected)
    together = grid.cell_of[1:] == grid.cell_of[:-1]
    cells = [(np.searchsorted(edges, x + 1e-9), np.searchsorted(up, x / 4 + 1e-9)) for x in across]
    assert together.tolist() == [one == other for one, other in zip(cells[1:], cells[:-1], strict=True)]


def test_a_far_off_place_shares_the_outermost_cell():
    rng = np.random.default_rng(3)
    near = rng.uniform(0, 1, (4_000, 2))
    far = np.array([[1e6, 0.5], [2e6, 0.5], [-1e6, 0.5]])
    grid = on_grid(Points(np.vstack((near, far)), np.ones(4_003)), n_cells=4)
    *_, right, further, left = grid.cell_of
    assert right == further
    assert left not in (right, *grid.cell_of[:-3])
    assert right not in grid.cell_of[:-3]


def test_weighted_people_are_so_many_people():
    rng = np.random.default_rng(4)
    places = np.array([[0, 0], [6, 0], [0, 7]])[rng.integers(0, 3, 60)] + rng.normal(size=(60, 2))
    weights = rng.integers(1, 4, 60)
    weighted = candidate_groupings(places, seed=0, weights=weights.astype(float), only=3)
    repeated = candidate_groupings(np.repeat(places, weights, axis=0), seed=0, only=3)
    (ours,), (theirs,) = weighted, repeated
    assert ours.spread == pytest.approx(theirs.spread)
    assert ours.silhouette == pytest.approx(theirs.silhouette)
    labels = np.repeat(ours.labels, weights)
    assert ours.silhouette == pytest.approx(
        silhouette_score(np.repeat(places, weights, axis=0), labels), abs=1e-7
    )


def test_of_groups_equally_large_the_one_further_left_and_lower_comes_first():
    places = np.array([[5.0, 5.0], [5.0, 5.1], [0.0, 9.0], [0.0, 9.1], [0.0, -9.0], [0.0, -9.1], [0.0, -9.2]])
    (found,) = candidate_groupings(places, seed=0, only=3)
    assert found.labels.tolist() == [2, 2, 1, 1, 0, 0, 0]

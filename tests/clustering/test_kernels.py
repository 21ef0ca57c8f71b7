"""Every compiled loop against the same thing said with dense arrays, SciPy or scikit-learn."""

import numpy as np
import pytest
from scipy import sparse
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans

from clustering import kernels

N_ROWS, N_COLUMNS, FIRST, LAST = 12, 7, 2, 9


@pytest.fixture
def votes():
    """Return random votes as a dense array, 9 where unseen, and as CSR; one row is empty."""
    rng = np.random.default_rng(0)
    dense = rng.choice([-1, 0, 1, 9], (N_ROWS, N_COLUMNS))
    dense[4] = 9
    rows, columns = np.nonzero(dense != 9)
    shape = (N_ROWS, N_COLUMNS)
    stored = sparse.csr_array((dense[rows, columns].astype(np.int8), (rows, columns)), shape=shape)
    return dense, stored


def _some(shape, *, seed=1):
    return np.random.default_rng(seed).normal(size=shape)


def test_through_ballots_is_the_weighted_covariance_times_vectors(votes):
    dense, stored = votes
    weights, vectors, means = _some(N_ROWS) ** 2, _some((N_COLUMNS, 4)), _some(N_COLUMNS)
    already = _some((N_COLUMNS, 4), seed=2)
    sums = already.copy()
    kernels.through_ballots(
        FIRST, LAST, sums, stored.indptr, stored.indices, stored.data, weights, vectors, means
    )
    centred = np.where(dense == 9, 0.0, dense - means)[FIRST:LAST]
    expected = already + centred.T @ np.diag(weights[FIRST:LAST]) @ centred @ vectors
    assert np.allclose(sums, expected, atol=1e-12)


def test_a_ballot_s_sum_reads_one_row_of_the_table_per_vote(votes):
    dense, stored = votes
    table = _some((3 * N_COLUMNS, 2))
    sums = np.full((N_ROWS, 2), 7.0)
    kernels.summed_ballots(FIRST, LAST, sums, stored.indptr, stored.indices, stored.data, table)
    by_vote = table.reshape(N_COLUMNS, 3, 2)
    for row in range(N_ROWS):
        expected = sum((by_vote[j, v + 1] for j, v in enumerate(dense[row]) if v != 9), start=np.zeros(2))
        # Rows outside the part belong to another thread.
        assert sums[row] == pytest.approx(expected if FIRST <= row < LAST else [7.0, 7.0])


def test_a_digest_is_a_sum_modulo_two_to_the_64(votes):
    dense, stored = votes
    table = np.random.default_rng(3).integers(0, 2**64, (3 * N_COLUMNS, 2), dtype=np.uint64)
    digests = np.zeros((N_ROWS, 2), np.uint64)
    kernels.ballot_digests(FIRST, LAST, digests, stored.indptr, stored.indices, stored.data, table)
    for row in range(FIRST, LAST):
        for side in (0, 1):
            words = [int(table[3 * j + v + 1, side]) for j, v in enumerate(dense[row]) if v != 9]
            assert int(digests[row, side]) == sum(words) % 2**64


def test_copied_ballots_are_scipy_s_rows(votes):
    _, stored = votes
    order = np.array([5, 0, 4, 11, 0])
    expected = stored[order]
    indices, data = np.zeros_like(expected.indices), np.zeros_like(expected.data)
    arguments = (stored.indptr, stored.indices, stored.data, order, expected.indptr)
    kernels.copied_ballots(0, len(order), indices, data, *arguments)
    assert np.array_equal(indices, expected.indices)
    assert np.array_equal(data, expected.data)


def test_weights_are_added_up_by_group_statement_and_vote(votes):
    dense, stored = votes
    labels = np.array([0, 1, -1, 1, 0, 2, 2, 0, -1, 1, 0, 1], np.int8)
    weights = _some(N_ROWS) ** 2
    sums = np.zeros((3, 3 * N_COLUMNS))
    kernels.weight_per_slot(FIRST, LAST, sums, stored.indptr, stored.indices, stored.data, labels, weights)
    part = (np.arange(N_ROWS) >= FIRST) & (np.arange(N_ROWS) < LAST)
    for group in range(3):
        for vote in (-1, 0, 1):
            cast = (dense == vote) & (part & (labels == group))[:, None]
            assert sums[group].reshape(-1, 3)[:, vote + 1] == pytest.approx(weights @ cast)


def test_columns_are_counted_as_numpy_counts(votes):
    _, stored = votes
    counts = np.ones(N_COLUMNS)
    kernels.seen_per_column(3, 20, counts, stored.indices)
    assert counts.tolist() == (1 + np.bincount(stored.indices[3:20], minlength=N_COLUMNS)).tolist()


def test_decided_votes_are_agrees_and_disagrees_on_kept_columns(votes):
    dense, stored = votes
    is_kept = np.array([True, True, False, True, False, True, True])
    rows = (stored.indices, stored.data, stored.indptr)
    counts = np.zeros(N_ROWS, np.int64)
    kernels.n_decided(0, N_ROWS, counts, *rows, is_kept)
    decided = (np.abs(dense) == 1) & is_kept
    assert counts.tolist() == decided.sum(axis=1).tolist()
    starts = np.concatenate(([0], np.cumsum(counts)))
    agrees, indices = np.full(starts[-1], 9, np.int8), np.full(starts[-1], 9, np.int32)
    kernels.decided_votes(0, N_ROWS, agrees, indices, *rows, starts, is_kept)
    assert agrees.tolist() == (dense[decided] == 1).astype(int).tolist()
    assert indices.tolist() == np.nonzero(decided)[1].tolist()


def test_the_nearest_centre_is_scipy_s_and_of_equal_ones_the_first():
    places, weights = _some((40, 2)), _some(40, seed=4) ** 2
    centres = np.vstack((_some((3, 2), seed=5), _some((1, 2), seed=5)))
    labels, sums = np.zeros(40, np.int8), np.zeros((5, 3))
    labels[:] = 2
    kernels.nearest_centre(5, 40, sums, places, weights, centres, labels)
    distances = cdist(places, centres)
    # The last centre stands where the first does: nobody goes there.
    nearest = distances[:, :3].argmin(axis=1)
    assert labels[5:].tolist() == nearest[5:].tolist()
    assert labels[:5].tolist() == [2] * 5
    for centre in range(4):
        inside = np.flatnonzero(nearest == centre)
        inside = inside[inside >= 5]
        expected = [weights[inside].sum(), *(weights[inside] @ places[inside])]
        assert sums[centre] == pytest.approx(expected)
    spread = weights[5:] @ distances.min(axis=1)[5:] ** 2
    assert sums[4] == pytest.approx([spread, np.count_nonzero(nearest[5:] != 2), 0.0])


def test_each_start_comes_to_rest_where_scikit_learn_s_does():
    rng = np.random.default_rng(7)
    places, weights = rng.normal(size=(60, 2)), rng.integers(1, 5, 60).astype(float)
    starts = np.array([places[rng.choice(60, 3, replace=False)] for _ in range(4)])
    centres, spreads = starts.copy(), np.zeros(4)
    kernels.settle_starts(1, 4, spreads, centres, places, weights, 300)
    for start in range(1, 4):
        oracle = KMeans(3, init=starts[start], n_init=1, algorithm="lloyd", tol=0, max_iter=300)
        oracle.fit(places, sample_weight=weights)
        assert np.allclose(centres[start], oracle.cluster_centers_, atol=1e-12)
        assert spreads[start] == pytest.approx(oracle.inertia_, rel=1e-12)
    assert np.array_equal(centres[0], starts[0])


def test_a_start_moves_no_more_often_than_it_may_and_keeps_a_centre_that_nobody_is_near():
    places, weights = np.array([[0.0, 0.0], [2.0, 0.0], [3.0, 3.0]]), np.array([1.0, 1.0, 2.0])
    centres, spreads = np.array([[[0.0, 0.0], [50.0, 50.0]]]), np.zeros(1)
    kernels.settle_starts(0, 1, spreads, centres, places, weights, 1)
    # One move to the weighted mean (2 + 6)/4, 6/4; the spread is that before it: 0 + 4 + 2·18.
    assert centres[0].tolist() == [[2.0, 1.5], [50.0, 50.0]]
    assert spreads[0] == 40.0


def test_a_centre_moves_to_the_mean_of_its_people_however_little_they_weigh():
    places, weights = np.array([[0.0, 0.0], [2.0, 0.0], [9.0, 9.0]]), np.array([0.1, 0.3, 1.0])
    centres, spreads = np.array([[[0.5, 0.5], [8.0, 8.0]]]), np.zeros(1)
    kernels.settle_starts(0, 1, spreads, centres, places, weights, 5)
    assert centres[0] == pytest.approx(np.array([[1.5, 0.0], [9.0, 9.0]]))
    assert spreads[0] == pytest.approx(0.1 * 1.5**2 + 0.3 * 0.5**2)

"""What a vote is expected to tell, and how statements are drawn: by matrices and at the limits."""

import numpy as np
import pytest

from clustering.routing import (
    Standing,
    StatementPull,
    choose_next,
    information,
    prospects,
    published_pulls,
    standing,
)


@pytest.mark.parametrize("seed", range(12))
def test_information_is_its_formula_written_with_matrices(seed):
    rng = np.random.default_rng(seed)
    root = rng.normal(0, 0.6, (2, 2))
    cov, place, w = root @ root.T + 0.05 * np.eye(2), rng.normal(size=2), rng.normal(size=2)
    n_seen, easiness = int(rng.integers(1, 60)), rng.normal()
    n_pass = int(rng.integers(0, n_seen + 1))
    # What is learned of: the pull itself and what isn't known of it.
    learned = np.outer(w, w) + np.eye(2) / (4 + (n_seen - n_pass) / 4)
    spread = np.trace(learned @ cov)
    narrowed = 1 / np.sqrt(1 + np.pi / 8 * spread)
    p = 1 / (1 + np.exp(-narrowed * (easiness + w @ place)))
    q = narrowed * p * (1 - p)
    expected = (n_seen - n_pass + 1) / (n_seen + 2) * q * np.trace(cov @ learned @ cov) / (1 + q * spread)
    stands = Standing(*place, cov[0, 0], cov[0, 1], cov[1, 1])
    pull = StatementPull("s", tuple(w), easiness, n_seen, n_pass)
    assert information(stands, pull) == pytest.approx(expected, rel=1e-12)


def test_nobody_saw_it_so_nobody_is_taken_to_pass():
    # With no pull and nobody's votes: v = ¼, spread ½, removed ½.
    q = 1 / np.sqrt(1 + np.pi / 16) / 4
    assert information(Standing(), StatementPull("s")) == pytest.approx(q * 0.5 / (1 + q * 0.5), rel=1e-12)


def test_what_is_nearly_sure_tells_nothing():
    sure = StatementPull("s", (0.0, 0.0), 40.0, 10**9, 0)
    assert information(Standing(), sure) == 0.0
    assert 0 < information(Standing(), StatementPull("s", (0.0, 0.0), 25.0, 10**9, 0)) < 1e-9


def test_a_passed_or_pulling_nowhere_statement_moves_nobody():
    pulls = [StatementPull("a", (1.0, 0.5), 0.2), StatementPull("b", (0.0, 0.0), 3.0)]
    assert standing({"b": 1, "a": 0}, pulls) == Standing()
    assert standing({"a": 1}, pulls) == standing({"a": 1, "b": -1}, pulls)


def test_a_standing_s_covariance_is_the_inverse_curvature():
    rng = np.random.default_rng(0)
    pulls = [StatementPull(f"s{j}", tuple(rng.normal(size=2)), rng.normal()) for j in range(15)]
    votes = {pull.statement: (-1) ** j for j, pull in enumerate(pulls)}
    found = standing(votes, pulls)
    w, b = np.array([pull.pull for pull in pulls]), np.array([pull.easiness for pull in pulls])
    p = 1 / (1 + np.exp(-(b + w @ [found.x, found.y])))
    cov = np.linalg.inv(np.eye(2) + w.T @ np.diag(p * (1 - p)) @ w)
    assert [found.xx, found.xy, found.yy] == pytest.approx([cov[0, 0], cov[0, 1], cov[1, 1]], rel=1e-9)
    assert w.T @ ((np.array([votes[f"s{j}"] for j in range(15)]) > 0) - p) == pytest.approx(
        [found.x, found.y], abs=1e-6
    )


def _pulls(*n_seen, seeds=()):
    """Return statements of equal worth seen by so many people, b1, b2, and one that tells more, a."""
    others = [StatementPull(f"b{at}", (0.0, 0.0), 6.0, n, 0, at in seeds) for at, n in enumerate(n_seen)]
    return [StatementPull("a", (3.0, 0.0), 0.0, 10**6, 0), *others]


def _chances(pulls, **shares):
    found = prospects(pulls, Standing(), **shares)
    return dict(zip([pull.statement for pull in found.ordered], found.chances, strict=True)), found


def test_twenty_have_seen_what_is_no_longer_new():
    chances, found = _chances(_pulls(19, 20))
    # 10 % over three, 10 % to the only new one, 80 % to the one that tells most.
    assert chances == pytest.approx({"a": 0.1 / 3 + 0.8, "b0": 0.1 / 3 + 0.1, "b1": 0.1 / 3})
    assert found.shares == pytest.approx((0.1, 0.1, 0.8))
    chances, found = _chances(_pulls(20, 25))
    assert found.shares == pytest.approx((0.1, 0.0, 0.9))
    assert sum(chances.values()) == pytest.approx(1)
    assert not any(found.of_new)


def test_the_less_seen_the_likelier_and_organisers_first():
    _, found = _chances(_pulls(18, 5, 0))
    assert found.of_new == pytest.approx([0, 2 / 37, 15 / 37, 20 / 37])
    _, found = _chances(_pulls(18, 5, 0, seeds={0, 1}))
    assert found.of_new == pytest.approx([0, 2 / 17, 15 / 17, 0])
    # A seed that enough have seen is like any other.
    _, found = _chances(_pulls(30, 5, 0, seeds={0}))
    assert found.of_new == pytest.approx([0, 0, 15 / 35, 20 / 35])


@pytest.mark.parametrize("shares", [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.5, 0.5), (0.25, 0.5)])
def test_shares_at_the_ends_of_their_range(shares):
    chances, found = _chances(_pulls(19, 20), random_share=shares[0], new_share=shares[1])
    assert found.shares == pytest.approx((*shares, 1 - sum(shares)))
    assert sum(chances.values()) == pytest.approx(1)
    assert found.at_random == pytest.approx([1 / 3] * 3)
    assert found.of_best == [1.0, 0.0, 0.0]


def test_each_draw_says_why():
    pulls = _pulls(19, 20)
    for because, shares, possible in [
        ("random", (1.0, 0.0), {"a", "b0", "b1"}),
        ("new", (0.0, 1.0), {"b0"}),
        ("informative", (0.0, 0.0), {"a"}),
    ]:
        choices = [
            choose_next(pulls, Standing(), seed=seed, random_share=shares[0], new_share=shares[1])
            for seed in range(30)
        ]
        assert {choice.because for choice in choices} == {because}
        assert {choice.statement for choice in choices} == possible


def test_a_map_publishes_plain_numbers():
    found = published_pulls(
        ["x", "y"], loadings=[[1, 2], [3, 4]], easiness=[5, 6], n_seen=[7, 8], n_pass=[1, 2], seeds=["y"]
    )
    assert found == [
        StatementPull("x", (1.0, 2.0), 5.0, 7, 1, False),
        StatementPull("y", (3.0, 4.0), 6.0, 8, 2, True),
    ]
    written = StatementPull("x", (0.123456, -2.0), 0.98765, 7, 1, True).to_document()
    assert written == ["x", 0.1235, -2.0, 0.9877, 7, 1, 1]
    assert StatementPull.from_document(written) == StatementPull("x", (0.1235, -2.0), 0.9877, 7, 1, True)

"""A map that starts from an earlier one is near the one from scratch, and is never taken for it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from numpy.typing import NDArray
from scipy.linalg import orthogonal_procrustes
from sklearn.metrics import adjusted_rand_score

from benchmarks.made_up import matrix, triples
from clustering.errors import NotCanonicalError, SettingsError
from clustering.exchange import read_polis_export
from clustering.group_map import GroupMap
from clustering.pipeline import compute_group_map
from clustering.settings import MapSettings, Method
from clustering.steadiness import present
from clustering.vocabulary import Statement, StatementId
from clustering.vote_matrix import VoteMatrix

Floats = NDArray[np.float64]
METHODS: tuple[Method, ...] = ("classic", "ideal")
EXPORTS = Path(__file__).parents[3] / "shared" / "data" / "polis-exports"
OF_RADIUS = {"classic": 1e-3, "ideal": 2e-2}
"""What docs/benchmarks.md promises: how far both places of a person are apart, over the map's radius."""
ARI = 0.95
"""And so does it of the groups: one person in a hundred may stand on the other side of a border."""


def drawn(votes: VoteMatrix, method: Method, start: GroupMap | None = None) -> GroupMap:
    return compute_group_map(votes, settings=MapSettings(method), start=start and start.start)


def distance(one: GroupMap, other: GroupMap) -> float:
    """Return the root mean square distance of people from themselves, over the radius of the first map.

    The second is turned to fit the first, as presenting a map does: where people spread alike in all
    directions, a hair decides which way is up.
    """
    is_placed = one.as_given(one.is_placed)
    places, others = (each.as_given(each.places)[is_placed] for each in (one, other))
    others = others @ orthogonal_procrustes(others, places)[0]
    return float(np.sqrt(np.square(places - others).sum() / np.square(places).sum()))


def is_near(cold: GroupMap, warm: GroupMap) -> bool:
    """Say whether places, axes, number of groups and groups are those of the map from scratch."""
    labels, others = cold.as_given(cold.labels), warm.as_given(warm.labels)
    along = np.abs(np.diag(cold.axes.components @ warm.axes.components.T))
    return (
        distance(cold, warm) <= OF_RADIUS[cold.settings.method]
        and bool((cold.as_given(cold.is_placed) == warm.as_given(warm.is_placed)).all())
        # Cosine of an angle of a thousandth.
        and bool((along > 1 - 1e-6).all())
        and cold.n_groups == warm.n_groups
        and adjusted_rand_score(labels, others) >= ARI
    )


def grown(n_people: int, n_statements: int, n_votes: int) -> tuple[VoteMatrix, VoteMatrix]:
    """Return made-up votes without the last hundredth, and all of them."""
    size = (n_people, n_statements, n_votes)
    return matrix(*size, kept=0.99), matrix(*size)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("last", ["cast last", "at random"])
@pytest.mark.parametrize("name", sorted(path.name for path in EXPORTS.glob("*/")))
def test_on_open_conversations_it_is_near_the_map_from_scratch(name: str, last: str, method: Method):
    export = read_polis_export(EXPORTS / name)
    n = export.n_votes
    order = np.argsort(export.cast_at_ms, kind="stable")
    if last == "at random":
        order = np.random.default_rng(0).permutation(n)

    def votes(chosen: NDArray[np.integer]) -> VoteMatrix:
        return VoteMatrix.from_arrays(
            participants=export.participants,
            statements=export.statements,
            participant_index=export.participant_index[chosen],
            statement_index=export.statement_index[chosen],
            values=export.values[chosen],
        )

    before, now = drawn(votes(np.sort(order[: round(0.99 * n)])), method), votes(np.arange(n))
    assert is_near(drawn(now, method), drawn(now, method, before))


@pytest.mark.parametrize("method", METHODS)
def test_of_very_many_people_it_keeps_the_order_given(method: Method):
    before, now = grown(52_000, 200, 1_300_000)
    cold, warm = drawn(now, method), drawn(now, method, drawn(before, method))
    assert is_near(cold, warm)
    assert (warm.given_row == np.arange(52_000)).all()


@pytest.mark.parametrize("method", METHODS)
def test_new_statements_and_new_people_find_their_places(method: Method):
    rows, columns, values = triples(4_000, 100, 150_000, seed=3)
    statements = [Statement(StatementId(str(column))) for column in range(100)]
    is_early = (rows < 3_900) & (columns >= 2)

    def votes(is_there: NDArray[np.bool_], first: int, n: int) -> VoteMatrix:
        return VoteMatrix.from_arrays(
            participants=[f"p{row}" for row in range(n)],
            statements=statements[first:],
            participant_index=rows[is_there],
            statement_index=columns[is_there] - first,
            values=values[is_there],
        )

    before, now = votes(is_early, 2, 3_900), votes(rows >= 0, 0, 4_000)
    cold, warm = drawn(now, method), drawn(now, method, drawn(before, method))
    assert is_near(cold, warm)
    new = slice(3_900, None)
    radius = np.sqrt(np.square(cold.places).sum(axis=1).mean())
    places, others = cold.as_given(cold.places), warm.as_given(warm.places)
    gaps = (places - others @ orthogonal_procrustes(others, places)[0])[new]
    assert np.sqrt(np.square(gaps).sum(axis=1).mean()) <= 2 * OF_RADIUS[method] * radius


@pytest.mark.parametrize("method", METHODS)
def test_a_start_of_another_conversation_does_no_harm(method: Method):
    stranger = drawn(matrix(2_000, 60, 40_000, seed=8), method)
    now = matrix(5_000, 60, 120_000, seed=9)
    assert is_near(drawn(now, method), drawn(now, method, stranger))
    other_ids = replace(stranger, start=replace(stranger.start, statements=["x"] * 60))
    assert is_near(drawn(now, method), drawn(now, method, other_ids))


def test_statements_are_matched_by_id():
    votes = matrix(300, 20, 4_000)
    start = drawn(votes, "ideal").start
    chosen = [votes.statements[column] for column in (7, 3)] + [Statement(StatementId("new"))]
    on = start.on(chosen)
    assert on.early_pulls is not None
    assert_allclose(on.components[:, :2], start.components[:, [7, 3]])
    assert not on.components[:, 2].any()
    assert np.isnan(on.early_pulls[2]).all()


@pytest.mark.parametrize(("angle", "fits"), [(0.0, True), (0.4, True), (0.5, False), (np.pi, True)])
def test_a_start_fits_until_its_plane_stands_out(angle: float, fits: bool):
    group_map = drawn(matrix(300, 20, 4_000), "classic")
    (one, other), third = group_map.axes.components, group_map.axes.nearest[:, 2]
    # The cosine of .4 is .92, that of .5 is .88; the border is .9.
    components = np.vstack((one, np.cos(angle) * other + np.sin(angle) * third))
    assert replace(group_map.start, components=components).fits(group_map.axes) == fits


def test_centres_turn_with_the_statements():
    start = drawn(matrix(300, 20, 4_000), "ideal").start
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    turned = start.turned_to(start.statement_places @ turn)
    for k, centres in start.centres.items():
        assert_allclose(turned.centres[k], centres @ turn, atol=1e-12)


def test_prediction_strengths_are_taken_over_where_the_same_division_was_judged():
    before, now = grown(1_500, 60, 40_000)
    start = drawn(before, "ideal").start
    assert start.strengths
    clear = dict.fromkeys(start.strengths, 0.9)
    warm = drawn(now, "ideal", drawn(before, "ideal"))
    turned = replace(start, strengths=clear).turned_to(warm.statement_places)
    assert turned.strengths_of(warm.candidates) == clear


@pytest.mark.parametrize(
    ("change", "n_people"),
    [
        ({"strengths": {2: 0.76, 3: 0.84}}, 1_500),
        ({"strengths": {}}, 1_500),
        ({"strengths": {2: 0.9, 3: 0.1}}, 900),
        ({"strengths": {2: 0.9, 3: 0.1}, "moved": 0.3}, 1_500),
    ],
    ids=["near the border", "not looked at", "few people", "another division"],
)
def test_other_prediction_strengths_are_looked_at_anew(change: dict[str, Any], n_people: int):
    group_map = drawn(matrix(n_people, 60, 40_000), "ideal")
    start, moved = group_map.start, change.pop("moved", 0.0)
    two = start.centres[2]
    centres = {k: each + moved * (two[1] - two[0]) for k, each in start.centres.items()}
    assert replace(start, centres=centres, **change).strengths_of(group_map.candidates) == {}


@pytest.mark.parametrize(
    "write",
    [GroupMap.to_document, lambda warm: warm.result_hash, lambda warm: present(warm).to_document()],
    ids=["written", "hashed", "presented"],
)
def test_it_can_be_neither_written_nor_hashed_nor_published(write: Callable[[GroupMap], object]):
    before, now = grown(300, 20, 4_000)
    first = drawn(before, "classic")
    warm = drawn(now, "classic", first)
    assert not warm.is_canonical
    assert warm.input_digest == ""
    with pytest.raises(NotCanonicalError, match="without `start`"):
        write(warm)
    # A row of quick maps always starts from the last canonical one.
    assert warm.start is first.start


def test_a_start_of_another_method_is_refused():
    votes = matrix(300, 20, 4_000)
    start = drawn(votes, "classic").start
    for method in ("ideal", "strict"):
        with pytest.raises(SettingsError, match=f"start of classic for {method}"):
            compute_group_map(votes, settings=MapSettings(method), start=start)

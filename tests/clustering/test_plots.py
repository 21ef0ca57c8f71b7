"""Figures say their finding, hide nobody's place, stay the same, and are told apart without colour."""

import io
import itertools
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from clustering import plots
from clustering.assessment import Assessment, assessment
from clustering.drawing import LOOKS, MUTED, TITLE, WIDTH, rounded_outline, tinted, wrapped
from clustering.findings import certainty_finding, crowds_finding, map_finding, membership_finding
from clustering.pipeline import compute_group_map
from clustering.samples import neighbourhood_conversation
from clustering.settings import MapSettings
from clustering.vocabulary import Vote
from clustering.vote_matrix import VoteMatrix

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def assessed() -> Assessment:
    sample = neighbourhood_conversation(language="en")
    votes = VoteMatrix.from_votes(sample.votes, statements=sample.statements)
    return assessment(compute_group_map(votes))


@pytest.fixture(scope="module")
def nobody() -> Assessment:
    return assessment(compute_group_map(VoteMatrix.from_votes([])))


@pytest.fixture(scope="module")
def noise() -> Assessment:
    rng = np.random.default_rng(3)
    cast = [
        Vote(f"p{i}", f"{j}", int(rng.choice([-1, 0, 1]))) for i, j in itertools.product(range(60), range(20))
    ]
    return assessment(compute_group_map(VoteMatrix.from_votes(cast)))


def texts(picture) -> str:
    return " ".join(written.get_text() for written in picture.paper.texts)


def test_the_map_says_how_many_groups_there_are_and_how_large(assessed: Assessment):
    picture = plots.group_map_figure(assessed.group_map, assessed=assessed)
    assert picture.title == "Three distinct groups: A with 143, B with 101 and C with 76 people"
    for written in ("A", "B", "C", "143 people", "101 people", "76 people"):
        assert written in texts(picture)


def test_no_mark_on_the_map_is_one_person(assessed: Assessment):
    picture = plots.group_map_figure(assessed.group_map)
    marks = sum(len(drawn.get_offsets()) for drawn in picture.paper.collections)
    # 320 people in bubbles of ten or more.
    assert 0 < marks <= 32


def test_both_axes_have_the_same_scale(assessed: Assessment):
    group_map = assessed.group_map
    picture = plots.group_map_figure(group_map)
    drawn = [np.asarray(group.get_offsets()) for group in picture.paper.collections]
    middles = np.array([places.mean(axis=0) for places in drawn if len(places)])
    true = np.array([group_map.places[group_map.labels == group].mean(axis=0) for group in range(3)])
    sides = [np.linalg.norm(corners - corners[[1, 2, 0]], axis=1) for corners in (middles, true)]
    ratios = sides[0] / sides[1]
    # Bubbles hold ten to nineteen people and count alike here, so their middle is near the people's, not on it.
    assert ratios == pytest.approx(ratios.mean(), rel=0.1)


def test_noise_is_drawn_as_a_cloud_without_letters_or_axes(noise: Assessment):
    picture = plots.group_map_figure(noise.group_map, assessed=noise)
    assert noise.group_map.n_groups > 0
    assert not {"A", "B"} & set(texts(picture).split())
    assert "“" not in texts(picture)
    assert len(picture.paper.collections) == 1


def test_bars_give_share_and_number_of_every_group(assessed: Assessment):
    picture = plots.statement_bars(assessed, group="A")
    first = assessed.representative[0][0].statement
    counts = assessed.judged.groups
    for group in range(3):
        share = round(100 * counts.n_agree[group, first] / counts.n_seen[group, first])
        assert f"{share}\u202f% agree (n = {counts.n_seen[group, first]})" in texts(picture)


def test_statements_are_drawn_by_id_in_the_order_asked(assessed: Assessment):
    ids = [statement.id for statement in assessed.group_map.matrix.statements]
    picture = plots.statement_bars(assessed, [ids[5], ids[2]], title="Two")
    written = texts(picture)
    first, second = (assessed.group_map.matrix.statements[column].text.split()[:4] for column in (5, 2))
    assert written.index(" ".join(first)) < written.index(" ".join(second))


@pytest.mark.parametrize("asked", [{"group": "D"}, {"group": None}, {"statements": ["nothing"]}])
def test_a_group_or_statement_that_is_not_there_is_refused(assessed: Assessment, asked: dict):
    with pytest.raises(KeyError):
        plots.statement_bars(assessed, **asked)


def test_common_ground_names_the_first_of_either_list(assessed: Assessment):
    picture = plots.common_ground_figure(assessed, n_each=2)
    statements = assessed.group_map.matrix.statements
    for found in (assessed.ground.by_all_groups[0], assessed.ground.dividing[0]):
        assert statements[found.statement].text[:30] in texts(picture)
    assert "All groups agree" in picture.title
    assert "they divide on" in picture.title


def test_findings_of_certainty_follow_the_figures(assessed: Assessment):
    assert certainty_finding(assessed).startswith("Two or three groups would come back")
    assert "the valley is 8" in crowds_finding(assessed)
    between = int(assessed.certainty.is_in_between.sum())
    assert membership_finding(assessed).startswith(f"{320 - between} people belong")
    assert membership_finding(assessed).endswith(f"{between} stand in between")


@pytest.mark.parametrize(("p_value", "said"), [(1.0, "(p = 1)"), (0.5, "(p = 0.5)"), (0.781, "(p = 0.781)")])
def test_a_chance_is_said_without_what_says_nothing(assessed: Assessment, p_value: float, said: str):
    crowds = replace(assessed.certainty.modality, p_value=p_value)
    found = replace(assessed, certainty=replace(assessed.certainty, modality=crowds))
    assert crowds_finding(found).endswith(said)


@pytest.mark.parametrize("which", ["nobody", "noise", "assessed"])
def test_every_figure_can_be_drawn_of_every_outcome(which: str, request: pytest.FixtureRequest):
    found = request.getfixturevalue(which)
    for picture in (
        plots.group_map_figure(found.group_map, assessed=found),
        plots.common_ground_figure(found),
        plots.certainty_figure(found),
        plots.crowds_figure(found),
        plots.membership_figure(found),
    ):
        assert len(picture.title) > 10
        assert picture.png().startswith(b"\x89PNG")


def test_one_group_asked_for_is_a_map_with_one_group(assessed: Assessment):
    settings = MapSettings(n_groups=1)
    alone = compute_group_map(assessed.group_map.matrix, settings=settings)
    assert map_finding(alone) == "One group: A with 320 people"


def test_the_same_map_gives_the_same_bytes(assessed: Assessment):
    first, second = (plots.group_map_figure(assessed.group_map).png() for _ in range(2))
    assert first == second


def test_a_notebook_is_given_the_picture_with_its_finding(assessed: Assessment):
    picture = plots.certainty_figure(assessed)
    shown, about = picture._repr_png_()
    size = Image.open(io.BytesIO(shown)).size
    # Drawn at 144 dots an inch, shown at 84 pixels.
    assert size[0] / about["width"] == pytest.approx(144 / 84, rel=0.01)
    assert about["alt"].startswith(picture.title)


def test_a_title_in_chinese_is_broken_without_spaces():
    lines = wrapped("乘客应该可以选择自己想要的车辆" * 12, WIDTH, TITLE)
    assert len(lines) > 1
    assert "".join(lines) == "乘客应该可以选择自己想要的车辆" * 12


def test_text_that_does_not_fit_ends_in_an_ellipsis():
    lines = wrapped("one two three four five six seven eight nine ten " * 9, 3.0, TITLE, at_most=2)
    assert len(lines) == 2
    assert lines[-1].endswith(" …")


def test_a_rounded_outline_stays_inside_the_corners():
    square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    soft = rounded_outline(square)
    assert soft.shape == (32, 2)
    assert soft.min() == 0.0
    assert soft.max() == 1.0
    # The first cut takes 1/32 of the area from each corner; those that follow take less and less.
    x, y = soft.T
    area = abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2
    assert 0.8 < area < 1 - 4 / 32 + 1e-12


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_groups_differ_by_letter_and_shape_and_stand_out_from_white():
    assert len({look.letter for look in LOOKS}) == len({look.marker for look in LOOKS}) == 5
    for colour in [*(look.colour for look in LOOKS), MUTED]:
        # WCAG 2.2, 1.4.3: contrast of text to its background.
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5


def test_a_tint_goes_from_white_to_the_colour():
    assert tinted("#123456", 0.0) == "#FFFFFF"
    assert tinted("#123456", 1.0) == "#123456"
    assert tinted("#000000", 0.5) == "#808080"


def test_only_who_draws_loads_matplotlib():
    code = "import clustering.assessment, clustering.exchange, sys; print(sorted(sys.modules))"
    run = [sys.executable, "-c", code]
    loaded = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    # Pandas is loaded by scikit-learn, where it is installed.
    assert "'clustering.assessment'" in loaded
    assert not any(f"'{name}'" in loaded for name in ("matplotlib", "anndata", "clustering.drawing"))

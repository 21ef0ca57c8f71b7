"""The palette keeps its promises: readable, and told apart by people who see fewer colours."""

import itertools
import math
import re
from importlib.resources import files

import pytest

from service.pages.colours import BACKGROUND, INK, LOOKS, MUTED

# Machado, Oliveira & Fernandes (2009), table of severity 1.0, on linear RGB.
SIGHT = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def linear(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]


def luminance(rgb):
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def contrast(one, other):
    """WCAG 2.2's contrast ratio."""
    light, dark = sorted((luminance(linear(one)), luminance(linear(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(rgb):
    """CIELAB under D65."""
    x = (0.4124564 * rgb[0] + 0.3575761 * rgb[1] + 0.1804375 * rgb[2]) / 0.95047
    y = luminance(rgb)
    z = (0.0193339 * rgb[0] + 0.1191920 * rgb[1] + 0.9503041 * rgb[2]) / 1.08883
    fx, fy, fz = (c ** (1 / 3) if c > 216 / 24389 else (24389 / 27 * c + 16) / 116 for c in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def seen(colour, sight):
    rgb = linear(colour)
    return [min(1.0, max(0.0, sum(w * c for w, c in zip(row, rgb, strict=True)))) for row in SIGHT[sight]]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_colour_is_readable_on_its_background(theme):
    colours = [getattr(look, theme) for look in LOOKS.values()] + [INK[theme], MUTED[theme]]
    assert min(contrast(colour, BACKGROUND[theme]) for colour in colours) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("sight", SIGHT)
def test_groups_are_told_apart_however_people_see(theme, sight):
    colours = [getattr(look, theme) for look in LOOKS.values()]
    nearest = min(
        math.dist(lab(seen(one, sight)), lab(seen(other, sight)))
        for one, other in itertools.combinations(colours, 2)
    )
    assert nearest >= 25


def test_the_style_sheet_has_these_colours():
    css = files("service.pages").joinpath("static", "pages.css").read_text()
    light, dark = css.split("@media (prefers-color-scheme: dark)")[:2]
    for theme, text in (("light", light), ("dark", dark)):
        for look in LOOKS.values():
            found = re.search(rf"--group-{look.letter.lower()}: (#\w+);", text)
            assert found is not None
            assert found[1].upper() == getattr(look, theme)
        for name, table in (("ink", INK), ("muted", MUTED), ("paper", BACKGROUND)):
            assert re.search(rf"--{name}: (#\w+);", text)[1].upper() == table[theme]


def test_every_group_has_its_own_letter_and_shape():
    assert list(LOOKS) == list("ABCDE")
    assert len({look.shape for look in LOOKS.values()}) == len({look.path for look in LOOKS.values()}) == 5

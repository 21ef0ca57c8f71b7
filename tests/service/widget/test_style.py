"""The element's own colours: readable in both themes, and those of the groups the same as on the pages."""

import re
from pathlib import Path

import pytest

from service.pages.colours import INK, LOOKS, MUTED

STYLE = (Path(__file__).resolve().parents[3] / "service" / "widget" / "style.js").read_text()


def colours(theme):
    block = re.search(rf"const {theme} = `(.*?)`", STYLE, re.DOTALL)[1]
    return {name: value.upper() for name, value in re.findall(r"--([\w-]+): .*?(#[0-9a-f]{6})\)*;", block)}


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """WCAG 2.2's contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_and_edges_are_readable(theme):
    found = colours(theme)
    for paper in (found["paper"], found["surface"]):
        for name in ("ink", "muted", "link", "warn"):
            assert contrast(found[name], paper) >= 4.5, (name, paper)
    for letter in "ABCDE":
        assert contrast(found[letter], found["paper"]) >= 4.5, letter
    assert contrast(found["on-accent"], found["accent"]) >= 4.5
    # What shows where a control ends.
    assert contrast(found["edge"], found["paper"]) >= 3
    assert contrast(found["accent"], found["paper"]) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_groups_look_as_on_the_pages(theme):
    found = colours(theme)
    assert {letter: found[letter] for letter in LOOKS} == {
        letter: getattr(look, theme).upper() for letter, look in LOOKS.items()
    }
    assert (found["ink"], found["muted"]) == (INK[theme].upper(), MUTED[theme].upper())

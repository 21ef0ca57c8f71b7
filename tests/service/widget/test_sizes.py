"""What a visitor's connection carries, compressed as the service sends it."""

import gzip
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "service" / "widget"
LOADER_MOST, CORE_MOST, MAP_MOST, LOCALE_MOST = 2_000, 20_000, 15_000, 3_000
STATIC = re.compile(r'^import .*?"\./([a-z-]+)\.js";', re.MULTILINE)


def size(name):
    return len(gzip.compress((FOLDER / f"{name}.js").read_bytes(), mtime=0))


def loaded_with(name):
    """Return a module and all that it imports before it runs."""
    found, left = set(), {name}
    while left:
        one = left.pop()
        found.add(one)
        left |= set(STATIC.findall((FOLDER / f"{one}.js").read_text())) - found
    return found


def told(kind, names, most):
    sizes = {name: size(name) for name in sorted(names)}
    # A check that tells its figures also when it passes.
    print(f"{kind}: {sum(sizes.values())} of {most} bytes, gzip: {sizes}")  # noqa: T201
    return sum(sizes.values())


def test_the_loader_is_small():
    assert told("loader", ["loader"], LOADER_MOST) <= LOADER_MOST


def test_everything_that_is_loaded_at_start_is_small():
    assert told("widget", loaded_with("widget"), CORE_MOST) <= CORE_MOST


def test_the_loader_fetches_exactly_what_is_loaded_at_start():
    named = set(
        re.findall(r'"([a-z-]+)"', re.search(r"NEEDED = \[(.*?)\]", (FOLDER / "loader.js").read_text())[1])
    )
    assert named == loaded_with("widget") - {"widget"}


def test_the_map_and_what_comes_with_it_is_small():
    assert told("map", loaded_with("results") - loaded_with("widget"), MAP_MOST) <= MAP_MOST


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*-??.js")), ids=lambda path: path.stem)
def test_each_locale_is_small(path):
    assert told("locale", [path.stem], LOCALE_MOST) <= LOCALE_MOST


def test_modules_are_small_and_load_nothing_from_elsewhere():
    for path in FOLDER.glob("*.js"):
        text = path.read_text()
        assert len(text.splitlines()) <= 300, path.name
        # Addresses in comments and the name of SVG are no requests.
        assert set(re.findall(r"https?://[\w./]+", text)) <= {
            "https://SERVICE/widget/loader.js",
            "http://www.w3.org/2000/svg",
        }
        assert "innerHTML" not in text
        assert "cookie" not in text

"""The figures of the method are those told to everybody, and settings out of range are refused."""

import re
from pathlib import Path

import pytest

from clustering import settings
from clustering.errors import SettingsError
from clustering.settings import MapSettings

PAGE = Path(__file__).resolve().parents[2] / "docs" / "figures.md"


def test_every_chosen_figure_is_told():
    """Whoever changes one changes the page too, so that nobody explains a map with another figure."""
    told = dict(re.findall(r"^\| `([A-Z0-9_]+)` \| (\S+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    figures = {
        name: str(value)
        for name, value in vars(settings).items()
        if name.isupper() and isinstance(value, int | float | str) and name != "GROUP_LETTERS"
    }
    assert told == figures
    assert len(told) > 90


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"method": "other"}, "method: expected one of classic, ideal, strict, got 'other'"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**32}, "seed"),
        ({"seed": True}, "seed"),
        ({"seed": 1.0}, "seed"),
        ({"n_groups": 0}, "groups: expected a whole number from 1 to 5, got 0"),
        ({"n_groups": 6}, "groups"),
        ({"n_groups": True}, "groups"),
        ({"colour": "red"}, "settings: unknown colour; known: method, seed, n_groups"),
    ],
)
def test_settings_out_of_range_are_refused(given, said):
    with pytest.raises(SettingsError, match=said):
        MapSettings.from_document(given)


def test_settings_at_the_ends_of_their_range():
    for given in ({"seed": 0, "n_groups": 1}, {"seed": 2**32 - 1, "n_groups": 5}, {"method": "strict"}):
        assert MapSettings.from_document(given).to_document() == (
            {"method": "classic", "seed": 0, "n_groups": None} | given
        )

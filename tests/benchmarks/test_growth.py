"""What counts as unrest, on maps made by hand."""

import numpy as np
import pytest

from benchmarks.growth import SEEN, likeness, unrest


def _map(groups, *, turn=0.0):
    """Return four people on a circle; no group is −1."""
    places = np.zeros(4, SEEN)
    angle = np.arange(4) * np.pi / 2 + turn
    places["x"], places["y"] = np.cos(angle), np.sin(angle)
    places["group"], places["placed"] = groups, True
    return places


def test_labels_that_change_come_or_vanish_count():
    figures = unrest([_map([0, 0, 1, 1]), _map([0, 1, 1, 1]), _map([-1] * 4), _map([-1] * 4)])
    # A quarter changes, then everybody loses their group, then nothing happens.
    assert figures["label_change"] == pytest.approx((0.25 + 1 + 0) / 3)
    assert figures["largest_label_change"] == 1
    assert figures["groups"] == [2, 2, 0, 0]
    assert figures["displacement"] == 0


def test_displacement_is_a_share_of_the_radius_of_a_cloud_too():
    figures = unrest([_map([-1] * 4), _map([-1] * 4, turn=np.pi / 3)])
    # A sixth of a turn moves everybody by one radius.
    assert figures["displacement"] == pytest.approx(1)
    assert figures["label_change"] == 0


def test_people_not_on_the_map_before_do_not_count():
    before = _map([0, 0, 1, 1])
    before["placed"][3] = False
    assert unrest([before, _map([0, 0, 1, 0])])["label_change"] == 0


def test_likeness_without_groups():
    full = _map([0, 0, 1, 1])
    assert likeness([full, full]) == {"ari": 1.0, "least_ari": 1.0, "k_moved": 0.0}
    assert likeness([full, _map([-1] * 4)]) == {"ari": 0.0, "least_ari": 0.0, "k_moved": 1.0}
    none = _map([-1] * 4)
    assert likeness([none, none]) == {"ari": 1.0, "least_ari": 1.0, "k_moved": 0.0}

"""The method's version moves with the map: the same votes give, under one version, the figures kept here.

`RENEW_FIGURES=1 pytest tests/clustering/test_method_version.py` writes them anew; `METHOD_VERSION` moves then.
"""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from clustering.assessment import assessment
from clustering.pipeline import compute_group_map
from clustering.samples import neighbourhood_conversation
from clustering.settings import METHOD_VERSION, MapSettings
from clustering.vote_matrix import VoteMatrix

FILE = Path(__file__).with_name("figures_of_the_sample.json")
N_PEOPLE = 24
"""Of the sample's 320, whose places are kept."""


@pytest.fixture(scope="module")
def figures():
    sample = neighbourhood_conversation()
    votes = VoteMatrix.from_votes(sample.votes, statements=sample.statements)
    return {"method_version": METHOD_VERSION} | {name: _figures(votes, name) for name in ("classic", "ideal")}


def _figures(votes, method):
    group_map = compute_group_map(votes, settings=MapSettings(method=method))
    certainty = assessment(group_map, n_simulations=19).certainty
    crowds = certainty.modality
    found = {
        "places": group_map.as_given(group_map.places)[:N_PEOPLE],
        "statements": group_map.statement_places,
        "silhouettes": [one.silhouette for one in group_map.candidates],
        "prediction_strengths": [one.prediction_strength for one in certainty.choice.candidates],
        "modality": [crowds.p_value, crowds.log_likelihood_ratio, crowds.valley_depth, *crowds.axis],
        "memberships": certainty.membership[:N_PEOPLE],
    }
    return {name: np.round(values, 6).tolist() for name, values in found.items()} | {
        "groups": group_map.as_given(group_map.labels)[:N_PEOPLE].tolist()
    }


def test_the_same_version_gives_the_same_figures(figures):
    if "RENEW_FIGURES" in os.environ:
        FILE.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    assert kept["method_version"] == METHOD_VERSION
    for method in ("classic", "ideal"):
        assert figures[method]["groups"] == kept[method]["groups"]
        for name, values in kept[method].items():
            # The last bits differ from machine to machine, and iterations stop within less than this.
            assert figures[method][name] == pytest.approx(np.array(values), abs=2e-5), (method, name)

"""An example of a group map, as the OpenAPI document shows it."""

from typing import Any

_TALLY = {"n_agree": 31, "n_disagree": 5, "n_pass": 4, "n_seen": 40}
_STANDING = {
    "statement": "12",
    "n_agree": 58,
    "n_disagree": 7,
    "n_pass": 5,
    "n_seen": 70,
    "share": 0.82,
    "share_z": 5.6,
}

_GROUP = {
    "group": "A",
    "n_participants": 42,
    "centre": [-1.2, 0.3],
    "bubbles": [{"x": -1.2, "y": 0.3, "n_participants": 12, "radius": 0.4}],
    "outline": [[-1.9, -0.4], [-0.5, -0.2], [-0.9, 1.1]],
    "representative_statements": [
        {
            **_STANDING,
            "n_agree": 31,
            "n_disagree": 5,
            "n_pass": 4,
            "n_seen": 40,
            "share": 0.76,
            "share_z": 4.1,
            "direction": "agree",
            "is_best_agree": True,
            "representativeness": 1.9,
            "representativeness_z": 3.2,
        }
    ],
}

_SHARE = {"n_people": 31, "n_seen": 40, "share": 0.775, "low": 0.65, "high": 0.86}

_CERTAINTY = {
    "as_of": 2290,
    "stale": True,
    "made_at": "2026-03-09T16:01:32+00:00",
    "verdict": "leanings on a spectrum",
    "missing": None,
    "n_groups": 2,
    "reason": "clearest",
    "candidates": [
        {
            "n_groups": 2,
            "silhouette": 0.45,
            "prediction_strength": 0.88,
            "sizes": [42, 29],
            "comes_back": True,
            "is_large_enough": True,
        }
    ],
    "n_in_between": 9,
    "is_thorough": True,
    "shared_pattern": {
        "variance_share": 0.31,
        "permuted_share": 0.11,
        "p_value": 0.025,
        "n_people": 71,
        "n_permutations": 39,
    },
    "modality": {
        "p_value": 0.21,
        "log_likelihood_ratio": 1.3,
        "valley_depth": 0.8,
        "axis": [0.99, 0.1],
        "n_people": 71,
        "n_simulations": 200,
    },
    "groups": [
        {
            "group": "A",
            "n_participants": 42,
            "recovery": 0.83,
            "representative_statements": [
                {"statement": "12", "direction": "agree", "q_value": 0.002, "rank": 14.2, **_SHARE}
            ],
            "seen_by_few": ["23"],
        }
    ],
    "result_hash": "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    "shared_by_all_groups": [
        {
            "statement": "12",
            "share": 0.775,
            "low": 0.65,
            "high": 0.86,
            "direction": "agree",
            "bound": 0.68,
            "worst_group": "A",
            "groups": [{"group": "A", **_SHARE}],
        }
    ],
    "shared_by_most_people": [
        {
            "statement": "12",
            "share": 0.83,
            "low": 0.74,
            "high": 0.89,
            "direction": "agree",
            "bound": 0.76,
            "n_seen": 70,
        }
    ],
    "dividing": [
        {
            "statement": "3",
            "most": "B",
            "least": "A",
            "gap": 0.5,
            "low": 0.31,
            "high": 0.66,
            "groups": [{"group": "A", **_SHARE}],
        }
    ],
    "unsure": [{"statement": "7", "share": 0.4, "low": 0.31, "high": 0.5, "n_seen": 62}],
}

GROUP_MAP: dict[str, Any] = {
    "conversation": "7k2m9q4xw1",
    "outcome": "ready",
    "missing": None,
    "as_of": 2311,
    "published_at": "2026-03-09T16:02:11+00:00",
    "stale": False,
    "votes_pending": 0,
    "error": None,
    "method": "classic",
    "method_version": 1,
    "engine_version": "0.1.0",
    "seed": 0,
    "settings": {"method": "classic", "seed": 0, "n_groups": None},
    "result_hash": "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    "places_hash": "sha256:fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9",
    "n_participants": 96,
    "n_placed": 71,
    "n_statements": 24,
    "n_statements_counted": 23,
    "n_votes": 2241,
    "n_groups": 2,
    "candidates": [{"n_groups": 2, "silhouette": 0.45, "spread": 123.4}],
    "axes": [
        {"variance_share": 0.31, "low": ["12"], "high": ["3"]},
        {"variance_share": 0.12, "low": ["7"], "high": ["9"]},
    ],
    "groups": [_GROUP],
    "bubbles": [],
    "statements": [
        {
            "statement": "12",
            "is_moderated_out": False,
            "is_meta": False,
            "n_agree": 58,
            "n_disagree": 7,
            "n_pass": 5,
            "n_seen": 70,
            "groups": {"A": _TALLY},
            "place": [-0.4, 0.2],
            "extremity": 0.45,
            "group_aware_consensus": 0.58,
            "priority": 3.1,
        }
    ],
    "consensus": {"agree": [_STANDING], "disagree": []},
    "presentation": {
        "outcome": "ready",
        "settings": {"method": "classic", "seed": 0, "n_groups": None},
        "axes": [[1, 0], [0, 1]],
        "letters": {"A": "A"},
        "n_groups": 2,
        "n_groups_canonical": 2,
        "steadying": None,
        "events": [{"event": "continued", "before": ["A"], "now": ["A"]}],
    },
    "certainty": _CERTAINTY,
}

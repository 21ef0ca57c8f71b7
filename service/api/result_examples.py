"""Examples for what comes of votes: analyses, what-if maps, and maps that were kept."""

from service.api.one_example import CREATED, Example

_ANALYSIS = {
    "id": "9d1c0e5b7a3f4e62b8d2c4a6f0e1d3b5",
    "state": "done",
    "made_at": CREATED,
    "begun_at": CREATED,
    "finished_at": CREATED,
    "expires_at": "2026-03-02T10:30:00+00:00",
    "error": None,
    "errors": [],
    "analysis": {
        "group_map": {"outcome": "too-few-statements", "missing": {"statements": 5}, "n_groups": 0},
        "participants": [
            {
                "participant": "p-81c2",
                "place": [0.0, 0.0],
                "is_placed": True,
                "group": None,
                "n_votes": 2,
                "membership": None,
            }
        ],
        "assessment": None,
    },
}

_DIFFERENCES = {
    "events": [{"event": "continued", "before": ["A"], "now": ["A"]}],
    "moves": [{"before": "A", "now": "A", "n_participants": 95}],
    "statements": [
        {
            "statement": "12",
            "group": "A",
            "agree": {"before": 0.61, "now": 0.7},
            "disagree": {"before": 0.2, "now": 0.18},
        }
    ],
}

_WHAT_IF = {
    **_ANALYSIS,
    "analysis": {
        "as_of": 2312,
        "group_map": {"outcome": "ready", "n_groups": 2},
        "differences": {"from": 2312, **_DIFFERENCES},
    },
}

_IMPORT = {
    **_ANALYSIS,
    "analysis": {"conversation": "7k2m9q4xw1", "n_statements": 31, "n_votes": 2312, "keeps_participants": True},
}

_EVIDENCE = {
    **_ANALYSIS,
    "analysis": {
        "as_of": 2312,
        "n_people": 214,
        "is_compared_pairwise": True,
        "evidence": [
            {
                "kind": "alike",
                "participants": ["k3x7q2m5rw4a", "m5rw4ak3x7q2", "q2m5rw4ak3x7"],
                "seen": {"n_people": 3.0, "agreement": 0.95, "z": 6.1},
                "usual": "Sets of 3 to 5 in one of five open conversations, 27 of 2,031 people.",
            }
        ],
    },
}

_VERSION = {
    "sequence": 2312,
    "method_version": 1,
    "outcome": "ready",
    "result_hash": "sha256:5f2a9c0e7b1d4e8f6a3c5b7d9e1f2a4c6b8d0e3f5a7c9b1d2e4f6a8c0b3d5e7f",
    "published_at": CREATED,
}

RESULT_EXAMPLES = {
    "computeGroupMap": Example(
        body={"votes": [["p-81c2", "trees", 1], ["p-81c2", "cars", -1]], "settings": {"method": "classic"}},
        answer=_ANALYSIS,
    ),
    "readGroupMapJob": Example(answer=_ANALYSIS),
    "removeGroupMapJob": Example(answer={"removed": _ANALYSIS["id"]}),
    "askWhatIfMap": Example(
        body={
            "without_statements": ["12"],
            "without_participants": ["k3x7q2m5rw4a"],
            "settings": {"n_groups": 2},
        },
        answer=_WHAT_IF,
    ),
    "readWhatIfMap": Example(answer=_WHAT_IF),
    "removeWhatIfMap": Example(answer={"removed": _WHAT_IF["id"]}),
    "importConversation": Example(answer=_IMPORT),
    "readImport": Example(answer=_IMPORT),
    "askEvidence": Example(answer=_EVIDENCE),
    "readEvidence": Example(answer=_EVIDENCE),
    "removeEvidence": Example(answer={"removed": _EVIDENCE["id"]}),
    "listGroupMapVersions": Example(answer={"items": [_VERSION], "next": None}),
    "readGroupMapVersion": Example(
        answer={**_VERSION, "group_map": {"outcome": "ready", "n_groups": 2}, "certainty": None}
    ),
    "readGroupMapDifferences": Example(
        answer={
            "before": _VERSION,
            "now": {**_VERSION, "sequence": 2690},
            "n_participants": {"before": 214, "now": 251},
            "n_votes": {"before": 2290, "now": 2668},
            "n_placed": {"before": 180, "now": 222},
            "n_groups": {"before": 2, "now": 2},
            **_DIFFERENCES,
        }
    ),
}

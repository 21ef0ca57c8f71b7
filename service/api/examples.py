"""An example for each operation, shown in the OpenAPI document; a test reads each with its schema."""

from service.api.one_example import CREATED, Example
from service.api.result_examples import RESULT_EXAMPLES

_CONVERSATION = {
    "id": "7k2m9q4xw1",
    "question": "What should the Marktplein become?",
    "description": "The square is rebuilt in 2027. Traffic through the Kerkstraat is not part of this.",
    "language": "en",
    "is_open": True,
    "is_test": False,
    "max_statement_length": 140,
    "required_assurance": "anonymous",
    "phases": [
        {
            "name": "Voting",
            "asks": ["statements", "votes"],
            "starts_at": "2026-03-02T00:00:00+00:00",
            "ends_at": "2026-03-30T00:00:00+00:00",
        }
    ],
    "moderation": "before",
    "writers": "participants",
    "phase": "Voting",
    "takes_votes": True,
    "takes_statements": True,
    "outcome": "",
    "settings": {"method": "classic", "seed": 0},
    "sequence": 0,
    "created_at": CREATED,
}

_STATEMENT = {
    "id": "12",
    "text": "The square needs more trees.",
    "state": "visible",
    "is_meta": False,
    "language": "en",
    "created_at": CREATED,
    "translations": {"nl": {"text": "Het plein heeft meer bomen nodig.", "is_machine": False}},
}

_OWN_STATEMENT = {
    **_STATEMENT,
    "id": "31",
    "text": "Close the square to cars on Saturdays.",
    "state": "hidden",
    "reason": "Traffic through the Kerkstraat is not part of this conversation.",
    "translations": {},
}

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

_MAP = {
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
    "input_hash": "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
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

_WEBHOOK = {
    "id": "4f07c2f8b0d5d4ad",
    "url": "https://portal.example.org/hooks",
    "kinds": ["group-map.published"],
    "is_test": False,
    "disabled_because": None,
    "created_at": CREATED,
}

_DELIVERY = {
    "number": 7,
    "type": "webhook.test",
    "data": {"webhook": "4f07c2f8b0d5d4ad"},
    "made_at": CREATED,
    "n_attempts": 0,
    "next_attempt_at": CREATED,
    "delivered_at": None,
    "last_status": None,
    "last_error": None,
}

_BATCH = {
    "batch": 3,
    "label": "Letters to the Kerkstraat",
    "n_codes": 2_000,
    "n_made": 2_000,
    "n_redeemed": 314,
    "is_closed": False,
    "created_at": CREATED,
}

EXAMPLES = RESULT_EXAMPLES | {
    "isAlive": Example({"status": "alive"}),
    "isReady": Example({"status": "ready", "degraded": []}),
    "readProblemKind": Example(
        {"name": "conversation-closed", "status": 403, "title": "The conversation is closed"}
    ),
    "readVersion": Example({"name": "poldermodel", "version": "0.1.0"}),
    "createConversation": Example(
        _CONVERSATION,
        {
            name: _CONVERSATION[name]
            for name in ("question", "description", "language", "max_statement_length", "settings")
        },
    ),
    "listConversations": Example({"items": [_CONVERSATION], "next": None}),
    "readConversation": Example(
        {
            **_CONVERSATION,
            "sequence": 2311,
            "counts": {"n_participants": 96, "n_statements": 24, "n_votes": 2241},
        }
    ),
    "changeConversation": Example({**_CONVERSATION, "is_open": False}, {"is_open": False}),
    "addStatements": Example(
        {"items": [_STATEMENT], "next": None},
        {"statements": [{"text": "The square needs more trees.", "id": "12", "language": "en"}]},
    ),
    "listStatements": Example({"items": [_STATEMENT], "next": None}),
    "moderateStatement": Example({**_STATEMENT, "state": "hidden"}, {"state": "hidden"}),
    "castVote": Example(
        {"sequence": 2312, "is_new_line": True, "is_superseded": False},
        {"participant": "p-81c2", "statement": "12", "vote": 1},
    ),
    "castVotes": Example(
        {
            "items": [
                {"status": "recorded", "sequence": 2313, "reason": None},
                {"status": "refused", "sequence": None, "reason": "unknown-statement"},
            ]
        },
        {
            "votes": [
                {"participant": "p-81c2", "statement": "12", "vote": -1},
                {"participant": "p-81c2", "statement": "99", "vote": 0},
            ]
        },
    ),
    "nextStatement": Example(
        {"statement": _STATEMENT, "n_seen": 3, "n_statements": 24, "seed": 42, "propensity": 0.81}
    ),
    "ownVotes": Example(
        {"items": [{"statement": "12", "vote": 1, "sequence": 2312, "cast_at": "2026-03-09T16:02:10+00:00"}]}
    ),
    "ownPlace": Example(
        {"place": {"x": -1.1, "y": 0.4, "group": "A", "membership": 0.93, "is_in_between": False}}
    ),
    "readGroupMap": Example(_MAP),
    "issueParticipantToken": Example(
        body={"code": "4T7QK-92MXA-0D3H"},
        answer={
            "token": "eyJhbGciOiJIUzI1NiJ9.eyJjb252IjoiN2sybTlxNHh3MSJ9.c2lnbmF0dXJl",
            "level": "code",
            "expires_at": "2026-08-29T09:30:00+00:00",
        },
    ),
    "orderCodes": Example(
        body={"n_codes": 2_000, "label": "Letters to the Kerkstraat"},
        answer={**_BATCH, "n_made": 0, "n_redeemed": 0},
    ),
    "listCodeBatches": Example(answer={"items": [_BATCH]}),
    "readCodeBatch": Example(answer=_BATCH),
    "readCodes": Example(answer="code\r\n4T7QK-92MXA-0D3H\r\n", media_type="text/csv"),
    "closeCodeBatch": Example(answer={**_BATCH, "is_closed": True}),
    "readOwnData": Example(
        answer={
            "conversation": "7k2m9q4xw1",
            "assurance": "account",
            "attributes": {"postcode4": "3511"},
            "votes": [{"statement": "12", "vote": 1, "sequence": 2312, "cast_at": CREATED}],
            "statements": [_OWN_STATEMENT],
        }
    ),
    "eraseOwnData": Example(answer={"sequence": 2313}),
    "excludeParticipant": Example(
        body={"reference": "k3x7q2m5rw4a", "reason": "One of forty equal ballots within a minute."},
        answer={"sequence": 2314},
    ),
    "listExclusions": Example(
        answer={
            "items": [
                {
                    "reference": "k3x7q2m5rw4a",
                    "reason": "One of forty equal ballots within a minute.",
                    "excluded_at": CREATED,
                }
            ]
        }
    ),
    "readmitParticipant": Example(answer={"sequence": 2315}),
    "moderateStatements": Example(
        body={
            "statements": [
                {"id": "12", "state": "visible"},
                {"id": "31", "state": "hidden", "reason": _OWN_STATEMENT["reason"]},
            ]
        },
        answer={"items": [_STATEMENT], "next": None},
    ),
    "ownStatements": Example(answer={"items": [_OWN_STATEMENT]}),
    "similarStatements": Example(
        body={"text": "The square needs trees."},
        answer={"items": [{"statement": _STATEMENT, "similarity": 95.0}]},
    ),
    "listChanges": Example(
        answer={
            "items": [
                {
                    "sequence": 2310,
                    "kind": "statement-moderated",
                    "made_at": CREATED,
                    "by": "desk (4t7qk92mxa0d)",
                    "details": {"statement": "31", "state": "hidden", "before": {"state": "waiting"}},
                }
            ],
            "next": None,
        }
    ),
    "addWebhook": Example(
        body={"url": "https://portal.example.org/hooks", "kinds": ["group-map.published"]},
        answer={**_WEBHOOK, "secret": "whsec_QW4gZXhhbXBsZSwgbm90IGEgc2VjcmV0IG9mIGFueWJvZHk="},
    ),
    "listWebhooks": Example(answer={"items": [_WEBHOOK]}),
    "removeWebhook": Example(answer={"removed": "4f07c2f8b0d5d4ad"}),
    "testWebhook": Example(answer=_DELIVERY),
    "listDeliveries": Example(answer={"items": [_DELIVERY], "next": None}),
}

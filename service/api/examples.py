"""An example for each operation, shown in the OpenAPI document; a test reads each with its schema."""

from service.api.map_examples import GROUP_MAP
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
    "about_questions": [
        {
            "id": "age",
            "text": "How old are you?",
            "options": [{"id": "under-30", "text": "Under 30"}, {"id": "30-or-over", "text": "30 or over"}],
        }
    ],
    "results_visible": "always",
    "min_votes_for_results": 0,
    "embedding_sites": ["https://www.example.org"],
    "polis": {"open_data": False, "unsigned_xid": False, "keep_xids": False},
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

_MERGE = {"sequence": 2316, "merged": "31", "kept": "12", "n_copied": 84, "merged_at": CREATED}

_OWN_STATEMENT = {
    **_STATEMENT,
    "id": "31",
    "text": "Close the square to cars on Saturdays.",
    "state": "hidden",
    "reason": "Traffic through the Kerkstraat is not part of this conversation.",
    "translations": {},
}

_BALLOTS = {
    "batch": "town-hall-2",
    "operator": "desk 2",
    "is_recorded": False,
    "n_ballots": 1,
    "n_votes": 2,
    "made_at": CREATED,
    "recorded_at": None,
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
    "readGroupMap": Example(GROUP_MAP),
    "issueParticipantToken": Example(
        body={"code": "4T7QK-92MXA-0D3H"},
        answer={
            "token": "eyJhbGciOiJIUzI1NiJ9.eyJjb252IjoiN2sybTlxNHh3MSJ9.c2lnbmF0dXJl",
            "level": "code",
            "expires_at": "2026-08-29T09:30:00+00:00",
        },
    ),
    "makeTransferCode": Example(answer={"code": "4T7QK-92MXA", "expires_at": "2026-03-02T09:40:00+00:00"}),
    "readOwnAnswers": Example(answer={"answers": {"age": "under-30"}}),
    "giveOwnAnswers": Example(body={"answers": {"age": "under-30"}}, answer={"answers": {"age": "under-30"}}),
    "orderCodes": Example(
        body={"n_codes": 2_000, "label": "Letters to the Kerkstraat"},
        answer={**_BATCH, "n_made": 0, "n_redeemed": 0},
    ),
    "listCodeBatches": Example(answer={"items": [_BATCH]}),
    "readCodeBatch": Example(answer=_BATCH),
    "exportConversation": Example(
        answer="(the bytes of a zip: manifest.json, conversation.json, statements.jsonl, votes.csv …)",
        media_type="application/zip",
    ),
    "readCodes": Example(answer="code\r\n4T7QK-92MXA-0D3H\r\n", media_type="text/csv"),
    "closeCodeBatch": Example(answer={**_BATCH, "is_closed": True}),
    "printCodes": Example(answer="<!doctype html>…", media_type="text/html"),
    "enterBallots": Example(
        body={
            "operator": "desk 2",
            "is_double_entry": True,
            "channel": "paper",
            "ballots": [
                {
                    "ballot": "0001",
                    "votes": [{"statement": "12", "vote": 1}, {"statement": "31", "vote": -1}],
                }
            ],
        },
        answer=_BALLOTS,
    ),
    "listBallotBatches": Example(answer={"items": [_BALLOTS]}),
    "forgetBallotBatch": Example(answer={"removed": "town-hall-2"}),
    "readOwnData": Example(
        answer={
            "conversation": "7k2m9q4xw1",
            "assurance": "account",
            "attributes": {"18plus": "true"},
            "votes": [{"statement": "12", "vote": 1, "sequence": 2312, "cast_at": CREATED}],
            "statements": [_OWN_STATEMENT],
            "answers": {"age": "under-30"},
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
    "mergeStatements": Example(body={"merged": "31", "kept": "12"}, answer=_MERGE),
    "listStatementMerges": Example(answer={"items": [_MERGE]}),
    "undoStatementMerge": Example(answer={"sequence": 2401, "n_withdrawn": 82}),
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

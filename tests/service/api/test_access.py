"""Who may what: every operation, asked by somebody without a key, with a wrong one, and with the right one."""

import re

import pytest

from service.identity.access import KeyNeededError, ScopeNeededError, check, needed_role, needed_scope
from service.identity.bearer import UnknownKeyError, caller_of
from service.identity.caller import Caller, Scope
from service.store import conversations
from service.store.records import NewConversation

TOKENS = "/v1/conversations/{conversation}/participant-tokens"

PUBLIC = {
    "/",
    "/healthz",
    "/readyz",
    "/version",
    "/v1/openapi.json",
    "/v1/conversations/{conversation}",
    "/v1/conversations/{conversation}/statements",
    "/v1/conversations/{conversation}/group-map",
    "/v1/conversations/{conversation}/group-map-versions",
    "/v1/conversations/{conversation}/group-map-versions/{int:sequence}",
    "/v1/conversations/{conversation}/group-map-differences",
    TOKENS,
}


def operations(app):
    for rule in app.url_map.iter_rules():
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            yield method, rule.rule.replace("<", "{").replace(">", "}"), app.view_functions[rule.endpoint]


def test_every_route_says_who_may(app):
    for _, _, view in operations(app):
        needed_scope(view)


def test_only_reads_are_public(app):
    found = {
        path for method, path, view in operations(app) if needed_scope(view) is None and path.startswith("/v1")
    }
    assert found == {path for path in PUBLIC if path.startswith("/v1")}
    written = {
        (method, path)
        for method, path, view in operations(app)
        if needed_scope(view) is None and needed_role(view) is None
        if method != "GET" and not path.startswith("/api/v3/")
    }
    # Where somebody takes part, or comes in.
    forms = {"/conversations/{conversation}/participate", "/desk/sign-in", "/desk/invitation"}
    # The gallery answers everything as if it were kept, and keeps nothing.
    example = "/widget-gallery/states/{state}/v1/conversations/{example}/{path}"
    assert written == {("POST", path) for path in {TOKENS, *forms}} | {
        (method, example) for method in ("POST", "PUT", "DELETE")
    }


def test_what_needs_a_key_is_closed_without_one(app, public, conversation):
    for method, path, view in operations(app):
        if needed_scope(view) is None:
            continue
        path = (
            re.sub(r"\{int:\w+\}", "1", path)
            .replace("{statement}", "0")
            .replace("{reference}", "k3x7q2m5rw4a")
            .replace("{webhook}", "4f07")
            .replace("{job}", "9d1c")
        )
        address = path.replace("{conversation}", conversation)
        nowhere = path.replace("{conversation}", "7nothing")
        for headers in (
            {},
            {"Authorization": "Bearer wrong"},
            {"Authorization": "Basic YTpi"},
            {"Authorization": "Bearer "},
        ):
            answers = [public.open(one, method=method, headers=headers) for one in (address, nowhere)]
            for answer in answers:
                assert answer.status_code == 401, (method, path, headers)
                assert answer.headers["WWW-Authenticate"].startswith("Bearer")
                assert answer.content_type == "application/problem+json"
            # Whether the conversation is there shows nowhere but in the address that was asked for.
            told = [{**answer.json, "instance": "", "request_id": ""} for answer in answers]
            assert told[0] == told[1]


def test_a_wrong_key_is_told_even_where_none_is_needed(public, conversation):
    answer = public.get(f"/v1/conversations/{conversation}", headers={"Authorization": "Bearer wrong"})
    assert answer.status_code == 401


def test_another_tenants_conversation_is_not_there(api, parts):
    other = conversations.create(parts.store, "another town", NewConversation(question="Ours?"))
    answers = [
        api.open(f"/v1/conversations/{one}{path}", method=method, json=body, headers={"Participant": "a"})
        for method, path, body in [
            ("PATCH", "", {"is_open": False}),
            ("POST", "/statements", {"text": "A statement."}),
            ("POST", "/votes", {"participant": "a", "statement": "0", "vote": 1}),
            ("POST", "/vote-batches", {"votes": [{"participant": "a", "statement": "0", "vote": 1}]}),
            ("PATCH", "/statements/0", {"state": "hidden"}),
            ("GET", "/own-votes", None),
            ("GET", "/own-place", None),
            ("GET", "/next-statement", None),
        ]
        for one in (other.id, "7nothing")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.json["detail"] for answer in answers}) == 1
    assert other.id not in [one["id"] for one in api.get("/v1/conversations").json["items"]]


def test_a_key_without_the_scope():
    caller = Caller(tenant="default", scopes=frozenset({Scope.VOTE}))
    check(caller, Scope.VOTE)
    check(caller, None)
    with pytest.raises(ScopeNeededError, match="moderate"):
        check(caller, Scope.MODERATE)
    with pytest.raises(KeyNeededError):
        check(Caller(tenant=None), Scope.VOTE)


def test_without_an_admin_key_no_key_is_accepted(parts):
    for admin_key in (None, ""):
        for shown in ("Bearer", "Bearer ", "Bearer  ", "Bearer None"):
            with pytest.raises(UnknownKeyError):
                caller_of(shown, admin_key=admin_key, key_ring=parts.key_ring)


def test_an_unmarked_view_is_closed():
    with pytest.raises(LookupError):
        needed_scope(lambda: None)

"""Every operation × everybody who may come: what the routes declare is what happens.

A route that isn't in `REQUESTS` fails, so that whoever adds one says what a good request to it looks like.
"""

import re
import time
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from service.actions.keep_house_style import keep_house_style
from service.identity.access import needed_scope
from service.identity.caller import PARTICIPANT_SCOPES, Scope
from service.identity.derived import derived_key
from service.identity.keys import fresh_key
from service.store import keys, tenants
from service.store.platform_records import NewApiKey

EVERY_SCOPE = frozenset(Scope)
CONVERSATION = "/v1/conversations/<conversation>"
BATCH = f"{CONVERSATION}/code-batches/<int:batch>"
VOTE = {"statement": "0", "vote": 1}
GALLERY = "/widget-gallery/states/<state>/v1/conversations/<example>"

REQUESTS = {
    ("GET", "/"): None,
    ("GET", "/healthz"): None,
    ("GET", "/readyz"): None,
    ("GET", "/version"): None,
    ("GET", "/problems/<name>"): None,
    ("GET", "/assets/<name>"): None,
    ("GET", "/house-styles/<digest>/style.css"): None,
    ("GET", "/house-styles/<digest>/logo"): None,
    ("GET", "/conversations/<conversation>/map"): None,
    ("GET", "/conversations/<conversation>/participate"): None,
    ("POST", "/conversations/<conversation>/participate"): {"step": "cast", "statement": "0", "vote": "1"},
    ("GET", "/widget/<file>"): None,
    ("GET", "/oembed"): None,
    ("GET", "/embedding"): None,
    ("GET", "/embedding/check"): None,
    ("GET", "/widget-gallery"): None,
    ("GET", GALLERY): None,
    ("GET", f"{GALLERY}/<path>"): None,
    ("POST", f"{GALLERY}/<path>"): {},
    ("PUT", f"{GALLERY}/<path>"): {},
    ("DELETE", f"{GALLERY}/<path>"): None,
    ("GET", "/widget-gallery/states/<state>/conversations/<example>/map"): None,
    ("GET", "/embed.js"): None,
    ("GET", "/<outside_id:conversation>"): None,
    ("GET", "/report/<report_id>"): None,
    ("GET", "/docs"): None,
    ("GET", "/docs/<file>"): None,
    ("GET", "/v1/openapi.json"): None,
    ("POST", "/v1/conversations"): {"question": "Another one?"},
    ("GET", "/v1/conversations"): None,
    ("GET", CONVERSATION): None,
    ("PATCH", CONVERSATION): {"outcome": "Trees."},
    ("GET", f"{CONVERSATION}/changes"): None,
    ("POST", f"{CONVERSATION}/participant-tokens"): {},
    ("POST", f"{CONVERSATION}/statements"): {"text": "More benches in the shade."},
    ("GET", f"{CONVERSATION}/statements"): None,
    ("PATCH", f"{CONVERSATION}/statements"): {"statements": [{"id": "0", "is_meta": False}]},
    ("PATCH", f"{CONVERSATION}/statements/<path:statement>"): {"reason": "Looked at."},
    ("POST", f"{CONVERSATION}/similar-statements"): {"text": "Fewer cars."},
    ("POST", f"{CONVERSATION}/statement-merges"): {"merged": "1", "kept": "0"},
    ("GET", f"{CONVERSATION}/statement-merges"): None,
    ("DELETE", f"{CONVERSATION}/statement-merges/<int:sequence>"): None,
    ("GET", f"{CONVERSATION}/group-map"): None,
    ("POST", f"{CONVERSATION}/votes"): VOTE,
    ("POST", f"{CONVERSATION}/vote-batches"): {"votes": [VOTE]},
    ("GET", f"{CONVERSATION}/next-statement"): None,
    ("GET", f"{CONVERSATION}/own-votes"): None,
    ("GET", f"{CONVERSATION}/own-statements"): None,
    ("GET", f"{CONVERSATION}/own-place"): None,
    ("POST", f"{CONVERSATION}/transfer-codes"): {},
    ("GET", f"{CONVERSATION}/own-answers"): None,
    ("PUT", f"{CONVERSATION}/own-answers"): {"answers": {}},
    ("GET", f"{CONVERSATION}/own-data"): None,
    ("DELETE", f"{CONVERSATION}/own-data"): None,
    ("POST", f"{CONVERSATION}/exclusions"): {"participant": "bob", "reason": "Twice the same ballot."},
    ("GET", f"{CONVERSATION}/exclusions"): None,
    ("DELETE", f"{CONVERSATION}/exclusions/<reference>"): None,
    ("POST", f"{CONVERSATION}/code-batches"): {"n_codes": 1},
    ("GET", f"{BATCH}/letters"): None,
    ("GET", f"{CONVERSATION}/ballot-batches"): None,
    ("PUT", f"{CONVERSATION}/ballot-batches/<batch>"): {
        "operator": "desk 1",
        "ballots": [{"ballot": "1", "votes": [{"statement": "0", "vote": 1}]}],
    },
    ("DELETE", f"{CONVERSATION}/ballot-batches/<batch>"): None,
    ("POST", "/v1/imports"): None,
    ("GET", "/v1/imports/<job>"): None,
    ("POST", f"{CONVERSATION}/evidence-reports"): None,
    ("GET", f"{CONVERSATION}/evidence-reports/<job>"): None,
    ("DELETE", f"{CONVERSATION}/evidence-reports/<job>"): None,
    ("GET", f"{CONVERSATION}/code-batches"): None,
    ("GET", BATCH): None,
    ("GET", f"{BATCH}/codes"): None,
    ("POST", f"{BATCH}/closing"): {},
    ("GET", f"{CONVERSATION}/exports/<format>"): None,
    ("GET", f"{CONVERSATION}/group-map-versions"): None,
    ("GET", f"{CONVERSATION}/group-map-versions/<int:sequence>"): None,
    ("GET", f"{CONVERSATION}/group-map-differences"): None,
    ("POST", "/v1/group-maps"): {"votes": [["ann", "0", 1]]},
    ("GET", "/v1/group-map-jobs/<job>"): None,
    ("DELETE", "/v1/group-map-jobs/<job>"): None,
    ("POST", f"{CONVERSATION}/what-if-maps"): {"without_statements": ["0"]},
    ("GET", f"{CONVERSATION}/what-if-maps/<job>"): None,
    ("DELETE", f"{CONVERSATION}/what-if-maps/<job>"): None,
    ("POST", "/v1/webhooks"): {"url": "https://portal.example.org/new", "kinds": ["group-map.published"]},
    ("GET", "/v1/webhooks"): None,
    ("POST", "/v1/webhooks/<webhook>/test-message"): {},
    ("GET", "/v1/webhooks/<webhook>/deliveries"): None,
    ("DELETE", "/v1/webhooks/<webhook>"): None,
}
"""A good request to each route, in an order in which each can follow on the others."""

NOT_THERE = {route for route in REQUESTS if route[1].endswith(("<job>", "<int:sequence>", "-differences"))}
"""What isn't there for those who may ask either: kept maps and analyses have tests of their own."""

FORMS = {"/conversations/<conversation>/participate"}
"""What takes a form of a page instead of JSON."""

IN_THE_GALLERY = {"GET": "own-votes", "POST": "votes", "PUT": "own-answers", "DELETE": "own-data"}
"""What each method is answered for there."""

OWN_TOKENS_ONLY = {("POST", f"{CONVERSATION}/transfer-codes")}
"""What only a participant does, whatever scopes a platform's key holds."""

PLATFORMS = {
    "the owner": {"scopes": EVERY_SCOPE},
    "a moderator": {"scopes": frozenset({Scope.MODERATE})},
    "a voting platform": {"scopes": frozenset({Scope.VOTE})},
    "a wrong scope": {"scopes": frozenset({Scope.EXPORT})},
    "another tenant": {"scopes": EVERY_SCOPE, "tenant": "another-town"},
    "a test key": {"scopes": EVERY_SCOPE, "is_test": True},
    "an expired key": {"scopes": EVERY_SCOPE, "expires_at": datetime.now(UTC) - timedelta(seconds=2)},
    "a revoked key": {"scopes": EVERY_SCOPE},
}
PARTICIPANTS = ("participant A", "participant B", "an expired token", "a participant from elsewhere")
CALLERS = ("nobody", *PLATFORMS, *PARTICIPANTS)
UNKNOWN = frozenset({"an expired key", "a revoked key", "an expired token"})
STRANGERS = frozenset({"another tenant", "a test key", "a participant from elsewhere"})


def routes(app):
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(("/api/v3/", "/desk")):
            continue  # Those have a matrix of their own, beside their other tests.
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            yield (method, rule.rule), needed_scope(app.view_functions[rule.endpoint])


def scopes_of(who):
    return PARTICIPANT_SCOPES if who in PARTICIPANTS else PLATFORMS.get(who, {"scopes": frozenset()})["scopes"]


def expected(scope, who, rule):
    """The refusal that the declared scope asks for; `None` where the request is to succeed."""
    if who in UNKNOWN:
        return 401
    if scope is None:
        return None
    if who == "nobody":
        return 401
    if scope not in scopes_of(who):
        return 403
    # What has an id in its address is somebody's; what hasn't is a list of one's own, or a start.
    return 404 if who in STRANGERS and "<" in rule else None


@pytest.fixture
def ids(api, public, conversation, parts):
    """Something of everything: votes of A and B, codes, a webhook, somebody excluded."""
    address = f"/v1/conversations/{conversation}"
    for participant in ("ann", "bob", "excluded"):
        api.post(f"{address}/votes", json={"participant": participant, "statement": "trees", "vote": -1})
    api.post(f"{address}/exclusions", json={"participant": "excluded", "reason": "To try."})
    (excluded,) = api.get(f"{address}/exclusions").json["items"]
    hook = {"url": "https://portal.example.org/hooks", "kinds": ["group-map.published"]}
    batch = api.post(f"{address}/code-batches", json={"n_codes": 1}).json["batch"]
    entry = {"operator": "desk 1", "ballots": [{"ballot": "1", "votes": []}]}
    api.put(f"{address}/ballot-batches/{batch}", json=entry)
    deadline = time.monotonic() + 20
    while api.get(f"{address}/code-batches/{batch}").json["n_made"] < 1:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    api.post("/api/v3/reports", json={"conversation_id": conversation})
    (report,) = api.get(f"/api/v3/reports?conversation_id={conversation}").json
    logo = bytes.fromhex("89504e470d0a1a0a 0000000d 49484452 00000001 00000001 0800000000 00000000")
    style = keep_house_style(parts.store, "default", name="Town", accent="#8a1c1c", logo=logo, keeps_logo=False)
    return {
        "digest": style.digest,
        "conversation": conversation,
        "report_id": report["report_id"],
        "statement": "0",
        "reference": excluded["reference"],
        "batch": str(batch),
        "webhook": api.post("/v1/webhooks", json=hook).json["id"],
        "name": "pages.css",
        "file": "loader.js",
        "format": "zip",
        "sequence": "1",
        "job": "0" * 32,
        "state": "start",
        "example": "example",
    }


@pytest.fixture
def bearer(api, public, parts, conversation):
    """Make what somebody shows: a key's text, a token, or nothing."""

    def key_of(who, *, tenant="default", scopes, is_test=False, expires_at=None):
        if tenant != "default":
            tenants.add(parts.store, tenant, name="Another town")
        fresh = fresh_key(is_test=is_test)
        new = NewApiKey(fresh.id, tenant, who, fresh.key_hash, scopes, is_test, expires_at)
        keys.add(parts.store, new)
        if who == "a revoked key":
            keys.revoke(parts.store, tenant, fresh.id)
        return fresh.text

    def token_of(who):
        where = conversation
        if who == "a participant from elsewhere":
            where = api.post("/v1/conversations", json={"question": "Elsewhere?"}).json["id"]
        text = public.post(f"/v1/conversations/{where}/participant-tokens", json={}).json["token"]
        if who != "an expired token":
            return text
        secret = derived_key(parts.store.secret, "participants' tokens")
        claims = jwt.decode(text, options={"verify_signature": False})
        return jwt.encode({**claims, "exp": int(time.time()) - 3600}, secret, algorithm="HS256")

    def make(who):
        if who == "nobody":
            return {}
        text = token_of(who) if who in PARTICIPANTS else key_of(who, **PLATFORMS[who])
        return {"Authorization": f"Bearer {text}"}

    return make


def test_every_route_has_its_request(app):
    assert {route for route, _ in routes(app)} == set(REQUESTS)


@pytest.mark.parametrize("who", CALLERS)
def test_what_routes_declare_is_what_happens(app, public, ids, bearer, who):
    scopes, shown, given = dict(routes(app)), bearer(who), {}
    for (method, rule), body in REQUESTS.items():
        ids["path"] = IN_THE_GALLERY.get(method, "")
        address = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: ids[found[1]], rule)
        if rule == "/problems/<name>":
            address = "/problems/not-found"
        headers = dict(shown)
        if who in PLATFORMS and scopes[method, rule] is Scope.VOTE:
            headers["Participant"] = "ann"
            body = on_behalf_of("ann", body)
        if rule.endswith("-differences"):
            address += "?from=1&to=2"
        if rule == "/docs/<file>":
            address = "/docs/swagger-ui.css"
        if rule == "/oembed":
            address += f"?url=http://localhost/conversations/{ids['conversation']}/participate"
        headers["Prefer"] = "respond-async"
        sent = {"data": body} if rule in FORMS and method == "POST" else {"json": body}
        if (method, rule) == ("POST", "/v1/imports"):
            sent = {"data": b"no zip", "content_type": "application/zip"}
        answer = public.open(address, method=method, headers=headers, **sent)
        given[method, rule] = answer.status_code if answer.status_code >= 400 else None
    wanted = {route: expected(scopes[route], who, route[1]) for route in REQUESTS}
    wanted |= {route: 404 for route in NOT_THERE if wanted[route] is None}
    wanted |= {route: 403 for route in OWN_TOKENS_ONLY if wanted[route] is None and who in PLATFORMS}
    assert {route: (status, wanted[route]) for route, status in given.items() if status != wanted[route]} == {}


def on_behalf_of(participant, body):
    if body is None or body.keys() & {"text", "answers"}:
        return body
    if "votes" in body:
        return {"votes": [{"participant": participant, **vote} for vote in body["votes"]]}
    return {"participant": participant, **body}


def test_nobody_reads_what_is_anothers(public, api, bearer, conversation):
    address = f"/v1/conversations/{conversation}"
    a, b = bearer("participant A"), bearer("participant B")
    public.post(f"{address}/votes", json={"statement": "0", "vote": 1}, headers=a)
    public.post(f"{address}/statements", json={"text": "A bicycle stand at each corner."}, headers=a)
    api.post(f"{address}/votes", json={"participant": "ann", "statement": "1", "vote": 1})
    for kind in ("own-votes", "own-statements"):
        assert len(public.get(f"{address}/{kind}", headers=a).json["items"]) == 1
        assert public.get(f"{address}/{kind}", headers=b).json["items"] == []
    assert public.get(f"{address}/own-data", headers=b).json["votes"] == []
    for kind in ("own-votes", "own-statements", "own-place", "own-data", "next-statement"):
        assert public.get(f"{address}/{kind}", headers={**b, "Participant": "ann"}).status_code == 403
    assert public.delete(f"{address}/own-data", headers={**b, "Participant": "ann"}).status_code == 403
    named = {"participant": "ann", "statement": "0", "vote": -1}
    assert public.post(f"{address}/votes", json=named, headers=b).status_code == 403
    assert public.post(f"{address}/vote-batches", json={"votes": [named]}, headers=b).status_code == 403
    left = api.get(f"{address}/own-votes", headers={"Participant": "ann"}).json["items"]
    assert [(one["statement"], one["vote"]) for one in left] == [("1", 1)]
    # A statement that waits for a moderator is nobody else's to read.
    assert len(public.get(f"{address}/statements", headers=b).json["items"]) == 3


def test_lists_of_strangers_hold_nothing_of_ours(public, bearer, ids):
    for who in ("another tenant", "a test key"):
        shown = bearer(who)
        for path in ("/v1/conversations", "/v1/webhooks"):
            assert public.get(path, headers=shown).json["items"] == [], (who, path)

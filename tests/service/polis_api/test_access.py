"""Who may what on `/api/v3`: every route × everybody who may come, and Polis's known holes, tried."""

import re
import time

import jwt
import pytest

from service.identity.access import needed_scope
from service.identity.caller import Scope
from service.identity.derived import derived_key
from service.identity.keys import fresh_key
from service.store import conversations, keys, reports, tenants
from service.store.platform_records import NewApiKey

EVERY_SCOPE = frozenset(Scope)
BALLOTS = frozenset({"the owner", "an exporter"})
OWNERS = frozenset({"the owner"})
MODERATORS = frozenset({"the owner", "a moderator"})
KNOWN = frozenset(
    {"the owner", "a moderator", "an exporter", "a voting platform", "another tenant", "a test key"}
)
EVERYBODY = KNOWN | {"nobody", "participant A", "participant B", "a participant from elsewhere"}
# Keys of others may read what everybody may, and do nothing.
VOTERS = frozenset({"nobody", "participant A", "participant B"})

REQUESTS = {
    ("GET", "/openapi.json"): ({}, EVERYBODY),
    ("GET", "/participationInit"): ({}, EVERYBODY),
    ("GET", "/nextComment"): ({}, EVERYBODY),
    ("GET", "/participants"): ({}, EVERYBODY),
    ("POST", "/participants"): ({}, VOTERS),
    ("GET", "/votes"): ({"pid": 0}, BALLOTS | {"participant A"}),
    ("GET", "/votes/me"): ({}, EVERYBODY),
    ("POST", "/votes"): ({"tid": 0, "vote": -1}, VOTERS),
    ("POST", "/votes-bulk"): (
        {"csv": "user_id,vote_value,comment_id\nann,1,0\n"},
        frozenset({"the owner", "a voting platform"}),
    ),
    ("GET", "/comments"): ({"moderation": "true", "include_voting_patterns": "true"}, EVERYBODY),
    ("POST", "/comments"): ({"txt": "A tree at every corner, {who}."}, VOTERS | OWNERS),
    ("PUT", "/comments"): ({"tid": 4, "mod": 1}, MODERATORS),
    ("GET", "/comments/translations"): ({"tid": 0, "lang": "nl"}, EVERYBODY),
    ("GET", "/conversations"): ({}, EVERYBODY),
    ("POST", "/conversations"): (
        {"topic": "Another?"},
        frozenset({"the owner", "another tenant", "a test key"}),
    ),
    ("PUT", "/conversations"): ({"description": "More of it."}, OWNERS),
    ("POST", "/conversation/close"): ({}, OWNERS),
    ("POST", "/conversation/reopen"): ({}, OWNERS),
    ("GET", "/conversations/preload"): ({}, EVERYBODY),
    ("GET", "/testConnection"): ({}, EVERYBODY),
    ("GET", "/conversationUuid"): ({}, BALLOTS),
    ("GET", "/math/pca2"): ({}, EVERYBODY),
    ("GET", "/bidToPid"): ({}, BALLOTS),
    ("GET", "/bid"): ({}, EVERYBODY),
    ("GET", "/reports"): ({}, BALLOTS),
    ("POST", "/reports"): ({}, OWNERS),
    ("PUT", "/reports"): ({"report_id": "{report}", "report_name": "A name."}, OWNERS),
    ("GET", "/reportExport/<report_id>/<filename>"): ({}, BALLOTS),
    ("GET", "/conversationStats"): ({}, BALLOTS),
    ("GET", "/participation"): ({}, BALLOTS),
    ("GET", "/ptptois"): ({}, EVERYBODY),
    ("GET", "/votes/famous"): ({}, EVERYBODY),
    ("GET", "/xids"): ({}, BALLOTS),
    ("GET", "/xid/<uuid>"): ({}, BALLOTS),
    ("GET", "/users"): ({}, EVERYBODY),
    ("POST", "/auth/login"): ({"password": "{key}"}, EVERYBODY),
    ("POST", "/auth/deregister"): ({}, EVERYBODY),
}
"""A good request to each route, and who is answered; everybody else is refused."""

PLATFORMS = {
    "the owner": {"scopes": EVERY_SCOPE},
    "a moderator": {"scopes": frozenset({Scope.MODERATE})},
    "an exporter": {"scopes": frozenset({Scope.EXPORT})},
    "a voting platform": {"scopes": frozenset({Scope.VOTE})},
    "another tenant": {"scopes": EVERY_SCOPE, "tenant": "another-town"},
    "a test key": {"scopes": EVERY_SCOPE, "is_test": True},
    "a revoked key": {"scopes": EVERY_SCOPE},
}
CALLERS = (
    "nobody",
    *PLATFORMS,
    "participant A",
    "participant B",
    "a participant from elsewhere",
    "an ended token",
)
UNKNOWN = frozenset({"a revoked key", "an ended token"})


@pytest.fixture
def key_of(parts):
    """Make a key; return its text."""

    def make(who, *, tenant="default", scopes=EVERY_SCOPE, is_test=False):
        if tenant != "default" and all(one.id != tenant for one in tenants.list_all(parts.store)):
            tenants.add(parts.store, tenant, name="Another town")
        fresh = fresh_key(is_test=is_test)
        keys.add(parts.store, NewApiKey(fresh.id, tenant, who, fresh.key_hash, scopes, is_test, None))
        if who == "a revoked key":
            keys.revoke(parts.store, tenant, fresh.id)
        return fresh.text

    return make


@pytest.fixture
def world(api, public, parts, conversation, drawn):
    """A conversation in which A voted and wrote, its map, a report of it, and one of another conversation."""
    first = public.post("/api/v3/votes", json={"conversation_id": conversation, "tid": 0, "vote": -1}).json
    second = public.post("/api/v3/votes", json={"conversation_id": conversation, "tid": 1, "vote": 1}).json
    elsewhere = api.post("/v1/conversations", json={"question": "Elsewhere?"}).json["id"]
    api.post(f"/v1/conversations/{elsewhere}/statements", json={"text": "Something else."})
    third = public.post("/api/v3/votes", json={"conversation_id": elsewhere, "tid": 0, "vote": 1}).json
    drawn()
    found = conversations.find(parts.store, "default", conversation)
    uuid = api.get(f"/api/v3/conversationUuid?conversation_id={conversation}").json["conversation_uuid"]
    report = reports.create(parts.store, found).id
    return {
        "conversation": conversation, "elsewhere": elsewhere, "uuid": uuid, "report": report,
        "in_path": {"report_id": report, "filename": "votes.csv", "uuid": uuid},
        "tokens": {
            "participant A": first["auth"]["token"], "participant B": second["auth"]["token"],
            "a participant from elsewhere": third["auth"]["token"],
        },
    }  # fmt: skip


def shown_by(who, world, key_of, parts):
    if who == "nobody":
        return {}
    if who == "an ended token":
        claims = jwt.decode(world["tokens"]["participant A"], options={"verify_signature": False})
        secret = derived_key(parts.store.secret, "participants' tokens")
        text = jwt.encode({**claims, "exp": int(time.time()) - 3600}, secret, algorithm="HS256")
    else:
        text = world["tokens"].get(who) or key_of(who, **PLATFORMS[who])
    return {"Authorization": f"Bearer {text}"}


def routes(app):
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v3/"):
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                yield (
                    (method, rule.rule.removeprefix("/api/v3")),
                    needed_scope(app.view_functions[rule.endpoint]),
                )


def test_every_route_has_its_request_and_is_described(app, public):
    assert {route for route, _ in routes(app)} == set(REQUESTS)
    document = public.get("/api/v3/openapi.json").json
    described = {
        (method.upper(), re.sub(r"{(\w+)}", r"<\1>", path))
        for path, operations in document["paths"].items()
        for method in operations
    }
    assert described == set(REQUESTS) - {("GET", "/openapi.json")}
    for (method, path), scope in routes(app):
        if path != "/openapi.json":
            operation = document["paths"][re.sub(r"<(\w+)>", r"{\1}", path)][method.lower()]
            assert operation.get("x-scope") == (None if scope is None else str(scope))
            assert operation["summary"]


@pytest.mark.parametrize("who", CALLERS)
def test_who_is_answered_and_who_is_refused(app, public, parts, world, key_of, who):
    shown, wrong = shown_by(who, world, key_of, parts), {}
    live = key_of("somebody's", scopes=frozenset({Scope.EXPORT}))
    for (method, rule), (said, allowed) in REQUESTS.items():
        path = "/api/v3" + re.sub(
            r"<(\w+)>", lambda at: world["in_path"][at[1]], rule
        )  # fmt: skip
        filled = {
            name: value.format(report=world["report"], key=live, who=who) if isinstance(value, str) else value
            for name, value in said.items()
        } | {"conversation_id": world["conversation"]}
        given = {"query_string": filled} if method == "GET" else {"json": filled}
        answer = public.open(path, method=method, headers=shown, **given)
        expected = {401} if who in UNKNOWN else {200} if who in allowed else {401, 403, 404}
        if answer.status_code not in expected:
            wrong[method, rule] = answer.status_code
        elif answer.status_code >= 400:
            assert answer.mimetype == "application/problem+json"
    assert wrong == {}


def test_another_persons_pid_is_no_credential(public, world):
    b = {"Authorization": f"Bearer {world['tokens']['participant B']}"}
    here = world["conversation"]
    for headers in ({}, b):
        said = {"conversation_id": here, "tid": 0, "vote": 1, "pid": 0}
        assert public.post("/api/v3/votes", json=said, headers=headers).status_code == 403
        written = {"conversation_id": here, "txt": "In another's name.", "pid": 0}
        public.post("/api/v3/comments", json=written, headers=headers)
        assert public.get(f"/api/v3/votes?conversation_id={here}&pid=0", headers=headers).status_code in {
            401,
            403,
        }
        begun = public.get(f"/api/v3/participationInit?conversation_id={here}&pid=0", headers=headers)
        assert begun.status_code == 403
    a = {"Authorization": f"Bearer {world['tokens']['participant A']}"}
    mine = public.get(f"/api/v3/votes/me?conversation_id={here}", headers=a).json
    assert [(one["tid"], one["vote"]) for one in mine] == [(0, -1)]


def test_what_nobody_approved_is_read_by_moderators_only(public, api, world, opened):
    here = world["conversation"]
    waiting = public.post("/api/v3/comments", json={"conversation_id": here, "txt": "Something unkind."}).json
    api.put("/api/v3/comments", json={"conversation_id": here, "tid": 2, "mod": -1})
    listed = f"/api/v3/comments?conversation_id={here}&moderation=true&include_voting_patterns=true"

    def tids(query="", client=public):
        return {one["tid"]: one["txt"] for one in client.get(listed + query).json}

    assert set(tids()) == {0, 1, 3, 4}
    assert set(tids("&mod=0")) | set(tids("&mod=-1")) | set(tids("&mod_gt=-1&tids=2")) == set()
    opened(open_data=True)
    # Open data tells that there is a statement and what became of it, not what it reads.
    assert tids() == {0: "Fewer cars.", 1: "A market on Saturday.", 2: "", 3: "A fountain.",
                      4: "Benches in the shade.", waiting["tid"]: ""}  # fmt: skip
    assert tids(client=api)[waiting["tid"]] == "Something unkind."
    for _ in range(20):
        assert public.get(f"/api/v3/nextComment?conversation_id={here}").json["tid"] not in {2, waiting["tid"]}
    refused = public.post("/api/v3/votes", json={"conversation_id": here, "tid": waiting["tid"], "vote": -1})
    assert refused.status_code == 409


def test_a_report_opens_its_own_conversation_and_only_by_right(public, api, world, key_of, parts):
    elsewhere = conversations.find(parts.store, "default", world["elsewhere"])
    other = reports.create(parts.store, elsewhere).id
    here = world["conversation"]
    assert public.get(f"/api/v3/reports?report_id={other}&conversation_id={here}").status_code == 404
    change = {"report_id": other, "conversation_id": here, "report_name": "Mine."}
    assert api.put("/api/v3/reports", json=change).status_code == 404
    stranger = {"Authorization": f"Bearer {key_of('x', tenant='another-town')}"}
    for name in ("summary.csv", "comments.csv", "votes.csv", "participant-votes.csv", "comment-groups.csv"):
        assert public.get(f"/api/v3/reportExport/{other}/{name}").status_code == 401
        assert public.get(f"/api/v3/reportExport/{other}/{name}", headers=stranger).status_code == 404
        text = api.get(f"/api/v3/reportExport/{other}/{name}").text
        assert "Fewer cars" not in text
    assert public.get("/api/v3/reportExport/r00000000000000000000/votes.csv").status_code == 404
    assert api.get(f"/api/v3/reportExport/{other}/secrets.csv").status_code == 404


def test_a_site_id_and_an_owner_id_open_nothing(public, world):
    here = world["conversation"]
    site = public.get(f"/api/v3/conversations?conversation_id={here}").json["site_id"]
    for said in (f"site_id={site}", "site_id=polis_site_id_1", "owner_uid=0", "uid=0", "agid=1"):
        assert public.get(f"/api/v3/conversations?{said}").status_code == 401
        assert public.get(f"/api/v3/votes?conversation_id={here}&pid=0&{said}").status_code == 401
        assert public.get(f"/api/v3/xids?conversation_id={here}&{said}").status_code == 401


def test_an_external_id_is_believed_where_it_is_signed_or_allowed(public, world, opened, key_of, parts):
    here = world["conversation"]
    said = {"conversation_id": here, "tid": 3, "vote": -1, "xid": "ann"}
    assert public.post("/api/v3/votes", json=said).status_code == 403
    assert public.get(f"/api/v3/participationInit?conversation_id={here}&xid=ann").status_code == 403
    key = key_of("portal", scopes=frozenset({Scope.VOTE}))
    by_platform = public.post("/api/v3/votes", json=said, headers={"Authorization": f"Bearer {key}"})
    assert (by_platform.status_code, "auth" in by_platform.json) == (200, False)
    opened(unsigned_xid=True)
    begun = public.get(f"/api/v3/participationInit?conversation_id={here}&xid=ann").json
    assert begun["ptpt"]["pid"] == by_platform.json["currentPid"]
    # Not even then does it name somebody whom a platform knows by an id of ours.
    public.post(
        f"/v1/conversations/{here}/votes", json={"participant": "bob", "statement": "0", "vote": 1},
        headers={"Authorization": f"Bearer {key}"},
    )  # fmt: skip
    for xid in ("bob", "0", "1"):
        assert "ptpt" not in public.get(f"/api/v3/participationInit?conversation_id={here}&xid={xid}").json


def test_external_ids_are_kept_where_that_is_said_and_go_with_the_person(public, api, world, opened):
    here = opened(unsigned_xid=True)
    public.post("/api/v3/votes", json={"conversation_id": here, "tid": 1, "vote": 1, "xid": "carl"})
    assert api.get(f"/api/v3/xids?conversation_id={here}").json == []
    opened(unsigned_xid=True, keep_xids=True)
    begun = public.post(
        "/api/v3/votes", json={"conversation_id": here, "tid": 1, "vote": 1, "xid": "=dora"}
    ).json
    assert api.get(f"/api/v3/xids?conversation_id={here}").json == [
        {"pid": begun["currentPid"], "xid": "=dora"}
    ]
    table = api.get(f"/api/v3/xid/{world['uuid']}").text
    assert table == f"participant,xid\n{begun['currentPid']},'=dora\n"
    token = {"Authorization": f"Bearer {begun['auth']['token']}"}
    assert public.delete(f"/v1/conversations/{here}/own-data", headers=token).status_code == 200
    assert api.get(f"/api/v3/xids?conversation_id={here}").json == []
    # The number stays taken: whoever comes next gets another one.
    again = public.post(
        "/api/v3/votes", json={"conversation_id": here, "tid": 1, "vote": 1, "xid": "=dora"}
    ).json
    assert again["currentPid"] == begun["currentPid"] + 1
    assert api.get(f"/api/v3/votes?conversation_id={here}&pid={begun['currentPid']}").json == []


def test_a_token_of_a_key_is_as_good_as_the_key_and_ends_with_it(public, parts, world, key_of):
    key = key_of("portal", scopes=frozenset({Scope.EXPORT}))
    session = public.post("/api/v3/auth/login", json={"email": "x@example.org", "password": key}).json["token"]
    shown = {"Authorization": f"Bearer {session}"}
    address = f"/api/v3/votes?conversation_id={world['conversation']}&pid=0"
    assert public.get(address, headers=shown).status_code == 200
    assert public.put("/api/v3/comments", json={}, headers=shown).status_code == 403
    keys.revoke(parts.store, "default", key.split("_")[2])
    assert public.get(address, headers=shown).status_code == 401
    for wrong in (key, "a password", session):
        assert public.post("/api/v3/auth/login", json={"password": wrong}).status_code == 401


def test_the_map_of_everybody_tells_of_nobody(public, api, world, parts):
    here = world["conversation"]
    everybody = public.get(f"/api/v3/math/pca2?conversation_id={here}").json
    allowed = api.get(f"/api/v3/math/pca2?conversation_id={here}").json
    assert set(everybody) == set(allowed)
    assert (everybody["user-vote-counts"], everybody["in-conv"]) == ({}, [])
    assert all(members == [] for members in everybody["base-clusters"]["members"])
    assert allowed["user-vote-counts"] == {"0": 1, "1": 1}

"""Every page and form of the desk × everybody who may come: what is declared is what happens."""

import re

import pytest
from sqlalchemy import update

from service.identity.access import needed_role
from service.store import conversations, statements
from service.store.desk_records import Role
from service.store.desk_tables import desk_sessions
from service.store.records import NewConversation, NewStatement

PUBLIC = {
    ("GET", "/desk/sign-in"),
    ("POST", "/desk/sign-in"),
    ("GET", "/desk/invitation"),
    ("POST", "/desk/invitation"),
    ("GET", "/desk/openid"),
    ("GET", "/desk/openid/return"),
    ("GET", "/desk/assets/<name>"),
}
PARTS = {"batch": "1", "number": "0", "name": "desk.css", "sequence": "1", "statement": "0"}
HERE = "/desk/conversations/<conversation>"
FORMS = {
    f"{HERE}/moderate": {"act": "hidden:0", "reason": "To try."},
    f"{HERE}/moderate/merge": {"pair": "1-0"},
    f"{HERE}/paper/entry": {"batch": "hall-1", "lines": "1"},
    "/desk/people/end": {"email": "owner@default.example.org"},
    f"{HERE}/paper/forget": {"batch": "hall-1"},
}
"""What a form needs so that it isn't refused for what it says."""

NOT_YET = ("/map.svg", "/map/area", "/map/compare", "/people/end")
"""What there is of a map only once there is one; and for another town, a person of this one."""

WHO = ("nobody", "viewer", "moderator", "owner", "another tenant", "expired", "no mark")


@pytest.fixture
def here(parts):
    """A conversation of the default tenant."""
    made = conversations.create(parts.store, "default", NewConversation("What should happen?"))
    statements.add(parts.store, made, [NewStatement("More trees.")])
    return made


def routes(app):
    """Yield method, rule and role of all that is there; signing out comes last."""
    found = [
        (method, rule.rule, needed_role(app.view_functions[rule.endpoint]))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/desk")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    ]
    return sorted(found, key=lambda one: ("sign-out" in one[1], one[1], one[0]))


def client_of(who, app, sign_in, parts):
    if who == "nobody":
        return app.test_client(), ""
    role = Role(who) if who in list(Role) else Role.OWNER
    worker = sign_in(role, tenant="another-town" if who == "another tenant" else "default")
    mark = worker.mark()
    if who == "expired":
        with parts.store.writing() as connection:
            connection.execute(update(desk_sessions).values(used_at=0))
    return worker.client, "" if who == "no mark" else mark


def expected(who, role, method, rule):
    if who in ("nobody", "expired"):
        return "sign in"
    if who == "no mark" and method == "POST":
        return "refused"
    if who in list(Role) and not Role(who).is_at_least(role):
        return "refused"
    return "not there" if who == "another tenant" and "<conversation>" in rule else "let in"


def came_of(answer):
    if answer.status_code == 303 and answer.location.startswith("/desk/sign-in?next="):
        return "sign in"
    if answer.status_code in (403, 404):
        return {403: "refused", 404: "not there"}[answer.status_code]
    assert answer.status_code < 500, answer.text
    return "let in"


def test_everything_but_coming_in_asks_a_role(app):
    assert {(method, rule) for method, rule, role in routes(app) if role is None} == PUBLIC


@pytest.mark.parametrize("who", WHO)
def test_what_pages_declare_is_what_happens(app, sign_in, parts, here, who):
    client, mark = client_of(who, app, sign_in, parts)
    given, wanted, known = {}, {}, {**PARTS, "conversation": here.id}
    for method, rule, role in routes(app):
        if role is None:
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: known.get(found[1], "1"), rule)
        form = {"mark": mark, **FORMS.get(rule, {})} if method == "POST" else None
        answer = client.open(path, method=method, data=form, headers={"Sec-Fetch-Site": "same-origin"})
        came = came_of(answer)
        if method == "POST" and came == "let in" and answer.location == "/desk/sign-in":
            came = "sign in"
        wanted[method, rule] = expected(who, role, method, rule)
        # What the address names may not be there for those who may ask either: a batch, a version.
        is_there = not re.search(r"<(?!conversation>)", rule) and not rule.endswith(NOT_YET)
        given[method, rule] = wanted[method, rule] if came == "not there" and not is_there else came
    assert {route: (given[route], wanted[route]) for route in given if given[route] != wanted[route]} == {}
    assert len(given) > 20


def test_the_api_takes_no_session(sign_in, api, here):
    """The cookie isn't sent there; and if somebody did, it would open nothing."""
    worker = sign_in(Role.OWNER)
    cookie = worker.client.get_cookie("poldermodel-desk", path="/desk").value
    for path in ("/v1/conversations", f"/v1/conversations/{here.id}/changes"):
        assert worker.client.get(path).status_code == 401
        assert worker.client.get(path, headers={"Cookie": f"poldermodel-desk={cookie}"}).status_code == 401


def test_nothing_but_the_desk_sets_a_cookie(app, public, here):
    for path in ("/", f"/conversations/{here.id}/participate", f"/v1/conversations/{here.id}", "/desk/sign-in"):
        assert "Set-Cookie" not in public.get(path).headers

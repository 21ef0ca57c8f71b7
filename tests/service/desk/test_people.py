"""Colleagues: an owner invites them and lets them go, within the own organisation."""

import re

from service.store import desk_people
from service.store.desk_records import Role


def link_in(page):
    return re.search(r"<code>http://localhost/desk/invitation#([\w-]{43})</code>", page)[1]


def test_an_owner_invites_a_colleague_and_lets_them_go(app, sign_in, parts):
    owner, bob = sign_in(Role.OWNER), app.test_client()
    page = owner.send("/people", email="Bob@example.org", role="moderator")
    assert page.status_code == 200
    form = {
        "code": link_in(page.text),
        "email": "bob@example.org",
        "name": "Bob",
        "password": "nog een lange zin",
    }
    assert bob.post("/desk/invitation", data=form).status_code == 303
    assert "Bob · moderator" in re.sub(r"</?bdi>", "", bob.get("/desk").text)
    assert link_in(page.text) not in owner.get("/people").text
    owner.send("/people/end", email="bob@example.org")
    assert bob.get("/desk").status_code == 303
    # An open invitation is taken back the same way; and nobody ends themselves.
    owner.send("/people", email="eve@example.org", role="owner")
    owner.send("/people/end", email="eve@example.org")
    assert desk_people.invitations(parts.store, "default") == []
    owner.send("/people/end", email=owner.email)
    assert owner.get("").status_code == 200


def test_what_is_wrong_invites_nobody(sign_in, parts):
    owner, other = sign_in(Role.OWNER), sign_in(Role.OWNER, tenant="another-town")
    for email, role in (("no address", "viewer"), ("a@example.org", "king"), (other.email, "viewer")):
        assert owner.send("/people", email=email, role=role).status_code == 422
    assert desk_people.invitations(parts.store, "default") == []
    assert owner.send("/people/end", email=other.email).status_code == 404
    assert other.get("").status_code == 200

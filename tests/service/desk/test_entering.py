"""Coming in at the desk: invitations, passwords, sessions, forms; what is old or forged opens nothing."""

import re
import threading
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from service.app import app_of
from service.store.desk_records import Role
from service.store.desk_sessions import IDLE_SECONDS, LIFE_SECONDS
from service.store.desk_tables import desk_invitations, desk_people, desk_sessions

PASSWORD = "de kraan drupt al weken"
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


def accept(client, code, email="ann@example.org", *, password=PASSWORD, name="Ann"):
    form = {"code": code, "email": email, "name": name, "password": password}
    return client.post("/desk/invitation", data=form, headers=FROM_HERE)


def enter(client, email="ann@example.org", *, password=PASSWORD, headers=FROM_HERE, after=""):
    form = {"email": email, "password": password, "next": after}
    return client.post("/desk/sign-in", data=form, headers=headers)


def test_an_invitation_lets_one_person_in_once(app, invite):
    code, ann, thief = invite("Ann@Example.org "), app.test_client(), app.test_client()
    assert accept(thief, code, "thief@example.org").status_code == 403
    assert accept(ann, code, password="too short").status_code == 422
    assert accept(ann, code, name=" ").status_code == 422
    answer = accept(ann, code)
    assert (answer.status_code, answer.location) == (303, "/desk")
    assert ann.get("/desk").status_code == 200
    # Whoever finds the link afterwards, with the address too, finds it closed.
    assert accept(thief, code).status_code == 403
    assert thief.get("/desk").location.startswith("/desk/sign-in")


def test_of_many_who_open_an_invitation_at_once_one_comes_in(app, invite):
    code, came, together = invite("ann@example.org"), [], threading.Barrier(8)

    def try_it(number):
        client = app.test_client()
        together.wait()
        came.append(accept(client, code, password=f"een lange zin, nummer {number}").status_code)

    threads = [threading.Thread(target=try_it, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == [303, *[403] * 7]


def test_an_invitation_stands_in_no_address_and_no_row(app, invite, parts):
    code = invite("ann@example.org")
    with parts.store.reading() as connection:
        rows = [str(tuple(row)) for row in connection.execute(select(desk_invitations))]
    assert len(rows) == 1
    assert code not in rows[0]
    page = app.test_client().get("/desk/invitation")
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"


def test_a_session_that_somebody_else_chose_is_never_taken_over(app, sign_in):
    """Fixation: whoever puts a cookie into another's browser knows nothing of the session made there."""
    thief = sign_in(Role.VIEWER, email="eve@example.org")
    sign_in(Role.OWNER, email="ann@example.org")
    known = thief.client.get_cookie("poldermodel-desk", path="/desk").value
    for planted in (known, "a" * 43, "x"):
        ann = app.test_client()
        ann.set_cookie("poldermodel-desk", planted, path="/desk")
        assert enter(ann).status_code == 303
        assert ann.get_cookie("poldermodel-desk", path="/desk").value != planted
        assert "owner" in ann.get("/desk").text
    # Signing in where another was signed in ended that session.
    assert thief.get("").status_code == 303


def test_an_invitation_ends(app, invite, parts):
    code, client = invite("ann@example.org"), app.test_client()
    with parts.store.writing() as connection:
        connection.execute(update(desk_invitations).values(expires_at=0))
    assert accept(client, code).status_code == 403
    # A newer one to the same address ends the older.
    older, newer = invite("ann@example.org"), invite("ann@example.org")
    assert accept(client, older).status_code == 403
    assert accept(client, newer).status_code == 303
    for nonsense in ("", "x", "é" * 43, "a" * 43, code + "\n"):
        assert accept(app.test_client(), nonsense).status_code == 403


def test_a_second_invitation_sets_the_password_anew_and_signs_out(app, invite, sign_in):
    worker = sign_in(Role.OWNER, email="ann@example.org")
    other = app.test_client()
    assert accept(other, invite("ann@example.org", Role.VIEWER), password="een andere lange zin").location
    assert worker.get("").status_code == 303
    assert "viewer" in other.get("/desk").text
    assert enter(app.test_client()).status_code == 403
    assert enter(app.test_client(), password="een andere lange zin").status_code == 303


def test_signing_in_and_out(app, sign_in):
    worker, client = sign_in(Role.VIEWER, email="ann@example.org"), app.test_client()
    for email, password in (("ann@example.org", "wrong" * 4), ("bob@example.org", PASSWORD), ("", "")):
        refused = enter(client, email, password=password)
        assert refused.status_code == 403
        assert "Set-Cookie" not in refused.headers
    answer = enter(client, " ANN@example.org")
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    for part in ("HttpOnly", "SameSite=Lax", "Path=/desk"):
        assert part in cookie
    assert "Expires" not in cookie
    assert client.get("/desk").status_code == 200
    stolen = cookie.partition(";")[0]
    worker.client = client
    assert worker.send("/sign-out").status_code == 303
    # The session is over, not only forgotten: whoever copied the cookie has nothing.
    for shown in ({}, {"Cookie": stolen}):
        assert app.test_client().get("/desk", headers=shown).status_code == 303


def test_over_https_the_cookie_goes_over_https_only(app, sign_in):
    sign_in(Role.VIEWER, email="ann@example.org")
    form = {"email": "ann@example.org", "password": PASSWORD}
    answer = app.test_client().post("/desk/sign-in", data=form, base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Secure-poldermodel-desk=")
    assert "Secure;" in cookie


def test_sessions_end_by_themselves(parts, sign_in):
    worker = sign_in(Role.VIEWER)
    for column, seconds in ((desk_sessions.c.used_at, IDLE_SECONDS), (desk_sessions.c.made_at, LIFE_SECONDS)):
        with parts.store.writing() as connection:
            connection.execute(update(desk_sessions).values({column: column - seconds + 30}))
        assert worker.get("").status_code == 200, column
        with parts.store.writing() as connection:
            connection.execute(update(desk_sessions).values({column: column - seconds - 30}))
        assert worker.get("").status_code == 303, column
        worker = sign_in(Role.VIEWER)


def test_who_has_left_is_out_at_once(app, parts, sign_in):
    worker = sign_in(Role.OWNER, email="ann@example.org")
    with parts.store.writing() as connection:
        connection.execute(update(desk_people).values(ended_at=1))
    assert worker.get("").status_code == 303
    assert enter(app.test_client()).status_code == 403


def test_signing_in_leads_back_and_nowhere_else(app, sign_in):
    sign_in(Role.VIEWER, email="ann@example.org")
    asked = app.test_client().get("/desk/conversations/7x?lang=en")
    assert asked.location == "/desk/sign-in?next=/desk/conversations/7x?lang%3Den"
    assert enter(app.test_client(), after="/desk/conversations/7x").location == "/desk/conversations/7x"
    for elsewhere in (
        "https://evil.example",
        "//evil.example",
        "/desk//evil",
        "/desk\\@evil",
        "/deskevil",
        "/v1",
    ):
        assert enter(app.test_client(), after=elsewhere).location == "/desk", elsewhere


def test_under_a_path_of_a_hosts_own_domain(parts, invite):
    settings = parts.settings.model_copy(update={"public_url": "https://www.example.org/opinions"})
    client = app_of(replace(parts, settings=settings)).test_client()
    here = {"base_url": "https://www.example.org"}
    form = {"email": "ann@example.org", "password": PASSWORD}
    code = invite("ann@example.org")
    answer = client.post("/opinions/desk/invitation", data={**form, "code": code, "name": "Ann"}, **here)
    assert answer.location == "/opinions/desk"
    assert "Path=/opinions/desk" in answer.headers["Set-Cookie"]
    page = client.get("/opinions/desk?lang=nl", **here).text
    sent = dict(re.findall(r'name="(next|mark)" value="([^"]*)"', page))
    answer = client.post("/opinions/desk/language", data={**sent, "language": "nl"}, **here)
    assert answer.location == "/opinions/desk?lang=nl"
    client.post("/opinions/desk/sign-out", data=sent, **here)
    assert client.get("/opinions/desk/people", **here).location == "/opinions/desk/sign-in?next=/desk/people"
    answer = client.post("/opinions/desk/sign-in", data={**form, "next": "/desk/people"}, **here)
    assert answer.location == "/opinions/desk/people"


def test_guessing_is_slowed_down_for_one_address_only(app, sign_in):
    sign_in(Role.VIEWER, email="ann@example.org")
    sign_in(Role.VIEWER, email="bob@example.org")
    client = app.test_client()
    tried = [enter(client, password=f"guess number {number}").status_code for number in range(12)]
    # Accepting the invitation was a try too.
    assert tried == [403] * 9 + [429] * 3
    assert enter(client).status_code == 429
    assert enter(client, "bob@example.org").status_code == 303


FORGED = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "null"},
    {"Origin": "https://evil.example"},
)


@pytest.mark.parametrize("headers", FORGED)
def test_forms_of_other_sites_change_nothing(app, sign_in, invite, headers):
    worker = sign_in(Role.VIEWER, email="ann@example.org")
    assert worker.send("/language", headers=headers, language="nl").status_code == 403
    assert enter(app.test_client(), headers=headers).status_code == 403
    form = {"code": invite("bob@example.org"), "email": "bob@example.org", "name": "B", "password": PASSWORD}
    assert app.test_client().post("/desk/invitation", data=form, headers=headers).status_code == 403


def test_a_form_needs_the_mark_of_its_own_session(sign_in):
    ann, bob = sign_in(Role.OWNER), sign_in(Role.OWNER, email="bob@example.org")
    for mark in ("", "0" * 64, bob.mark(), "é"):
        refused = ann.send("/language", mark=mark, language="nl")
        assert refused.status_code == 403
        assert "out of date" in refused.text
    assert ann.send("/language", language="nl", next="/desk").status_code == 303
    assert "Werkplek" in ann.get("").text
    assert "Werkplek" not in bob.get("").text
    assert "desk" in ann.get("?lang=en").text


def test_an_idempotency_key_replays_nothing_of_the_desk(app, sign_in):
    ann = sign_in(Role.OWNER)
    key = {"Sec-Fetch-Site": "same-origin", "Idempotency-Key": "the same key"}
    mark = ann.mark()
    assert ann.send("/language", mark=mark, headers=key, language="nl").location == "/desk"
    stranger = app.test_client().post("/desk/language", data={"mark": mark, "language": "nl"}, headers=key)
    assert stranger.location == "/desk/sign-in"


def test_pages_are_kept_by_nobody_and_framed_by_nobody(app, sign_in):
    for answer in (sign_in(Role.VIEWER).get(""), app.test_client().get("/desk/sign-in")):
        assert answer.headers["Cache-Control"] == "no-store"
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "Access-Control-Allow-Origin" not in answer.headers

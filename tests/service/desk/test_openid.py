"""Coming in by OpenID Connect: a real provider on this machine, honest and otherwise."""

import time
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey
from pydantic import SecretStr, ValidationError

from service.app import app_of
from service.settings import Settings
from service.store import desk_people
from service.store.desk_records import Role
from tests.service.desk.conftest import CLIENT, CLIENT_SECRET, EMAIL, KEYS


@pytest.fixture
def parts(parts, provider):
    settings = parts.settings.model_copy(
        update={
            "openid_issuer": provider.address,
            "openid_client": CLIENT,
            "openid_client_secret": SecretStr(CLIENT_SECRET),
            "openid_name": "the town's account",
        }
    )
    return replace(parts, settings=settings)


@pytest.fixture
def go(app):
    """Return a function that signs in at the provider with a browser, and returns the last answer."""

    def start(client=None, after=None):
        client = client or app.test_client()
        asked = client.get("/desk/openid", query_string={"next": after} if after else {})
        assert asked.status_code == 303, asked.text
        return client, asked.location

    def at_provider(address):
        import urllib3

        answer = urllib3.request("GET", address, redirect=False)
        assert answer.status == 302
        return urlsplit(answer.headers["Location"]).query

    def whole(client=None, after=None, change=lambda query: query):
        client, address = start(client, after)
        query = change(at_provider(address))
        return client, client.get(f"/desk/openid/return?{query}")

    whole.start, whole.at_provider = start, at_provider
    return whole


def is_in(client):
    return client.get("/desk").status_code == 200


def test_who_was_invited_comes_in_without_a_password(go, invite, parts, provider):
    invite(EMAIL, Role.MODERATOR)
    client, answer = go(after="/desk/people")
    assert (answer.status_code, answer.location) == (303, "/desk/people")
    assert is_in(client)
    person, kept = desk_people.find(parts.store, EMAIL)
    assert (person.name, person.role, kept) == ("Ann", Role.MODERATOR, None)
    assert desk_people.invitations(parts.store, "default") == []
    # The journey is over, and the session is the desk's own, in its cookie.
    assert client.get_cookie("poldermodel-desk-openid", path="/desk/openid") is None
    assert client.get_cookie("poldermodel-desk", path="/desk").http_only
    # Again, without an invitation: the identity is known.
    provider.claims = {"email": "ann.new@town.example.org"}
    again, _ = go()
    assert is_in(again)


@pytest.mark.parametrize("password", ["", "nobody's password", "None"])
def test_without_a_password_no_password_opens(go, invite, app, password):
    invite(EMAIL)
    go()
    answer = app.test_client().post("/desk/sign-in", data={"email": EMAIL, "password": password})
    assert answer.status_code == 403


def test_who_has_a_password_comes_in_by_either(go, sign_in, app):
    sign_in(email=EMAIL)
    client, _ = go()
    assert is_in(client)
    form = {"email": EMAIL, "password": "de kraan drupt al weken"}
    assert app.test_client().post("/desk/sign-in", data=form).status_code == 303


def test_who_was_not_invited_stays_out(go, parts):
    client, answer = go()
    assert answer.status_code == 403
    assert "nobody invited this address" in answer.text
    assert not is_in(client)
    assert desk_people.find(parts.store, EMAIL) is None


def test_an_address_that_was_given_to_somebody_else_opens_nothing(go, invite, provider):
    """The address is another employee's now, who wasn't invited: the first one's account is not theirs."""
    invite(EMAIL)
    assert is_in(go()[0])
    provider.claims = {"sub": "u-2"}
    client, answer = go()
    assert (answer.status_code, is_in(client)) == (403, False)
    # Invited anew, the address is theirs; whoever had it before stays out.
    invite(EMAIL, Role.VIEWER)
    assert is_in(go()[0])
    provider.claims = {"sub": "u-1"}
    assert not is_in(go()[0])


def test_who_was_let_go_stays_out(go, invite, parts):
    invite(EMAIL)
    client, _ = go()
    desk_people.end(parts.store, "default", EMAIL)
    assert not is_in(client)
    assert go()[1].status_code == 403


def test_another_organisation_s_invitation_leads_there_only(go, invite, parts):
    invite(EMAIL, tenant="another-town")
    client, _ = go()
    assert is_in(client)
    assert desk_people.find(parts.store, EMAIL)[0].tenant == "another-town"


LIES = {
    "another issuer": {"claims": {"iss": "https://evil.example.org"}},
    "another receiver": {"claims": {"aud": "somebody-else"}},
    "several receivers": {"claims": {"aud": ["somebody-else", "others"], "azp": CLIENT}},
    "meant for another": {"claims": {"aud": [CLIENT, "somebody-else"], "azp": "somebody-else"}},
    "expired": {"claims": {"exp": 1_700_000_000}},
    "not yet": {"claims": {"nbf": 4_000_000_000}},
    "another nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "no subject": {"claims": {"sub": None}},
    "a subject that is no text": {"claims": {"sub": 7}},
    "no end": {"claims": {"exp": None}},
    "no signature": {"algorithm": "none"},
    "the public key for a secret": {
        "algorithm": "HS256", "key": KEYS["RS256"].as_pem(private=False),
    },
    "the client's secret for a key": {"algorithm": "HS256", "key": CLIENT_SECRET.encode()},
    "an unknown key": {"key": RSAKey.generate_key(2048, {"kid": "one"})},
    "a key that isn't named": {"key": RSAKey.generate_key(2048, {"kid": "three"})},
    "an issuer that is another": {"about": {"issuer": "https://evil.example.org"}},
    "keys from nowhere": {"about": {"jwks_uri": "file:///etc/passwd"}},
    "tokens over plain http": {"about": {"token_endpoint": "http://login.example.org/token"}},
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_what_does_not_hold_is_not_believed(app, go, invite, provider, lie):
    invite(EMAIL)
    for name, value in LIES[lie].items():
        setattr(provider, name, value)
    client = app.test_client()
    answer = client.get("/desk/openid")
    if answer.status_code == 303:
        answer = client.get(f"/desk/openid/return?{go.at_provider(answer.location)}")
    assert answer.status_code == 403
    assert "can not be trusted" in answer.text
    assert not is_in(client)


@pytest.mark.parametrize("algorithm", KEYS)
def test_either_kind_of_key_is_good(go, invite, provider, algorithm):
    invite(EMAIL)
    provider.algorithm = algorithm
    assert is_in(go()[0])


@pytest.mark.parametrize(
    "claims", [{"email_verified": False}, {"email_verified": None}, {"email": None}, {"email": ""}]
)
def test_only_a_verified_address_counts(go, invite, provider, claims):
    invite(EMAIL)
    provider.claims, provider.more = claims, {"sub": "u-1"}
    client, answer = go()
    assert (answer.status_code, is_in(client)) == (403, False)
    assert "no verified e-mail address" in answer.text


def test_an_address_may_be_told_elsewhere_of_the_same_person(go, invite, provider):
    invite(EMAIL)
    provider.claims = {"email": None, "email_verified": None, "name": None}
    provider.more = {"sub": "u-9", "email": EMAIL, "email_verified": True}
    assert not is_in(go()[0])
    provider.more |= {"sub": "u-1"}
    assert is_in(go()[0])


def test_an_answer_counts_once_and_for_the_browser_that_asked(app, go, invite, provider):
    invite(EMAIL)
    client, address = go.start()
    query = go.at_provider(address)
    # Somebody else's browser, which began nothing, or something else.
    stranger = app.test_client()
    assert stranger.get(f"/desk/openid/return?{query}").status_code == 403
    other, _ = go.start()
    assert other.get(f"/desk/openid/return?{query}").status_code == 403
    assert provider.asked == []
    assert client.get(f"/desk/openid/return?{query}").status_code == 303
    assert client.get(f"/desk/openid/return?{query}").status_code == 403
    assert len(provider.asked) == 1


CHANGES = {
    "another state": lambda query: query.replace("state=", "state=x"),
    "no state": lambda query: query.partition("&state")[0],
    "no code": lambda query: query.partition("&")[2],
    "another code": lambda query: query.replace("code=", "code=x"),
    "another issuer": lambda query: f"{query}&iss=https%3A%2F%2Fevil.example.org",
    "refused there": lambda query: f"error=access_denied&{query.partition('&')[2]}",
    "hostile": lambda query: "code=%00%ff%F0%9F%98%80&state=%ED%A0%80<script>",
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_answer_that_was_changed_is_refused(go, invite, change):
    invite(EMAIL)
    client, answer = go(change=CHANGES[change])
    assert answer.status_code == 403
    assert "broken off" in answer.text
    assert "<script>" not in answer.text
    assert not is_in(client)


def test_a_sealed_journey_can_not_be_made_up_or_kept(app, go, invite, monkeypatch):
    invite(EMAIL)
    client, address = go.start()
    query = go.at_provider(address)
    kept = client.get_cookie("poldermodel-desk-openid", path="/desk/openid").value
    for made_up in (kept[:-2] + "xx", "e30.x.y", "", "x" * 3_000):
        other = app.test_client()
        other.set_cookie("poldermodel-desk-openid", made_up, path="/desk/openid")
        assert other.get(f"/desk/openid/return?{query}").status_code == 403
    # Eleven minutes later.
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 660)
    assert client.get(f"/desk/openid/return?{query}").status_code == 403


@pytest.mark.parametrize(
    "after", ["https://evil.example.org/", "//evil.example.org", "/desk//evil", "/v1/conversations"]
)
def test_it_leads_to_the_desk_only(go, invite, after):
    invite(EMAIL)
    _, answer = go(after=after)
    assert answer.location == "/desk"


@pytest.mark.parametrize("broken", ["rubbish", "large", "elsewhere", "token"])
def test_a_provider_out_of_order_is_told(app, go, invite, provider, broken):
    invite(EMAIL)
    provider.broken = broken
    client = app.test_client()
    answer = client.get("/desk/openid")
    if broken == "token":
        answer = client.get(f"/desk/openid/return?{go.at_provider(answer.location)}")
    assert answer.status_code == 502
    assert "does not answer" in answer.text


def test_a_provider_that_is_not_there_is_told(parts):
    nowhere = parts.settings.model_copy(update={"openid_issuer": "http://127.0.0.1:9"})
    answer = app_of(replace(parts, settings=nowhere)).test_client().get("/desk/openid")
    assert answer.status_code == 502


def test_nothing_of_a_person_is_logged(go, invite, provider, caplog):
    invite(EMAIL)
    go()
    provider.claims = {"email_verified": False}
    go()
    assert "no verified address" in caplog.text
    for trace in (EMAIL, "u-1", "Ann"):
        assert trace not in caplog.text


def test_passwords_may_be_off(parts, invite):
    settings = parts.settings.model_copy(update={"desk_passwords": False})
    client = app_of(replace(parts, settings=settings)).test_client()
    for page in ("/desk/sign-in", "/desk/invitation"):
        told = client.get(page).text
        assert "Sign in with the town&#39;s account" in told
        assert 'type="password"' not in told
    form = {"code": invite(EMAIL), "email": EMAIL, "name": "Ann", "password": "de kraan drupt al weken"}
    assert client.post("/desk/invitation", data=form).status_code == 403
    assert client.post("/desk/sign-in", data=form).status_code == 403
    assert desk_people.find(parts.store, EMAIL) is None


def test_both_doors_are_shown_and_the_way_on_is_kept(app):
    told = app.test_client().get("/desk/sign-in?next=/desk/people").text
    (link,) = [part.partition('"')[0] for part in told.split('href="') if part.startswith("/desk/openid")]
    assert parse_qs(urlsplit(link).query) == {"next": ["/desk/people"]}
    assert 'type="password"' in told


@pytest.mark.parametrize(
    "given",
    [
        {"openid_issuer": "https://login.example.org"},
        {"openid_client": "poldermodel"},
        {"desk_passwords": False},
        {"openid_issuer": "http://login.example.org", "openid_client": "poldermodel"},
        {"openid_issuer": "javascript:alert(1)", "openid_client": "poldermodel"},
    ],
)
def test_settings_that_make_no_door_are_refused(given):
    with pytest.raises(ValidationError):
        Settings(**given)

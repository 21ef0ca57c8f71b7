"""People at the desk of a service with a store of its own, each with a browser; and an OpenID provider."""

import base64
import hashlib
import hmac
import json
import re
import secrets
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
from flask import Flask, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from werkzeug.serving import make_server

from service.actions.invite_person import invite_person
from service.store import tenants
from service.store.desk_records import Role

PASSWORD = "de kraan drupt al weken"
MARK = re.compile(r'name="mark" value="([0-9a-f]{64})"')


@dataclass
class Worker:
    """Somebody with a browser that is signed in."""

    client: object
    email: str

    def get(self, path, **options):
        return self.client.get(f"/desk{path}", **options)

    def mark(self, path=""):
        return MARK.search(self.get(path).text)[1]

    def send(self, path, *, mark=None, headers=None, **fields):
        """Send a form as the page's own browser does."""
        shown = {"Sec-Fetch-Site": "same-origin"} if headers is None else headers
        form = {"mark": self.mark() if mark is None else mark, **fields}
        return self.client.post(f"/desk{path}", data=form, headers=shown)


@pytest.fixture
def invite(parts):
    """Return a function that invites somebody and gives their code."""

    def make(email, role=Role.OWNER, *, tenant="default"):
        if tenant != "default" and tenant not in [one.id for one in tenants.list_all(parts.store)]:
            tenants.add(parts.store, tenant, name="Another town")
        return invite_person(parts.store, tenant=tenant, email=email, role=role, made_by="a test")

    return make


@pytest.fixture
def sign_in(app, invite):
    """Return a function that signs somebody in by an invitation."""

    def make(role=Role.OWNER, *, email=None, tenant="default"):
        email = email or f"{role}@{tenant}.example.org"
        client = app.test_client()
        form = {"code": invite(email, role, tenant=tenant), "email": email, "name": f"Ann {role}"}
        answer = client.post("/desk/invitation", data={**form, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return Worker(client, email)

    return make


CLIENT, CLIENT_SECRET = "poldermodel", "between the two of us"
EMAIL = "ann@town.example.org"
KEYS = {
    "RS256": RSAKey.generate_key(2048, {"kid": "one"}),
    "ES256": ECKey.generate_key("P-256", {"kid": "two"}),
}


def encoded(part):
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


@dataclass
class Provider:
    """What the provider says of whoever comes; a test changes it to what it likes."""

    address: str = ""
    claims: dict = field(default_factory=dict)
    algorithm: str = "RS256"
    key: object = None
    about: dict = field(default_factory=dict)
    more: dict | None = None
    broken: str = ""
    codes: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)

    def identity(self, nonce):
        now = int(time.time())
        claims = {
            "iss": self.address, "sub": "u-1", "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": nonce,
            "email": EMAIL, "email_verified": True, "name": "Ann",
        } | self.claims  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.algorithm not in KEYS:
            # By hand: the library refuses to make such a thing.
            head = json.dumps({"alg": self.algorithm, "kid": "one"}).encode()
            signed = f"{encoded(head)}.{encoded(json.dumps(claims).encode())}"
            shared = hmac.digest(self.key, signed.encode(), "sha256") if self.key else b""
            return f"{signed}.{encoded(shared)}"
        key = self.key or KEYS[self.algorithm]
        return jwt.encode({"alg": self.algorithm, "kid": key.kid}, claims, key, algorithms=[self.algorithm])


def site(provider):
    app = Flask("provider")

    @app.get("/.well-known/openid-configuration")
    def about():
        if provider.broken == "rubbish":
            return "<html>not me", 200
        if provider.broken == "large":
            return "[" * 400_000
        if provider.broken == "elsewhere":
            return redirect(f"{provider.address}/keys")
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys",
                 "userinfo_endpoint": "who"}  # fmt: skip
        places = {name: f"{provider.address}/{path}" for name, path in names.items()}
        return jsonify({"issuer": provider.address} | places | provider.about)

    @app.get("/authorize")
    def authorize():
        given = request.args.to_dict()
        assert (given["client_id"], given["response_type"]) == (CLIENT, "code")
        assert given["code_challenge_method"] == "S256"
        assert set(given["scope"].split()) == {"openid", "email", "profile"}
        code = secrets.token_urlsafe(16)
        provider.codes[code] = given
        return redirect(f"{given['redirect_uri']}?{urlencode({'code': code, 'state': given['state']})}")

    @app.post("/token")
    def token():
        provider.asked.append(request.form.to_dict())
        given = provider.codes.pop(request.form["code"], None)
        digest = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        fits = given and given["code_challenge"] == encoded(digest)
        fits = fits and given["redirect_uri"] == request.form["redirect_uri"]
        fits = fits and request.authorization and request.authorization.password == CLIENT_SECRET
        if not fits:
            return jsonify({"error": "invalid_grant"}), 400
        if provider.broken == "token":
            return "no", 503
        return jsonify(
            {"access_token": "a", "token_type": "Bearer", "id_token": provider.identity(given["nonce"])}
        )

    @app.get("/keys")
    def keys():
        return jsonify(KeySet(list(KEYS.values())).as_dict(private=False))

    @app.get("/who")
    def who():
        assert request.headers["Authorization"] == "Bearer a"
        return jsonify(provider.more)

    return app


@pytest.fixture
def provider():
    found = Provider()
    server = make_server("127.0.0.1", 0, site(found), threaded=True)
    found.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()

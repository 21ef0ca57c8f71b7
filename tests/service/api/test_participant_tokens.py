"""Who may vote as whom: anonymous tokens, identities that platforms sign, and codes from letters."""

import base64
import json
import secrets
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from service.identity.derived import derived_key, signing_secret
from service.identity.keys import fresh_key
from service.identity.public_keys import read_public_key
from service.store import conversations, identities, keys, tenants, votes
from service.store.platform_records import HashedParticipant, NewApiKey, NewSigningKey
from service.store.records import NewConversation


@pytest.fixture
def platform_key(parts):
    """Make a live key; returns its text, its id and its signing secret."""

    def make(*, tenant="default", scopes=("vote",), is_test=False, name="platform"):
        fresh = fresh_key(is_test=is_test)
        new = NewApiKey(fresh.id, tenant, name, fresh.key_hash, frozenset(scopes), is_test)
        keys.add(parts.store, new)
        return fresh.text, fresh.id, signing_secret(parts.store.secret, fresh.id)

    return make


@pytest.fixture
def signer(parts):
    """A registered Ed25519 key: its private half in PEM and its id."""
    private = Ed25519PrivateKey.generate()
    public_pem = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    key_id, pem = read_public_key(public_pem)
    keys.register(parts.store, NewSigningKey(key_id, "default", "portal", pem))
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), key_id, public_pem


def claims(conversation, **changed):
    made = {
        "iss": "default",
        "aud": "poldermodel",
        "sub": "resident-7",
        "conv": conversation,
        "exp": int(time.time()) + 300,
        "jti": secrets.token_hex(16),
    } | changed
    return {name: value for name, value in made.items() if value is not None}


def exchanged(client, conversation, body):
    return client.post(f"/v1/conversations/{conversation}/participant-tokens", json=body)


def bearing(token):
    return {"Authorization": f"Bearer {token}"}


def cast(client, conversation, token, statement="trees", vote=1, **more):
    body = {"statement": statement, "vote": vote, **more}
    return client.post(f"/v1/conversations/{conversation}/votes", json=body, headers=bearing(token))


def test_a_vote_needs_no_more_than_an_empty_object(public, conversation):
    given = exchanged(public, conversation, {})
    assert (given.status_code, given.json["level"]) == (201, "anonymous")
    assert given.headers["Cache-Control"] == "no-store"
    token = given.json["token"]
    assert cast(public, conversation, token).status_code == 201
    own = public.get(f"/v1/conversations/{conversation}/own-votes", headers=bearing(token)).json["items"]
    assert [(one["statement"], one["vote"]) for one in own] == [("trees", 1)]
    other = exchanged(public, conversation, {}).json["token"]
    assert public.get(f"/v1/conversations/{conversation}/own-votes", headers=bearing(other)).json["items"] == []


def test_a_token_acts_for_its_participant_and_conversation_only(api, public, conversation):
    token = exchanged(public, conversation, {}).json["token"]
    elsewhere = api.post("/v1/conversations", json={"question": "Another one?"}).json["id"]
    api.post(f"/v1/conversations/{elsewhere}/statements", json={"text": "More trees.", "id": "trees"})
    assert cast(public, elsewhere, token).status_code == 404
    assert cast(public, conversation, token, participant="somebody").status_code == 403
    headers = bearing(token) | {"Participant": "somebody"}
    assert public.get(f"/v1/conversations/{conversation}/own-votes", headers=headers).status_code == 403
    for method, path, body in [
        ("PATCH", "", {"is_open": False}),
        ("PATCH", "/statements/trees", {"state": "hidden"}),
        ("POST", "/statements", {"text": "Mine.", "state": "visible"}),
        ("POST", "/code-batches", {"n_codes": 1}),
    ]:
        address = f"/v1/conversations/{conversation}{path}"
        assert public.open(address, method=method, json=body, headers=bearing(token)).status_code == 403


def test_a_platform_says_on_whose_behalf(api, conversation):
    answer = api.post(f"/v1/conversations/{conversation}/votes", json={"statement": "trees", "vote": 1})
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (403, "#/participant")
    assert api.get(f"/v1/conversations/{conversation}/own-votes").status_code == 403


def test_a_signed_participant_is_the_one_the_platform_votes_for(api, public, parts, conversation, platform_key):
    _, key_id, secret = platform_key()
    signed = jwt.encode(claims(conversation), secret, "HS256", headers={"kid": key_id})
    given = exchanged(public, conversation, {"identity": signed})
    assert (given.status_code, given.json["level"]) == (201, "account")
    assert cast(public, conversation, given.json["token"]).status_code == 201
    read = api.get(f"/v1/conversations/{conversation}/own-votes", headers={"Participant": "resident-7"})
    assert [one["statement"] for one in read.json["items"]] == ["trees"]
    assert "resident-7" not in base64.b64decode(given.json["token"].split(".")[1] + "==").decode()


def test_a_registered_public_key_verifies(public, parts, conversation, signer):
    private, key_id, _ = signer
    told = claims(conversation, level="verified", attributes={"postcode4": "3511", "18plus": True})
    signed = jwt.encode(told, private, "EdDSA", headers={"kid": key_id})
    given = exchanged(public, conversation, {"identity": signed})
    assert (given.status_code, given.json["level"]) == (201, "verified")
    body = json.loads(base64.urlsafe_b64decode(given.json["token"].split(".")[1] + "=="))
    found = identities.find(
        parts.store,
        conversations.find(parts.store, None, conversation),
        HashedParticipant(base64.urlsafe_b64decode(body["sub"])),
    )
    assert found is not None
    assert dict(found.attributes) == {"postcode4": "3511", "18plus": True}


def encoded(header, payload, signature=b""):
    def part(value):
        text = value if isinstance(value, bytes) else json.dumps(value).encode()
        return base64.urlsafe_b64encode(text).rstrip(b"=").decode()

    return ".".join([part(header), part(payload), base64.urlsafe_b64encode(signature).rstrip(b"=").decode()])


@pytest.fixture
def forged(parts, conversation, platform_key, signer):
    """Forty signed identities that are forged, damaged, or not for here."""
    _, key_id, secret = platform_key()
    private, public_id, public_pem = signer
    tenants.add(parts.store, "another-town", name="")
    _, foreign_id, foreign_secret = platform_key(tenant="another-town")
    _, test_id, test_secret = platform_key(is_test=True, name="trial")
    _, blind_id, blind_secret = platform_key(scopes=("moderate",), name="desk")
    _, ended_id, ended_secret = platform_key(name="old")
    keys.revoke(parts.store, "default", ended_id)
    elsewhere = conversations.create(parts.store, "default", NewConversation("Elsewhere?")).id
    now = int(time.time())

    def signed(key=secret, kid=key_id, algorithm="HS256", **changed):
        return jwt.encode(claims(conversation, **changed), key, algorithm, headers={"kid": kid})

    good = signed()
    head, body, mark = good.split(".")
    plain = claims(conversation)
    # HS256 with a public key as its secret: what a library that trusts the token's own `alg` would accept.
    confused = encoded({"alg": "HS256", "typ": "JWT", "kid": public_id}, plain)
    import hmac

    confusion = hmac.digest(public_pem, confused.rpartition(".")[0].encode(), "sha256")
    return {
        "no algorithm": encoded({"alg": "none", "kid": key_id}, plain),
        "no algorithm, other case": encoded({"alg": "nOnE", "kid": key_id}, plain),
        "no algorithm, with a mark": encoded({"alg": "none", "kid": key_id}, plain, b"x" * 32),
        "confusion": encoded({"alg": "HS256", "typ": "JWT", "kid": public_id}, plain, confusion),
        "another algorithm of the same kind": signed(key=secret * 2, algorithm="HS512"),
        "the public key's id with a bearer key's secret": signed(kid=public_id),
        "a bearer key's id with the private key": signed(key=private, algorithm="EdDSA"),
        "another secret": signed(key="x" * 43),
        "an empty secret": encoded({"alg": "HS256", "kid": key_id}, plain),
        "the key's own text": signed(key="pm_live_" + key_id + "_" + "a" * 43),
        "no kid": jwt.encode(plain, secret, "HS256"),
        "an unknown kid": signed(kid="000000000000"),
        "a kid that is a path": signed(kid="../../etc/passwd"),
        "a kid that is SQL": signed(kid="' OR '1'='1"),
        "a kid with a NUL": signed(kid="a\0b"),
        "a kid that is very long": signed(kid="k" * 5000),
        "another tenant's key": signed(key=foreign_secret, kid=foreign_id),
        "another tenant's key and name": signed(key=foreign_secret, kid=foreign_id, iss="another-town"),
        "a test key": signed(key=test_secret, kid=test_id),
        "a key that may not vote": signed(key=blind_secret, kid=blind_id),
        "a revoked key": signed(key=ended_secret, kid=ended_id),
        "wrong aud": signed(aud="somebody else"),
        "aud as a list": signed(aud=["poldermodel", "somebody else"]),
        "no aud": signed(aud=None),
        "wrong iss": signed(iss="another-town"),
        "no iss": signed(iss=None),
        "another conversation": signed(conv=elsewhere),
        "no conversation": signed(conv=None),
        "expired": signed(exp=now - 120),
        "no end": signed(exp=None),
        "too long a life": signed(exp=now + 3600),
        "an end beyond all numbers": signed(exp=10**30),
        "an end that is infinite": encoded({"alg": "HS256", "kid": key_id}, b'{"exp": Infinity}', b"x"),
        "not yet": signed(nbf=now + 300),
        "made in the future": signed(iat=now + 300),
        "no sub": signed(sub=None),
        "a sub that is empty": signed(sub=""),
        "a sub beyond all length": signed(sub="x" * 3000),
        "no jti": signed(jti=None),
        "a short jti": signed(jti="1"),
        "a level of its own": signed(level="mayor"),
        "attributes that are nested": signed(attributes={"a": {"b": 1}}),
        "attributes without end": signed(attributes={f"a{number}": 1 for number in range(30)}),
        "one bit of the mark changed": f"{head}.{body}.{'A' if mark[5] != 'A' else 'B'}".join(["", mark[6:]]),
        "the mark cut off": f"{head}.{body}.",
        "another body under the mark": f"{head}.{signed().split('.')[1]}.{mark}",
        "two parts": f"{head}.{body}",
        "four parts": f"{good}.x",
        "no base64": "%.%.%",
        "a header that is no object": encoded([], plain),
        "oversized": signed(attributes={"a": "x" * 7000}),
    }


def test_forged_and_damaged_identities_are_refused(public, conversation, forged):
    assert len(forged) >= 40
    for name, text in forged.items():
        answer = exchanged(public, conversation, {"identity": text})
        assert answer.status_code in {403, 422}, (name, answer.data)
        assert answer.content_type == "application/problem+json", name
        assert b"Traceback" not in answer.data


def test_an_identity_is_exchanged_once(public, conversation, platform_key):
    _, key_id, secret = platform_key()
    signed = jwt.encode(claims(conversation), secret, "HS256", headers={"kid": key_id})
    answers = [exchanged(public, conversation, {"identity": signed}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 403, 403]
    assert "before" in answers[1].json["detail"]


@pytest.mark.parametrize("change", ["another secret", "no algorithm", "expired", "another audience", "no conv"])
def test_forged_tokens_of_participants_are_refused(public, parts, conversation, change):
    key = derived_key(parts.store.secret, "participants' tokens")
    told = {
        "aud": "poldermodel participant",
        "tenant": "default",
        "conv": conversation,
        "sub": base64.urlsafe_b64encode(b"x" * 32).decode(),
        "level": "verified",
        "exp": int(time.time()) + 300,
    }
    if change == "another secret":
        key = b"y" * 32
    if change == "expired":
        told["exp"] -= 3600
    if change == "another audience":
        told["aud"] = "poldermodel"
    if change == "no conv":
        del told["conv"]
    forged = (
        encoded({"alg": "none"}, told) if change == "no algorithm" else jwt.encode(told, key, algorithm="HS256")
    )
    assert cast(public, conversation, forged).status_code == 401


def test_a_conversation_may_ask_for_more(api, public, conversation, platform_key, parts):
    token = exchanged(public, conversation, {}).json["token"]
    api.patch(f"/v1/conversations/{conversation}", json={"required_assurance": "account"})
    assert public.get(f"/v1/conversations/{conversation}").json["required_assurance"] == "account"
    refused = [exchanged(public, conversation, {}), cast(public, conversation, token)]
    assert [one.json["type"] for one in refused] == ["/problems/assurance-needed"] * 2
    _, key_id, secret = platform_key()
    signed = jwt.encode(claims(conversation), secret, "HS256", headers={"kid": key_id})
    token = exchanged(public, conversation, {"identity": signed}).json["token"]
    assert cast(public, conversation, token).status_code == 201
    vote = {"participant": "p", "statement": "trees", "vote": 1}
    assert api.post(f"/v1/conversations/{conversation}/votes", json=vote).status_code == 201
    api.patch(f"/v1/conversations/{conversation}", json={"required_assurance": "verified"})
    assert api.post(f"/v1/conversations/{conversation}/votes", json=vote).status_code == 403
    found = conversations.find(parts.store, "default", conversation)
    assert votes.counts(parts.store, found).n_votes == 2

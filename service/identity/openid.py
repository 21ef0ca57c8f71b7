"""Somebody is who another service says: OpenID Connect's authorization code flow with PKCE, by Authlib.

*Source*: OpenID Connect Core 1.0, section 3.1; RFC 7636 (PKCE); RFC 9207 (who answers); RFC 9700 (practice).
"""

import hmac
import secrets
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from service.settings import Settings

TIMEOUT_SECONDS = 10.0
LEEWAY_SECONDS = 60
MOST_BYTES = 256 * 1024
"""Largest answer that is read; keys and claims take some thousands."""
ALGORITHMS = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
    "EdDSA",
)
"""How an identity may be signed: with a private key only, whatever the token says of itself."""
WELL_KNOWN = "/.well-known/openid-configuration"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class OpenIdRefusal(StrEnum):
    """Why nobody was identified."""

    NO_ANSWER = "no-answer"
    REFUSED = "refused"
    NOT_BELIEVED = "not-believed"
    NO_ADDRESS = "no-address"


class OpenIdError(Exception):
    """Nobody was identified; `refusal` says why, and the message what was wrong, without anybody's data."""

    def __init__(self, refusal: OpenIdRefusal, said: str) -> None:
        super().__init__(said)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Journey:
    """What the browser keeps while somebody is at the provider: nobody else can end what it began."""

    state: str
    nonce: str
    verifier: str
    after: str

    def to_document(self) -> dict[str, str]:
        """Return it as plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Identified:
    """Whom the provider named.

    Attributes
    ----------
    subject
        The provider's own id of them, never given to anybody else.
    email
        Their address, which the provider has verified.
    """

    issuer: str
    subject: str
    email: str
    name: str


def provider_name(settings: Settings) -> str:
    """Return what people know the provider by; nothing where there is none."""
    return settings.openid_name or urlsplit(settings.openid_issuer).hostname or ""


def begin(settings: Settings, *, redirect_uri: str, after: str) -> tuple[str, Journey]:
    """Return the address at the provider that somebody is sent to, and what their browser keeps meanwhile.

    Raises
    ------
    OpenIdError
        When the provider doesn't answer, or says of itself what can't be.
    """
    state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
    journey = Journey(state, nonce, verifier, after)
    with _session(settings, redirect_uri) as session:
        about = _discovered(session, settings)
        address, _ = session.create_authorization_url(
            about["authorization_endpoint"],
            state=journey.state,
            code_verifier=journey.verifier,
            nonce=journey.nonce,
        )
    return address, journey


def finish(
    settings: Settings, *, redirect_uri: str, journey: Journey, code: str, state: str, issuer: str | None
) -> Identified:
    """Return whom the provider names for a code that it sent back.

    Parameters
    ----------
    code, state, issuer
        What came back in the address; `issuer` only where the provider tells it.

    Raises
    ------
    OpenIdError
        When the answer isn't to this journey, the provider doesn't answer, or what it says isn't believed.
    """
    is_ours = hmac.compare_digest(state.encode("utf-8", "replace"), journey.state.encode())
    if not is_ours or not code or issuer not in (None, settings.openid_issuer):
        raise OpenIdError(OpenIdRefusal.REFUSED, "the answer is to another question")
    with _session(settings, redirect_uri) as session:
        about = _discovered(session, settings)
        token = _token(session, about["token_endpoint"], code=code, verifier=journey.verifier)
        keys = _document(session, about["jwks_uri"])
        claims = _claims(settings, token, keys, nonce=journey.nonce)
        if "email" not in claims and _is_safe(about.get("userinfo_endpoint")):
            claims |= _more_claims(session, about["userinfo_endpoint"], token, subject=claims["sub"])
    return _identified(settings, claims)


def _session(settings: Settings, redirect_uri: str) -> Any:
    # Loaded here: only services that have a provider need it.
    from authlib.integrations.requests_client import OAuth2Session

    return OAuth2Session(
        client_id=settings.openid_client,
        client_secret=settings.openid_client_secret.get_secret_value() or None,
        scope="openid email profile",
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        default_timeout=TIMEOUT_SECONDS,
    )


def _discovered(session: Any, settings: Settings) -> dict[str, Any]:
    about = _document(session, settings.openid_issuer.rstrip("/") + WELL_KNOWN)
    if about.get("issuer") != settings.openid_issuer:
        raise OpenIdError(OpenIdRefusal.NOT_BELIEVED, "the provider says that it is another one")
    if not all(_is_safe(about.get(name)) for name in _ENDPOINTS):
        raise OpenIdError(OpenIdRefusal.NOT_BELIEVED, f"the provider doesn't name {', '.join(_ENDPOINTS)}")
    return about


def _is_safe(address: Any) -> bool:
    """Return whether a request may go there: over https, or to this very machine, for trying."""
    if not isinstance(address, str):
        return False
    parts = urlsplit(address)
    is_here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    return (parts.scheme == "https" and bool(parts.hostname)) or is_here


def _document(session: Any, address: str, **options: Any) -> dict[str, Any]:
    """Return a JSON object; redirects aren't followed, and no more is read than one needs."""
    from requests import RequestException

    asked = {"withhold_token": True} | options
    try:
        with session.get(address, allow_redirects=False, stream=True, **asked) as answer:
            content = answer.raw.read(MOST_BYTES + 1, decode_content=True)
            status = answer.status_code
    except (RequestException, OSError, ValueError) as error:
        raise OpenIdError(OpenIdRefusal.NO_ANSWER, f"no answer: {type(error).__name__}") from None
    if status != 200 or len(content) > MOST_BYTES:
        raise OpenIdError(OpenIdRefusal.NO_ANSWER, f"an answer {status} of {len(content)} bytes")
    return _object(content)


def _object(content: bytes) -> dict[str, Any]:
    import orjson

    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise OpenIdError(OpenIdRefusal.NO_ANSWER, "an answer that is no JSON object")
    return found


def _token(session: Any, address: str, *, code: str, verifier: str) -> dict[str, Any]:
    from authlib.integrations.base_client import OAuthError
    from requests import RequestException

    try:
        return session.fetch_token(
            address, grant_type="authorization_code", code=code, code_verifier=verifier, allow_redirects=False
        )
    except OAuthError as error:
        raise OpenIdError(OpenIdRefusal.REFUSED, f"the code was refused: {error.error!r:.40}") from None
    except (RequestException, OSError, ValueError, TypeError, AttributeError) as error:
        raise OpenIdError(OpenIdRefusal.NO_ANSWER, f"no token: {type(error).__name__}") from None


def _claims(settings: Settings, token: Any, keys: dict[str, Any], *, nonce: str) -> dict[str, Any]:
    """Return what the identity says, once its signature, sender, receiver, time and nonce are known to fit."""
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet
    from joserfc.jws import JWSRegistry

    client = settings.openid_client
    wanted: Any = {
        "iss": {"essential": True, "value": settings.openid_issuer},
        "sub": {"essential": True},
        "aud": {"essential": True, "value": client},
    }
    registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
    try:
        signed = jwt.decode(token["id_token"], KeySet.import_key_set(keys), registry=registry)  # type: ignore[arg-type]
        known = {"nonce": nonce, "client_id": client, "access_token": token.get("access_token")}
        claims = CodeIDToken(signed.claims, signed.header, wanted, known)
        claims.validate(leeway=LEEWAY_SECONDS)
    except (JoseError, KeyError, ValueError, TypeError, AttributeError) as error:
        said = f"the identity doesn't hold: {type(error).__name__}"
        raise OpenIdError(OpenIdRefusal.NOT_BELIEVED, said) from None
    return dict(claims)


def _more_claims(session: Any, address: str, token: Any, *, subject: str) -> dict[str, Any]:
    """Return what the provider tells of somebody elsewhere; it must be of the same person (Core, 5.3.2)."""
    session.token = token
    told = _document(session, address, withhold_token=False)
    if told.get("sub") != subject:
        raise OpenIdError(OpenIdRefusal.NOT_BELIEVED, "the provider tells of somebody else")
    return {name: told[name] for name in ("email", "email_verified", "name") if name in told}


def _identified(settings: Settings, claims: dict[str, Any]) -> Identified:
    subject, email, name = (claims.get(key) for key in ("sub", "email", "name"))
    # Some providers write it as text.
    is_verified = claims.get("email_verified") in (True, "true") or settings.openid_believes_addresses
    if not isinstance(subject, str) or not subject:
        raise OpenIdError(OpenIdRefusal.NOT_BELIEVED, "the identity has no subject")
    if not isinstance(email, str) or not email or not is_verified:
        raise OpenIdError(OpenIdRefusal.NO_ADDRESS, "the identity has no verified address")
    return Identified(settings.openid_issuer, subject, email, name if isinstance(name, str) else "")

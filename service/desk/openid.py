"""Coming in by a provider: to it with a question, and back with its answer; into the same sessions."""

import logging

from flask import Response, make_response, redirect, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer

from service.actions.sign_in_by_openid import sign_in_by_openid
from service.api.texts import kept_text
from service.desk.answering import own_address, plain_answer
from service.desk.cookies import JOURNEY_SECONDS, forget_journey, keep_journey, shown_journey
from service.desk.declaring import desk
from service.desk.limiting import may_ask
from service.desk.signing_in import MOST_NAME, let_in
from service.desk.words import desk_words
from service.identity import openid
from service.identity.access import public
from service.identity.derived import derived_key
from service.identity.openid import Journey, OpenIdError, OpenIdRefusal
from service.parts import parts

_LOG = logging.getLogger("service.desk.openid")
_REFUSED = {OpenIdRefusal.NO_ANSWER: 502}
_MOST_CODE = 4_096


@desk.get("/openid")
@public
def openid_start() -> Response:
    """Send somebody to their provider; it is a link, so that it works under a policy for forms too."""
    settings = parts().settings
    if not settings.openid_issuer:
        return _told("desk_openid_off", 404)
    if not may_ask():
        return _told("desk_too_often", 429)
    after = own_address(request.args.get("next"), url_for("desk.conversations_page"))
    try:
        address, journey = openid.begin(settings, redirect_uri=_return_address(), after=after)
    except OpenIdError as error:
        return _failed(error)
    response = make_response(redirect(address, 303))
    keep_journey(response, _sealed().dumps(journey.to_document()))
    return response


@desk.get("/openid/return")
@public
def openid_return() -> Response:
    """Let somebody in whom their provider names, if they were invited."""
    settings, journey = parts().settings, _journey()
    if not settings.openid_issuer:
        return _told("desk_openid_off", 404)
    if journey is None:
        return _told("desk_openid_refused", 403)
    if not may_ask():
        return _told("desk_too_often", 429)
    told = {name: request.args.get(name, "")[:_MOST_CODE] for name in ("code", "state")}
    try:
        identified = openid.finish(
            settings, redirect_uri=_return_address(), journey=journey, issuer=request.args.get("iss"), **told
        )
    except OpenIdError as error:
        return _failed(error)
    language = desk_words(None).language
    person = sign_in_by_openid(parts().store, identified, name=_name(identified.name), language=language)
    if person is None:
        return _told("desk_openid_not-invited", 403)
    response = let_in(person, own_address(journey.after, url_for("desk.conversations_page")))
    forget_journey(response)
    return response


def _return_address() -> str:
    return url_for("desk.openid_return", _external=True)


def _sealed() -> URLSafeTimedSerializer:
    # Sealed, so that whoever can set a cookie on a neighbouring name can't end their own journey here.
    return URLSafeTimedSerializer(derived_key(parts().store.secret, "journeys to an OpenID provider"))


def _journey() -> Journey | None:
    try:
        return Journey(**_sealed().loads(shown_journey(), max_age=JOURNEY_SECONDS))
    except (BadSignature, TypeError):
        return None


def _failed(error: OpenIdError) -> Response:
    # The reason is for whoever runs the service; it holds nothing about the person.
    _LOG.warning("%s: %s", error.refusal, error)
    return _told(f"desk_openid_{error.refusal}", _REFUSED.get(error.refusal, 403))


def _told(key: str, status: int) -> Response:
    response = plain_answer(desk_words(None), "sign_in.html", status, trouble=key, email="", next="")
    forget_journey(response)
    return response


def _name(text: str) -> str:
    try:
        return kept_text(text[:MOST_NAME], most=MOST_NAME)
    except ValueError:
        return ""

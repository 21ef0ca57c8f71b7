"""Coming in and going: invitation, sign-in, sign-out, the language of one's own."""

from flask import Response, request, url_for

from service.actions.accept_invitation import InvitationRefusal, accept_invitation
from service.actions.sign_in import begin_session, sign_in
from service.api.requests import takes
from service.api.texts import kept_text
from service.desk.answering import own_address, plain_answer, to_page
from service.desk.cookies import forget_session, keep_session
from service.desk.declaring import desk
from service.desk.entering import StaleFormError, Visit, current_session, desk_page, is_from_here
from service.desk.limiting import may_try
from service.desk.words import LANGUAGES, desk_words
from service.identity.access import public
from service.pages.words import Words
from service.parts import parts
from service.store import desk_people, desk_sessions
from service.store.desk_records import DeskPerson, Role

_FORM = {"application/x-www-form-urlencoded": 16 * 1024}
MOST_NAME = 100


@desk.get("/sign-in")
@public
def sign_in_page() -> Response:
    """Ask who is there."""
    return plain_answer(desk_words(None), "sign_in.html", next=request.args.get("next", ""))


@desk.post("/sign-in")
@takes(_FORM)
@public
def sign_in_form() -> Response:
    """Let somebody in whose address and password fit."""
    _require_own_form()
    words, form = desk_words(None), request.form
    email, after = form.get("email", ""), form.get("next", "")
    if not may_try(email):
        return _again(words, "desk_too_often", 429, email=email, after=after)
    person = sign_in(parts().store, email=email, password=form.get("password", ""))
    if person is None:
        return _again(words, "desk_sign_in_refused", 403, email=email, after=after)
    return let_in(person, own_address(after, url_for("desk.conversations_page")))


@desk.get("/invitation")
@public
def invitation_page() -> Response:
    """Ask somebody who was invited to choose a password; the code stands behind the `#` of the link."""
    return plain_answer(desk_words(None), "invitation.html", given={}, trouble=None)


@desk.post("/invitation")
@takes(_FORM)
@public
def invitation_form() -> Response:
    """Let somebody in who was invited."""
    _require_own_form()
    words, form = desk_words(None), request.form
    given = {name: form.get(name, "")[:300] for name in ("code", "email", "name")}
    trouble, status = None, 403
    name = _name(given["name"])
    if not may_try(given["email"]):
        trouble, status = "desk_too_often", 429
    elif name is None:
        trouble, status = "desk_name_needed", 422
    else:
        accepted = accept_invitation(
            parts().store,
            given["code"],
            email=given["email"],
            name=name,
            password=form.get("password", ""),
            language=words.language,
        )
        if isinstance(accepted, DeskPerson):
            return let_in(accepted, url_for("desk.conversations_page"))
        trouble = f"desk_invitation_{accepted}"
        status = 422 if accepted is InvitationRefusal.WEAK_PASSWORD else 403
    return plain_answer(words, "invitation.html", status, given=given, trouble=trouble)


@desk_page("/sign-out", Role.VIEWER, method="POST")
def sign_out(visit: Visit) -> Response:
    """End the session."""
    desk_sessions.end(parts().store, visit.session.id_hash)
    response = to_page(url_for("desk.sign_in_page", lang=visit.words.language))
    forget_session(response)
    return response


@desk_page("/language", Role.VIEWER, method="POST")
def choose_language(visit: Visit) -> Response:
    """Keep the language that somebody reads the desk in."""
    wanted = request.form.get("language", "")
    if wanted in LANGUAGES:
        desk_people.keep_language(parts().store, visit.person, wanted)
    return to_page(own_address(request.form.get("next"), url_for("desk.conversations_page")))


def _require_own_form() -> None:
    # There is no session yet, so there is no mark: what the browser says of the sender has to do. Where nobody
    # has a password, no page of ours holds this form.
    if not is_from_here() or not parts().settings.desk_passwords:
        raise StaleFormError


def let_in(person: DeskPerson, address: str) -> Response:
    """Begin a session of its own for each sign-in; one that was there before ends."""
    before = current_session()
    if before is not None:
        desk_sessions.end(parts().store, before.id_hash)
    response = to_page(address)
    keep_session(response, begin_session(parts().store, person))
    return response


def _again(words: Words, trouble: str, status: int, *, email: str, after: str) -> Response:
    return plain_answer(words, "sign_in.html", status, trouble=trouble, email=email[:300], next=after[:2_000])


def _name(text: str) -> str | None:
    try:
        return kept_text(text, most=MOST_NAME)
    except ValueError:
        return None

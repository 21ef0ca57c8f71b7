"""All pages of the desk, given to an app."""

from flask import Flask, Response, g, make_response, request
from werkzeug.exceptions import RequestEntityTooLarge

from service.api.errors import answer as problem_answer
from service.api.problems import ProblemError
from service.desk import (
    assets,
    change_log,
    changing,
    conversation_list,
    creating,
    editing,
    importing,
    limiting,
    merging_page,
    moderating,
    openid,
    organisation,
    overview,
    paper,
    participants_page,
    people,
    reading,
    sharing,
    signing_in,
    targets,
)
from service.desk.answering import plain_answer
from service.desk.declaring import desk
from service.desk.entering import RoleNeededError, StaleFormError
from service.desk.words import desk_words

PARTS = (
    assets,
    signing_in,
    openid,
    conversation_list,
    overview,
    targets,
    creating,
    importing,
    sharing,
    changing,
    moderating,
    merging_page,
    editing,
    participants_page,
    change_log,
    paper,
    people,
    organisation,
    reading,
)
"""What declares pages."""


def register(app: Flask) -> None:
    """Let an app show the desk."""
    limiting.register(app)
    app.register_blueprint(desk)


@desk.after_request
def _tell(response: Response) -> Response:
    """Let nobody keep what the desk shows; the browser says where a form comes from, to this site only."""
    if request.endpoint != "desk.asset_file":
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@desk.errorhandler(RoleNeededError)
def _role_needed(_error: RoleNeededError) -> Response:
    return _told("desk_role_needed")


@desk.errorhandler(StaleFormError)
def _stale_form(_error: StaleFormError) -> Response:
    return _told("desk_stale_form")


@desk.errorhandler(ProblemError)
def _problem(problem: ProblemError) -> Response:
    return _told("desk_import_too_large", 413) if problem.name == "too-large" else problem_answer(problem)


@desk.errorhandler(RequestEntityTooLarge)
def _too_large(_error: RequestEntityTooLarge) -> Response:
    return _told("desk_import_too_large", 413)


def _told(key: str, status: int = 403) -> Response:
    session = g.get("desk_session")
    words = desk_words(session.person.language if session else None)
    return make_response(plain_answer(words, "refused.html", status, key=key))

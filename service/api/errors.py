"""Every error, whoever raised it, becomes one shape: problem details (RFC 9457)."""

import logging
from collections.abc import Callable, Sequence

import orjson
from flask import Flask, Response, current_app, make_response, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from service.api.problems import KINDS, FieldError, ProblemError
from service.api.request_ids import request_id
from service.api.texts import NothingShownError, TextTooLongError
from service.identity.access import KeyNeededError, ScopeNeededError
from service.identity.bearer import UnknownKeyError
from service.store.errors import AlreadyExistsError, NotFoundError, StoreError, StoreFaultError
from service.strict_json import StrictJsonError

MEDIA_TYPE = "application/problem+json"

_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="poldermodel"'}
_WRONG_KEY = {"WWW-Authenticate": 'Bearer realm="poldermodel", error="invalid_token"'}
_LATER = {"Retry-After": "2"}
_NOTHING = "there is nothing here that you may see; check the ids in the address"
_BY_STATUS = {400: "bad-request", 404: "not-found", 405: "method-not-allowed", 406: "not-acceptable"} | {
    408: "too-slow",
    412: "changed-meanwhile",
    413: "too-large",
    414: "address-too-long",
    415: "wrong-content-type",
    429: "too-many-requests",
    503: "unavailable",
}

log = logging.getLogger(__name__)


_PAGE = "poldermodel.problem_page"


def register(app: Flask, *, page: Callable[[int, str], Response]) -> None:
    """Let an app answer every error with a problem.

    Parameters
    ----------
    page
        Makes the page that a person's browser is shown instead, from the status and the request's id.
    """
    app.extensions[_PAGE] = page
    app.register_error_handler(ProblemError, answer)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(StrictJsonError, lambda error: answer(ProblemError("bad-json", str(error))))
    app.register_error_handler(UnknownKeyError, lambda error: _key_problem(error, _WRONG_KEY))
    app.register_error_handler(KeyNeededError, lambda error: _key_problem(error, _CHALLENGE))
    app.register_error_handler(ScopeNeededError, lambda error: answer(ProblemError("scope-needed", f"{error}")))
    app.register_error_handler(NotFoundError, _not_found)
    app.register_error_handler(
        AlreadyExistsError, lambda error: answer(ProblemError("statement-exists", f"{error}"))
    )
    app.register_error_handler(StoreError, _unavailable)
    app.register_error_handler(StoreFaultError, _unforeseen)
    app.register_error_handler(Exception, _unforeseen)


def answer(problem: ProblemError) -> Response:
    """Return the response that tells of a problem."""
    kind = problem.kind
    if _is_for_a_person():
        response = current_app.extensions[_PAGE](kind.status, request_id())
        response.headers["Cache-Control"] = "no-store"
        return response
    document: dict[str, object] = {
        "type": f"/problems/{kind.name}",
        "title": kind.title,
        "status": kind.status,
        "detail": problem.detail,
        "instance": request.path,
        "request_id": request_id(),
    }
    if problem.errors:
        document["errors"] = [{"pointer": one.pointer, "detail": one.detail} for one in problem.errors]
    response = make_response(orjson.dumps(document), kind.status)
    response.headers["Content-Type"] = MEDIA_TYPE
    response.headers["Cache-Control"] = "no-store"
    response.headers.update(problem.headers)
    return response


def _is_for_a_person() -> bool:
    """Return whether a page was asked for: browsers name HTML outright, programs at most anything."""
    names_html = any(kind == "text/html" for kind, _ in request.accept_mimetypes)
    return names_html and not request.path.startswith(("/v1/", "/api/v3/"))


def of_validation(error: ValidationError) -> Response:
    """Return the answer to a request that the schemas refuse: what flask-openapi calls on one."""
    if error.title.endswith("Path"):
        return answer(ProblemError("not-found", _NOTHING))
    found = error.errors(include_url=False, include_input=False)
    errors = tuple(
        FieldError(_pointer(error.title, one["loc"]), one["msg"].removeprefix("Value error, "))
        for one in found[:20]
    )
    n_errors = error.error_count()
    # The schemas can't say how a reader counts and what a reader sees, so this is no fault against them.
    causes = {type(one.get("ctx", {}).get("error")) for one in found}
    if causes == {TextTooLongError}:
        return answer(ProblemError("too-long", "a text is too long; see errors", errors))
    if causes and causes <= {TextTooLongError, NothingShownError}:
        return answer(ProblemError("nothing-shown", "a text shows nothing; see errors", errors))
    detail = "one field is not valid" if n_errors == 1 else f"{n_errors} fields are not valid"
    return answer(ProblemError("invalid", f"{detail}; see errors", errors))


def _pointer(model_name: str, location: Sequence[int | str]) -> str:
    # The schemas of queries and headers are named so; everything else is a body.
    if model_name.endswith("Query"):
        return "?" + ".".join(map(str, location))
    if model_name.endswith("Headers"):
        return "header " + ".".join(map(str, location))
    if model_name.startswith("OneOrMore"):
        location = location[1:]  # The first step says which form was taken, not where.
    return "#" + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in location)


def _of_http(error: HTTPException) -> Response:
    """Answer what Flask, Werkzeug and flask-openapi raise by themselves."""
    if error.response is not None:
        # flask-openapi aborts with a finished response: `of_validation` made it. Redirects come this way too.
        return make_response(error.response)
    if error.code is not None and error.code < 400:
        return make_response(error.get_response(request.environ))
    name = _BY_STATUS.get(error.code or 500, "bad-request" if (error.code or 500) < 500 else "failed")
    headers = {
        key: value for key, value in error.get_headers(request.environ) if key in {"Allow", "Retry-After"}
    }
    return answer(ProblemError(name, _plain(error, KINDS[name].title), headers=headers))


def _plain(error: HTTPException, otherwise: str) -> str:
    # Werkzeug's own texts are for browsers; what was put in by hand is for people.
    return otherwise if error.description in {None, type(error).description} else str(error.description)


def _key_problem(error: Exception, headers: dict[str, str]) -> Response:
    return answer(ProblemError("key-needed", str(error), headers=headers))


def _not_found(error: NotFoundError) -> Response:  # noqa: ARG001 - it may name what the caller must not learn.
    return answer(ProblemError("not-found", _NOTHING))


def _unavailable(error: StoreError) -> Response:
    log.error("store unavailable: %s", error)
    detail = "the store does not answer; whether this was kept is unknown, and asking again is safe"
    return answer(ProblemError("unavailable", detail, headers=dict(_LATER)))


def _unforeseen(error: Exception) -> Response:
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    log.exception("request %s failed", request_id())
    return answer(ProblemError("failed", f"this is our fault; tell us the request id {request_id()}"))

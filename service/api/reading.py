"""How answers are sent: as JSON, and only when the reader does not have them yet."""

import orjson
from flask import Flask, Response, request
from pydantic import BaseModel

from service.api import errors
from service.api.callers import caller
from service.api.problems import ProblemError


def answer(model: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return the response that says what a model holds."""
    return json_answer(orjson.dumps(model.model_dump(mode="json")), status, headers)


def json_answer(document: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return the response that carries a JSON document."""
    return Response(document, status, headers, mimetype="application/json")


def here(path: str) -> str:
    """Return a path of this service as those who ask it see it: behind a proxy it may stand under another."""
    return f"{request.script_root}{path}"


def register(app: Flask) -> None:
    """Let an app answer 304 to readers who have the answer already."""
    app.after_request(_spare)


def _spare(response: Response) -> Response:
    if request.method not in {"GET", "HEAD"} or response.status_code != 200 or response.is_streamed:
        return response
    if response.is_json and not response.cache_control.public:
        _say_for_whom(response)
    if not response.get_etag()[0]:
        response.add_etag()
    response.make_conditional(request)
    if response.status_code == 412:
        problem = errors.answer(ProblemError("changed-meanwhile", "read without If-Match to see what is here"))
        response.set_data(problem.get_data())
        for name in ("Content-Type", "Cache-Control"):
            response.headers[name] = problem.headers[name]
    return response


def _say_for_whom(response: Response) -> None:
    # What a key shows must not be kept by a cache that others read from.
    response.vary.update(["Authorization", "Participant"])
    response.headers["Cache-Control"] = "private, no-cache" if caller().is_known else "no-cache"

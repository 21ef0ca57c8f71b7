"""The OpenAPI 3.1 document: what flask-openapi collects, completed with keys, problems and examples."""

import re
from collections.abc import Iterator
from typing import Any

from flask import Flask, Response, current_app, request
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.openapi import OpenAPI

from service.api.examples import EXAMPLES
from service.api.problems import KINDS
from service.api.reading import json_answer
from service.api.request_ids import API_VERSION
from service.identity.access import needed_scope, public
from service.parts import parts_of

INFO: dict[str, Any] = {
    "title": "Poldermodel",
    "version": API_VERSION,
    "description": "Opinion groups from votes on short statements: start a conversation, add statements, "
    "cast votes, read the group map. Every answer that is not a success is a problem (RFC 9457).",
    "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
}

SECURITY_SCHEMES: dict[str, Any] = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "A platform's key, or a participant's own token.",
    }
}

_MORE_PROBLEMS = {
    "readCodes": {"409"},
    "printCodes": {"409"},
    "forgetBallotBatch": {"409"},
    "undoStatementMerge": {"409"},
    "addStatements": {"429"},
    "issueParticipantToken": {"403"},
    "readGroupMap": {"409"},
    "ownPlace": {"409"},
    "listGroupMapVersions": {"409"},
    "readGroupMapVersion": {"409"},
    "readGroupMapDifferences": {"409"},
}
"""Statuses that only some operations answer with, by the operation's name."""

_HEADERS: dict[str, Any] = {
    "API-Version": {
        "description": "The version of this API in full; its first number is the one in addresses.",
        "schema": {"type": "string", "examples": [API_VERSION]},
    },
    "X-Request-Id": {
        "description": "The request's id; tell it when something went wrong.",
        "schema": {"type": "string"},
    },
    "ETag": {"description": "Send it as If-None-Match to be answered 304.", "schema": {"type": "string"}},
}
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_NAME = "poldermodel.openapi"
_BASE = "/v1"
_METHODS = ("get", "post", "put", "patch", "delete")

routes = APIBlueprint("openapi", __name__, doc_ui=False)


def register(app: OpenAPI) -> None:
    """Let an app tell what it answers."""
    app.openapi_version = "3.1.0"
    app.register_api(routes)


@routes.get("/v1/openapi.json")
@public
def read_openapi() -> Response:
    """Read what this service answers, as an OpenAPI 3.1 document."""
    app = current_app
    assert isinstance(app, OpenAPI)  # noqa: S101 - `app_of` makes no other kind.
    # Behind a path prefix the API stands there too.
    servers = [{"url": f"{request.script_root}{_BASE}", "description": "This service."}]
    return json_answer(app.json.dumps(document(app) | {"servers": servers}).encode())


def document(app: OpenAPI) -> dict[str, Any]:
    """Return the OpenAPI document of an app."""
    if _NAME in app.extensions:
        return app.extensions[_NAME]
    described = app.api_doc
    scopes = dict(_scopes(app))
    # Everything described stands under /v1, which `servers` names; the rest is for operators: docs/http.md.
    described["paths"] = {
        path: item for path, item in described["paths"].items() if path.startswith(_BASE + "/")
    }
    for path, method, operation in _operations(described):
        _complete(operation, path=path, method=method, scope=scopes[method, path])
    described["components"]["headers"] = _HEADERS
    described["paths"] = {path.removeprefix(_BASE): item for path, item in described["paths"].items()}
    told = parts_of(app).settings
    described["info"]["contact"] = {
        "name": told.contact_name,
        "url": told.contact_url,
        "email": told.contact_email,
    }
    described["servers"] = [{"url": _BASE, "description": "This service."}]
    app.extensions[_NAME] = described
    return described


def _operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in described["paths"].items():
        for method in _METHODS:
            if method in item:
                yield path, method, item[method]


def _scopes(app: Flask) -> Iterator[tuple[tuple[str, str], str | None]]:
    """Yield for each method and path the scope it needs."""
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:[^<>:]+:)?([^<>]+)>", r"{\1}", rule.rule)
        for method in rule.methods or ():
            yield (method.lower(), path), needed_scope(app.view_functions[rule.endpoint])


def _complete(operation: dict[str, Any], *, path: str, method: str, scope: str | None) -> None:
    answers = operation["responses"]
    statuses = _statuses(operation, path=path, method=method, scope=scope)
    for status in statuses:
        answers[status] = {"description": _titles(status), "content": _PROBLEM}
    if "422" in answers and "422" not in statuses:
        del answers["422"]
    if scope is not None:
        operation["security"] = [{"key": []}]
        operation["x-scope"] = str(scope)
    if method == "get":
        answers["304"] = {"description": "You have this already: If-None-Match named its ETag."}
        answers["412"] = {"description": _titles("412"), "content": _PROBLEM}
    _exemplify(operation)
    for status, told in answers.items():
        names = ["API-Version", "X-Request-Id"]
        if method == "get" and status in {"200", "304"}:
            names.append("ETag")
        told["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _statuses(operation: dict[str, Any], *, path: str, method: str, scope: str | None) -> list[str]:
    """Return the statuses of the problems that an operation can answer with."""
    # Whatever is asked for, its address or its headers can be too long.
    statuses = {"400", "401", "414", "429", "431", "500", "503"}
    statuses |= _MORE_PROBLEMS.get(operation["operationId"], set())
    if scope is not None:
        statuses.add("403")
    if "{" in path:
        statuses.add("404")
    # A request with an Idempotency-Key can come too early, or be another one than before.
    if "requestBody" in operation or method == "post":
        statuses |= {"409", "413", "415", "422"}
    if any(one["in"] != "path" for one in operation.get("parameters", [])):
        statuses.add("422")
    return sorted(statuses)


def _titles(status: str) -> str:
    return "; or: ".join(kind.title for kind in KINDS.values() if str(kind.status) == status)


def _exemplify(operation: dict[str, Any]) -> None:
    example = EXAMPLES[operation["operationId"]]
    if "application/json" in operation.get("requestBody", {}).get("content", {}):
        operation["requestBody"]["content"]["application/json"]["example"] = example.body
    for status, answer in operation["responses"].items():
        if not status.startswith("2"):
            continue
        if example.media_type != "application/json":
            answer["content"] = {example.media_type: {"schema": {"type": "string"}}}
        answer["content"][example.media_type]["example"] = example.answer

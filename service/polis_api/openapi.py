"""What this API answers, as an OpenAPI document of its own: its rules are Polis's, not those of `/v1`."""

import re
from typing import Any

from flask import Response

from service.api.openapi import INFO, SECURITY_SCHEMES
from service.api.schemas import Problem
from service.identity.access import public
from service.polis_api.declaring import Declared, json_of, routes

_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_KINDS: dict[str, dict[str, Any]] = {
    "object": {"application/json": {"schema": {"type": ["object", "array", "null"]}}},
    "list": {"application/json": {"schema": {"type": "array"}}},
    "text/csv": {"text/csv": {"schema": {"type": "string"}}},
}


@routes.get("/openapi.json")
@public
def read_openapi() -> Response:
    """Read what this API answers, as an OpenAPI 3.1 document."""
    return json_of(document())


def document() -> dict[str, Any]:
    """Return the OpenAPI document of these routes."""
    paths: dict[str, Any] = {}
    for one in routes.declared:
        path = re.sub(r"<(\w+)>", r"{\1}", one.path)
        paths.setdefault(path, {})[one.method.lower()] = _operation(one)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = problem.pop("$defs", {}) | {"Problem": problem}
    return {
        "openapi": "3.1.0",
        "info": dict(INFO)
        | {
            "title": "Poldermodel for tools made for Polis",
            "description": "The API that tools made for Polis call. Agree is -1 in votes, and 1 in CSV.",
        },
        "servers": [{"url": "/api/v3", "description": "This service."}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": SECURITY_SCHEMES},
    }


def _operation(one: Declared) -> dict[str, Any]:
    schema = one.asked.model_json_schema()
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"<(\w+)>", one.path)
    ]
    answers = {status: {"description": "A problem.", "content": _PROBLEM} for status in ("4XX", "5XX")}
    operation: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "responses": {"200": {"description": one.summary, "content": _KINDS[one.kind]}, **answers},
    }
    if one.scope is not None:
        operation |= {"security": [{"key": []}], "x-scope": str(one.scope)}
    if one.method == "GET":
        needed = schema.get("required", [])
        in_path += [
            {"name": name, "in": "query", "required": name in needed, "schema": kind}
            for name, kind in schema.get("properties", {}).items()
        ]
    elif schema.get("properties"):
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation | {"parameters": in_path}

import json
import re

import pytest
from pydantic import BaseModel

from service.api import (
    analysis_schemas,
    ballots,
    certainty_schemas,
    codes,
    group_map_schemas,
    leaving,
    map_versions,
    merges,
    openapi,
    participant_tokens,
    schemas,
    statement_schemas,
    taking_part,
    taking_part_schemas,
    vote_schemas,
    webhooks,
)
from service.api.examples import EXAMPLES


@pytest.fixture
def document(public):
    return public.get("/v1/openapi.json").json


def operations(document):
    for path, item in document["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if method in item:
                yield path, method, item[method]


def test_says_which_openapi_it_is(document):
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"] == "Poldermodel"


def test_every_v1_route_is_described(app, document):
    routes = {
        (re.sub(r"<\w+:", "<", rule.rule).replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/v1/") and rule.rule != "/v1/openapi.json"
    }
    described = {(path, method) for path, method, _ in operations(document)}
    assert document["servers"][0]["url"] == "/v1"
    assert routes == {("/v1" + path, method) for path, method in described}


def test_every_operation_has_examples_problems_and_a_name(document):
    names = set()
    for _, _, operation in operations(document):
        names.add(operation["operationId"])
        assert operation["summary"]
        for status, answer in operation["responses"].items():
            if status.startswith("2"):
                (content,) = answer["content"].values()
                assert content["example"] is not None
            elif status != "304":
                assert list(answer["content"]) == ["application/problem+json"]
        if "application/json" in operation.get("requestBody", {}).get("content", {}):
            assert operation["requestBody"]["content"]["application/json"]["example"] is not None
    assert names == set(EXAMPLES)


def test_every_reference_leads_somewhere(document):
    text = json.dumps(document)
    for reference in {part.split('"')[0] for part in text.split('"$ref": "#')[1:]}:
        found = document
        for step in reference.strip("/").split("/"):
            found = found[step]


def test_keys_are_asked_for_where_they_are_needed(document):
    for path, method, operation in operations(document):
        if operation["operationId"] == "issueParticipantToken":  # Open to all, and refuses what it is shown.
            assert "security" not in operation
            continue
        assert ("security" in operation) == ("403" in operation["responses"])
        if method != "get":
            assert operation["security"] == [{"key": []}], (path, method)


def test_examples_are_what_the_schemas_accept(app):
    """Each example is read by the very record that the route reads or writes."""
    # Votes to analyse are read by the worker; tests/worker/test_given_votes.py reads that example.
    seen = 1
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        for _, _, operation in operations(openapi.document(app)):
            if operation["summary"] != (view.__doc__ or "").strip().split("\n")[0]:
                continue
            example = EXAMPLES[operation["operationId"]]
            body = view.__annotations__.get("body")
            if body is not None:
                assert issubclass(body, BaseModel)
                body.model_validate(example.body)
                seen += 1
    assert seen == sum(1 for example in EXAMPLES.values() if example.body is not None)


def test_answers_in_examples_are_what_the_records_say(document):
    records = {
        name: record
        for module in (
            schemas,
            vote_schemas,
            group_map_schemas,
            analysis_schemas,
            certainty_schemas,
            map_versions,
            codes,
            ballots,
            leaving,
            merges,
            webhooks,
            statement_schemas,
            participant_tokens,
            taking_part,
            taking_part_schemas,
        )
        for name, record in vars(module).items()
        if isinstance(record, type) and issubclass(record, BaseModel)
    }
    for _, _, operation in operations(document):
        for status, answer in operation["responses"].items():
            if status.startswith("2") and "application/json" in answer["content"]:
                told = answer["content"]["application/json"]
                record = records[told["schema"]["$ref"].rpartition("/")[2]]
                read = record.model_validate(told["example"])
                # The Dutch rules' linter takes any key with `put` in it for an operation, in examples too.
                written = read.model_dump(mode="json").keys() - {"input_hash"}
                assert written == told["example"].keys(), operation["operationId"]


def test_operators_see_what_is_wrong(app, public, parts):
    assert public.get("/healthz").json == {"status": "alive"}
    assert public.get("/readyz").json == {"status": "ready", "degraded": []}
    assert public.get("/version").json["name"] == "poldermodel"
    with parts.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
    answer = public.get("/readyz")
    assert (answer.status_code, answer.json["type"]) == (503, "/problems/unavailable")
    assert public.get("/healthz").status_code == 200

"""The Dutch government's API Design Rules (NLGov REST API Design Rules), as far as a document can show them.

The names are those of the rules at https://logius-standaarden.github.io/API-Design-Rules; their Spectral
ruleset is in no package registry. One of its warnings is not followed: our JSON names have underscores.
"""

import re

import pytest

SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
NOT_PLURAL = {
    "group-map",  # one for each conversation
    "own-data",
    "own-place",
    "next-statement",
    "test-message",  # an act
    "closing",  # an act
}
"""Last steps of addresses that lead to one thing, or do one."""


@pytest.fixture
def document(public):
    return public.get("/v1/openapi.json").json


def operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def test_publish_openapi(public):
    """/core/publish-openapi: at a fixed place, for anybody, from any page."""
    answer = public.get("/v1/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json["openapi"].startswith("3.1")


def test_doc_openapi_contact(document):
    assert all(document["info"]["contact"][name] for name in ("name", "url", "email"))


def test_semver_and_version_header(document, public):
    """/core/semver, /core/version-header: in full, in the document and in every answer."""
    version = document["info"]["version"]
    assert SEMVER.fullmatch(version)
    for path in ("/v1/openapi.json", "/v1/conversations", "/v1/nothing", "/healthz"):
        assert public.get(path).headers["API-Version"] == version
    for path, method, operation in operations(document):
        for status, answer in operation["responses"].items():
            assert "API-Version" in answer["headers"], (path, method, status)


def test_uri_version(document):
    """/core/uri-version: the major version, and nothing more of it, in every address."""
    assert [re.findall(r"/v(\d+)$", one["url"]) for one in document["servers"]] == [
        [document["info"]["version"].split(".")[0]]
    ]


def test_no_trailing_slash(document, public):
    assert not [path for path in document["paths"] if path.endswith("/")]
    assert public.get("/v1/openapi.json/").status_code == 404


def test_http_methods(document):
    for path, item in document["paths"].items():
        assert item.keys() <= {"get", "post", "put", "patch", "delete"}, path


def test_http_safety(document):
    """/core/http-safety: what reads takes no body."""
    assert not [
        path
        for path, method, operation in operations(document)
        if method == "get" and "requestBody" in operation
    ]


def test_paths(document):
    """/core/path-segments-kebab-case, /core/naming-collections: words with hyphens, plural; no extensions."""
    for path in document["paths"]:
        steps = path.strip("/").split("/")
        for step, following in zip(steps, [*steps[1:], None], strict=True):
            assert re.fullmatch(r"[a-z]+(-[a-z]+)*|\{[a-z]+\}", step), path
            is_collection = not step.startswith("{") and (following or "").startswith("{")
            is_last = following is None and not step.startswith("{")
            if is_collection or is_last:
                assert step.endswith("s") or (is_last and step in NOT_PLURAL), path


def test_query_parameters(document):
    """/core/query-keys-camel-case: one word each, so that no case is needed."""
    for path, _, operation in operations(document):
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "query":
                assert re.fullmatch(r"[a-z]+", parameter["name"]), path


def test_problems(document):
    """/core/error-handling/problem-details."""
    for path, method, operation in operations(document):
        wrong = {status for status in operation["responses"] if status >= "400"}
        assert wrong, (path, method)
        for status in wrong:
            content = operation["responses"][status]["content"]
            assert list(content) == ["application/problem+json"], (path, method, status)


def test_doc_openapi_describes_itself(document):
    """Schemas have names in PascalCase, and every operation says what it does."""
    assert all(re.fullmatch(r"[A-Z][A-Za-z]*", name) for name in document["components"]["schemas"])
    assert all(operation["summary"] for _, _, operation in operations(document))


def test_patterns_are_valid_to_every_ecmascript(document):
    """oas3-schema: the ruleset's linter reads patterns without the flag `u`, so nothing beyond U+FFFF."""
    patterns = [value for key, value in members(document) if key == "pattern" and isinstance(value, str)]
    assert len(patterns) > 20
    assert [one for one in patterns if max(one) > "\uffff"] == []


def test_nothing_in_examples_is_taken_for_an_operation(document):
    """/core/error-handling/invalid-input: the linter looks for the rule wherever a key holds such a word."""
    word = re.compile(r"put|post|patch")
    assert [
        key for key, value in members(document["paths"]) if word.search(key) and not isinstance(value, dict)
    ] == []


def members(document):
    """Every key with its value, however deep."""
    inside = document.values() if isinstance(document, dict) else document
    if isinstance(document, dict):
        yield from document.items()
    for one in inside:
        if isinstance(one, dict | list):
            yield from members(one)

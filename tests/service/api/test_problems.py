"""Whatever goes wrong, the answer has one shape."""

import gzip
import json

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app
from werkzeug.wrappers import Response

from service.api.problems import KINDS
from service.api.requests import MAX_BODY_BYTES

VOTE = b'{"participant": "a", "statement": "0", "vote": 1}'


def assert_is_problem(answer, status, name=None):
    assert answer.status_code == status, answer.data
    assert answer.content_type == "application/problem+json"
    document = json.loads(answer.data)
    assert {"type", "title", "status", "detail", "instance", "request_id"} <= set(document)
    assert document["status"] == status
    assert document["request_id"] == answer.headers["X-Request-Id"]
    kind = KINDS[document["type"].removeprefix("/problems/")]
    assert (kind.status, kind.title) == (status, document["title"])
    assert name in {None, kind.name}
    return document


@pytest.fixture
def post(api, conversation):
    def send(body, *, content_type="application/json", to="votes", **more):
        return api.post(f"/v1/conversations/{conversation}/{to}", data=body, content_type=content_type, **more)

    return send


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"", "bad-json"),
        (b"{", "bad-json"),
        (b'{"participant": "a", "statement": "0", "vote": NaN}', "bad-json"),
        (b'{"participant": "a", "statement": "0", "vote": 1, "vote": -1}', "bad-json"),
        (b'{"participant": "\\ud800", "statement": "0", "vote": 1}', "bad-json"),
        (b'{"participant": "a", "statement": ' + b"[" * 1_000 + b"]" * 1_000 + b"}", "bad-json"),
        (b'{"participant": "\xe9", "statement": "0", "vote": 1}', "bad-json"),
    ],
)
def test_what_is_not_strict_json(post, body, name):
    assert_is_problem(post(body), 400, name)


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"null", b"1", b"true", json.dumps(VOTE.decode()).encode()])
def test_json_that_is_no_object(post, body):
    assert_is_problem(post(body), 422, "invalid")


@pytest.fixture(scope="module")
def bomb():
    return gzip.compress(b'{"participant": "' + b"0" * 100_000_000 + b'"}')


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "deflate", "br", "gzip, gzip"])
def test_a_compressed_body_is_never_unpacked(post, bomb, coding):
    assert_is_problem(post(bomb, headers={"Content-Encoding": coding}), 415, "wrong-content-type")


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=latin-1",
        "application/jsonp",
    ],
)
def test_a_wrong_content_type(post, content_type):
    assert_is_problem(post(VOTE, content_type=content_type), 415, "wrong-content-type")


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "Application/JSON"]
)
def test_the_right_content_type(post, content_type):
    assert post(VOTE, content_type=content_type).status_code in {200, 201}


def test_too_large(post):
    assert_is_problem(post(VOTE + b" " * MAX_BODY_BYTES), 413, "too-large")


@pytest.mark.parametrize(
    ("n_bytes", "status"), [(MAX_BODY_BYTES, 201), (MAX_BODY_BYTES + 1, 413), (5_000_000, 413)]
)
def test_a_chunked_body_has_no_length_to_look_at_beforehand(app, api, conversation, n_bytes, status):
    path = f"/v1/conversations/{conversation}/votes"
    builder = EnvironBuilder(path, method="POST", data=VOTE.ljust(n_bytes), content_type="application/json")
    environ = builder.get_environ() | api.environ_base | {"wsgi.input_terminated": True}
    del environ["CONTENT_LENGTH"]
    answer = Response(*run_wsgi_app(app, environ))
    assert answer.status_code == status
    if status == 413:
        assert_is_problem(answer, 413, "too-large")


def test_as_large_as_allowed(post):
    assert post(VOTE + b" " * (MAX_BODY_BYTES - len(VOTE))).status_code in {200, 201}


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/v1",
        "/v1/conversations/7nothing",
        "/v1/conversations/%00",
        "/v1/conversations/" + "7" * 9_000,
    ],
)
def test_nothing_there(api, path):
    assert_is_problem(api.get(path), 404, "not-found")


def test_a_method_that_is_not_answered(api, conversation):
    answer = api.delete(f"/v1/conversations/{conversation}")
    assert_is_problem(answer, 405, "method-not-allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "PATCH"}


def test_a_fault_of_ours_says_nothing_of_its_cause(app, parts, api, conversation, caplog):
    with parts.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE group_maps")
    answer = api.get(f"/v1/conversations/{conversation}/group-map")
    assert answer.status_code in {500, 503}
    document = assert_is_problem(answer, answer.status_code)
    assert "group_maps" not in json.dumps(document)
    assert "group_maps" in caplog.text


@pytest.mark.parametrize("shown", ["abcdefgh", "3f2c-4e_A.9" * 5])
def test_a_well_formed_request_id_is_kept(api, shown):
    answer = api.get("/nothing", headers={"X-Request-Id": shown})
    assert answer.json["request_id"] == answer.headers["X-Request-Id"] == shown


@pytest.mark.parametrize(
    "shown", ["", "short", "x" * 65, "<script>alert(1)</script>", "zoë-zoë-zoë", "a b c d e f g h"]
)
def test_another_request_id_is_replaced(api, shown):
    answer = api.get("/healthz", headers={"X-Request-Id": shown})
    assert answer.headers["X-Request-Id"] != shown
    assert len(answer.headers["X-Request-Id"]) == 32


def test_field_errors_point_at_the_field(post):
    document = assert_is_problem(
        post(
            json.dumps(
                {
                    "votes": [
                        {"participant": "a", "statement": "0", "vote": 1},
                        {"participant": "a", "statement": True, "vote": 7},
                    ]
                }
            ),
            to="vote-batches",
        ),
        422,
        "invalid",
    )
    assert [one["pointer"] for one in document["errors"]] == ["#/votes/1/statement", "#/votes/1/vote"]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "?limit"),
        ("limit=x", "?limit"),
        ("after=***", "?after"),
        ("after=gf", "?after"),
        ("other=1", "?other"),
    ],
)
def test_query_errors_point_at_the_parameter(api, query, pointer):
    document = assert_is_problem(api.get(f"/v1/conversations?{query}"), 422, "invalid")
    assert document["errors"][0]["pointer"] == pointer


def test_every_answer_carries_the_security_headers(api, public, conversation):
    for answer in (
        api.get("/healthz"),
        public.get("/v1/conversations"),
        public.get("/nothing"),
        public.get(f"/v1/conversations/{conversation}"),
    ):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/v1//conversations", "//v1/conversations", "/v1/conversations/", "/healthz/", "/version//"]
)
def test_every_address_is_written_in_one_way(api, path):
    # A redirect would lead to whatever host the request names.
    assert_is_problem(api.get(path, headers={"Host": "elsewhere.example"}), 404, "not-found")

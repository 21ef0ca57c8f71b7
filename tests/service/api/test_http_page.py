"""`docs/http.md` is true: it names every route and every problem, and its examples are answered as it says."""

import json
import re
from pathlib import Path

import pytest

from service.api.problems import KINDS
from service.identity.access import needed_scope
from service.store import conversations
from service.store.records import NewConversation

PAGE = Path(__file__).resolve().parents[3] / "docs" / "http.md"
TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLE = re.compile(r"```http\n(\w+) (\S+)\n(.*?)```\n\n```json\n(\d+)\n(.*?)```", re.DOTALL)


def path_of(rule):
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)


def test_every_route_is_on_the_page_with_its_scope(app):
    routes = {
        (
            f"{method} {path_of(rule)}",
            needed_scope(app.view_functions[rule.endpoint]),
        )
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if not rule.rule.startswith(("/api/v3/", "/desk"))
    }
    told = re.findall(r"^\| `([A-Z]+ /\S*)` \| `?([a-z:–]+)`? \|", TEXT, flags=re.MULTILINE)
    assert {(route, None if scope == "–" else scope) for route, scope in told} == routes


def test_every_problem_is_on_the_page():
    told = re.findall(r"^\| `/problems/([a-z-]+)` \| (\d+) \|", TEXT, flags=re.MULTILINE)
    assert {(name, int(status)) for name, status in told} == {
        (kind.name, kind.status) for kind in KINDS.values()
    }


def same_shape(told, given):
    """Whether an answer says what the page tells of it; times, request ids and what is left out may differ."""
    if isinstance(told, dict):
        return isinstance(given, dict) and all(
            name in given and (name in {"created_at", "request_id"} or same_shape(value, given[name]))
            for name, value in told.items()
        )
    if isinstance(told, list):
        return len(told) == len(given) and all(map(same_shape, told, given))
    return told == given


def test_examples_are_answered_as_told(api, public, parts):
    examples = EXAMPLE.findall(TEXT)
    assert len(examples) == TEXT.count("```http") == 8
    made = conversations.create(
        parts.store,
        "default",
        NewConversation(question="What should the Marktplein become?", language="en", id="7k2m9q4xw1"),
    )
    for method, address, rest, status, told in examples:
        head, _, body = rest.partition("\n\n") if "{" in rest else (rest, "", "")
        headers = dict(line.split(": ", 1) for line in head.strip().splitlines())
        client = api if headers.pop("Authorization", None) else public
        answer = client.open(
            address, method=method, headers=headers, json=json.loads(body) if body.strip() else None
        )
        expected = json.loads(told)
        if address == "/v1/conversations":
            expected["id"] = answer.json["id"]
        assert answer.status_code == int(status), (address, answer.data)
        assert same_shape(expected, answer.json), (address, answer.json)
    assert made.id == "7k2m9q4xw1"


@pytest.mark.parametrize("name", KINDS)
def test_the_type_of_a_problem_leads_to_its_meaning(public, name):
    answer = public.get(f"/problems/{name}")
    assert answer.json == {"name": name, "status": KINDS[name].status, "title": KINDS[name].title}


def test_no_other_kind_of_problem(public):
    assert public.get("/problems/nothing").status_code == 404

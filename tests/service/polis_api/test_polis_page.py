"""The page for people who come from Polis names every route, with its scope."""

import re
from pathlib import Path

from service.identity.access import needed_scope

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "polis.md").read_text(encoding="utf-8")


def test_every_route_is_on_the_page_with_its_scope(app):
    routes = {
        (f"{method} {rule.rule}", needed_scope(app.view_functions[rule.endpoint]))
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/v3/")
    }
    told = re.findall(r"^\| `([A-Z]+ /\S*)` \| `?([a-z:–]+)`? \|", TEXT, flags=re.MULTILINE)
    assert {(route, None if scope == "–" else scope) for route, scope in told} == routes

"""Pages of other websites may call what serves the public or a participant, and nothing else."""

import re

from service.identity.access import needed_scope

ORIGIN = {"Origin": "https://portal.example.org"}
IN_BROWSERS = {None, "vote", "statement:write"}


def addresses(app, conversation):
    ids = {"conversation": conversation, "statement": "0", "batch": "1", "sequence": "1", "format": "zip"}
    for rule in app.url_map.iter_rules():
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: ids.get(found[1], "4f07"), rule.rule)
            scope = needed_scope(app.view_functions[rule.endpoint])
            is_for_others = path.startswith(("/v1/", "/api/v3/", "/widget/", "/oembed"))
            yield method, path, is_for_others and scope in IN_BROWSERS


def test_every_route_tells_browsers_what_they_may(app, public, conversation):
    seen = {True: 0, False: 0}
    for method, path, is_allowed in addresses(app, conversation):
        seen[is_allowed] += 1
        asked = public.options(path, headers={**ORIGIN, "Access-Control-Request-Method": method})
        answer = public.open(path, method=method, headers=ORIGIN)
        for one in (asked, answer):
            assert one.headers.get("Access-Control-Allow-Origin") == ("*" if is_allowed else None), (
                method,
                path,
            )
            assert "Access-Control-Allow-Credentials" not in one.headers
        if is_allowed:
            assert asked.status_code == 200
            assert method in asked.headers["Access-Control-Allow-Methods"].split(", ")
            assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
            # A star shows every header to requests without credentials; a module's headers nobody reads.
            shown = answer.headers.get("Access-Control-Expose-Headers")
            assert shown == (None if path.startswith("/widget/") else "*")
    assert min(seen.values()) > 5


def test_a_method_that_is_not_there_is_not_offered(public, conversation):
    address = f"/v1/conversations/{conversation}/statements"
    asked = public.options(address, headers={**ORIGIN, "Access-Control-Request-Method": "GET"})
    # The same address is also for moderators (PATCH), and they work from servers.
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD, POST"
    for method in ("PATCH", "PUT"):
        asked = public.options(address, headers={**ORIGIN, "Access-Control-Request-Method": method})
        assert "Access-Control-Allow-Origin" not in asked.headers


def test_errors_can_be_read_too(public, conversation):
    answer = public.get(f"/v1/conversations/{conversation}/own-votes", headers=ORIGIN)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (401, "*")
    assert "Access-Control-Allow-Origin" not in public.get("/v1/conversations", headers=ORIGIN).headers

"""Every read carries an ETag, and who has the answer already is told so without a body."""

import re

import pytest

from service.identity.access import needed_scope
from service.identity.caller import Scope


@pytest.fixture
def reads(app, api, conversation):
    """The address of every read under /v1 that is answered at once, and the headers it takes."""
    hook = {"url": "https://portal.example.org/hooks", "kinds": ["group-map.published"]}
    ids = {
        "conversation": conversation,
        "webhook": api.post("/v1/webhooks", json=hook).json["id"],
        "batch": api.post(f"/v1/conversations/{conversation}/code-batches", json={"n_codes": 1}).json["batch"],
    }
    found = []
    for rule in app.url_map.iter_rules():
        # Codes are streamed to one reader and never kept by a browser.
        if (
            "GET" not in rule.methods
            or not rule.rule.startswith("/v1/")
            or rule.rule.endswith(("/codes", "/letters"))
        ):
            continue
        # Kept maps, analyses and exports have their own tests: they aren't there without more than this.
        if set(rule.arguments) - ids.keys() or rule.rule.endswith("/group-map-differences"):
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(ids[found[1]]), rule.rule)
        is_own = needed_scope(app.view_functions[rule.endpoint]) is Scope.VOTE
        found.append((path, {"Participant": "ann"} if is_own else {}))
    return found


def test_every_read_is_spared_who_has_it(api, reads):
    assert len(reads) > 12
    for path, headers in reads:
        # The next statement is drawn anew each time, unless a seed is told.
        address = f"{path}?seed=1" if path.endswith("/next-statement") else path
        first = api.get(address, headers=headers)
        assert (first.status_code, bool(first.headers.get("ETag"))) == (200, True), path
        if path.endswith("/code-batches") or "/code-batches/" in path:
            continue  # It grows meanwhile.
        again = api.get(address, headers={**headers, "If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), path
        other = api.get(address, headers={**headers, "If-None-Match": '"another"'})
        assert other.status_code == 200, path

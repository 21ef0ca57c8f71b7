"""A text that would like to be a page, in every field of the desk: it is shown as a text, on every page."""

import io
import re

from service.identity.access import needed_role
from service.store import conversations, statements
from service.store.desk_records import Role
from service.store.records import NewStatement, StatementState

HOSTILE = "\"><img src=x onerror=alert(1)><script>alert(2)</script>'{{7919*7907}}<!--"
RAW = re.compile(r"<img src=x|<script>alert|<!--|62615533")
PARTS = {"number": "0", "statement": "0", "batch": "1", "sequence": "1", "job": "1", "name": "desk.css"}

FIELDS = {
    "question": HOSTILE,
    "description": HOSTILE,
    "outcome": HOSTILE,
    "language": "en",
    "seeds": f"{HOSTILE}\nMore trees.",
    "moderation": "before",
    "writers": "participants",
    "required_assurance": "anonymous",
    "results_visible": "always",
    "min_votes_for_results": "5",
    "max_statement_length": "140",
    "is_open": "on",
    "sites": "",
    "about": f"{HOSTILE}?\n- {HOSTILE}\n- Other",
    "phase_name": [HOSTILE],
    "phase_starts_at": ["2026-03-02T09:30"],
    "phase_ends_at": ["2036-04-01T00:00"],
    "phase_votes_0": "on",
    "step": "start",
}


def assert_is_a_text(answer, where):
    assert answer.status_code < 500, where
    if answer.mimetype in ("text/html", "image/svg+xml"):
        # What is compared: the page without its own styles and addresses of assets.
        assert not RAW.search(re.sub(r'[?&]v=[0-9a-f]+|value="[0-9a-f]{64}"', "", answer.text)), where
    if answer.mimetype == "text/html":
        # Letters carry their own styles; no page may run a script of its own.
        rules = answer.headers["Content-Security-Policy"].split("; ")
        assert not [one for one in rules if "unsafe" in one and not one.startswith("style-src ")], where
        assert {"default-src 'none'", "default-src 'self'"} & set(rules), where


def test_what_is_typed_anywhere_is_shown_as_a_text_everywhere(app, sign_in, parts, public):
    worker = sign_in(Role.OWNER)
    started = worker.send("/new", **FIELDS)
    assert started.status_code == 303, started.text
    here = conversations.find(parts.store, None, started.location.split("/")[3])
    at = f"/conversations/{here.id}"
    statements.add(parts.store, here, [NewStatement(f"{HOSTILE} waits", state=StatementState.WAITING)])
    sent = {
        f"{at}/moderate": {"act": "hidden:0", "reason": HOSTILE},
        f"{at}/moderate/1": {"text": HOSTILE, "state": "visible", "reason": HOSTILE},
        f"{at}/code-batches": {"n_codes": "1", "label": HOSTILE},
        f"{at}/paper/entry": {"batch": HOSTILE, "lines": HOSTILE},
        f"{at}/participants/exclude": {"participant": HOSTILE, "reason": HOSTILE},
        f"{at}/participants/readmit": {"participant": HOSTILE},
        f"{at}/moderate/undo": {"undo": HOSTILE, "next": HOSTILE},
        f"{at}/settings": {**FIELDS, "sites": HOSTILE, "language": HOSTILE},
        f"{at}/map/what-if": {"people": HOSTILE, "without": HOSTILE, "groups": HOSTILE},
        "/new": {**FIELDS, "step": "check", "phase_starts_at": [HOSTILE], "sites": HOSTILE},
        "/people": {"email": HOSTILE, "role": HOSTILE},
        "/people/end": {"email": HOSTILE},
        "/language": {"language": HOSTILE, "next": HOSTILE},
        "/imports": {"file": (io.BytesIO(b""), "")},
    }
    for path, form in sent.items():
        assert_is_a_text(worker.send(path, **form), path)
    pages = [rule for rule in app.url_map.iter_rules() if needed_role(app.view_functions[rule.endpoint])]
    for rule in pages:
        if "GET" not in rule.methods:
            continue
        known = {**PARTS, "conversation": here.id}
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found, known=known: known[found[1]], rule.rule)
        asked = dict.fromkeys(
            ("q", "find", "sort", "lang", "next", "state", "undo", "batch", "version"), HOSTILE
        )
        assert_is_a_text(worker.client.get(path), path)
        assert_is_a_text(worker.client.get(path, query_string=asked), f"{path}, asked")
    for path in ("map", "participate"):
        assert_is_a_text(public.get(f"/conversations/{here.id}/{path}"), path)
    assert_is_a_text(public.get("/desk/sign-in", query_string={"next": HOSTILE, "lang": HOSTILE}), "sign in")
    form = {"email": HOSTILE, "password": HOSTILE, "name": HOSTILE, "code": HOSTILE, "next": HOSTILE}
    for path in ("sign-in", "invitation"):
        assert_is_a_text(public.post(f"/desk/{path}", data=form), path)

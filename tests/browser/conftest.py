"""A real Chromium against the real service over real sockets; the test itself does the worker's part."""

import json
import re
import secrets
import shutil
import threading
import time
from urllib.request import Request, urlopen

import jwt
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from pydantic import SecretStr
from sqlalchemy import select
from werkzeug.serving import make_server

from clustering.samples import neighbourhood_conversation
from service.app import app_of
from service.identity.derived import signing_secret
from service.identity.keys import KeyRing, fresh_key
from service.map_requests import AnalysisRequests, AssessmentRequests
from service.parts import Parts
from service.settings import Settings
from service.store import conversations, keys, statements, tables, votes
from service.store.committer import VoteCommitter
from service.store.database import open_store
from service.store.exposures import ExposureLog
from service.store.migrating import migrate
from service.store.platform_records import NewApiKey
from service.store.records import NewConversation, NewStatement, NewVote, StatementState
from worker.assessing import assess
from worker.jobs import redraw

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


MARK_REPEATED = """() => {
    const form = (node) => `<${node.localName} ${node.className?.baseVal ?? node.className}>`
        + [...node.children].map(form).join("");
    const seen = new Map();
    for (const line of document.querySelectorAll("tr, li")) {
        if (!seen.has(line.parentNode)) seen.set(line.parentNode, new Map());
        const here = seen.get(line.parentNode), own = form(line);
        here.set(own, (here.get(own) ?? 0) + 1);
        if (here.get(own) > 4) line.setAttribute("data-repeated", "");
    }
}"""


class Doorbell:
    """Stands where `MapRequests` stands; nobody listens, the test redraws when it wants to."""

    def ask(self, conversation_number):
        return True

    def ask_at_once(self, conversation_number):
        return True

    def take(self, conversation_number):
        pass

    def rest(self, conversation_number, seconds):
        return True

    def is_resting(self, conversation_number):
        return False

    def is_reachable(self):
        return True


class Town:
    """The service with its store, and what a test does to it."""

    def __init__(self, parts, address):
        self.parts = parts
        self.address = address

    def converse(self, sample, *, n_votes=None, **fields):
        """Start a conversation like a sample, with its first votes."""
        new = NewConversation(
            question=sample.question, language=sample.language, description=sample.description
        )
        made = conversations.create(self.parts.store, "default", new)
        added = [
            NewStatement(
                text=fields.get("text", one.text),
                id=one.id,
                is_meta=one.is_meta,
                state=StatementState.HIDDEN if one.is_moderated_out else StatementState.VISIBLE,
            )
            for one in sample.statements
        ]
        statements.add(self.parts.store, made, added)
        self.vote(made.id, sample.votes[:n_votes])
        return made.id

    def vote(self, conversation, cast):
        """Record votes as given."""
        found = conversations.find(self.parts.store, None, conversation)
        votes.record(
            self.parts.store, found, [NewVote(one.participant, one.statement, one.value) for one in cast]
        )

    def redraw(self, conversation):
        """Do what the worker does."""
        number = conversations.find(self.parts.store, None, conversation).number
        return redraw(self.parts.store, self.parts.map_requests, number)

    def judge(self, conversation):
        """Do what the assessor does."""
        number = conversations.find(self.parts.store, None, conversation).number
        return assess(self.parts.store, AssessmentRequests(""), number)

    def ask(self, method, path, body=None, *, is_json=True):
        """Ask the service as its operator does, and return what it answers."""
        sent = Request(
            f"{self.address}/v1{path}", method=method, data=json.dumps(body).encode() if body else None
        )
        sent.add_header("Authorization", "Bearer an-admin-key-for-tests")
        sent.add_header("Content-Type", "application/json")
        with urlopen(sent) as answer:
            return json.load(answer) if is_json else answer.read().decode()

    def found(self, texts=(), **fields):
        """Start a conversation over HTTP, with statements whatever is in them, and return its id."""
        made = self.ask("POST", "/conversations", {"question": "What now?", "language": "en", **fields})["id"]
        if texts:
            found = conversations.find(self.parts.store, None, made)
            statements.add(self.parts.store, found, [NewStatement(text=one) for one in texts])
        return made

    def codes(self, conversation, n_codes):
        """Return one-time codes, as the printer gets them."""
        path = f"/conversations/{conversation}/code-batches"
        batch = self.ask("POST", path, {"n_codes": n_codes, "label": "letters"})["batch"]
        while (told := self.ask("GET", f"{path}/{batch}"))["n_made"] < told["n_codes"]:
            time.sleep(0.02)
        return self.ask("GET", f"{path}/{batch}/codes", is_json=False).split()[1:]

    def signed(self, conversation, participant):
        """Return a platform's word of who somebody is."""
        fresh = fresh_key(is_test=False)
        key = NewApiKey(fresh.id, "default", "site", fresh.key_hash, frozenset({"vote"}), is_test=False)
        keys.add(self.parts.store, key)
        secret = signing_secret(self.parts.store.secret, fresh.id)
        claims = {"iss": "default", "aud": "poldermodel", "sub": participant, "conv": conversation}
        claims |= {"exp": int(time.time()) + 300, "jti": secrets.token_hex(16)}
        return jwt.encode(claims, secret, "HS256", headers={"kid": fresh.id})

    def log_of(self, conversation):
        """Return every line of the vote log: (participant, statement, value), numbers as in the store."""
        number = conversations.find(self.parts.store, None, conversation).number
        lines = (
            select(tables.votes).where(tables.votes.c.conversation == number).order_by(tables.votes.c.sequence)
        )
        with self.parts.store.reading() as connection:
            return [
                (one["participant_number"], one["statement_number"], one["value"])
                for one in connection.execute(lines).mappings()
            ]

    def widget(self, conversation, light="", **attributes):
        """Return the element as a host page has it, with the loader."""
        said = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
        return (
            f'<script src="{self.address}/widget/loader.js" async></script>'
            f'<opinion-widget conversation="{conversation}"{said}>{light}</opinion-widget>'
        )

    def map_of(self, conversation, **query):
        """Return the address of a conversation's map."""
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        return f"{self.address}/conversations/{conversation}/map" + (f"?{asked}" if asked else "")


@pytest.fixture(scope="session")
def sample():
    return neighbourhood_conversation(language="en")


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    database_url = f"sqlite:///{tmp_path_factory.mktemp('town')}/store.db"
    migrate(database_url)
    store = open_store(database_url, secret=b"a secret for tests")
    committer, exposures = VoteCommitter(store), ExposureLog(store)
    settings = Settings(database_url=database_url, admin_key=SecretStr("an-admin-key-for-tests"))
    app = app_of(
        Parts(
            settings=settings,
            store=store,
            committer=committer,
            map_requests=Doorbell(),
            exposures=exposures,
            key_ring=KeyRing(store),
            analysis_requests=AnalysisRequests(""),
        )
    )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield Town(app.extensions["poldermodel"], f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()
    exposures.close()
    committer.close()
    store.close()


class Host:
    """A website of somebody else: pages as they are given, at an origin of their own."""

    def __init__(self):
        self.pages = {}
        self.mounted = {}

    def __call__(self, environ, start_response):
        for path, other in self.mounted.items():
            if environ["PATH_INFO"].startswith(f"{path}/"):
                return other(environ, start_response)
        body, headers = self.pages.get(environ["PATH_INFO"], ("", {}))
        headers = {"Content-Type": "text/html; charset=utf-8", **headers}
        start_response("200 OK", list(headers.items()))
        return [body.encode()]

    def show(self, body, *, head="", headers=None, name="page"):
        """Return the address of a page with this body."""
        html = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="icon" href="data:,">{head}<body>{body}</body></html>"""
        self.pages[f"/{name}"] = (html, headers or {})
        return f"{self.address}/{name}"


@pytest.fixture(scope="session")
def host():
    site = Host()
    server = make_server("127.0.0.1", 0, site, threaded=True)
    site.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def mapped(town, sample):
    """A conversation with all of the sample's votes, their map, and how sure it is."""
    conversation = town.converse(sample)
    town.redraw(conversation)
    town.judge(conversation)
    return conversation


@pytest.fixture(scope="session")
def chromium():
    # The one without a window first: it opens a page for less than half of the work.
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    found = next(filter(None, map(shutil.which, names)), None)
    assert found, "Chromium is needed for these tests: install your system's `chromium` package"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium):
    """Return a function that opens an address in a fresh profile; what goes wrong in it fails the test."""
    contexts, faults = [], []

    def note(message, expected):
        if message.type == "error" and not re.search(expected, message.text):
            faults.append(message.text)

    def visit(address, *, width=1280, height=900, expected="$^", **options):
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: note(message, expected))
        page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.goto(address)
        return page

    yield visit
    for context in contexts:
        assert context.cookies() == []
        context.close()
    assert faults == []


@pytest.fixture
def violations():
    """Return a function that lists what axe finds wrong on a page."""
    axe = Axe()
    # What is right is counted and not described: that took longer than finding what isn't.
    everything = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": False}}}
    contrast = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}

    def find(page, *, contrast_too=True):
        found = axe.run(page, options=everything).response["violations"]
        if not contrast_too:
            return _named(found)
        # Contrast is measured element by element, for seconds on a long table: of lines that differ in nothing
        # but their words, the first four are enough.
        page.evaluate(MARK_REPEATED)
        found += axe.run(page, {"exclude": [["[data-repeated]"]]}, contrast).response["violations"]
        return _named(found)

    return find


def _named(found):
    return [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found]

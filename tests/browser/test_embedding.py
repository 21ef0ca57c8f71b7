"""Each way to put a conversation on a page × each way to say who somebody is × a strict page or not: one vote.

Hosts are servers of their own at other ports, which browsers take for other origins.
"""

import html
import json
import re
import threading
import time
import urllib.request
from dataclasses import dataclass, replace
from types import SimpleNamespace

import jwt
import pytest
from sqlalchemy import func, select
from werkzeug.serving import make_server

from clustering.vocabulary import ParticipantId
from service.actions.make_codes import make_codes
from service.app import app_of
from service.identity.codes import codes_of_batch, participant_of, value_of
from service.identity.derived import signing_secret
from service.identity.keys import fresh_key
from service.store import codes, conversations, keys, statements, votes
from service.store.platform_records import NewApiKey
from service.store.records import NewConversation, NewStatement
from service.store.tables import votes as log

WAYS = ("script", "iframe", "sandbox", "oembed", "prefix", "no-javascript")
WHO = ("anonymous", "host", "code")
POLICIES = ("plain", "strict")
NEEDED = {"anonymous": "anonymous", "host": "account", "code": "code"}

# What a careful host sends: nothing inline, nothing evaluated, nothing but from itself and the service.
STRICT = (
    "default-src 'none'; script-src {service} 'self'; connect-src {service}; frame-src {service}; "
    "img-src data:; form-action {service}; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)

# What the guide gives to hosts that know their visitors and use a frame.
TELL_THE_FRAME = """
const frame = document.querySelector("iframe");
addEventListener("message", ({ data, source, origin }) => {
  if (source !== frame.contentWindow || !String(data?.type).startsWith("opinion-widget:")) return;
  if (frame.dataset.told) return;
  frame.dataset.told = "yes";
  const to = frame.sandbox.length ? "*" : new URL(frame.src).origin;
  source.postMessage({ type: "opinion-widget:identity", token: frame.dataset.identity }, to);
});
"""


@dataclass(frozen=True)
class Cell:
    """A conversation for one cell, and who is to vote in it."""

    id: str
    number: int
    participant: str | None
    identity: str | None
    code: str | None


@pytest.fixture(scope="session")
def signing(town):
    """Sign identities as a platform does; returns a function of a name and a conversation."""
    fresh = fresh_key(is_test=False)
    store = town.parts.store
    keys.add(store, NewApiKey(fresh.id, "default", "a host", fresh.key_hash, frozenset({"vote"})))
    secret = signing_secret(store.secret, fresh.id)

    def sign(name, conversation):
        claims = {"iss": "default", "aud": "poldermodel", "sub": name, "conv": conversation}
        claims |= {"exp": int(time.time()) + 300, "jti": f"visit of {name} to {conversation}"}
        return jwt.encode(claims, secret, algorithm="HS256", headers={"kid": fresh.id})

    return sign


@pytest.fixture(scope="module")
def cell(town, host, signing):
    """Return a function that makes a conversation for somebody; in the end each still has its one vote."""
    made, store = [], town.parts.store

    def make(who, **settings):
        kept = {"required_assurance": NEEDED[who], "embedding_sites": [host.address], **settings}
        found = conversations.create(
            store, "default", NewConversation("What should the square become?", language="en", settings=kept)
        )
        statements.add(store, found, [NewStatement("Fewer cars."), NewStatement("More trees.")])
        one = Cell(found.id, found.number, None, None, None)
        if who == "host":
            one = replace(one, participant="ann", identity=signing("ann", found.id))
        if who == "code":
            batch = codes.start_batch(store, found, label="", n_codes=1)
            make_codes(store, found, batch)
            code = next(codes_of_batch(store.secret, found, batch.number, first=0, n_codes=1))
            one = replace(one, participant=participant_of(value_of(code)), code=code)
        made.append(one)
        return one

    yield make
    for one in made:
        assert n_lines(town, one) == 1, one


def n_lines(town, cell):
    """How many lines the log of votes has: a vote that came twice would be two."""
    with town.parts.store.reading() as connection:
        return connection.execute(
            select(func.count()).select_from(log).where(log.c.conversation == cell.number)
        ).scalar_one()


def wait_for_the_vote(town, cell):
    deadline = time.monotonic() + 15
    while n_lines(town, cell) == 0:
        assert time.monotonic() < deadline, "no vote came"
        time.sleep(0.03)
    found = conversations.find(town.parts.store, None, cell.id)
    assert votes.counts(town.parts.store, found).n_votes == 1
    if cell.participant is not None:
        assert len(votes.own_votes(town.parts.store, found, ParticipantId(cell.participant))) == 1


class Proxy:
    """The least a proxy does: it passes requests on, and says where they came to."""

    def __init__(self, target, prefix):
        self.target, self.prefix = target, prefix

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"].removeprefix(self.prefix)
        query = f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else ""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        headers = {
            name[5:].replace("_", "-").title(): value
            for name, value in environ.items()
            if name.startswith("HTTP_") and name not in {"HTTP_HOST", "HTTP_CONNECTION"}
        }
        headers |= {
            "X-Forwarded-Prefix": self.prefix,
            "X-Forwarded-Host": environ["HTTP_HOST"],
            "X-Forwarded-Proto": "http",
            "X-Forwarded-For": environ["REMOTE_ADDR"],
        }
        if environ.get("CONTENT_TYPE"):
            headers["Content-Type"] = environ["CONTENT_TYPE"]
        body = environ["wsgi.input"].read(length) if length else None
        asked = urllib.request.Request(
            f"{self.target}{path}{query}", body, headers, method=environ["REQUEST_METHOD"]
        )
        straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            answer = straight.open(asked)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            kept = [pair for pair in answer.getheaders() if pair[0].lower() not in {"connection", "server"}]
            start_response(f"{answer.status} {answer.reason}", kept)
            return [answer.read()]


@pytest.fixture(scope="session")
def prefixed(town, host):
    """The service behind `/opinions` of the host's own address."""
    settings = town.parts.settings.model_copy(update={"trusted_proxies": 1})
    server = make_server("127.0.0.1", 0, app_of(replace(town.parts, settings=settings)), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    host.mounted["/opinions"] = Proxy(f"http://127.0.0.1:{server.server_port}", "/opinions")
    yield f"{host.address}/opinions"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(chromium):
    """Return a function that opens a page in a fresh profile; nothing may go wrong, and no cookie be set."""
    contexts, faults = [], []

    def note(message):
        # Who has to show a code first is refused a token without one: browsers call that an error.
        if message.type == "error" and "the server responded with a status of 403" not in message.text:
            faults.append(message.text)

    def go(address, *, script="", **options):
        context = chromium.new_context(viewport={"width": 1000, "height": 1000}, **options)
        contexts.append(context)
        context.set_default_timeout(10_000)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", note)
        page.goto(address)
        return page

    yield go
    for context in contexts:
        assert context.cookies() == []
        context.close()
    assert faults == []


@pytest.fixture
def placed(town, host, prefixed):
    """Return a function that puts a conversation on a page of the host, and returns that page's address."""

    def place(way, one, policy):
        service = prefixed if way == "prefix" else town.address
        headers = {}
        if policy == "strict":
            origin = host.address if way == "prefix" else town.address
            headers["Content-Security-Policy"] = STRICT.format(service=origin)
        name = f"{way}-{one.id}-{policy}"
        body = {
            "script": element,
            "prefix": element,
            "iframe": frame,
            "sandbox": lambda *told: frame(*told, sandbox="allow-scripts"),
            "oembed": pasted,
            "no-javascript": plain,
        }[way](service, one, host)
        if 'data-identity="' in body:
            host.pages["/tell.js"] = (TELL_THE_FRAME, {"Content-Type": "text/javascript"})
            body += '<script src="/tell.js"></script>'
        return host.show(body, headers=headers, name=name)

    return place


def element(service, one, host):
    told = f' identity-token="{one.identity}"' if one.identity else ""
    return (
        f'<script src="{service}/widget/loader.js" async></script>'
        f'<opinion-widget conversation="{one.id}"{told}></opinion-widget>'
    )


def page_of(service, one, host):
    return f"{service}/conversations/{one.id}/participate?origin={host.address}"


def frame(service, one, host, *, sandbox=None):
    attributes = f'src="{html.escape(page_of(service, one, host))}" width="700" height="900" title="Take part"'
    if sandbox:
        attributes += f' sandbox="{sandbox}"'
    if one.identity:
        attributes += f' data-identity="{one.identity}"'
    return f"<iframe {attributes}></iframe>"


def pasted(service, one, host):
    """What WordPress makes of a pasted address: the bare frame, a secret behind it, and a sandbox around it."""
    page = host_reads(page_of(service, one, host))
    found = re.search(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', page)[1]
    told = json.loads(host_reads(html.unescape(found)))
    attributes = dict(re.findall(r'(\w+)="([^"]*)"', told["html"]))
    kept = {name: attributes[name] for name in ("src", "width", "height", "title")}
    kept["src"] += "#?secret=Bq3xK7ZtPw"
    kept |= {"sandbox": "allow-scripts", "security": "restricted"}
    if one.identity:
        kept["data-identity"] = one.identity
    return "<iframe " + " ".join(f'{name}="{value}"' for name, value in kept.items()) + "></iframe>"


def host_reads(address):
    straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    asked = urllib.request.Request(address, headers={"Accept": "text/html"})
    with straight.open(asked) as answer:
        return answer.read().decode()


def plain(service, one, host):
    if one.identity is None:
        return frame(service, one, host)
    return (
        f'<form method="post" action="{service}/conversations/{one.id}/participate">'
        f'<input type="hidden" name="identity" value="{one.identity}"><button>Take part</button></form>'
    )


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("way", WAYS)
def test_a_vote_arrives_once(town, cell, placed, visit, way, who, policy):
    one = cell(who)
    page = visit(placed(way, one, policy), java_script_enabled=way != "no-javascript")
    if way == "no-javascript":
        vote_by_form(page, one)
    else:
        vote(page if way in ("script", "prefix") else page.frame_locator("iframe"), one)
    wait_for_the_vote(town, one)


ELEMENT = "[part=widget]"
"""What the element draws; the form that works without it stands beside it, and isn't shown."""


def vote(place, one):
    if one.code:
        place.locator(f"{ELEMENT} #code").fill(one.code)
        place.locator(f"{ELEMENT} .card button.main").click()
    place.locator(f"{ELEMENT} .votes button").first.click()


def vote_by_form(page, one):
    place = page
    if one.identity:
        page.locator("button").click()
    else:
        place = page.frame_locator("iframe")
    if one.code:
        place.locator("#code").fill(one.code)
        place.locator(".field button").click()
    place.locator("button[name=vote]").first.click()


BLOCKED = """
for (const name of ["localStorage", "sessionStorage", "indexedDB"]) {
  Object.defineProperty(self, name, { get() { throw new DOMException("blocked", "SecurityError"); } });
}
"""


@pytest.mark.parametrize("way", ["script", "iframe"])
def test_blocked_storage_still_works_for_the_visit(town, cell, placed, visit, way):
    one = cell("anonymous")
    page = visit(placed(way, one, "plain"), script=BLOCKED)
    vote(page if way == "script" else page.frame_locator("iframe"), one)
    wait_for_the_vote(town, one)


def test_only_named_sites_may_frame_it(town, cell, placed, host, chromium):
    one = cell("anonymous")
    found = conversations.find(town.parts.store, None, one.id)
    conversations.change(town.parts.store, found, settings={"embedding_sites": ["https://www.example.org"]})
    page = chromium.new_page()
    refused = []
    page.on("console", lambda message: "frame-ancestors" in message.text and refused.append(message.text))
    page.goto(placed("iframe", one, "plain"))
    page.wait_for_timeout(300)
    assert len(refused) == 1
    assert page.frame_locator("iframe").locator("opinion-widget").count() == 0
    # The host that puts the element itself on its page needs no permission: it is a page of its own.
    page.goto(placed("script", one, "strict"))
    vote(page, one)
    wait_for_the_vote(town, one)
    page.context.close()


def test_the_frame_hears_only_the_page_that_its_address_names(town, cell, placed, host, visit):
    one = cell("host")
    elsewhere = SimpleNamespace(address="http://127.0.0.1:9")
    body = frame(town.address, one, elsewhere)
    host.pages["/tell.js"] = (TELL_THE_FRAME, {"Content-Type": "text/javascript"})
    page = visit(host.show(body + '<script src="/tell.js"></script>', name="forged"))
    page.wait_for_timeout(800)
    assert page.frame_locator("iframe").locator(f"{ELEMENT} .votes").count() == 0
    page.goto(placed("iframe", one, "plain"))
    vote(page.frame_locator("iframe"), one)
    wait_for_the_vote(town, one)

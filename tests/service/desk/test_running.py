"""The whole service as it runs: a decision at the desk changes the map within seconds, and undo restores it."""

import re
import time
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

import orjson
from pydantic import SecretStr

from clustering.samples import neighbourhood_conversation
from service.desk_commands import invitation_link
from service.embedded.serving import serving
from service.identity.references import reference_of
from service.settings import Settings
from service.store import conversations, statements, votes
from service.store.database import open_store
from service.store.migrating import migrate
from service.store.records import NewConversation, NewStatement, NewVote

MAP_SECONDS = 5.0
"""How soon the map is to follow a decision; the promise of the desk."""

SLACK = 4.0
"""Tests share their two processors with others, and the promise is for a machine of one's own."""


class Browser:
    """Keeps a cookie and sends forms; what the real one does is seen in tests/browser."""

    def __init__(self, address):
        self.address = address
        self.opener = build_opener(ProxyHandler({}), HTTPCookieProcessor())

    def get(self, path):
        return self.opener.open(f"{self.address}{path}", timeout=20).read()

    def send(self, path, *, accept="text/html", **fields):
        headers = {"Sec-Fetch-Site": "same-origin", "Accept": accept}
        sent = Request(f"{self.address}{path}", urlencode(fields).encode(), headers)
        return self.opener.open(sent, timeout=20).read()


def test_moderating_changes_the_map_within_seconds_and_undo_restores_its_hash(tmp_path):
    sample = neighbourhood_conversation(language="en")
    settings = Settings(
        data_folder=tmp_path,
        database_url=f"sqlite:///{tmp_path}/store.sqlite3",
        redis_url="",
        secret=SecretStr("a secret for tests only, long enough"),
        web_processes=1,
        port=0,
    )
    migrate(settings.database_url)
    store = open_store(settings.database_url, secret=settings.secret.get_secret_value().encode())
    made = conversations.create(store, "default", NewConversation(question=sample.question))
    statements.add(store, made, [NewStatement(one.text, id=one.id) for one in sample.statements])
    cast = [NewVote(one.participant, one.statement, one.value) for one in sample.votes]
    votes.record(store, made, cast)
    with serving(settings, may_move=True) as running:
        running.wait_until_it_answers()
        browser = Browser(running.address)

        def map_other_than(hash_before, *, seconds):
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline and running.supervisor.look():
                told = orjson.loads(browser.get(f"/v1/conversations/{made.id}/group-map"))
                if (
                    not told["stale"]
                    and told["result_hash" if "result_hash" in told else "outcome"] != hash_before
                ):
                    return told["result_hash"]
                time.sleep(0.1)
            raise AssertionError("the map does not follow")

        first = map_other_than("none", seconds=90)
        link = invitation_link(store, f"{running.address}/desk", email="ann@example.org", role="moderator")
        code = link.partition("#")[2]
        page = browser.send(
            "/desk/invitation", code=code, email="ann@example.org", name="Ann", password="de kraan drupt weer"
        )
        mark = re.search(rb'name="mark" value="([0-9a-f]{64})"', page)[1].decode()
        queue, statement = f"/desk/conversations/{made.id}/moderate", sample.statements[0].id
        told = browser.send(queue, accept="application/json", mark=mark, one=statement, act="hidden")
        second = map_other_than(first, seconds=MAP_SECONDS * SLACK)
        assert second != first
        undo = orjson.loads(told)["undo"]
        browser.send(f"{queue}/undo", accept="application/json", mark=mark, undo=undo)
        assert map_other_than(second, seconds=MAP_SECONDS * SLACK) == first
        # So does who takes part, and letting them back in.
        people, who = f"/desk/conversations/{made.id}/participants", reference_of(store.secret, made, 0)
        browser.send(f"{people}/exclude", mark=mark, participant=who, reason="Voted twice.")
        third = map_other_than(first, seconds=MAP_SECONDS * SLACK)
        assert third not in (first, second)
        browser.send(f"{people}/readmit", mark=mark, participant=who)
        assert map_other_than(third, seconds=MAP_SECONDS * SLACK) == first
    store.close()

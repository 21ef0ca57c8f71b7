"""Polis's published snippet on somebody's page, only the host changed: people vote, the page hears of it."""

import time

import pytest

from service.polis_api.taking_part import participant_of_xid
from service.store import conversations, reports, votes

SNIPPET = """<div class='polis' data-conversation_id='{id}'{more}></div>
<script async src='{address}/embed.js'></script>"""

# What a page made for Polis has: both ways to hear what happens.
HEARING = """<script>
  window.polis = { on: { vote: [], doneVoting: [], write: [], resize: [], init: [] } };
  window.heard = []; window.called = [];
  for (const name of Object.keys(polis.on)) {
    polis.on[name].push((event) => called.push([name, event.data.name, event.iframe.id]));
  }
  addEventListener("message", ({ data, origin }) => {
    if (data.polisFrameId) heard.push([data.name, data.polisFrameId, origin, data.height > 0]);
  });
</script>"""


@pytest.fixture
def embedded(town, host, open_page):
    """Open a page with the snippet of a new conversation; return its id and the page."""

    def open_(more="", *, query="", expected="$^", **fields):
        made = town.found(["Fewer cars.", "More trees."], **fields)
        body = SNIPPET.format(id=made, address=town.address, more=more)
        page = host.show(body, head=HEARING, name=f"page-{made}")
        return made, open_page(page + query, expected=expected)

    return open_


def wait_for_votes(town, conversation, n_votes):
    deadline = time.monotonic() + 15
    while len(town.log_of(conversation)) < n_votes:
        assert time.monotonic() < deadline, town.log_of(conversation)
        time.sleep(0.05)
    return town.log_of(conversation)


def own_votes(town, conversation, xid):
    found = conversations.find(town.parts.store, None, conversation)
    return [int(one.value) for one in votes.own_votes(town.parts.store, found, participant_of_xid(xid))]


def test_people_vote_and_the_page_hears_of_it(town, embedded):
    made, page = embedded(" data-padding='8px' data-border='none'")
    place = page.locator("div.polis")
    place.get_by_role("button", name="Agree", exact=True).click()
    wait_for_votes(town, made, 1)
    place.get_by_role("button", name="Disagree", exact=True).click()
    assert sorted(value for _, _, value in wait_for_votes(town, made, 2)) == [-1, 1]
    page.wait_for_function("heard.some(([name]) => name === 'doneVoting')")
    heard = page.evaluate("heard")
    assert {name for name, *_ in heard} == {"init", "resize", "vote", "doneVoting"}
    assert {(frame, origin) for _, frame, origin, _ in heard} == {(made, town.address)}
    assert all(has_height for name, _, _, has_height in heard if name == "resize")
    called = page.evaluate("called")
    assert {name for name, _, _ in called} == {"init", "resize", "vote", "doneVoting"}
    assert all(one == [name, name, f"polis_{made}"] for one in called for name in [one[0]])
    assert [name for name, *_ in heard].count("vote") == 2
    # Included twice, as pages made of parts do, it fills nothing twice.
    page.evaluate("address => { const more = document.createElement('script'); more.src = address;"
                  " return new Promise((done) => { more.onload = done; document.body.append(more); }); }",
                  f"{town.address}/embed.js")  # fmt: skip
    assert page.locator("opinion-widget").count() == 1


def test_an_external_id_is_who_votes(town, embedded):
    made, page = embedded(" data-xid='person-1' data-ucw='false'", polis={"unsigned_xid": True})
    page.locator("div.polis").get_by_role("button", name="Agree", exact=True).click()
    wait_for_votes(town, made, 1)
    assert own_votes(town, made, "person-1") == [1]
    assert page.get_by_role("button", name="Write", exact=False).count() == 0
    # The same person in the address of another page of theirs.
    page.goto(f"{town.address}/{made}?xid=person-1")
    page.get_by_role("button", name="Disagree", exact=True).click()
    wait_for_votes(town, made, 2)
    assert sorted(own_votes(town, made, "person-1")) == [-1, 1]


def test_an_unsigned_id_lets_nobody_in_where_it_has_to_be_signed(town, embedded):
    made, page = embedded("", query="#xid=person-1", expected="the xid is not accepted|status of 40")
    page.locator("div.polis").get_by_role("heading", level=3).wait_for()
    assert page.get_by_role("button", name="Agree", exact=True).count() == 0
    assert town.log_of(made) == []


def test_the_addresses_lead_where_they_did(town, open_page):
    made = town.found(["Fewer cars."])
    report = reports.create(town.parts.store, conversations.find(town.parts.store, None, made))
    page = open_page(f"{town.address}/{made}?ui_lang=nl")
    assert page.url == f"{town.address}/conversations/{made}/participate?lang=nl"
    page.goto(f"{town.address}/report/{report.id}")
    assert page.url == f"{town.address}/conversations/{made}/map"

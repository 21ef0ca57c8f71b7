"""The desk in a real Chromium: coming in, starting, deciding by keyboard, paper; axe, and hostile texts."""

import pytest
from playwright.sync_api import expect

from service.actions.invite_person import invite_person
from service.store import conversations, leaving, statements, votes
from service.store.desk_records import Role
from service.store.records import NewConversation, NewStatement, NewVote, StatementState

PASSWORD = "de kraan drupt al weken"
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}<b>\u202e'
PAGES = ("", "/share", "/moderate", "/moderate?state=all&q=e", "/moderate/0", "/log", "/participants", "/paper",
         "/paper/entry?batch=hall-1", "/settings")  # fmt: skip


@pytest.fixture
def come_in(chromium, town):
    """Return a function that lets somebody in by an invitation; what goes wrong in a page fails the test."""
    contexts, faults = [], []

    def note(message):
        # A form that is refused comes back as 422, and Chromium says so.
        if message.type == "error" and "status of 422" not in message.text:
            faults.append(message.text)

    def enter(email, *, role=Role.OWNER, language="en", name="Ann"):
        code = invite_person(town.parts.store, tenant="default", email=email, role=role, made_by="a test")
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale=language)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", note)
        page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.goto(f"{town.address}/desk/invitation#{code}")
        # The code is in its field and no longer in the address.
        assert not page.locator("#code").is_visible()
        assert "#" not in page.url
        page.fill("#email", email)
        page.fill("#name", name)
        page.fill("#password", PASSWORD)
        page.click("main button")
        page.wait_for_url(f"{town.address}/desk")
        return page

    yield enter
    for context in contexts:
        (cookie,) = context.cookies() or [{"path": "/desk", "httpOnly": True, "sameSite": "Lax"}]
        assert (cookie["path"], cookie["httpOnly"], cookie["sameSite"]) == ("/desk", True, "Lax")
        context.close()
    assert faults == []


def found(town, address):
    return conversations.find(town.parts.store, None, address.split("/conversations/")[1].split("/")[0])


def states(town, here):
    return [str(one.state) for one in statements.list_all(town.parts.store, here)]


def test_from_an_invitation_to_a_conversation_that_is_moderated(town, come_in):
    page = come_in("flow@example.org")
    page.click("text=New conversation")
    page.fill("#question", "What should happen to the square?")
    page.fill("#description", "The road stays.")
    page.fill("#seeds", "More trees.\nMore trees\nFewer cars.")
    page.click("text=Start the conversation")
    # A line that is there twice is shown before anything begins.
    page.check("#leave-out")
    page.click("text=Start the conversation")
    page.wait_for_url("**/share?new=1")
    here = found(town, page.url)
    assert states(town, here) == ["visible", "visible"]
    new = [
        NewStatement(f"Idea number {number} of somebody.", state=StatementState.WAITING) for number in range(4)
    ]
    statements.add(town.parts.store, here, new)
    page.click("nav >> text=Moderate")
    # The first one has the focus: show, hide with a reason, skip, back, and undo.
    expect(page.locator('[data-statement="2"]')).to_be_focused()
    page.keyboard.press("s")
    expect(page.locator('[data-statement="3"]')).to_be_focused()
    page.keyboard.press("r")
    page.keyboard.type("s is about something else")
    page.keyboard.press("Enter")
    page.keyboard.press("h")
    expect(page.locator('[data-statement="4"]')).to_be_focused()
    assert states(town, here)[2:] == ["visible", "hidden", "waiting", "waiting"]
    assert statements.list_all(town.parts.store, here)[3].reason == "s is about something else"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("h")
    expect(page.locator('[data-statement="4"]')).to_be_focused()
    assert page.locator('[data-count="hidden"]').inner_text() == "2"
    page.keyboard.press("u")
    expect(page.locator('[data-statement="5"]')).to_be_focused()
    page.keyboard.press("u")
    expect(page.locator('[data-statement="3"]')).to_be_focused()
    assert states(town, here)[2:] == ["visible", "waiting", "waiting", "waiting"]
    # Several at once, as a form.
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.click(".bulk-acts >> text=Show")
    page.wait_for_selector("text=2 statements were decided on.")
    page.click("#undo-form button")
    page.wait_for_selector("text=Taken back.")
    assert states(town, here)[2:] == ["visible", "waiting", "waiting", "waiting"]
    page.click("nav >> text=Settings")
    page.check("#results_visible-after-closing")
    page.fill("#phase-0", "Votes")
    page.fill("#from-0", "2026-03-02T09:30")
    page.fill("#until-0", "2026-04-02T09:30")
    page.click("text=Save")
    page.wait_for_selector("text=Saved.")
    assert page.input_value("#from-0") == "2026-03-02T09:30"
    settings = found(town, page.url).settings
    assert (settings["results_visible"], len(settings["phases"])) == ("after-closing", 1)
    page.click("text=Sign out")
    page.wait_for_url("**/sign-in?lang=en")
    page.go_back()
    page.wait_for_url("**/sign-in?next=**")


def test_paper_is_typed_in_by_keyboard_only(town, come_in):
    here = conversations.create(town.parts.store, "default", NewConversation("On paper?", language="en"))
    statements.add(town.parts.store, here, [NewStatement(f"Sentence {number}.") for number in range(3)])
    for email in ("one@example.org", "two@example.org"):
        page = come_in(email, role=Role.MODERATOR)
        page.goto(f"{town.address}/desk/conversations/{here.id}/paper")
        page.fill("#batch", "hall-1")
        page.keyboard.press("Enter")
        page.wait_for_url("**/paper/entry?batch=hall-1")
        for key in ("a", "d", "x", "p", "Backspace", " ", "Enter", "d", "Enter"):
            page.keyboard.press(key)
        assert page.input_value("#lines") == "1 ad.\n2 d"
        page.click("text=Save the pile")
        page.wait_for_url("**/paper?done=*")
    assert votes.counts(town.parts.store, here).n_votes == 3
    assert page.locator("tfoot td").first.inner_text() == "2"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_pages_hold_hostile_texts_and_axe_finds_nothing(town, come_in, violations, language):
    store = town.parts.store
    made = conversations.create(
        store, "default", NewConversation(question=HOSTILE, description=HOSTILE, language=language)
    )
    texts = [HOSTILE, f"{HOSTILE} more", "Something else entirely."]
    statements.add(store, made, [NewStatement(text) for text in texts])
    statements.add(store, made, [NewStatement(f"{HOSTILE} waits", state=StatementState.WAITING)])
    statements.moderate(store, made, "2", state=StatementState.HIDDEN)
    votes.record(store, made, [NewVote("p", "0", 1, channel="letter"), NewVote("q", "0", -1)])
    leaving.exclude(store, made, 1, reason=HOSTILE)
    page = come_in(f"{language}@example.org", language=language, name=HOSTILE)
    page.goto(f"{town.address}/desk/conversations/{made.id}/moderate")
    page.fill("#reason", HOSTILE)
    page.locator(".row-acts button").first.click()
    page.wait_for_selector("#told")
    town.redraw(made.id)
    addresses = ["/desk", "/desk/new", "/desk/imports", "/desk/people", "/desk/organisation"]
    addresses += ["/desk/sign-in", "/desk/invitation"]
    for address in [*addresses, *(f"/desk/conversations/{made.id}{path}" for path in PAGES)]:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{town.address}{address}")
        assert page.evaluate("document.documentElement.lang") == language
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert violations(page, contrast_too=language == "nl") == [], address
        assert page.locator("img, b b, main script").count() == 0, address
        page.set_viewport_size({"width": 320, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address

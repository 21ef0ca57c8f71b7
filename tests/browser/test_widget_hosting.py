"""The element and the page around it: what each may know of the other, and who the visitor is."""

from urllib.parse import quote

import pytest

TWENTY = [f"Statement number {n} is about the square." for n in range(1, 21)]


def card(page):
    return page.locator("opinion-widget .statement")


def vote(page, name="Agree"):
    page.get_by_role("button", name=name, exact=True).click()


def wait_until_saved(page):
    page.locator("opinion-widget .below").get_by_text("Saved", exact=True).wait_for()


@pytest.fixture
def square(town):
    """A conversation with twenty statements and no votes."""
    return town.found(TWENTY)


def test_the_host_keeps_its_keys(town, host, square, open_page):
    script = "<script>keys = []; addEventListener('keydown', (event) => keys.push(event.key))</script>"
    page = open_page(host.show(f"<main><h1>Host</h1><input id=own>{town.widget(square)}</main>", head=script))
    card(page).wait_for()
    page.locator("#own").focus()
    page.keyboard.press("1")
    page.get_by_role("button", name="Agree", exact=True).focus()
    page.keyboard.press("Control+1")
    page.keyboard.press("j")
    page.get_by_role("button", name="Results", exact=True).focus()
    page.keyboard.press("2")
    assert page.evaluate("keys") == ["1", "Control", "1", "j", "2"]
    assert town.log_of(square) == []


def test_events_tell_the_host_and_not_what_was_voted(town, host, square, open_page):
    listen = """<script>told = []; for (const name of ["ready", "vote", "statement", "results", "resize"])
        document.addEventListener(name, ({ detail }) => told.push([name, detail]), name === "resize");
        </script>"""
    page = open_page(host.show(f"<main><h1>Host</h1>{town.widget(square)}</main>", head=listen))
    card(page).wait_for()
    vote(page, "Disagree")
    wait_until_saved(page)
    page.wait_for_function("told.some(([name]) => name === 'vote')")
    told = dict(page.evaluate("told"))
    assert told["vote"] == {"conversation": square, "n_votes": 1}
    assert told["ready"] == {"conversation": square}
    assert told["resize"]["height"] > 200
    # A host that asked is told.
    page = open_page(host.show(f"<main><h1>Host</h1>{town.widget(square, share_votes='')}</main>", head=listen))
    card(page).wait_for()
    vote(page, "Disagree")
    page.wait_for_function("told.some(([name]) => name === 'vote')")
    assert dict(page.evaluate("told"))["vote"]["vote"] == -1


def test_a_frame_grows_shrinks_and_hears_only_its_parent(town, host, square, open_page):
    inner = host.show(
        f"<style>body {{ margin: 0 }}</style><main><h1>In</h1>{town.widget(square)}</main>", name="inner"
    )
    outer = host.show(
        f'<h1>Host</h1><script src="{town.address}/widget/loader.js" async></script>'
        f'<iframe title="Have your say" src="{inner}" style="width: 320px; height: 10px; border: 0"></iframe>',
        head="""<script>told = []; addEventListener("message", ({ data }) => told.push(data));</script>""",
        name="outer",
    )
    page = open_page(outer)
    page.wait_for_function("told.some(({ type }) => type === 'opinion-widget:resize')")
    frame = page.frame_locator("iframe")
    frame.locator(".statement").wait_for()
    frame.get_by_role("button", name="Agree", exact=True).click()
    frame.get_by_text("Saved").wait_for()
    # No parent was named, so this one learns how high it is and that it is ready, and nothing else.
    assert set(page.evaluate("told.map(({ type }) => type)")) == {
        "opinion-widget:resize",
        "opinion-widget:ready",
    }
    page.evaluate(
        """document.querySelector("iframe").contentWindow.postMessage(
            { type: "opinion-widget:identity", token: "forged" }, "*")"""
    )
    page.wait_for_timeout(300)
    assert frame.locator("opinion-widget").evaluate("element => element.identityToken") is None
    assert frame.locator(".progress").inner_text() == "1 of 20"
    frame.get_by_role("button", name="My part").click()
    frame.get_by_text("Erase everything").wait_for()
    heights = page.evaluate("told.filter(({ height }) => height).map(({ height }) => height)")
    frame.get_by_role("button", name="Vote", exact=True).click()
    frame.locator(".statement").wait_for()
    page.wait_for_function(
        "before => told.filter(({ height }) => height).at(-1).height < before", arg=max(heights)
    )


def test_the_named_parent_says_who_this_is(town, host, open_page):
    conversation = town.found(TWENTY[:3])
    widget = town.widget(conversation, parent_origin=host.address)
    inner = host.show(f"<main><h1>Inside</h1>{widget}</main>", name="inner")
    page = open_page(
        host.show(
            f'<h1>Host</h1><iframe title="x" src="{inner}" width="400" height="700"></iframe>',
            name="outer",
            head="<script>told = []; addEventListener('message', ({ data }) => told.push(data.type))</script>",
        )
    )
    frame = page.frame_locator("iframe[title=x]")
    frame.locator(".statement").wait_for()
    frame.get_by_role("button", name="Agree", exact=True).click()
    page.wait_for_function("told.includes('opinion-widget:vote')")
    # A sibling frame is not the parent, whatever it says; the parent is heard.
    page.evaluate(
        """document.body.append(Object.assign(document.createElement("iframe"), { srcdoc: `<script>
            parent.frames[0].postMessage({ type: "opinion-widget:identity", token: "forged" }, "*")
            </script>` }))"""
    )
    page.wait_for_timeout(300)
    token = "document.querySelector('iframe').contentDocument.querySelector('opinion-widget').identityToken"
    assert page.evaluate(token) is None
    signed = town.signed(conversation, "resident-7")
    page.evaluate(
        """token => document.querySelector("iframe").contentWindow.postMessage(
            { type: "opinion-widget:identity", token }, "*")""",
        signed,
    )
    frame.locator(".progress").get_by_text("0 of 3", exact=True).wait_for()
    frame.get_by_role("button", name="Disagree", exact=True).click()
    frame.get_by_text("Saved").wait_for()
    page.reload()
    # The same word again, after a reload: it was exchanged once, and the token it gave still serves.
    frame.locator(".statement").wait_for()
    page.evaluate(
        """token => document.querySelector("iframe").contentWindow.postMessage(
            { type: "opinion-widget:identity", token }, "*")""",
        signed,
    )
    frame.locator(".progress").get_by_text("1 of 3", exact=True).wait_for()
    assert len({participant for participant, _, _ in town.log_of(conversation)}) == 2


def test_a_code_typed_and_a_code_in_the_address(town, host, open_page):
    conversation = town.found(TWENTY[:3], required_assurance="code")
    # One code in nine ends in a sign that an address may hold escaped.
    codes = sorted(town.codes(conversation, 150), key=lambda code: code[-1].isalnum())
    special, plain = codes[0], codes[-1]
    assert not special[-1].isalnum()
    assert plain[-1].isalnum()
    address = host.show(f"<main><h1>Host</h1>{town.widget(conversation)}</main>")
    # Browsers note every refusal in their console.
    page = open_page(address, expected="403")
    page.get_by_label("Your code").fill("WRONG-WRONG-WRONG")
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("This code does not work.").wait_for()
    page.get_by_label("Your code").fill(plain.lower())
    page.keyboard.press("Enter")
    card(page).wait_for()
    vote(page)
    wait_until_saved(page)
    for written in (codes[1], quote(special, safe="")):
        page = open_page(f"{address}#code={written}", expected="403")
        card(page).wait_for()
        assert page.url == address
        vote(page)
        wait_until_saved(page)
    assert len({participant for participant, _, _ in town.log_of(conversation)}) == 3


def test_a_strict_host_an_opaque_origin_and_blocked_storage(town, host, square, open_page):
    policy = {
        "Content-Security-Policy": "default-src 'none'; img-src data:;"
        f" script-src {town.address}; connect-src {town.address}"
    }
    page = open_page(host.show(f"<main><h1>Host</h1>{town.widget(square)}</main>", headers=policy))
    card(page).wait_for()
    vote(page)
    wait_until_saved(page)
    assert page.locator("opinion-widget .card").evaluate("card => getComputedStyle(card).display") == "grid"
    inner = host.show(f"<main><h1>Inside</h1>{town.widget(square)}</main>", name="inner")
    frame = f'<iframe title="x" sandbox="allow-scripts" src="{inner}" width="400" height="700"></iframe>'
    page = open_page(host.show(f"<h1>Host</h1>{frame}", name="outer"))
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Disagree", exact=True).click()
    frame.get_by_text("Saved").wait_for()
    assert [value for _, _, value in town.log_of(square)] == [1, -1]


def test_several_on_one_page_each_with_its_own_votes(town, host, open_page):
    one, other = town.found(TWENTY[:5], question="One?"), town.found(TWENTY[:5], question="Other?")
    page = open_page(host.show(f"<main><h1>Host</h1>{town.widget(one)}{town.widget(other)}</main>"))
    page.locator("opinion-widget .statement").nth(1).wait_for()
    second = page.locator("opinion-widget").nth(1)
    second.get_by_role("button", name="Agree", exact=True).click()
    second.get_by_text("Saved").wait_for()
    assert (len(town.log_of(one)), len(town.log_of(other))) == (0, 1)
    # Who comes back goes on where they were; without a cookie.
    page.reload()
    second.locator(".progress").get_by_text("1 of 5", exact=True).wait_for()

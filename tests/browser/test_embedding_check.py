"""The check of an embedding says what is in the way, in the browser where it is."""

import json

LACKING = "default-src 'self'; script-src 'self' https:; connect-src 'none'"


def found(page):
    return page.locator("#check .findings li").all_inner_texts()


def test_the_page_of_the_check(town, open_page, violations):
    conversation = town.found(
        ["More trees."], embedding_sites=["https://*.example.org"], required_assurance="account"
    )
    asked = f"{town.address}/embedding/check?lang=en&conversation={conversation}"
    policy = LACKING.replace(";", "%3B")
    # Browsers note every 404; that there is one is asked in the end.
    page = open_page(f"{asked}&site=https://www.example.org/page&policy={policy}", width=320, expected="404")
    page.locator("#check .findings").wait_for()
    told = "\n".join(found(page))
    assert f"✕ To be mended: Your Content-Security-Policy lacks this. Add: connect-src {town.address}" in told
    assert f"Add: script-src {town.address}" in told
    assert "In order: https://www.example.org may show the conversation in a frame." in told
    assert "To know: Visitors sign in first" in told
    assert "browsers block that" in told.lower()
    assert found(page)[0].startswith("✕")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto(f"{asked}&site=https://example.net")
    page.get_by_text("https://example.net may not show the conversation in a frame").wait_for()
    page.goto(f"{town.address}/embedding/check?lang=nl&conversation=nothing")
    page.get_by_text("Er is geen gesprek met dit id.").wait_for()


def test_on_the_page_itself(town, host, open_page):
    conversation = town.found(["More trees."])
    frame = f'<iframe title="x" src="{town.address}/conversations/{conversation}/participate"></iframe>'
    elements = town.widget(conversation) + town.widget("nothing", identity_token="")
    body = f"<main><h1>Host</h1>{elements}{frame}</main>"
    page = open_page(host.show(body) + "#opinion-check", expected="404|frame-ancestors|ERR_BLOCKED|violates")
    report = page.locator("#opinion-check")
    report.locator("h3").nth(2).wait_for()

    told = report.locator("section").inner_text()
    assert "The service answers this browser." in told
    assert "There is no conversation with this id." in told
    assert "(identity-token), and did not" in told
    assert f"{host.address} may not show the conversation in a frame." in told
    assert "The frame says nothing" in told
    # Nobody sees a report who didn't ask for one.
    page.goto("about:blank")
    page.goto(host.show(town.widget(conversation)))
    page.locator("opinion-widget .statement").wait_for()
    assert page.locator("#opinion-check").count() == 0


def test_a_policy_that_blocks_the_service_is_named(town, host, open_page):
    conversation = town.found(["More trees."])
    policy = {"Content-Security-Policy": f"default-src 'none'; img-src data:; script-src {town.address}"}
    page = open_page(
        host.show(town.widget(conversation), headers=policy) + "#opinion-check", expected="violates|Fetch"
    )
    told = page.locator("#opinion-check section")
    told.get_by_text(f"blocks the service. Add: connect-src {town.address}").wait_for()


def test_what_a_policy_lets_in(town, open_page):
    page = open_page(f"{town.address}/embedding/check")
    cases = {
        "script-src 'self' https://service.example; connect-src https://service.example; frame-src *": [],
        "Content-Security-Policy: default-src https://*.example": [],
        "default-src *.example": [],
        "default-src 'self' https:": [],
        "script-src-elem https://service.example/; default-src 'none'": ["connect-src", "frame-src"],
        "default-src 'none'; default-src *": ["script-src", "connect-src", "frame-src"],
        "img-src 'none'": [],
        "default-src http://service.example": ["script-src", "connect-src", "frame-src"],
        "default-src https://service.example.net": ["script-src", "connect-src", "frame-src"],
    }
    told = page.evaluate(
        """async ([cases, address]) => {
            const { lacking } = await import(address);
            const all = { isFrame: true, isElement: true };
            const service = "https://service.example/opinions/";
            return cases.map((one) => lacking(one, service, "https://www.example.org", all));
        }""",
        [list(cases), f"{town.address}/widget/check.js"],
    )
    wanted = [[f"{name} https://service.example" for name in names] for names in cases.values()]
    assert json.dumps(told) == json.dumps(wanted)


def test_the_guide(town, open_page, violations):
    conversation = town.found(["More trees."])
    for language, width in (("nl", 320), ("en", 1280)):
        page = open_page(f"{town.address}/embedding?conversation={conversation}&lang={language}", width=width)
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.locator(".copy").first.wait_for()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.locator(".copy").first.click()
        page.locator(".copy").first.get_by_text({"nl": "Gekopieerd", "en": "Copied"}[language]).wait_for()
        assert f'conversation="{conversation}"' in page.evaluate("navigator.clipboard.readText()")

"""The element as a visitor uses it: by keyboard, in every language, with any text in it, in house styles."""

import re

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


def test_a_whole_visit_by_keyboard_alone(town, host, square, open_page):
    page = open_page(host.show(f"<main><h1>Host</h1>{town.widget(square)}</main>"))
    card(page).wait_for()
    focused = "document.querySelector('opinion-widget').shadowRoot.activeElement"
    shown = "document.querySelector('opinion-widget').shadowRoot.querySelector('#statement')?.innerText"

    def tab_to(text):
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate(f"{focused}?.textContent?.trim()") == text:
                return
        raise AssertionError(f"no tab stop says {text!r}")

    # The first vote with the mouse's equal: Tab and Enter. Then single keys, as the focus is inside the card.
    first = card(page).inner_text()
    tab_to("Agree")
    page.keyboard.press("Enter")
    page.wait_for_function(f"{focused}?.id === 'statement'")
    assert card(page).inner_text() != first
    assert page.locator("opinion-widget .progress").inner_text() == "1 of 20"
    for key in "1323":
        before = card(page).inner_text()
        page.keyboard.press(key)
        page.wait_for_function(f"text => ![text, undefined].includes({shown})", arg=before)
    wait_until_saved(page)
    assert page.locator("opinion-widget .progress").inner_text() == "5 of 20"
    assert [value for _, _, value in town.log_of(square)] == [1, 1, 0, -1, 0]
    # Undo shows the same statement again.
    page.keyboard.press("0")
    page.locator(".progress").get_by_text("4 of 20", exact=True).wait_for()
    again = card(page).inner_text()
    tab_to("My part")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="My votes").wait_for()
    page.wait_for_timeout(200)
    assert page.locator("opinion-widget .row").count() == 4
    # Another vote on an earlier one, and one taken back.
    page.locator("opinion-widget .row").first.get_by_role("button", name="Pass").focus()
    page.keyboard.press("Enter")
    page.locator("opinion-widget .row").last.get_by_role("button", name="Take back").focus()
    page.keyboard.press("Enter")
    tab_to("Write a statement")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Write a statement").wait_for()
    tab_to("")
    page.keyboard.type("More trees. Also benches?")
    page.get_by_text("This is a question").wait_for()
    page.get_by_label("Your statement").fill("Statement number 3 is on the square")
    page.get_by_role("heading", name="Do you mean one of these?").wait_for()
    page.get_by_label("Your statement").fill("Benches in the shade of trees")
    assert "111 characters left" in page.locator("opinion-widget #left").inner_text()
    tab_to("Send")
    page.keyboard.press("Enter")
    page.get_by_text("A moderator reads it first.").wait_for()
    tab_to("Go on voting")
    page.keyboard.press("Enter")
    card(page).wait_for()
    assert card(page).inner_text() == again
    tab_to("Results")
    page.keyboard.press("Enter")
    page.get_by_text("The first map is being drawn.").wait_for()


def test_the_next_card_is_there_at_once(town, host, square, open_page):
    page = open_page(host.show(f"<main><h1>Host</h1>{town.widget(square)}</main>"))
    card(page).wait_for()
    # Every answer takes 400 ms from now on.
    page.context.new_cdp_session(page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 400, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    page.wait_for_timeout(1_500)
    for _ in range(2):
        took = page.evaluate(
            """() => new Promise((done) => {
                const root = document.querySelector("opinion-widget").shadowRoot;
                const before = root.querySelector("#statement").textContent;
                const start = performance.now();
                root.querySelector(".votes button").click();
                const look = () => [before, undefined].includes(root.querySelector("#statement")?.textContent)
                    ? requestAnimationFrame(look) : done(performance.now() - start);
                look();
            })"""
        )
        assert took < 100


def test_own_data_is_seen_and_erased(town, host, square, open_page):
    page = open_page(host.show(f"<main><h1>Host</h1>{town.widget(square)}</main>"))
    card(page).wait_for()
    vote(page)
    wait_until_saved(page)
    page.get_by_role("button", name="My part").click()
    page.get_by_role("button", name="View").click()
    page.locator("opinion-widget pre").wait_for()
    assert '"vote": 1' in page.locator("opinion-widget pre").inner_text()
    page.get_by_role("button", name="Erase everything").click()
    page.get_by_role("button", name="Yes, erase").click()
    page.get_by_text("Everything was erased.").wait_for()
    assert town.ask("GET", f"/conversations/{square}")["counts"]["n_votes"] == 0


HOSTILE = [
    "<script>document.title='hacked'</script><img src=x onerror=alert(1)>",
    "&lt;b&gt;{{7*7}} ${alert(1)} javascript:alert(1)",
    "\u202e\u2066\u2067 reversed " + "\u202e" * 50,
    "a" + "\u0301\u0302\u0303" * 3_000,
    "M" * 140,
    "</style><style>* { display: none !important }</style>",
    "ﷺ" * 120,
]


def test_hostile_texts_stay_texts(town, host, open_page):
    conversation = town.found(
        HOSTILE, question="<img src=x onerror=alert(2)>\u202eWhat?", description=HOSTILE[0]
    )
    page = open_page(host.show(f"<main><h1>Host</h1>{town.widget(conversation)}</main>"), width=320)
    seen = set()
    for _ in HOSTILE:
        card(page).wait_for()
        text = card(page).text_content()
        seen.add(text)
        votes_top = page.locator("opinion-widget .votes").bounding_box()
        assert votes_top["width"] <= 320
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        # No mark paints over the buttons: the text's box ends above them, and clips.
        box = card(page).bounding_box()
        assert box["y"] + box["height"] <= votes_top["y"]
        assert box["height"] < 700
        vote(page, "Pass")
        page.wait_for_timeout(60)
    page.get_by_text("You have voted on everything").wait_for()
    assert len(seen) == len(HOSTILE)
    page.get_by_role("button", name="My part").click()
    page.locator("opinion-widget .row").nth(4).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.title() == "Host"
    assert page.locator("opinion-widget img, opinion-widget script, opinion-widget b").count() == 0


STYLES = {
    "of its own": ("", "rgb(11, 90, 138)", "6px"),
    "NL Design System": (
        ":root { --utrecht-button-primary-action-background-color: #cc0000;"
        " --utrecht-button-border-radius: 0px; --utrecht-document-font-family: Georgia, serif;"
        " --utrecht-link-color: #24578f }",
        "rgb(204, 0, 0)",
        "0px",
    ),
    "opinion": (
        "opinion-widget { --opinion-accent: #00677f; --opinion-radius: 22px; --opinion-font: inherit;"
        " --opinion-paper: #fbf7ef; --opinion-surface: #f3ecdd }",
        "rgb(0, 103, 127)",
        "22px",
    ),
}


@pytest.mark.parametrize("name", STYLES)
def test_house_styles(town, host, square, open_page, violations, name):
    css, accent, radius = STYLES[name]
    body = f"<main><h1>Host</h1>{town.widget(square)}</main>"
    page = open_page(host.show(body, head=f"<style>{css}</style>"))
    card(page).wait_for()
    vote(page)
    page.locator("opinion-widget .bar span").wait_for()
    found = page.locator("opinion-widget").evaluate(
        """element => {
            const style = (name) => getComputedStyle(element.shadowRoot.querySelector(name));
            return [style(".bar span").backgroundColor, style(".votes button").borderTopLeftRadius];
        }"""
    )
    assert found == [accent, radius]
    assert violations(page) == []


def test_words_of_every_language_are_loaded_and_say_plurals(town, host, square, open_page):
    page = open_page(host.show(f"<main><h1>Host</h1>{town.widget(square)}</main>"))
    card(page).wait_for()
    said = page.evaluate(
        """async (address) => {
            const { LANGUAGES, wordsFor } = await import(address);
            const found = {};
            for (const language of [...LANGUAGES, "en-xa"]) {
                const words = await wordsFor(language);
                await words.loadMore();
                found[language] = [1, 2, 3, 5, 11, 100].map((n) => words.t("waiting", { n }));
            }
            return found;
        }""",
        f"{town.address}/widget/words.js",
    )
    assert len(said) == 9
    assert said["pl"][:4] == [
        "1 głos czeka na połączenie",
        "2 głosy czekają na połączenie",
        "3 głosy czekają na połączenie",
        "5 głosów czeka na połączenie",
    ]
    assert len(set(said["ar"])) == 6
    assert all(text.startswith("[") for text in said["en-xa"])
    # Right to left is only the direction: the same page, mirrored.
    page.locator("opinion-widget").evaluate("element => element.lang = 'ar'")
    page.locator("opinion-widget [dir=rtl]").wait_for()
    page.get_by_role("button", name="أوافق", exact=True).wait_for()
    agree = page.get_by_role("button", name="أوافق", exact=True).bounding_box()
    assert agree["x"] > page.get_by_role("button", name="لا رأي لي").bounding_box()["x"]
    assert re.search("[٠-٩0-9]", page.locator("opinion-widget .progress").inner_text())

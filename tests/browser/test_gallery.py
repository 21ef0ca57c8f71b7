"""Every state of the element, as the gallery shows it: axe, what a screen reader reads, and narrow screens.

`RENEW_TREES=1 pytest tests/browser/test_gallery.py` writes the accessibility trees anew.
"""

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from service.pages.gallery_states import STATES

TREES = Path(__file__).with_name("accessibility_trees.txt")

LANGUAGES = {"nl": "voorbeeld", "en": "example", "ar": "example"}
WIDTHS = (320, 768, 1280)
SCHEMES = (
    {"color_scheme": "light", "forced_colors": "none"},
    {"color_scheme": "dark", "forced_colors": "none"},
    {"color_scheme": "light", "forced_colors": "active"},
)

VOTE = "opinion-widget .votes button"

AFTERWARDS = {
    "a first vote": ("start", [("click", VOTE)], ".undo"),
    "a vote that waits": ("vote-waits", [("click", VOTE)], ".below .quiet:not(.undo)"),
    "a vote that is refused": ("vote-refused", [("click", VOTE)], ".below .warn"),
    "a wrong code": ("code", [("fill", "#code"), ("click", ".card .main")], ".warn:not(:empty)"),
    "writing": ("write", [("fill", "#text")], ".rows .row"),
    "a statement sent": ("write", [("fill", "#text"), ("click", ".card .main")], ".card > h3 + .note"),
    "a code for another device": (
        "mine-new",
        [("click", "section:nth-last-child(2) .actions button")],
        ".big-code",
    ),
    "own data": ("mine", [("click", "section:last-child .actions button")], "pre"),
    "before erasing": ("mine", [("click", "section:last-child .actions button.quiet")], "section .main"),
}
"""What follows on what a visitor does: in which state, by which acts, and what is there then."""

MOMENTS = {name: (name, [], None) for name in STATES} | AFTERWARDS

SHOW = """([service, conversation, lang, view, attributes]) => {
    localStorage.clear();
    const element = document.createElement("opinion-widget");
    for (const [name, value] of Object.entries({ service, conversation, lang, view, ...attributes })) {
        element.setAttribute(name, value);
    }
    document.querySelector(".stage").replaceChildren(element);
}"""

SETTLED = """(wanted) => {
    const { shadowRoot } = document.querySelector("opinion-widget");
    const isLoading = wanted !== ".view .skeleton" && shadowRoot.querySelector(".skeleton");
    return shadowRoot.querySelector(wanted) && !isLoading;
}"""

SETTLING = {"waiting": ".view .skeleton", "about": "fieldset", "mine": "section", "mine-new": "section"}
"""What is there last, where that isn't a card or a finding."""

AXE = """async () => {
    const { violations } = await axe.run(document.querySelector(".stage"), { resultTypes: ["violations"] });
    return violations.map((one) => [one.id, one.nodes.slice(0, 3).map((node) => node.target.flat().join(" "))]);
}"""

TOO_SMALL = """() => {
    const { shadowRoot } = document.querySelector("opinion-widget");
    return [...shadowRoot.querySelectorAll("button, select, summary")]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
        .map((one) => one.textContent);
}"""


def show(page, language, moment):
    """Let the open page show the element anew, in a state and after some acts."""
    state, acts, afterwards = MOMENTS[moment]
    shown = STATES[state]
    service = f"/widget-gallery/states/{state}"
    page.evaluate(SHOW, [service, LANGUAGES[language], language, shown.view, dict(shown.attributes)])
    page.wait_for_function(SETTLED, arg=SETTLING.get(state, ".card, .lead"))
    for act, selector in acts:
        found = page.locator(f"opinion-widget {selector.removeprefix('opinion-widget ')}").first
        if act == "fill":
            found.fill("Trees. Why are there no benches?")
        else:
            found.click()
    if afterwards:
        page.locator(f"opinion-widget {afterwards}").first.wait_for()


@pytest.fixture
def gallery(town, open_page):
    """Return a function that opens the gallery, with axe in it."""

    def visit(**query):
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        # Browsers note refusals; that there are some is what is shown.
        page = open_page(
            f"{town.address}/widget-gallery?{asked}",
            expected=r"status of (403|404|409|503)",
            timezone_id="Europe/Amsterdam",
        )
        page.evaluate("customElements.whenDefined('opinion-widget').then(() => true)")
        page.evaluate(Axe().axe_script)
        return page

    return visit


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_is_accessible_and_fits(gallery, language):
    """Pairwise, because all 27 combinations of each state would take minutes.

    Each state is looked at in each language, each colour scheme and each width; which of them come together
    changes from state to state, so that every two values of two of these meet in some state. Whether anything
    is wider than 320 pixels or lower than 44 is asked of every state in every language.
    """
    page = gallery(lang=language)
    at_language = list(LANGUAGES).index(language)
    wrong = {}
    for at, moment in enumerate(MOMENTS):
        width = WIDTHS[(at_language + at) % 3]
        scheme = SCHEMES[(at_language + at // 3) % 3]
        page.emulate_media(**scheme)
        page.set_viewport_size({"width": 320, "height": 900})
        show(page, language, moment)
        found = [f"low: {text}" for text in page.evaluate(TOO_SMALL)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append("wide")
        page.set_viewport_size({"width": width, "height": 900})
        found += page.evaluate(AXE)
        if found:
            wrong[f"{moment}, {width}, {scheme}"] = found
    assert wrong == {}


def test_the_gallery_itself_is_accessible(gallery, violations):
    for query in ({"lang": "nl"}, {"lang": "en", "theme": "dark", "style": "harbour"}):
        # axe takes a link in a shadow for the page's first, and then the link to the content for no skip link.
        page = gallery(state="gone", **query)
        page.locator("opinion-widget .card").wait_for()
        assert violations(page) == []
        page.set_viewport_size({"width": 320, "height": 900})
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_house_style_is_readable(gallery, theme):
    page = gallery(state="results", theme=theme)
    stage = page.locator(".stage")
    for style in ("harbour", "heath", "newspaper", "playground"):
        stage.evaluate("(stage, style) => (stage.className = `stage style-${style}`)", style)
        for moment in ("start", "results-uncertain", "a vote that is refused"):
            show(page, "en", moment)
            page.locator("opinion-widget").evaluate(
                "(element, theme) => element.setAttribute('theme', theme)", theme
            )
            assert page.evaluate(AXE) == [], (style, moment)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_word_for_oneself_stands_beside_the_mark(gallery, language):
    page = gallery(lang=language)
    show(page, language, "results")
    # Around the mark, which stands at 0 and is 11 wide to each side; without the outlines of the letters.
    word = page.locator("opinion-widget .own text").evaluate(
        "(text) => { const { x, width } = text.getBBox(); return [x, x + width]; }"
    )
    gap = max(word[0], -word[1]) - 11
    assert 0 <= gap < 22


def test_what_a_screen_reader_reads(town, gallery):
    page = gallery(lang="en")
    told = []
    for moment in MOMENTS:
        show(page, "en", moment)
        # What stands around every view is read once.
        inside = page.locator("opinion-widget .view")
        is_whole = moment in ("start", "phase") or inside.count() == 0
        tree = (page.locator("opinion-widget") if is_whole else inside).aria_snapshot()
        told.append(f"# {moment}\n\n{tree}\n")
    trees = re.sub("[\u00a0\u202f]", " ", "\n".join(told).replace(town.address, ""))
    if os.environ.get("RENEW_TREES"):
        TREES.write_text(trees, encoding="utf-8")
    assert trees == TREES.read_text(encoding="utf-8")

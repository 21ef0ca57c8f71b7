"""What people see, in the browser they see it with."""

import re

import pytest

from clustering.vocabulary import ParticipantId, Vote, VoteValue


def n_pixels_too_wide(page):
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


@pytest.mark.parametrize(
    ("width", "theme", "language"),
    [
        (320, "light", "en"),
        (320, "dark", "nl"),
        (768, "light", "nl"),
        (1280, "dark", "en"),
        (1280, "light", "nl"),
    ],
)
def test_a_ready_map_is_accessible_and_fits(town, mapped, open_page, violations, width, theme, language):
    page = open_page(town.map_of(mapped, lang=language), width=width, color_scheme=theme)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert n_pixels_too_wide(page) <= 0
    # Two layouts in the dark and one in the light show every colour beside every other.
    assert violations(page, contrast_too=theme == "dark" or width == 320) == []


@pytest.mark.parametrize("width", [320, 1280])
def test_forced_colours_and_400_percent(town, mapped, open_page, violations, width):
    page = open_page(town.map_of(mapped), width=width, forced_colors="active")
    assert n_pixels_too_wide(page) <= 0
    # Its colours are the reader's own.
    assert violations(page, contrast_too=False) == []
    # 1280 pixels at 400 % are 320: no second direction to scroll in. Text alone at 200 % must hold too.
    page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
    assert n_pixels_too_wide(page) <= 0


@pytest.mark.parametrize("n_votes", [150, 400])
def test_a_map_of_few_votes_says_so_and_is_accessible(town, sample, open_page, violations, n_votes):
    conversation = town.converse(sample, n_votes=n_votes)
    town.redraw(conversation)
    town.judge(conversation)
    for width, theme in ((320, "dark"), (1280, "light")):
        page = open_page(town.map_of(conversation), width=width, color_scheme=theme)
        said = page.locator(".verdict .lead").inner_text()
        assert ("too early to tell" if n_votes == 150 else "no stable groups") in said
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert n_pixels_too_wide(page) <= 0
        assert violations(page) == []


@pytest.mark.parametrize("n_votes", [0, 1, 60])
def test_a_map_that_is_not_there_yet(town, sample, open_page, violations, n_votes):
    conversation = town.converse(sample, n_votes=n_votes)
    for width in (320, 1280):
        page = open_page(town.map_of(conversation), width=width)
        assert n_pixels_too_wide(page) <= 0
        assert violations(page) == []
    town.redraw(conversation)
    page = open_page(town.map_of(conversation), width=320)
    assert n_pixels_too_wide(page) <= 0
    assert violations(page) == []
    assert page.locator("svg.map").count() == 0


def test_other_pages(town, open_page, violations):
    assert violations(open_page(f"{town.address}/", width=320)) == []


def test_the_picture_is_drawn_to_scale_and_labelled(town, mapped, open_page):
    page = open_page(town.map_of(mapped))
    box = page.locator("svg.map").bounding_box()
    assert box["width"] > 400
    labels = page.locator("svg.map .label .letter").all_text_contents()
    assert sorted(labels) == ["A", "B", "C"]
    table = page.locator("table.groups tbody tr")
    sizes = dict(zip(labels, page.locator("svg.map .label .size").all_text_contents(), strict=True))
    for row in table.all():
        letter = row.locator("th").inner_text().strip()
        assert row.locator("td").first.inner_text() == sizes[letter]


def test_without_javascript_everything_is_there(town, mapped, open_page):
    page = open_page(town.map_of(mapped), java_script_enabled=False)
    assert page.locator("h1").inner_text()
    assert page.locator("svg.map .bubbles circle").count() > 10
    assert page.locator("ol.statements li").count() >= 10
    page.locator("#all-summary").click()
    assert page.locator("table.all tbody tr").count() > 30
    assert "UTC" in page.locator("time").inner_text()


def test_a_new_vote_arrives_without_losing_the_readers_place(town, sample, open_page):
    conversation = town.converse(sample, n_votes=7_000)
    town.redraw(conversation)
    page = open_page(town.map_of(conversation), height=600)
    stamp = page.locator("#content").get_attribute("data-stamp")
    numbers = page.locator(".numbers").inner_text()
    page.locator("#all-summary").click()
    page.locator("#method-summary").focus()
    page.locator("#shared-heading").scroll_into_view_if_needed()
    page.evaluate("window.scrollBy(0, 200)")
    before = page.locator("#shared-heading").bounding_box()["y"]
    town.vote(conversation, sample.votes[7_000:])
    town.redraw(conversation)
    page.locator(f"#content:not([data-stamp='{stamp}'])").wait_for(state="attached", timeout=20_000)
    assert page.locator("#news").inner_text() == "The page has been updated."
    assert page.locator("#all-statements").get_attribute("open") is not None
    assert page.evaluate("document.activeElement.id") == "method-summary"
    # A pixel for rounding.
    assert abs(page.locator("#shared-heading").bounding_box()["y"] - before) <= 1
    assert page.locator(".numbers").inner_text() != numbers


def test_what_has_not_changed_is_answered_304_and_asked_ever_less(town, mapped, open_page):
    statuses = []
    page = open_page("about:blank")
    page.on("response", lambda answer: re.search("/map$", answer.url) and statuses.append(answer.status))
    page.goto(town.map_of(mapped))
    page.wait_for_timeout(12_000)
    assert statuses[0] == 200
    assert set(statuses[1:]) == {304}
    assert 1 <= len(statuses[1:]) <= 4


HOSTILE = "<script>document.title='hacked'</script><img src=x onerror=alert(1)><b>{{7*7}}</b>"


def test_hostile_texts_are_shown_and_nothing_else(town, sample, open_page):
    conversation = town.converse(sample, text=HOSTILE)
    town.redraw(conversation)
    page = open_page(town.map_of(conversation), width=320)
    assert page.title() == f"{sample.question} · opinion groups"
    assert HOSTILE in page.locator(".statement").first.inner_text()
    assert page.locator("img, main b").count() == 0
    assert n_pixels_too_wide(page) <= 0
    # The text comes in by polling too.
    page.evaluate("document.getElementById('content').dataset.version = ''")
    town.vote(conversation, [Vote(ParticipantId("late"), sample.statements[0].id, VoteValue.AGREE)])
    page.locator("#content:not([data-version=''])").wait_for(state="attached", timeout=20_000)
    assert page.title() == f"{sample.question} · opinion groups"
    assert page.locator("img, main b").count() == 0


@pytest.mark.parametrize("text", ["\u202e" + "x" * 100, "a\u0301\u0302\u0303" * 140, "ﷺ" * 130, "M" * 140])
def test_the_layout_holds_whatever_people_write(town, sample, open_page, text):
    conversation = town.converse(sample, text=text)
    town.redraw(conversation)
    page = open_page(town.map_of(conversation), width=320)
    assert n_pixels_too_wide(page) <= 0
    assert page.locator("h1").bounding_box()["width"] <= 320


def test_the_keyboard_reaches_everything(town, mapped, open_page):
    page = open_page(town.map_of(mapped))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id"))
    assert {"all-summary", "method-summary", "groups-table"} <= reached

"""Report, statements and map at the desk in a real Chromium: axe, narrow, keyboard, hostile texts."""

import pytest

from service.actions.invite_person import invite_person
from service.store.desk_records import Role

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}<b>\u202e'
PAGES = (
    "report",
    "statements?sort=division",
    "statements/3",
    "map?group=B&statement=3",
    "map/area?left=0&right=50",
    "map/what-if?without=3",
    "representing",
)


@pytest.fixture(scope="module")
def desk(chromium, town):
    """Somebody signed in, in a browser that is kept; what goes wrong in a page fails the test."""
    code = invite_person(
        town.parts.store, tenant="default", email="read@example.org", role=Role.MODERATOR, made_by="a test"
    )
    context, faults = chromium.new_context(viewport={"width": 1280, "height": 900}), []
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.goto(f"{town.address}/desk/invitation#{code}")
    for field, value in (
        ("email", "read@example.org"),
        ("name", "Ann"),
        ("password", "de kraan drupt al weken"),
    ):
        page.fill(f"#{field}", value)
    page.click("main button")
    page.wait_for_url(f"{town.address}/desk")
    yield page
    context.close()
    assert faults == []


def address_of(town, conversation, page, **query):
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{town.address}/desk/conversations/{conversation}/{page}{'&' if '?' in page else '?'}{asked}"


def n_pixels_too_wide(page):
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


@pytest.mark.parametrize(
    ("language", "width", "theme", "colours"),
    [("nl", 320, "dark", "none"), ("en", 1280, "light", "none"), ("nl", 1280, "light", "active")],
)
def test_pages_are_accessible_and_fit(town, mapped, desk, violations, language, width, theme, colours):
    desk.set_viewport_size({"width": width, "height": 900})
    desk.emulate_media(color_scheme=theme, forced_colors=colours)
    for name in PAGES:
        desk.goto(address_of(town, mapped, name, lang=language))
        desk.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert n_pixels_too_wide(desk) <= 0, name
        assert violations(desk, contrast_too=colours == "none") == [], name
    desk.emulate_media(color_scheme="light", forced_colors="none")
    desk.set_viewport_size({"width": 1280, "height": 900})


def test_every_number_of_the_picture_is_in_a_table(town, mapped, desk):
    desk.goto(address_of(town, mapped, "map", lang="en"))
    letters = desk.locator("svg.map .label .letter").all_text_contents()
    sizes = dict(zip(letters, desk.locator("svg.map .label .size").all_text_contents(), strict=True))
    rows = desk.locator("table.groups tbody tr").all()
    assert {
        row.locator("th").inner_text().split()[-1]: row.locator("td").first.inner_text() for row in rows
    } == sizes
    # A group that is one bubble is drawn as its border alone.
    assert (
        10
        < desk.locator("svg.map circle:not(.grain)").count()
        <= desk.locator(".bubble-table tbody tr").count()
    )
    desk.goto(address_of(town, mapped, "statements", lang="en"))
    dots, rows = desk.locator("svg.swarm a").count(), desk.locator(".statements-table tbody tr").count()
    assert 10 < dots <= rows


def test_the_map_moves_by_keyboard_and_by_hand(town, mapped, desk):
    desk.goto(address_of(town, mapped, "map", lang="en"))
    box = "document.querySelector('#view svg.map').getAttribute('viewBox').split(' ').map(Number)"

    def after(act):
        act()
        desk.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return desk.evaluate(box)

    whole = desk.evaluate(box)
    desk.focus("#view")
    closer = after(lambda: desk.keyboard.press("+"))
    assert closer[2] < whole[2]
    # Equal scales: nothing is stretched.
    assert closer[2] / closer[3] == pytest.approx(whole[2] / whole[3])
    moved = after(lambda: desk.keyboard.press("ArrowRight"))
    assert moved[0] > closer[0]
    desk.hover("#view")
    desk.mouse.down()
    dragged = after(lambda: desk.mouse.move(400, 420, steps=4))
    desk.mouse.up()
    assert dragged != moved
    # Sums of fractions end a hair from where they began.
    assert after(lambda: desk.keyboard.press("0")) == pytest.approx(whole, abs=1e-9)
    assert after(lambda: desk.click("[data-zoom=in]"))[2] < whole[2]


def test_an_area_drawn_by_hand_is_looked_at(town, mapped, desk):
    # All of the map is to be on the screen: a mouse that leaves the window draws no further.
    desk.set_viewport_size({"width": 1280, "height": 1600})
    desk.goto(address_of(town, mapped, "map/area", lang="en"))
    desk.click("[data-area]")
    box = desk.locator(".map-view svg.map").bounding_box()
    x, y, half = box["x"] + 1, box["y"] + 1, box["width"] / 2
    desk.mouse.move(x, y)
    desk.mouse.down()
    for across, down in ((half, 0), (half, box["height"] - 2), (0, box["height"] - 2)):
        desk.mouse.move(x + across, y + down, steps=3)
    desk.mouse.up()
    desk.wait_for_url("**corners=**")
    drawn = desk.locator("#area-found ~ .lead").inner_text()
    # The same half by the form, with keys only.
    desk.goto(address_of(town, mapped, "map/area", lang="en"))
    desk.focus("#right")
    desk.keyboard.press("Control+a")
    desk.keyboard.type("50")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**right=50**")
    assert desk.locator("#area-found ~ .lead").inner_text() == drawn
    assert desk.locator(".area-table").first.locator("tbody tr").count() == 10


def test_a_picture_to_keep(town, mapped, desk):
    desk.goto(address_of(town, mapped, "map", lang="en"))
    with desk.expect_download() as waiting:
        desk.click("#png")
    with open(waiting.value.path(), "rb") as file:
        kept = file.read()
    assert kept.startswith(b"\x89PNG")
    # 1600 pixels wide, and not one colour only.
    assert int.from_bytes(kept[16:20], "big") == 1600
    assert len(kept) > 20_000


def test_names_of_groups_and_a_report_on_paper(town, mapped, desk):
    desk.goto(address_of(town, mapped, "map", lang="en"))
    desk.fill("#label-A", "Green & quiet")
    desk.click("text=Keep names")
    assert "Green & quiet" in desk.locator(".group-choice").inner_text()
    desk.goto(address_of(town, mapped, "report", lang="en"))
    assert "Green & quiet" in desk.locator("#group-A-heading").inner_text()
    printed = desk.pdf(prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")
    assert 3 <= printed.count(b"/Type /Page\n") + printed.count(b"/Type/Page\n") <= 12
    desk.emulate_media(media="print")
    assert not desk.locator(".top").is_visible()
    desk.emulate_media(media="screen")


def test_hostile_texts_do_nothing(town, sample, desk):
    found = town.converse(sample, n_votes=6_000, text=HOSTILE)
    town.redraw(found)
    for name in PAGES:
        desk.goto(address_of(town, found, name, lang="en"))
        assert desk.locator("main img").count() == 0, name
        assert desk.locator("main h1").count() == 1, name
    desk.goto(address_of(town, found, "statements", lang="en", find="onerror"))
    assert HOSTILE.rstrip("\u202e") in desk.locator(".statements-table tbody th").first.inner_text()

"""Somebody's first hour at the desk, in a real Chromium: from an empty service to a printed report."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pydantic import SecretStr

from service.embedded.serving import serving
from service.settings import Settings
from service.store import conversations, statements
from service.store.database import open_store
from service.store.records import NewStatement, StatementState

ROOT = Path(__file__).parents[2]
VTAIWAN = ROOT / "../shared/data/polis-exports/vtaiwan.uberx"
N_WAITING = 200
SECRET = "a secret for tests only, long enough"

# A shared machine draws the first map of 49,000 votes in half a minute at worst.
MAP_MILLISECONDS = 90_000


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """The whole service, empty."""
    folder = tmp_path_factory.mktemp("served")
    settings = Settings(
        data_folder=folder,
        database_url=f"sqlite:///{folder}/store.sqlite3",
        redis_url="",
        secret=SecretStr(SECRET),
        web_processes=1,
        port=0,
    )
    with serving(settings, may_move=True) as found:
        found.wait_until_it_answers()
        yield found


@pytest.fixture
def page(chromium):
    """A browser with nobody signed in; what goes wrong in a page fails the test."""
    faults = []
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en")
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield opened
    context.close()
    assert faults == []


def invited(settings):
    """Run the command as an administrator does beside a service that runs."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("POLDERMODEL_")} | {
        "POLDERMODEL_DATA_FOLDER": str(settings.data_folder),
        "POLDERMODEL_DATABASE_URL": settings.database_url,
        "POLDERMODEL_SECRET": SECRET,
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "service.cli", "desk", "invite", "ann@example.org"]
    return subprocess.run(command, env=known, capture_output=True, text=True, check=True).stdout.strip()


def come_in(page, running):
    link = invited(running.settings)
    # The port really served, although another one was wanted.
    assert link.startswith(f"{running.address}/desk/invitation#")
    page.goto(link)
    for field, value in (
        ("email", "ann@example.org"),
        ("name", "Ann"),
        ("password", "de kraan drupt al weken"),
    ):
        page.fill(f"#{field}", value)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Conversations")


def import_vtaiwan(page, folder):
    with zipfile.ZipFile(folder / "vtaiwan.zip", "w", zipfile.ZIP_DEFLATED) as made:
        for path in sorted(VTAIWAN.iterdir()):
            made.write(path, path.name)
    page.click("text=Import it")
    page.set_input_files("#file", folder / "vtaiwan.zip")
    page.click("text=Look what is in it")
    expect(page.locator("h1")).to_have_text("This is in it", timeout=MAP_MILLISECONDS)
    assert "1,921 people" in page.inner_text(".lead")
    assert "197 statements" in page.inner_text(".lead")
    assert page.input_value("#question").startswith("UberX")
    page.check("#hold")
    page.click("text=Import this conversation")
    page.wait_for_url("**/desk/conversations/*?imported=1")
    expect(page.locator("text=The last map was drawn on")).to_be_visible(timeout=MAP_MILLISECONDS)
    expect(page.locator("text=20 statements wait for your decision")).to_be_visible()
    return page.url.partition("?")[0]


def start_by_hand(page, running):
    page.click("header >> text=Facilitator’s desk")
    page.click("text=New conversation")
    page.fill("#question", "What should happen to the square?")
    page.fill("#description", "The road stays.")
    page.fill("#seeds", "More trees.\nFewer cars.")
    page.click("text=Start the conversation")
    page.wait_for_url("**/share?new=1")
    store = open_store(running.settings.database_url, secret=SECRET.encode())
    here = conversations.find(store, None, page.url.split("/conversations/")[1].split("/")[0])
    new = [
        NewStatement(f"Idea {number} of somebody.", state=StatementState.WAITING) for number in range(N_WAITING)
    ]
    statements.add(store, here, new)
    return store, here


def decide_by_keyboard(page):
    """Show the first of every two and hide the other, with nothing but keys; the queue brings the next page."""
    page.click("nav >> text=Moderate")
    for place in range(N_WAITING):
        expect(page.locator(f'[data-statement="{2 + place}"]')).to_be_focused()
        page.keyboard.press("h" if place % 2 else "s")
    expect(page.locator("text=No statement is waiting")).to_be_visible()


def test_from_an_empty_service_to_a_printed_report(page, running, tmp_path):
    come_in(page, running)
    imported = import_vtaiwan(page, tmp_path)
    store, here = start_by_hand(page, running)
    decide_by_keyboard(page)
    states = [str(one.state) for one in statements.list_all(store, here)][2:]
    store.close()
    assert states == ["visible", "hidden"] * (N_WAITING // 2)
    # Published: whoever has the link sees a statement to vote on.
    page.goto(f"{running.address}/conversations/{here.id}/participate?lang=en")
    expect(page.locator("body")).to_contain_text("What should happen to the square?")
    page.goto(f"{imported}/map")
    expect(page.locator("main svg").first).to_be_visible()
    page.click("nav >> text=Report")
    assert "1,921" in page.inner_text("main")
    printed = page.pdf(prefer_css_page_size=True)
    assert 3 <= len(re.findall(rb"/Type ?/Page\b", printed)) <= 14

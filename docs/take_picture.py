"""Write docs/images/map.png: the page that `./run demo` shows, as it is.

    .venv/bin/python docs/take_picture.py

Needs what `./run test` installs.
"""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "images" / "map.png"
WIDTH = 1280
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
LAST = "section:has(#map-heading)"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def main() -> None:
    """Start the demonstration, take its picture, stop it."""
    with subprocess.Popen([ROOT / "run", "demo"], stdout=subprocess.PIPE, text=True) as demo:
        if demo.stdout is None or not (address := demo.stdout.readline().strip()):
            sys.exit("the demonstration did not start; its messages above say why")
        try:
            take(address)
        finally:
            demo.send_signal(signal.SIGINT)


def take(address: str) -> None:
    """Open a page and save it from its top to the end of the map."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=OPTIONS)
        page = browser.new_page(viewport={"width": WIDTH, "height": 800}, device_scale_factor=1)
        page.goto(address, wait_until="networkidle")
        box = page.locator(LAST).bounding_box()
        if box is None:
            sys.exit("the page has no map")
        PICTURE.parent.mkdir(exist_ok=True)
        whole = {"x": 0, "y": 0, "width": WIDTH, "height": box["y"] + box["height"]}
        page.screenshot(path=PICTURE, full_page=True, clip=whole)
        browser.close()


if __name__ == "__main__":
    main()

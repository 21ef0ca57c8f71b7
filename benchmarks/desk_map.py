"""The desk's map of 100,000 simulated people in headless Chromium: payload, first paint, frames while it moves.

The people's places are drawn at random; their bubbles, borders and page are made as for any conversation.

    python -m benchmarks.desk_map
"""

import gzip
import json
import logging
import shutil
import statistics
import tempfile
import threading

import numpy as np
from playwright.sync_api import Page, sync_playwright
from pydantic import SecretStr
from werkzeug.serving import make_server

from clustering.outlines import bubble_size, bubbles, outline
from clustering.pipeline import compute_group_map
from clustering.samples import neighbourhood_conversation
from clustering.steadiness import present
from clustering.vote_matrix import VoteMatrix
from service.actions.invite_person import invite_person
from service.app import create_app
from service.parts import parts_of
from service.settings import Settings
from service.store import conversations, group_maps, statements
from service.store.database import Store
from service.store.desk_records import Role
from service.store.migrating import migrate
from service.store.records import NewConversation, NewStatement, PublishedMap

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
SIZES = (50_000, 30_000, 20_000)
PASSWORD = "a long password for a benchmark"
FRAMES = """
async (act) => {
  const view = document.getElementById("view");
  const times = [];
  for (let step = 0; step < 90; step += 1) {
    const key = act === "zoom" ? (step % 2 ? "+" : "-") : (step % 2 ? "ArrowRight" : "ArrowLeft");
    view.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    times.push(await new Promise(requestAnimationFrame));
  }
  return times;
}
"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
DATA = "performance.getEntriesByType('navigation')[0].responseEnd"


def published(store: Store) -> str:
    """Return the id of a conversation whose map has 100,000 people."""
    sample = neighbourhood_conversation(language="en")
    matrix = VoteMatrix.from_votes(sample.votes, statements=sample.statements)
    document = present(compute_group_map(matrix)).to_document()
    rng = np.random.default_rng(0)
    for group, n_people in zip(document["groups"], SIZES, strict=True):
        places = rng.normal(group["centre"], 0.8, size=(n_people, 2))
        found = bubbles(places, smallest=bubble_size(sum(SIZES)))
        group["n_participants"] = n_people
        group["bubbles"] = [
            {"x": one.x, "y": one.y, "n_participants": one.n_participants, "radius": one.radius}
            for one in found
        ]
        group["outline"] = outline(found, margin=0.1).tolist()
    document["n_placed"] = document["n_participants"] = sum(SIZES)
    made = conversations.create(store, "default", NewConversation(sample.question, language="en"))
    statements.add(store, made, [NewStatement(text=one.text, id=one.id) for one in sample.statements])
    empty = dict.fromkeys(("canonical", "presentation", "priorities"), b"{}")
    group_maps.publish(
        store,
        PublishedMap(
            conversation_number=made.number, method_version=document["method_version"], sequence=1,
            outcome=document["outcome"], result_hash=document["result_hash"],
            presented=json.dumps(document).encode(), places=b"", **empty,
        ),
    )  # fmt: skip
    return made.id


def signed_in(page: Page, address: str, code: str) -> None:
    """Come in by an invitation."""
    page.goto(f"{address}/desk/invitation#{code}")
    page.fill("#email", "ann@example.org")
    page.fill("#name", "Ann")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{address}/desk")


def measured(page: Page, address: str) -> dict[str, float]:
    """Return what somebody with a browser waits for: times in milliseconds, sizes in bytes."""
    answer = page.goto(address, wait_until="load")
    assert answer is not None
    body = answer.body()
    # A zoomed map is drawn at every step; a whole one that can't move isn't.
    page.focus("#view")
    page.keyboard.press("+")
    frames = {}
    for act in ("move", "zoom"):
        times = page.evaluate(FRAMES, act)
        frames[act] = 1000 / statistics.median(np.diff(times))
    return {
        "page_bytes": len(body),
        "page_gzip_bytes": len(gzip.compress(body)),
        "circles": page.locator("#view circle").count(),
        "paint_after_data_ms": page.evaluate(PAINT) - page.evaluate(DATA),
        "frames_per_second_move": frames["move"],
        "frames_per_second_zoom": frames["zoom"],
    }


def main() -> None:
    """Print the figures."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        url = f"sqlite:///{folder}/store.db"
        migrate(url)
        app = create_app(Settings(database_url=url, admin_key=SecretStr("a key for this benchmark only")))
        store = parts_of(app).store
        conversation = published(store)
        code = invite_person(
            store, tenant="default", email="ann@example.org", role=Role.VIEWER, made_by="a benchmark"
        )
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        signed_in(page, address, code)
        for name, value in measured(page, f"{address}/desk/conversations/{conversation}/map").items():
            print(f"{name:26} {value:12,.1f}")
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()

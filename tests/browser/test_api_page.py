"""The API's page, in a real Chromium: it reads both documents, and asks nobody but this service."""

from playwright.sync_api import expect


def test_the_api_can_be_read_and_tried(town, chromium):
    page = chromium.new_page()
    asked, faults = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{town.address}/docs")
    # The document's own operations are drawn, one line for each.
    document = page.request.get(f"{town.address}/v1/openapi.json").json()
    n_operations = sum(
        len({"get", "post", "put", "patch", "delete"} & item.keys()) for item in document["paths"].values()
    )
    expect(page.locator(".opblock")).to_have_count(n_operations, timeout=30_000)

    page.locator("select#select").select_option(label="For tools made for Polis")
    page.get_by_text("/participationInit").first.wait_for()
    assert not faults
    assert all(url.startswith((town.address, "data:", "blob:")) for url in asked), asked
    page.close()

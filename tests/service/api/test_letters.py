"""Letters with codes: every code once, with a QR code that leads to it and no script."""

import re
import time

import pytest


@pytest.fixture
def batch(api, conversation):
    address = f"/v1/conversations/{conversation}/code-batches"
    number = api.post(address, json={"n_codes": 3, "label": "<Kerkstraat>"}).json["batch"]
    deadline = time.monotonic() + 20
    while api.get(f"{address}/{number}").json["n_made"] < 3:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return f"{address}/{number}"


def test_every_code_has_a_letter(api, batch):
    codes = api.get(f"{batch}/codes").text.split("\r\n")[1:-1]
    page = api.get(f"{batch}/letters")
    assert page.mimetype == "text/html"
    assert re.findall(r'class="code">([^<]+)<', page.text) == codes
    assert page.text.count("<svg") == 3
    assert "<script" not in page.text
    assert "<Kerkstraat>" not in page.text
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


def test_the_page_people_are_sent_to(api, batch):
    assert "https://town.example/vote" in api.get(f"{batch}/letters?page=https://town.example/vote").text
    assert api.get(f"{batch}/letters?page=javascript:alert(1)").status_code == 422


def test_a_closed_batch_is_not_printed_again(api, batch):
    api.post(f"{batch}/closing")
    assert api.get(f"{batch}/letters").json["type"] == "/problems/codes-closed"

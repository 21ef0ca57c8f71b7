"""What other websites are told: the element's files, oEmbed, and links behind a path of their own."""

import dataclasses
import gzip
from html.parser import HTMLParser

import pytest

from service.app import app_of
from service.pages.widget_files import widget_files


@pytest.fixture
def conversation(api):
    return api.post("/v1/conversations", json={"question": 'What "should" <it> be?'}).json["id"]


def test_files_come_packed_named_and_for_everybody(public):
    assert {"loader.js", "widget.js"} <= set(widget_files())
    assert sum(len(one.plain) for one in widget_files().values()) < 1_000_000
    for name, file in widget_files().items():
        plain = public.get(f"/widget/{name}")
        packed = public.get(f"/widget/{name}", headers={"Accept-Encoding": "br, gzip", "Origin": "null"})
        assert plain.data == gzip.decompress(packed.data) == file.plain
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain.headers
        assert plain.headers["ETag"] != packed.headers["ETag"]
        for answer in (plain, packed):
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Vary"] == "Accept-Encoding"
            assert answer.headers["Cache-Control"].startswith("public, max-age=")
            assert answer.mimetype == "text/javascript"
        again = public.get(f"/widget/{name}", headers={"If-None-Match": plain.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "name",
    ["__init__.py", "..", "%2e%2e%2fsettings.py", "../settings.py", "nothing.js", "LOADER.JS", "loader.js/"],
)
def test_nothing_else_is_sent(public, name):
    assert public.get(f"/widget/{name}").status_code == 404


class Frames(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def test_oembed_tells_of_a_frame(public, conversation):
    page = f"http://localhost/conversations/{conversation}/participate"
    told = public.get("/oembed", query_string={"url": f"{page}?lang=en", "maxwidth": "500"})
    assert told.mimetype == "application/json"
    assert told.headers["Access-Control-Allow-Origin"] == "*"
    assert (told.json["version"], told.json["type"], told.json["width"]) == ("1.0", "rich", 500)
    assert told.json["title"] == 'What "should" <it> be?'
    ((tag, frame),) = Frames(told.json["html"]).tags
    # The language that was pasted is that of the frame.
    assert (tag, frame["src"], frame["title"]) == ("iframe", f"{page}?lang=en", 'What "should" <it> be?')
    assert (frame["width"], frame["height"]) == ("500", str(told.json["height"]))


def test_the_page_leads_to_oembed(public, conversation):
    page = Frames(public.get(f"/conversations/{conversation}/participate").text)
    (link,) = [told for tag, told in page.tags if told.get("type") == "application/json+oembed"]
    assert link["rel"] == "alternate"
    assert public.get(link["href"]).json["title"] == 'What "should" <it> be?'


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"format": "xml"}, 501),
        ({"url": "http://localhost/conversations/nothing/participate"}, 404),
        ({"url": "http://elsewhere.example/conversations/{}/participate"}, 404),
        ({"url": "http://localhost/v1/conversations/{}"}, 404),
        ({"url": "http://[::1"}, 404),
        ({"url": "javascript:alert(1)"}, 404),
        ({"url": ""}, 404),
        ({"maxwidth": "wide"}, 422),
        ({"maxheight": "0"}, 422),
    ],
)
def test_what_oembed_refuses(public, conversation, query, status):
    asked = {"url": "http://localhost/conversations/{}/participate"} | query
    asked["url"] = asked["url"].format(conversation)
    assert public.get("/oembed", query_string=asked).status_code == status


@pytest.fixture
def under(parts, conversation):
    """Return a function that gives the service with other settings."""

    def make(**settings):
        changed = parts.settings.model_copy(update=settings)
        return app_of(dataclasses.replace(parts, settings=changed)).test_client()

    return make


@pytest.mark.parametrize("takes_away", [True, False])
def test_behind_a_path_that_the_settings_name(under, conversation, takes_away):
    client = under(public_url="https://town.example/opinions")
    before = "" if takes_away else "/opinions"
    page = client.get(f"{before}/conversations/{conversation}/participate").text
    assert 'src="/opinions/widget/widget.js"' in page
    assert f'action="/opinions/conversations/{conversation}/participate' in page
    assert 'href="/opinions/assets/taking-part.css' in page
    url = f"https://town.example/opinions/conversations/{conversation}/participate"
    told = client.get(f"{before}/oembed", query_string={"url": url}).json
    assert f'src="{url}"' in told["html"]
    assert told["provider_url"] == "https://town.example/opinions/"
    assert client.get(f"{before}/v1/openapi.json").json["servers"][0]["url"] == "/opinions/v1"
    head = {"Authorization": "Bearer an-admin-key-for-tests"}
    made = client.post(f"{before}/v1/conversations", json={"question": "Where?"}, headers=head)
    assert made.headers["Location"] == f"/opinions/v1/conversations/{made.json['id']}"


FORWARDED = {
    "X-Forwarded-Prefix": "/opinions",
    "X-Forwarded-Host": "town.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "192.0.2.7",
}


def test_a_proxy_is_believed_only_if_the_settings_say_so(under, conversation):
    path = f"/conversations/{conversation}/participate"
    trusting, others = under(trusted_proxies=1), under()
    assert 'src="/opinions/widget/widget.js"' in trusting.get(path, headers=FORWARDED).text
    assert "https://town.example/opinions/oembed" in trusting.get(path, headers=FORWARDED).text
    assert "town.example" not in others.get(path, headers=FORWARDED).text
    assert 'src="/widget/widget.js"' in others.get(path, headers=FORWARDED).text

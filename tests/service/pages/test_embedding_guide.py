"""The guide to embedding: what it gives to copy is right for this service, whatever was asked for."""

import html
import re

import pytest

from service.pages.embedding_guide import origin_of

SNIPPET = re.compile(r'<pre class="snippet".*?><code>(.*?)</code></pre>', re.DOTALL)


def copied(page):
    return [html.unescape(one) for one in SNIPPET.findall(page.text)]


def test_what_is_copied_is_filled_in(public, api):
    kept = {
        "question": 'What "should" <it> & be?',
        "language": "nl",
        "embedding_sites": ["https://www.example.org"],
    }
    conversation = api.post("/v1/conversations", json=kept).json["id"]
    page = public.get("/embedding", query_string={"conversation": conversation, "lang": "en"})
    element, policy, frame, frame_policy, address, wordpress, link, identity = copied(page)
    at = f"http://localhost/conversations/{conversation}/participate"
    assert element.startswith(
        '<script src="http://localhost/widget/loader.js" async></script>\n<opinion-widget '
    )
    title = "What &quot;should&quot; &lt;it> &amp; be?"
    assert link == f'<a href="{at}">{title}</a>'
    assert link in element
    assert frame.startswith(f'<iframe src="{at}" title="{title}"')
    assert policy == "script-src http://localhost; connect-src http://localhost"
    assert frame_policy == "script-src http://localhost; frame-src http://localhost"
    assert address == at
    assert wordpress == (
        "wp_oembed_add_provider('http://localhost/conversations/*/participate', 'http://localhost/oembed');"
    )
    assert "identityToken" in identity
    assert "https://www.example.org" in page.text
    assert f'href="?conversation={conversation}&amp;lang=nl"' in page.text
    # Without being told, the page speaks the conversation's language.
    assert "Zet het gesprek op uw website" in public.get(f"/embedding?conversation={conversation}").text


@pytest.mark.parametrize("asked", ["nothing", "<script>alert(1)</script>", "\x00", "a" * 5_000])
def test_an_unknown_conversation_is_said_to_be(public, asked):
    for path in ("/embedding", "/embedding/check"):
        page = public.get(
            path, query_string={"conversation": asked, "lang": "en", "site": asked, "policy": asked}
        )
        assert page.status_code == 200
        assert "<script>alert" not in page.text
    page = public.get("/embedding", query_string={"conversation": asked, "lang": "en"})
    assert "There is no conversation with this id." in page.text
    assert 'conversation="ID"' in copied(page)[0]


def test_the_check_is_told_what_to_try(public, conversation):
    asked = {
        "conversation": conversation,
        "site": "https://www.example.org/page?x=1",
        "policy": "script-src 'self'",
    }
    page = public.get("/embedding/check", query_string=asked).text
    assert 'data-site="https://www.example.org"' in page
    assert 'data-service="http://localhost/"' in page
    assert 'data-policy="script-src &#39;self&#39;"' in page
    assert "https://www.example.org/page?x=1#opinion-check" in page
    assert (
        'id="site-wrong"' in public.get("/embedding/check", query_string=asked | {"site": "example.org"}).text
    )


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://www.example.org:443/a", "https://www.example.org"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("https://user:secret@example.org/", "https://example.org"),
        ("javascript:alert(1)", None),
        ("https://[::1", None),
        ("https://example.org:x/", None),
        ("https://", None),
    ],
)
def test_origins(address, origin):
    assert origin_of(address) == origin

"""An organisation's own look: chosen by an owner, readable, safe, and on its own pages only."""

import re
import struct
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest

from service.actions.keep_house_style import MOST_LOGO_BYTES, contrast, lightened
from service.pages.colours import BACKGROUND
from service.store import conversations, house_styles
from service.store.desk_records import Role
from service.store.records import NewConversation

SEEN = {"Sec-Fetch-Site": "same-origin"}


def picture(width=3, height=2, *, padding=0):
    """Return a PNG, made as its specification says."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height)))
    more = chunk(b"tEXt", b"k\0" + b"x" * padding) if padding else b""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + more + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def save(worker, *, logo=None, name_of_file="logo.png", **fields):
    form = {"mark": worker.mark("/organisation"), **fields}
    if logo is not None:
        form["logo"] = (BytesIO(logo), name_of_file)
    return worker.client.post("/desk/organisation", data=form, headers=SEEN)


def style_and_logo(page):
    style = re.search(r'href="(/house-styles/[0-9a-f]{32}/style\.css\?v=1)"', page)
    logo = re.search(r'src="(/house-styles/[0-9a-f]{32}/logo\?v=1)"', page)
    return style and style[1], logo and logo[1]


def test_a_look_is_on_all_of_the_organisations_pages_and_on_nobody_elses(app, sign_in, parts, public):
    owner, other = sign_in(Role.OWNER), sign_in(Role.OWNER, tenant="another-town")
    given = {"name": "Town of <b>Utrecht</b>", "own_accent": "1", "accent": "#8A1C1C"}
    answer = save(owner, logo=picture(), **given)
    assert (answer.status_code, answer.location) == (303, "/desk/organisation?done=1")
    here = conversations.create(parts.store, "default", NewConversation("What about the square?"))
    there = conversations.create(parts.store, "another-town", NewConversation("And this one?"))
    pages = [
        owner.get("").text,
        owner.get(f"/conversations/{here.id}/report").text,
        public.get(f"/conversations/{here.id}/map").text,
        public.get(f"/conversations/{here.id}/participate").text,
    ]
    addresses = {style_and_logo(page) for page in pages}
    assert len(addresses) == 1
    ((style, logo),) = addresses
    for page in pages:
        assert "Town of &lt;b&gt;Utrecht&lt;/b&gt;" in page
        assert "<b>Utrecht" not in page
    sheet, image = public.get(style), public.get(logo)
    assert "--accent:#8a1c1c" in sheet.text
    assert (image.data, image.content_type) == (picture(), "image/png")
    assert "immutable" in image.headers["Cache-Control"]
    assert image.headers["X-Content-Type-Options"] == "nosniff"
    for page in (other.get("").text, public.get(f"/conversations/{there.id}/map").text):
        assert style_and_logo(page) == (None, None)


def test_two_who_save_at_once_take_turns(store):
    first = picture(7, 7)
    house_styles.keep(
        store, "default", name="Town", accent="", logo=first, logo_type="image/png", keeps_logo=False
    )

    def save_colour(number):
        accent = f"#0000{number:02x}"
        return house_styles.keep(
            store, "default", name="Town", accent=accent, logo=None, logo_type="", keeps_logo=True
        )

    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(save_colour, range(24)))
    found = house_styles.find(store, "default")
    assert found in kept
    assert {one.logo_type for one in kept} == {"image/png"}
    assert house_styles.logo(store, found.digest) == first


def test_another_look_has_another_address_and_the_old_one_is_gone(sign_in, parts, public):
    owner = sign_in(Role.OWNER)
    here = conversations.create(parts.store, "default", NewConversation("What about the square?"))
    page = f"/conversations/{here.id}/map"
    save(owner, name="Town", own_accent="1", accent="#8a1c1c", logo=picture())
    before = style_and_logo(owner.get("").text)
    seen = {"If-None-Match": public.get(page).headers["ETag"]}
    assert public.get(page, headers=seen).status_code == 304
    save(owner, name="Town", own_accent="1", accent="#00516b")
    assert public.get(page, headers=seen).status_code == 200
    style, logo = style_and_logo(owner.get("").text)
    assert style != before[0]
    # The logo stayed, because nobody took it away.
    assert public.get(logo).data == picture()
    assert [public.get(address).status_code for address in before] == [404, 404]
    save(owner, name="Town", no_logo="1")
    assert style_and_logo(owner.get("").text) == (None, None)
    assert public.get(logo).status_code == public.get("/house-styles/none/style.css").status_code == 404


@pytest.mark.parametrize(
    ("fields", "logo", "told"),
    [
        ({"own_accent": "1", "accent": "#fff;}body{display:none"}, None, "not a colour"),
        ({"own_accent": "1", "accent": "red"}, None, "not a colour"),
        ({"own_accent": "1", "accent": "#ffcc00"}, None, "too light"),
        ({"name": "x" * 81}, None, "too long"),
        ({"name": "a\x00b"}, None, "too long"),
        ({}, picture(), "Fill in the name"),
        (
            {"name": "Town"},
            b"<svg><script>1</script></svg>",
            "not a picture",
        ),
        ({"name": "Town"}, b"", "not a picture"),
        ({"name": "Town"}, b"\x89PNG\r\n\x1a\n", "not a picture"),
        ({"name": "Town"}, b"\xff\xd8\xff\xe0garbage", "not a picture"),
        ({"name": "Town"}, picture(2001, 1), "too large"),
        ({"name": "Town"}, picture(0, 0), "not a picture"),
        ({"name": "Town"}, picture(padding=MOST_LOGO_BYTES), "too large"),
    ],
)
def test_what_is_not_readable_or_safe_is_refused_and_changes_nothing(sign_in, parts, fields, logo, told):
    owner = sign_in(Role.OWNER)
    answer = save(owner, logo=logo, **fields)
    assert answer.status_code == 422
    assert told in answer.text
    assert house_styles.find(parts.store, "default") is None


def test_a_file_that_is_too_large_for_a_form_is_told(sign_in):
    owner = sign_in(Role.OWNER)
    body = b'--x\r\nContent-Disposition: form-data; name="logo"; filename="l.png"\r\n\r\n'
    body += picture(padding=2 << 20) + b"\r\n--x--\r\n"
    form = "multipart/form-data; boundary=x"
    answer = owner.client.post("/desk/organisation", data=body, content_type=form, headers=SEEN)
    assert answer.status_code == 413


def test_contrast_is_that_of_wcag():
    # WCAG's own examples: black on white is 21, and #767676 on white the lightest grey that passes.
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    for colour in ("#000000", "#8a1c1c", "#0000ff", "#143349"):
        assert contrast(lightened(colour, on=BACKGROUND["dark"]), BACKGROUND["dark"]) >= 4.5
    assert lightened("#ffcc00", on=BACKGROUND["dark"]) == "#ffcc00"


def test_the_name_is_on_letters(sign_in, api):
    owner = sign_in(Role.OWNER)
    save(owner, name="Town & Country")
    made = api.post("/v1/conversations", json={"question": "What about the square?"}).json["id"]
    batches = f"/v1/conversations/{made}/code-batches"
    batch = api.post(batches, json={"n_codes": 2, "label": "Letters"}).json["batch"]
    until = time.monotonic() + 30
    while api.get(f"{batches}/{batch}").json["n_made"] < 2:
        assert time.monotonic() < until
        time.sleep(0.02)
    page = api.get(f"{batches}/{batch}/letters").text
    assert page.count("<p>Town &amp; Country</p>") == 2

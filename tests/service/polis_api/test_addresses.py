"""Addresses that people and pages know from Polis."""


def test_nothing_that_starts_otherwise_is_taken_for_a_conversation(public, conversation):
    assert public.get("/7nothing").status_code == 404
    assert public.get("/nothing").status_code == 404
    assert public.post(f"/{conversation}").status_code == 405
    assert public.get(f"/{conversation}/").status_code == 404
    found = public.get(f"/{conversation}")
    assert (found.status_code, found.headers["Location"]) == (302, f"/conversations/{conversation}/participate")


def test_an_external_id_in_the_address_stays_text(public, conversation):
    wicked = '"><script>alert(1)</script>'
    page = public.get(f"/{conversation}", query_string={"xid": wicked, "ui_lang": wicked})
    assert "<script>alert" not in page.text
    assert page.text.count("&lt;script&gt;alert(1)") == 2
    assert page.headers["Cache-Control"] == "no-store"
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_a_report_leads_to_its_own_conversation_and_to_nothing_else(api, public, conversation):
    api.post("/api/v3/reports", json={"conversation_id": conversation})
    (report,) = api.get(f"/api/v3/reports?conversation_id={conversation}").json
    found = public.get(f"/report/{report['report_id']}")
    assert (found.status_code, found.headers["Location"]) == (302, f"/conversations/{conversation}/map")
    for wrong in ("r00000000000000000000", "r" * 500, "ré"):
        assert public.get(f"/report/{wrong}").status_code == 404


def test_the_script_is_for_pages_of_any_website(public):
    script = public.get("/embed.js")
    assert script.mimetype == "text/javascript"
    assert script.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "max-age=300" in script.headers["Cache-Control"]

"""Taking part by forms alone: every step is a POST whose answer is the next page, with the token in it."""

import re
import time
from html.parser import HTMLParser

import jwt
import pytest

from service.identity.derived import signing_secret
from service.identity.keys import fresh_key
from service.store import keys
from service.store.platform_records import NewApiKey

HTML = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}


class Page(HTMLParser):
    """A page as a browser without scripts has it: its text, and its forms with all that they would send."""

    def __init__(self, answer):
        super().__init__()
        self.answer, self.forms, self.text, self._label = answer, [], "", None
        self.feed(answer.text)
        self.text = re.sub(r"\s+", " ", self.text)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "form":
            self.forms.append({"action": told["action"], "method": told["method"], "fields": {}, "buttons": []})
        elif tag == "input" and told.get("type") == "hidden":
            self.forms[-1]["fields"][told["name"]] = told["value"]
        elif tag == "button":
            self.forms[-1]["buttons"].append(told)

    def handle_data(self, data):
        self.text += data

    @property
    def token(self):
        return next((form["fields"]["token"] for form in self.forms if "token" in form["fields"]), None)


@pytest.fixture
def conversation(api):
    made = api.post("/v1/conversations", json={"question": "What should the square become?", "language": "en"})
    statements = [{"text": "Fewer cars."}, {"text": "A market on Saturday."}, {"text": "More trees."}]
    api.post(f"/v1/conversations/{made.json['id']}/statements", json={"statements": statements})
    return made.json["id"]


@pytest.fixture
def visit(public, conversation):
    """Return a function that opens the page or, given a page, sends one of its forms."""
    address = f"/conversations/{conversation}/participate"

    def go(page=None, *, name="step", value=None, status=200, **typed):
        if page is None:
            answer = public.get(address, query_string=typed, headers=HTML)
        else:
            form, _ = next(
                (form, button)
                for form in page.forms
                for button in form["buttons"]
                if (button.get("name"), button.get("value")) == (name, value)
                or (name == "form" and form["fields"].get("step") == value)
            )
            sent = form["fields"] | ({name: value} if name != "form" else {}) | typed
            assert "token" not in form["action"]
            answer = public.post(form["action"], data=sent, headers=HTML)
        assert answer.status_code == status, answer.text
        assert "Set-Cookie" not in answer.headers
        return Page(answer)

    return go


@pytest.fixture
def cast(api, conversation):
    """Return a function that lists all current votes there are."""

    def count():
        return api.get(f"/v1/conversations/{conversation}").json["counts"]

    return count


def test_the_first_vote_needs_nothing_and_the_whole_visit_is_one_participant(visit, cast, parts):
    page = visit()
    assert page.token is None
    assert "1 of 3" in page.text
    for number, value in enumerate(("1", "-1", "0"), 1):
        page = visit(page, name="vote", value=value)
        assert cast() == {"n_participants": 1, "n_statements": 3, "n_votes": number}
    assert "You have voted on everything" in page.text
    page = visit(page, value="mine")
    assert [page.text.count(word) for word in ("✓ Agree", "✕ Disagree", "– Pass")] == [1, 1, 1]
    parts.exposures.write()
    with parts.store.reading() as connection:
        # The first statement too is noted as shown, although nobody had a name when it was.
        assert connection.exec_driver_sql("SELECT count(*) FROM exposures").scalar() == 3


def test_undo_and_change(visit, cast):
    page = visit(visit(), name="vote", value="1")
    said = re.search(r"you agree with “([^”]+)”", page.text)[1]
    page = visit(page, name="form", value="undo")
    assert "Your vote has been taken back." in page.text
    assert said in page.text
    assert cast()["n_votes"] == 0
    page = visit(visit(page, name="vote", value="1"), value="mine")
    page = visit(page, name="form", value="change")
    assert "You voted before: Agree." in page.text
    page = visit(visit(page, name="vote", value="-1"), value="mine")
    assert "✕ Disagree" in page.text
    assert cast()["n_votes"] == 1


def test_the_same_form_twice_is_one_vote(visit, cast):
    page = visit(visit(), name="vote", value="1")
    for _ in range(2):
        visit(page, name="vote", value="1")
    assert cast()["n_votes"] == 2


def test_writing_a_statement(visit, api, conversation):
    page = visit(visit(), value="write")
    page = visit(page, name="form", value="submit", text="  More benches. ")
    assert "Somebody reads your statement" in page.text
    page = visit(page, name="form", value="submit", text="fewer cars")
    assert "Somebody said this already." in page.text
    assert "fewer cars" in page.text
    page = visit(page, name="form", value="submit", text="x" * 141)
    assert "too long" in page.text
    page = visit(page, name="form", value="submit", text="\u202e\x07")
    assert "Write a statement of one line" in page.text
    page = visit(page, value="mine")
    assert "More benches." in page.text
    assert "Waiting to be read" in page.text
    found = api.get(f"/v1/conversations/{conversation}/statements").json["items"]
    assert [one["text"] for one in found if one["state"] == "waiting"] == ["More benches."]


def test_a_code_from_a_letter_and_one_for_another_device(visit, api, cast, conversation):
    api.post(f"/v1/conversations/{conversation}/code-batches", json={"n_codes": 1})
    api.patch(f"/v1/conversations/{conversation}", json={"required_assurance": "code"})
    address, deadline = f"/v1/conversations/{conversation}/code-batches/1/codes", time.monotonic() + 20
    while (letter := api.get(address)).status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    page = visit()
    assert "You need a code" in page.text
    page = visit(page, name="form", value="redeem", code="nonsense")
    assert "This code is wrong" in page.text
    page = visit(page, name="form", value="redeem", code=letter.text.split()[1].lower())
    page = visit(page, name="vote", value="1")
    page = visit(visit(page, value="mine"), value="transfer")
    code = re.search(r"[0-9A-Z]{5}-[0-9A-Z*~$=]{5}", page.text)[0]
    other = visit(visit(visit(), value="code"), name="form", value="redeem", code=code)
    other = visit(other, name="vote", value="-1")
    assert cast() == {"n_participants": 1, "n_statements": 3, "n_votes": 2}
    assert "You need a code" in visit().text


def test_a_platform_sends_its_word_by_a_form(public, visit, cast, parts, api, conversation):
    api.patch(f"/v1/conversations/{conversation}", json={"required_assurance": "account"})
    assert "Log in to vote" in visit().text
    fresh = fresh_key(is_test=False)
    keys.add(parts.store, NewApiKey(fresh.id, "default", "host", fresh.key_hash, frozenset({"vote"})))
    claims = {"iss": "default", "aud": "poldermodel", "sub": "ann", "conv": conversation}
    claims |= {"exp": int(time.time()) + 300, "jti": "once-and-never-again"}
    secret = signing_secret(parts.store.secret, fresh.id)
    word = jwt.encode(claims, secret, algorithm="HS256", headers={"kid": fresh.id})
    address = f"/conversations/{conversation}/participate"
    page = Page(public.post(address, data={"identity": word}, headers=HTML))
    visit(page, name="vote", value="1")
    assert cast()["n_votes"] == 1
    again = Page(public.post(address, data={"identity": word}, headers=HTML))
    assert "We could not find out who you are" in again.text
    assert again.token is None


def test_what_is_no_token_of_here_does_nothing(public, visit, cast, api, conversation):
    elsewhere = api.post("/v1/conversations", json={"question": "Elsewhere?"}).json["id"]
    other = public.post(f"/v1/conversations/{elsewhere}/participant-tokens", json={}).json["token"]
    for token in (other, "a.b.c", "an-admin-key-for-tests", "\u202e", "x" * 9_000):
        sent = {"token": token, "step": "cast", "statement": "0", "vote": "1"}
        page = Page(public.post(f"/conversations/{conversation}/participate", data=sent, headers=HTML))
        assert "Your visit began too long ago" in page.text, token
    assert cast()["n_votes"] == 0


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"statement": "nothing", "vote": "1"}, "there is no such statement"),
        ({"statement": "0", "vote": "2"}, "Choose agree, disagree or pass"),
        ({"statement": "\0", "vote": "1"}, "there is no such statement"),
        ({}, "Choose agree"),
    ],
)
def test_nonsense_is_told_in_words(public, cast, conversation, sent, said):
    address = f"/conversations/{conversation}/participate"
    answer = public.post(address, data={"step": "cast", **sent}, headers=HTML)
    assert answer.status_code == 200
    assert said in answer.text or "there is no such statement" in answer.text
    assert cast()["n_votes"] == 0


def test_hidden_statements_are_not_shown_by_asking_to_change_them(public, api, conversation):
    where = f"/v1/conversations/{conversation}/statements"
    api.post(where, json={"text": "A secret.", "id": "secret", "state": "hidden"})
    sent = {"step": "change", "statement": "secret"}
    assert "A secret." not in public.post(f"/conversations/{conversation}/participate", data=sent).text


def test_other_bodies_are_refused(public, conversation):
    address = f"/conversations/{conversation}/participate"
    assert public.post(address, json={"step": "cast"}).status_code == 415
    assert public.post(address, data={"text": "x" * 70_000}).status_code == 413
    assert public.post("/conversations/nothing/participate", data={"step": "cast"}).status_code == 404


def test_closed_conversations_and_results_for_later(visit, api, conversation):
    where = f"/v1/conversations/{conversation}"
    api.patch(where, json={"results_visible": "after-voting", "min_votes_for_results": 2})
    page = visit(visit(), value="results")
    assert "once you have voted on 2 more statements" in page.text
    page = visit(visit(page, value="vote"), name="vote", value="1")
    page = visit(visit(page, name="vote", value="0"), value="results")
    assert "first map is being drawn" in page.text.lower() or "The first votes are in" in page.text
    api.patch(where, json={"is_open": False, "outcome": "Trees will be planted."})
    page = visit()
    assert "This conversation is closed" in page.text
    assert "Trees will be planted." in page.text
    assert not any(button.get("name") == "vote" for form in page.forms for button in form["buttons"])
    assert visit(view="results").answer.status_code == 200


def test_the_map_page_waits_too(public, api, conversation):
    api.patch(f"/v1/conversations/{conversation}", json={"results_visible": "after-closing"})
    answer = public.get(f"/conversations/{conversation}/map", headers=HTML)
    assert answer.status_code == 409
    assert "when the conversation has closed" in answer.text


def test_which_sites_may_frame_it(public, api, conversation):
    def policy():
        return public.get(f"/conversations/{conversation}/participate", headers=HTML).headers

    assert "frame-ancestors 'none'" in policy()["Content-Security-Policy"]
    assert policy()["X-Frame-Options"] == "DENY"
    sites = ["https://www.example.org", "https://*.town.example"]
    api.patch(f"/v1/conversations/{conversation}", json={"embedding_sites": sites})
    assert policy()["Content-Security-Policy"].endswith(f"frame-ancestors {' '.join(sites)}")
    assert "script-src 'self';" in policy()["Content-Security-Policy"]
    assert "X-Frame-Options" not in policy()
    posted = public.post(f"/conversations/{conversation}/participate", data={"step": "mine"}, headers=HTML)
    assert posted.headers["Content-Security-Policy"] == policy()["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("origin", "is_told"),
    [
        ("https://www.example.org", True),
        ("https://a.b.town.example", True),
        ("https://town.example", False),
        ("https://eviltown.example", False),
        ("https://www.example.org.evil.example", False),
        ('"><script>', False),
    ],
)
def test_the_page_speaks_only_with_sites_that_may_frame_it(public, api, conversation, origin, is_told):
    sites = ["https://www.example.org", "https://*.town.example"]
    api.patch(f"/v1/conversations/{conversation}", json={"embedding_sites": sites})
    page = public.get(f"/conversations/{conversation}/participate", query_string={"origin": origin}).text
    assert ("parent-origin=" in page) is is_told
    assert "<script>" not in page.replace("<script src", "")


def test_in_dutch_and_with_translations(public, api, conversation):
    where = f"/v1/conversations/{conversation}/statements"
    told = {"nl": {"text": "Minder auto’s.", "is_machine": True}}
    for statement in ("0", "1", "2"):
        api.patch(f"{where}/{statement}", json={"translations": told})
    page = public.get(f"/conversations/{conversation}/participate?lang=nl", headers=HTML)
    assert page.headers["Content-Language"] == "nl"
    assert "Minder auto’s." in page.text
    assert "Door een computer vertaald" in page.text

"""Going on at another device, answers about oneself, and results that are not for everybody yet."""

import threading
import time

import pytest

AGE = {
    "id": "age",
    "text": "How old are you?",
    "options": [{"id": "under-30", "text": "Under 30"}, {"id": "30-or-over", "text": "30 or over"}],
}
RESULTS = ("group-map", "group-map-versions", "group-map-differences?from=1&to=2", "own-place")


@pytest.fixture
def at(conversation):
    return f"/v1/conversations/{conversation}"


@pytest.fixture
def token(public, at):
    """Return a function that gives the headers of a new participant, or of whoever brings something."""

    def make(**brought):
        answer = public.post(f"{at}/participant-tokens", json=brought)
        assert answer.status_code == 201, answer.json
        return {"Authorization": f"Bearer {answer.json['token']}"}

    return make


def test_a_code_leads_to_the_same_participant_once(public, at, token):
    phone = token()
    public.post(f"{at}/votes", json={"statement": "0", "vote": 1}, headers=phone)
    made = public.post(f"{at}/transfer-codes", headers=phone)
    assert made.status_code == 201
    assert made.headers["Cache-Control"] == "no-store"
    code = made.json["code"]
    assert len(code.replace("-", "")) == 10
    laptop = token(code=code.lower().replace("-", " "))
    assert [one["vote"] for one in public.get(f"{at}/own-votes", headers=laptop).json["items"]] == [1]
    again = public.post(f"{at}/participant-tokens", json={"code": code})
    assert (again.status_code, again.json["type"]) == (403, "/problems/code-refused")


def test_the_level_stays_what_it_was(api, public, at, token):
    api.post(f"{at}/code-batches", json={"n_codes": 1})
    deadline = time.monotonic() + 20
    while (letter := api.get(f"{at}/code-batches/1/codes")).status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    phone = token(code=letter.text.split()[1])
    api.patch(at, json={"required_assurance": "code"})
    code = public.post(f"{at}/transfer-codes", headers=phone).json["code"]
    given = public.post(f"{at}/participant-tokens", json={"code": code})
    assert (given.status_code, given.json["level"]) == (201, "code")


@pytest.mark.parametrize("typed", ["00000-00001", "00000-0000*", "4T7QK-92MXA", "!!!!!-!!!!!"])
def test_what_is_no_code_is_refused(public, at, typed):
    answer = public.post(f"{at}/participant-tokens", json={"code": typed})
    assert (answer.status_code, answer.json["type"]) == (403, "/problems/code-refused")


def test_codes_end_after_ten_minutes_and_a_fourth_ends_the_first(public, parts, at, token):
    phone = token()
    first, *others = [public.post(f"{at}/transfer-codes", headers=phone).json for _ in range(4)]
    refused = public.post(f"{at}/participant-tokens", json={"code": first["code"]})
    assert refused.status_code == 403
    with parts.store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE transfer_codes SET expires_at = {int(time.time())}")
    refused = public.post(f"{at}/participant-tokens", json={"code": others[0]["code"]})
    assert refused.status_code == 403


def test_a_platforms_key_makes_no_code(api, at):
    answer = api.post(f"{at}/transfer-codes", headers={"Participant": "ann"})
    assert (answer.status_code, answer.json["type"]) == (403, "/problems/scope-needed")


def test_answers_are_kept_replaced_and_shown_only_to_their_owner(api, public, at, token):
    assert api.patch(at, json={"about_questions": [AGE]}).json["about_questions"] == [AGE]
    ann, bob = token(), token()
    assert public.get(f"{at}/own-answers", headers=ann).json == {"answers": {"age": None}}
    given = public.put(f"{at}/own-answers", json={"answers": {"age": "under-30"}}, headers=ann)
    assert given.json == {"answers": {"age": "under-30"}}
    assert public.get(f"{at}/own-data", headers=ann).json["answers"] == {"age": "under-30"}
    assert public.get(f"{at}/own-answers", headers=bob).json == {"answers": {"age": None}}
    public.put(f"{at}/own-answers", json={"answers": {"age": None}}, headers=ann)
    assert public.get(f"{at}/own-data", headers=ann).json["answers"] == {}


def test_erasure_takes_answers_and_codes(api, public, parts, at, token):
    api.patch(at, json={"about_questions": [AGE]})
    ann = token()
    public.put(f"{at}/own-answers", json={"answers": {"age": "under-30"}}, headers=ann)
    code = public.post(f"{at}/transfer-codes", headers=ann).json["code"]
    public.delete(f"{at}/own-data", headers=ann)
    assert public.get(f"{at}/own-data", headers=ann).json["answers"] == {}
    assert public.post(f"{at}/participant-tokens", json={"code": code}).status_code == 403
    with parts.store.reading() as connection:
        for table in ("about_answers", "transfer_codes"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0


@pytest.mark.parametrize("given", [{"age": "under-31"}, {"shoe-size": "42"}, {"shoe-size": None}])
def test_answers_to_what_is_not_asked_are_refused(api, public, at, token, given):
    api.patch(at, json={"about_questions": [AGE]})
    answer = public.put(f"{at}/own-answers", json={"answers": given}, headers=token())
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/unknown-answer")


def test_a_closed_conversation_takes_no_answers(api, public, at, token):
    api.patch(at, json={"about_questions": [AGE], "is_open": False})
    answer = public.put(f"{at}/own-answers", json={"answers": {"age": "under-30"}}, headers=token())
    assert (answer.status_code, answer.json["type"]) == (403, "/problems/conversation-closed")


@pytest.mark.parametrize("clash", [[AGE, AGE], [AGE | {"options": AGE["options"][:1] * 2}]])
def test_ids_must_differ(api, at, clash):
    answer = api.patch(at, json={"about_questions": clash})
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/ids-clash")


@pytest.mark.parametrize(
    ("site", "status"),
    [
        ("https://www.example.org", 200),
        ("https://*.example.org", 200),
        ("http://localhost:8080", 200),
        ("https://www.example.org/", 422),
        ("https://www.example.org;script-src *", 422),
        ("https://*", 422),
        ("*", 422),
        ("'self'", 422),
        ("https://Example.org", 422),
        ("javascript://example.org", 422),
    ],
)
def test_sites_are_origins_and_nothing_else(api, at, site, status):
    assert api.patch(at, json={"embedding_sites": [site]}).status_code == status


def may_read(client, at, headers=None):
    found = {
        client.get(f"{at}/group-map{rest}", headers=headers).status_code == 200 for rest in ("", "-versions")
    }
    assert len(found) == 1
    return found.pop()


def test_results_after_voting(api, public, at, token):
    api.patch(at, json={"results_visible": "after-voting", "min_votes_for_results": 2})
    ann = token()
    for path in RESULTS[:3]:
        answer = public.get(f"{at}/{path}")
        assert (answer.status_code, answer.json["type"]) == (409, "/problems/results-hidden"), path
    for path in RESULTS:
        answer = public.get(f"{at}/{path}", headers=ann)
        assert (answer.status_code, answer.json["type"]) == (409, "/problems/results-hidden"), path
    public.post(f"{at}/votes", json={"statement": "0", "vote": 1}, headers=ann)
    assert "1 more to go" in public.get(f"{at}/group-map", headers=ann).json["detail"]
    public.post(f"{at}/votes", json={"statement": "1", "vote": 0}, headers=ann)
    assert may_read(public, at, ann)
    assert public.get(f"{at}/own-place", headers=ann).status_code == 200
    assert not may_read(public, at)
    assert not may_read(public, at, token())
    assert may_read(api, at)
    # A vote that is taken back counts no more.
    public.post(f"{at}/votes", json={"statement": "1", "vote": None}, headers=ann)
    assert not may_read(public, at, ann)
    api.patch(at, json={"is_open": False})
    assert may_read(public, at)


def test_nobody_needs_more_votes_than_there_are_statements(api, public, at, token):
    api.patch(at, json={"results_visible": "after-voting", "min_votes_for_results": 50})
    ann = token()
    for statement in ("0", "1", "trees"):
        assert not may_read(public, at, ann)
        public.post(f"{at}/votes", json={"statement": statement, "vote": 1}, headers=ann)
    assert may_read(public, at, ann)


def test_results_after_closing_or_after_the_last_phase(api, public, at, token):
    api.patch(at, json={"results_visible": "after-closing"})
    ann = token()
    public.post(f"{at}/votes", json={"statement": "0", "vote": 1}, headers=ann)
    assert not may_read(public, at, ann)
    phase = {"name": "Voting", "asks": ["votes"], "starts_at": "2026-01-01T00:00:00Z"}
    api.patch(at, json={"phases": [phase | {"ends_at": "2026-02-01T00:00:00Z"}]})
    assert may_read(public, at)
    api.patch(at, json={"phases": [phase | {"ends_at": "2126-02-01T00:00:00Z"}]})
    assert not may_read(public, at)


def test_a_token_of_another_conversation_shows_nothing(api, public, at, token):
    api.patch(at, json={"results_visible": "after-voting"})
    elsewhere = api.post("/v1/conversations", json={"question": "Elsewhere?"}).json["id"]
    shown = public.post(f"/v1/conversations/{elsewhere}/participant-tokens", json={}).json["token"]
    assert not may_read(public, at, {"Authorization": f"Bearer {shown}"})


def test_of_many_tries_at_once_one_wins(parts, public, at, token):
    code = public.post(f"{at}/transfer-codes", headers=token()).json["code"]
    found, start = [], threading.Barrier(8)

    def attempt():
        start.wait()
        found.append(public.application.test_client().post(f"{at}/participant-tokens", json={"code": code}))

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in found) == [201] + [403] * 7

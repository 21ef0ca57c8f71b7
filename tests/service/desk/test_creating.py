"""Starting a conversation and changing it: what is typed is what the API keeps."""

import io
import time

import pytest

from service.desk.seeds import check_seeds, texts_of_file
from service.store.desk_records import Role

FORM = {
    "question": "What should happen to the square?",
    "description": "The road stays.\r\nThe rest is open.",
    "language": "en",
    "seeds": "More trees.\r\n\r\nFewer cars on the square.",
    "moderation": "before",
    "writers": "participants",
    "required_assurance": "anonymous",
    "results_visible": "always",
    "min_votes_for_results": "5",
    "max_statement_length": "140",
    "is_open": "on",
    "sites": "",
    "about": "",
    "outcome": "",
    "step": "start",
}


def start(worker, **fields):
    return worker.send("/new", **{**FORM, **fields})


def conversation_of(answer):
    assert answer.status_code == 303, answer.text
    return answer.location.split("/")[3]


def test_a_conversation_is_started(sign_in, api):
    worker = sign_in(Role.OWNER)
    here = conversation_of(start(worker, is_open=""))
    told = api.get(f"/v1/conversations/{here}").json
    assert (told["question"], told["is_open"]) == (FORM["question"], False)
    assert told["description"] == "The road stays.\nThe rest is open."
    found = api.get(f"/v1/conversations/{here}/statements").json["items"]
    assert [one["text"] for one in found] == ["More trees.", "Fewer cars on the square."]
    shared = worker.get(f"/conversations/{here}/share").text
    assert f"/conversations/{here}/participate" in shared
    assert "&lt;opinion-widget" in shared
    assert worker.get(f"/conversations/{here}/qr.svg").mimetype == "image/svg+xml"
    log = api.get(f"/v1/conversations/{here}/changes").json["items"]
    assert {one["by"] for one in log} == {"Ann owner (owner@default.example.org)"}


def test_everything_that_can_be_chosen_is_kept_and_shown_again(sign_in, api):
    worker = sign_in(Role.OWNER)
    chosen = {
        "moderation": "after",
        "writers": "platform",
        "required_assurance": "code",
        "results_visible": "after-voting",
        "min_votes_for_results": "7",
        "max_statement_length": "200",
        "sites": "https://www.example.org/ https://*.example.net",
        "about": "How old are you?\n- 16–29\n- 30 or older\n\nWhere do you live?\n- Here\n- Elsewhere",
        "phase_name": ["Ideas", "", "Votes", ""],
        "phase_starts_at": ["2026-03-02T09:30", "", "2026-04-01T00:00:00.000Z", ""],
        "phase_ends_at": ["2026-04-01T00:00", "", "2026-05-01T00:00:00.000Z", ""],
        "phase_statements_0": "on",
        "phase_votes_0": "on",
        "phase_votes_2": "on",
    }
    here = conversation_of(start(worker, **chosen))
    told = api.get(f"/v1/conversations/{here}").json
    assert [one["asks"] for one in told["phases"]] == [["statements", "votes"], ["votes"]]
    assert told["phases"][0]["starts_at"] == "2026-03-02T09:30:00Z"
    assert [one["id"] for one in told["about_questions"]] == ["q1", "q2"]
    assert told["embedding_sites"] == ["https://www.example.org", "https://*.example.net"]
    for name in ("moderation", "writers", "required_assurance", "results_visible"):
        assert told[name] == chosen[name]
    # The settings page shows it all, and saving what it shows changes nothing but what was changed.
    page = worker.get(f"/conversations/{here}/settings").text
    for shown in ("2026-03-02T09:30", "- 30 or older", "https://*.example.net", 'value="200"'):
        assert shown in page
    more = "Where do you live?\n- Elsewhere\n- Here\n- Abroad\n\nHow old are you?\n- 16–29\n- 30 or older"
    changed = {**FORM, **chosen, "about": more, "outcome": "Trees.", "question": "And now?"}
    assert worker.send(f"/conversations/{here}/settings", **changed).status_code == 303
    after = api.get(f"/v1/conversations/{here}").json
    assert (after["question"], after["outcome"]) == ("And now?", "Trees.")
    assert after["phases"] == told["phases"]
    # Who answered keeps their answer: ids stay with the words, not with the place.
    where, old = after["about_questions"]
    assert (where["id"], old["id"]) == ("q2", "q1")
    assert [one["id"] for one in where["options"]] == ["o2", "o1", "o3"]


@pytest.mark.parametrize(
    ("field", "value", "note"),
    [
        ("question", " ", "Fill in a question"),
        ("question", "x" * 501, "Fill in a question"),
        ("min_votes_for_results", "many", "from 0 to"),
        ("max_statement_length", "0", "from 1 to"),
        ("sites", "javascript:alert(1)", "addresses without a path"),
        ("about", "How old are you?", "at least one answer"),
        ("moderation", "never", "Choose one"),
        ("phase_name", ["Ideas"], "needs a name"),
        ("language", "Nederlands", "Choose a language."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(sign_in, field, value, note):
    worker = sign_in(Role.OWNER)
    refused = start(worker, **{field: value, "description": "Something long that I typed."})
    assert refused.status_code == 422
    if field != "language":
        assert note in refused.text
    assert "Something long that I typed." in refused.text
    assert "More trees." in refused.text
    assert "no conversations yet" in worker.get("").text


def test_a_dry_run_says_what_would_come_of_the_statements(sign_in):
    worker = sign_in(Role.OWNER)
    file = (io.BytesIO("id;stelling\n1;Méér bomen.\n2;\n3;more trees\n".encode("cp1252")), "seeds.csv")
    checked = start(worker, seeds="More trees.\n" + "x" * 141, file=file, step="check")
    assert checked.status_code == 200
    for said in ("2 statements can be added", "2 lines cannot", "Longer than 140", "This is there already"):
        assert said in checked.text
    assert "Méér bomen." in checked.text
    assert "no conversations yet" in worker.get("").text
    # Starting with lines that can't be added asks first.
    asked = start(worker, seeds="More trees.\nMore trees")
    assert asked.status_code == 422
    assert start(worker, seeds="More trees.\nMore trees", leave_out="on").status_code == 303


def test_seeds_that_are_alike_are_shown_and_kept():
    checked = check_seeds(["More trees on the square.", "On the square more trees", "Less noise."], most=140)
    assert len(checked.added) == 3
    assert [(one.text, one.other) for one in checked.alike] == [
        ("On the square more trees", "More trees on the square.")
    ]
    assert [one.why for one in check_seeds(["a\x00b"], most=140).refused] == ["wrong"]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b'"', b'statement\n"', b",;,\n"])
def test_any_file_can_be_read(content):
    assert isinstance(texts_of_file(content), list)


def test_letters_with_codes(sign_in, api):
    worker = sign_in(Role.OWNER)
    here = conversation_of(start(worker))
    for n_codes in ("0", "-1", "x", "100001", ""):
        worker.send(f"/conversations/{here}/code-batches", n_codes=n_codes)
    assert api.get(f"/v1/conversations/{here}/code-batches").json["items"] == []
    worker.send(f"/conversations/{here}/code-batches", n_codes="3", label="<b>Street</b>")
    (batch,) = api.get(f"/v1/conversations/{here}/code-batches").json["items"]
    assert batch["label"] == "<b>Street</b>"
    deadline = time.monotonic() + 20
    while api.get(f"/v1/conversations/{here}/code-batches/{batch['batch']}").json["n_made"] < 3:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    letters = worker.get(f"/conversations/{here}/code-batches/{batch['batch']}/letters")
    assert letters.text.count("<section>") == 3
    assert "&lt;b&gt;Street" in letters.text

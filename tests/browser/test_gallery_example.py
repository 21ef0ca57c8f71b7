"""The gallery shows what the service really answers: it is asked again, and what is committed says the same.

`RENEW_EXAMPLE=1 pytest tests/browser/test_gallery_example.py` writes the file anew.
"""

import json
import os
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from clustering.samples import neighbourhood_conversation

FILE = Path(__file__).resolve().parents[2] / "service" / "pages" / "example" / "conversation.json"

VOLATILE = {
    "id": "example",
    "conversation": "example",
    "created_at": "2026-03-02T09:00:00Z",
    "cast_at": "2026-03-03T10:00:00Z",
    "published_at": "2026-03-09T16:02:00Z",
    "made_at": "2026-03-09T16:05:00Z",
    "judged_at": "2026-03-09T16:05:00Z",
    "expires_at": "2099-01-01T12:00:00Z",
    "token": "",
    "code": "7KQ2-M9XR-4WT3",
    "seed": 1,
}
"""What is another each time, and what stands there instead. An empty token is shown to nobody."""

LEFT_OUT = {"sequence", "as_of"}

NOT_READ = ("statements", "consensus", "candidates", "presentation", "places_hash", "settings")
"""What the element doesn't read of a map."""

DUTCH = {
    "How old are you?": "Hoe oud bent u?",
    "Under 30": "Jonger dan 30",
    "30 to 59": "30 tot en met 59",
    "60 or over": "60 of ouder",
    "Do you live on the square?": "Woont u aan het plein?",
    "Yes": "Ja",
    "No": "Nee",
    "Put the bicycle racks next to the library.": "Zet de fietsenrekken naast de bibliotheek.",
    "More benches, and why is there no toilet?": "Meer bankjes, en waarom is er geen toilet?",
    "Let the market stay until six o'clock.": "Laat de markt tot zes uur duren.",
    "Two ideas in one: please send them one by one.": "Twee ideeën in één: stuur ze graag apart.",
    "Vote": "Stemmen",
    "The council keeps the trees and moves the parking places to the north side.": (
        "De gemeenteraad laat de bomen staan en verplaatst de parkeerplaatsen naar de noordkant."
    ),
}
"""The texts that the sample doesn't have."""

ABOUT = [
    {
        "id": "age",
        "text": "How old are you?",
        "options": [
            {"id": "under-30", "text": "Under 30"},
            {"id": "30-59", "text": "30 to 59"},
            {"id": "60-or-over", "text": "60 or over"},
        ],
    },
    {
        "id": "lives-here",
        "text": "Do you live on the square?",
        "options": [{"id": "yes", "text": "Yes"}, {"id": "no", "text": "No"}],
    },
]


def ask(town, method, path, body=None, **headers):
    sent = Request(f"{town.address}/v1/conversations/{path}", method=method)
    sent.data = None if body is None else json.dumps(body).encode()
    for name, value in {"Content-Type": "application/json", **headers}.items():
        sent.add_header(name, value)
    with urlopen(sent) as answer:
        return json.load(answer)


OPERATOR = {"Authorization": "Bearer an-admin-key-for-tests"}


def read_by_somebody(town, conversation, sample):
    """What a participant who voted on everything reads."""
    n_votes = {}
    for vote in sample.votes:
        n_votes[vote.participant] = n_votes.get(vote.participant, 0) + 1
    tireless = max(n_votes, key=n_votes.get)
    asking = {**OPERATOR, "Participant": tireless}
    paths = ("", "/statements?limit=1000", "/group-map", "/own-votes", "/own-place", "/next-statement?seed=1")
    told = {f"GET {path.partition('?')[0]}": ask(town, "GET", conversation + path, **asking) for path in paths}
    for name in NOT_READ:
        del told["GET /group-map"][name]
    return told


def acts_of_somebody(town):
    """What a participant is answered who does everything that can be done."""
    conversation = town.found(["More trees on the square.", "Fewer cars."], about_questions=ABOUT)
    told = {}

    def act(method, path, body=None, **headers):
        told[f"{method} {path}"] = ask(town, method, conversation + path, body, **headers)
        return told[f"{method} {path}"]

    token = act("POST", "/participant-tokens", {})["token"]
    asking = {"Authorization": f"Bearer {token}"}
    shown = ask(town, "GET", f"{conversation}/statements")["items"]
    votes = [{"statement": one["id"], "vote": 1, "client_sequence": n} for n, one in enumerate(shown, 1)]
    act("POST", "/votes", votes[0], **asking)
    act("POST", "/vote-batches", {"votes": votes[1:]}, **asking)
    act("POST", "/similar-statements", {"text": "More trees on this square"}, **asking)
    for text in list(DUTCH)[7:10]:
        act("POST", "/statements", {"text": text}, **asking)
    waiting = ask(town, "GET", f"{conversation}/own-statements", **asking)["items"]
    decisions = [("visible", ""), ("hidden", list(DUTCH)[10])]
    for one, (state, reason) in zip(waiting, decisions, strict=False):
        ask(
            town,
            "PATCH",
            f"{conversation}/statements/{one['id']}",
            {"state": state, "reason": reason},
            **OPERATOR,
        )
    act("GET", "/own-statements", **asking)
    act("GET", "/own-answers", **asking)
    act("PUT", "/own-answers", {"answers": {"age": "30-59"}}, **asking)
    act("POST", "/transfer-codes", {}, **asking)
    told["about_questions"] = ask(town, "GET", conversation)["about_questions"]
    act("DELETE", "/own-data", **asking)
    return told


def lasting(answer, *, is_whole=True):
    """Return an answer without what is another each time."""
    if isinstance(answer, list):
        return [lasting(one, is_whole=False) for one in answer]
    if not isinstance(answer, dict):
        return answer
    kept = {}
    for name, value in answer.items():
        if name in LEFT_OUT:
            continue
        if name == "id" and not is_whole:
            kept[name] = value
        elif name in VOLATILE and value is not None:
            kept[name] = VOLATILE[name]
        else:
            kept[name] = lasting(value, is_whole=False)
    return kept


def dutch(sample):
    other = neighbourhood_conversation(language="nl")
    texts = {sample.question: other.question, sample.description: other.description}
    texts |= {one.text: two.text for one, two in zip(sample.statements, other.statements, strict=True)}
    return texts | DUTCH


@pytest.fixture(scope="module")
def asked(town, sample):
    # A conversation of its own: other modules name groups in the shared one, and its map is stale from then on.
    conversation = town.converse(sample)
    town.redraw(conversation)
    town.judge(conversation)
    answers = read_by_somebody(town, conversation, sample) | acts_of_somebody(town)
    return {"answers": {path: lasting(one) for path, one in answers.items()}, "dutch": dutch(sample)}


def differences(told, given, where=""):
    """Yield where two answers differ; floats may by a hundredth: nobody sees that in a picture."""
    if isinstance(told, dict) and isinstance(given, dict):
        if set(told) != set(given):
            yield f"{where}: {sorted(set(told) ^ set(given))}"
        for name in told.keys() & given.keys():
            yield from differences(told[name], given[name], f"{where}/{name}")
    elif isinstance(told, list) and isinstance(given, list):
        if len(told) != len(given):
            yield f"{where}: {len(told)} and {len(given)}"
        for at, (one, two) in enumerate(zip(told, given, strict=False)):
            yield from differences(one, two, f"{where}/{at}")
    elif isinstance(told, float) and isinstance(given, float):
        if abs(told - given) > 0.01:
            yield f"{where}: {told} and {given}"
    elif told != given:
        yield f"{where}: {told!r} and {given!r}"


def test_the_gallery_says_what_the_service_says(asked):
    if os.environ.get("RENEW_EXAMPLE"):
        FILE.write_text(json.dumps(asked, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    committed = json.loads(FILE.read_text(encoding="utf-8"))
    assert list(differences(committed, json.loads(json.dumps(asked)))) == []

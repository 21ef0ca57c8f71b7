"""Paper ballots: typed in twice, compared, recorded whole, once."""

import pytest

from service.store import conversations, votes
from service.store.exporting import reading


def entry(operator, *ballots, **more):
    typed = [
        {"ballot": name, "votes": [{"statement": one, "vote": vote} for one, vote in marks.items()]}
        for name, marks in ballots
    ]
    return {"operator": operator, "ballots": typed, **more}


ONE, TWO = ("0001", {"trees": 1, "0": -1}), ("0002", {"trees": 0})


@pytest.fixture
def batch(conversation):
    return f"/v1/conversations/{conversation}/ballot-batches/hall-2"


@pytest.fixture
def kept(parts, conversation):
    """How much the conversation holds now."""
    return lambda: votes.counts(parts.store, conversations.find(parts.store, "default", conversation))


@pytest.fixture
def n_votes(kept):
    return lambda: kept().n_votes


def test_two_equal_entries_count_once(api, parts, batch, n_votes):
    first = api.put(batch, json=entry("ann", ONE, TWO))
    assert (first.status_code, first.json["is_recorded"], n_votes()) == (200, False, 0)
    # The order in which ballots were typed in doesn't matter.
    second = api.put(batch, json=entry("bob", TWO, ONE))
    assert (second.json["is_recorded"], second.json["n_ballots"], second.json["n_votes"]) == (True, 2, 3)
    assert n_votes() == 3
    assert parts.map_requests.asked
    for operator in ("ann", "bob", "carl"):
        again = api.put(batch, json=entry(operator, ONE, TWO))
        assert (again.status_code, again.json) == (200, second.json)
    assert n_votes() == 3


def test_one_operator_alone_records_nothing(api, batch, n_votes):
    for _ in range(2):
        assert not api.put(batch, json=entry("ann", ONE)).json["is_recorded"]
    assert n_votes() == 0


def test_entries_that_differ(api, batch, n_votes):
    api.put(batch, json=entry("ann", ONE, TWO))
    other = api.put(batch, json=entry("bob", ("0001", {"trees": -1, "0": -1}), ("0003", {"trees": 0})))
    assert (other.status_code, other.json["type"]) == (409, "/problems/ballots-differ")
    assert [one["detail"] for one in other.json["errors"]] == [
        "ballot 0001, statement trees: agree the first time, disagree now",
        "ballot 0002, statement trees: pass the first time, nothing now",
        "ballot 0003, statement trees: nothing the first time, pass now",
    ]
    assert n_votes() == 0
    # Ann was wrong and types it in again; then it is Bob's that is the second.
    right = [("0001", {"trees": -1, "0": -1}), ("0003", {"trees": 0})]
    assert not api.put(batch, json=entry("ann", *right)).json["is_recorded"]
    assert api.put(batch, json=entry("bob", *right)).json["is_recorded"]
    assert n_votes() == 3


def test_all_or_nothing(api, batch, n_votes):
    wrong = api.put(batch, json=entry("ann", ONE, ("0002", {"spaceships": 1}), is_double_entry=False))
    assert (wrong.status_code, wrong.json["type"]) == (409, "/problems/ballots-refused")
    assert wrong.json["errors"] == [
        {"pointer": "#/ballots", "detail": "ballot 0002, statement spaceships: unknown-statement"}
    ]
    assert n_votes() == 0
    assert api.get(batch.rsplit("/", 1)[0]).json == {"items": []}


def test_a_wrong_first_entry_is_told_at_once(api, batch):
    assert api.put(batch, json=entry("ann", ("1", {"spaceships": 1}))).status_code == 409


def test_a_closed_conversation_takes_no_ballots(api, conversation, batch):
    api.patch(f"/v1/conversations/{conversation}", json={"is_open": False})
    answer = api.put(batch, json=entry("ann", ONE))
    assert answer.json["errors"][0]["detail"].endswith("closed")


def test_other_votes_under_a_recorded_batch_are_refused(api, batch, n_votes):
    api.put(batch, json=entry("ann", ONE, is_double_entry=False))
    answer = api.put(batch, json=entry("ann", TWO, is_double_entry=False))
    assert (answer.status_code, answer.json["type"], n_votes()) == (409, "/problems/ballots-recorded", 2)
    assert api.delete(batch).json["type"] == "/problems/ballots-recorded"


def test_an_entry_can_be_forgotten(api, batch):
    api.put(batch, json=entry("ann", ONE))
    assert api.delete(batch).json == {"removed": "hall-2"}
    assert api.delete(batch).status_code == 404


@pytest.mark.parametrize(
    "ballots", [(ONE, ONE), (("1", {"trees": 2}),), (("a b", {}),), ()], ids=["twice", "vote", "name", "none"]
)
def test_what_is_no_batch(api, batch, ballots):
    assert api.put(batch, json=entry("ann", *ballots)).status_code in {409, 422}


def test_the_same_ballot_number_in_two_batches_is_two_people(api, batch, kept):
    for name in ("hall-2", "hall-3"):
        api.put(f"{batch.rsplit('/', 1)[0]}/{name}", json=entry("ann", ONE, is_double_entry=False))
    assert kept().n_participants == 2


def test_it_is_in_the_log_of_changes(api, batch, conversation):
    api.put(batch, json=entry("ann", ONE))
    api.put(batch, json=entry("bob", ONE))
    told = api.get(f"/v1/conversations/{conversation}/changes").json["items"][-1]
    assert told["kind"] == "ballots-recorded"
    assert told["details"]["operators"] == ["ann", "bob"]


def test_a_channel_is_kept_with_the_first_vote(api, parts, conversation, batch):
    address = f"/v1/conversations/{conversation}/votes"
    for channel in ("letter", "square"):
        vote = {"participant": "ann", "statement": "trees", "vote": 1, "channel": channel}
        assert api.post(address, json=vote).status_code in {200, 201}
    api.post(address, json={"participant": "bob", "statement": "trees", "vote": 1})
    api.put(batch, json=entry("desk", ONE, is_double_entry=False))
    with reading(parts.store, conversations.find(parts.store, "default", conversation)) as found:
        assert [channel for some in found.participants() for _, _, channel in some] == ["letter", "", "paper"]
    assert api.post(address, json=vote | {"channel": "Town Hall"}).status_code == 422

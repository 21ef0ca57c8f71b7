import random
from collections import Counter

import pytest

from clustering.routing import StatementPull
from clustering.vocabulary import ParticipantId, StatementId, VoteValue
from service.actions.next_statement import informative_choice, weighted_choice
from service.map_requests import MapRequests
from service.store import conversations, participants
from service.store.records import NewVote
from service.store.votes import record
from worker.jobs import redraw


@pytest.fixture
def ask(api, conversation):
    def get(participant="a", **query):
        return api.get(
            f"/v1/conversations/{conversation}/next-statement",
            query_string=query,
            headers={"Participant": participant},
        )

    return get


def test_every_statement_once_then_none(ask, api, conversation):
    seen = []
    for n_seen in range(3):
        answer = ask().json
        assert (answer["n_seen"], answer["n_statements"]) == (n_seen, 3)
        seen.append(answer["statement"]["id"])
        vote = {"participant": "a", "statement": seen[-1], "vote": 0}
        assert api.post(f"/v1/conversations/{conversation}/votes", json=vote).status_code == 201
    assert sorted(seen) == ["0", "1", "trees"]
    answer = ask()
    assert (answer.status_code, answer.json["statement"], answer.json["n_seen"]) == (200, None, 3)
    assert answer.json["propensity"] is None


def test_the_same_seed_asks_the_same(ask):
    assert len({ask(seed=7).json["statement"]["id"] for _ in range(5)}) == 1
    assert len({ask(seed=n).json["statement"]["id"] for n in range(30)}) == 3
    answer = ask().json
    assert ask(seed=answer["seed"]).json == answer


def test_what_a_browser_holds_ready_is_not_chosen(api, conversation):
    def ask_without(ids):
        headers = {"Participant": "a", "Without": ids}
        return api.get(f"/v1/conversations/{conversation}/next-statement", headers=headers)

    assert {ask_without("trees,%31").json["statement"]["id"] for _ in range(20)} == {"0"}
    none_left = ask_without("0,1,trees,nothing-of-the-kind").json
    assert (none_left["statement"], none_left["n_seen"], none_left["n_statements"]) == (None, 0, 3)
    assert ask_without("0," * 3_000).status_code == 422


def test_hidden_ones_are_never_asked(ask, api, conversation):
    api.patch(f"/v1/conversations/{conversation}/statements/0", json={"state": "hidden"})
    assert {ask(seed=n).json["statement"]["id"] for n in range(30)} == {"1", "trees"}


def test_without_a_participant(api, conversation):
    answer = api.get(f"/v1/conversations/{conversation}/next-statement")
    assert (answer.status_code, answer.json["type"]) == (403, "/problems/participant-needed")
    assert answer.json["errors"][0]["pointer"] == "header Participant"


def test_chosen_as_often_as_it_weighs():
    unseen = [str(n) for n in range(3)]
    found = [weighted_choice(unseen, {"0": 3.0, "1": 0.0}, seed=n) for n in range(4_000)]
    chosen = Counter(one.statement for one in found)
    assert chosen["1"] == 0
    assert {(one.statement, one.propensity) for one in found} == {("0", 0.75), ("2", 0.25)}
    # Three to one; four thousand draws have a standard deviation of 0.7 % of them.
    assert abs(chosen["0"] / 4_000 - 0.75) < 0.03


def test_when_nothing_weighs_anything_all_are_alike():
    unseen = [str(n) for n in range(2)]
    found = [weighted_choice(unseen, {"0": 0.0, "1": -1.0}, seed=n) for n in range(50)]
    assert {(one.statement, one.propensity) for one in found} == {("0", 0.5), ("1", 0.5)}
    assert weighted_choice([], {}, seed=1) is None


@pytest.fixture
def in_two_camps(api, parts):
    """A drawn conversation of 24 statements that 60 people voted on, in two camps: its record."""
    made = api.post("/v1/conversations", json={"question": "What should the square become?"}).json["id"]
    texts = [{"text": f"Sentence number {number}."} for number in range(24)]
    api.post(f"/v1/conversations/{made}/statements", json={"statements": texts})
    found, chosen = conversations.find(parts.store, None, made), random.Random(1)
    # Even statements divide the camps, odd ones nobody.
    cast = [
        NewVote(
            ParticipantId(f"p{person}"),
            StatementId(str(number)),
            VoteValue(chosen.choice([1, 1, 1, 0]) * ((1 if person % 2 else -1) if number % 2 == 0 else 1)),
        )
        for person in range(60)
        for number in range(24)
    ]
    record(parts.store, found, cast)
    redraw(parts.store, MapRequests(""), found.number)
    return conversations.find(parts.store, None, made)


def logged(parts, conversation):
    """What was written down: (participant's hash, statement number) → (propensity, because)."""
    parts.exposures.write()
    with parts.store.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT id_hash, statement_number, propensity, because FROM exposures WHERE conversation = ?",
            (conversation.number,),
        )
        return {(bytes(one), number): (propensity, because) for one, number, propensity, because in rows}


def test_what_tells_most_is_asked_and_its_probability_is_written_down(api, parts, in_two_camps):
    address = f"/v1/conversations/{in_two_camps.id}/next-statement"
    asked = [
        api.get(address, query_string={"seed": seed}, headers={"Participant": f"new{seed}"}).json
        for seed in range(60)
    ]
    # A tenth is at random: of sixty, all but some six divide.
    dividing = [one for one in asked if int(one["statement"]["id"]) % 2 == 0]
    assert len(dividing) >= 50
    assert all(0 < one["propensity"] <= 1 for one in asked)
    told = logged(parts, in_two_camps)
    assert len(told) == 60
    for seed, one in enumerate(asked):
        hashed = participants.id_hash(parts.store, in_two_camps, f"new{seed}")
        propensity, because = told[hashed, int(one["statement"]["id"])]
        assert propensity == one["propensity"]
        assert because in {"informative", "new", "random"}


def test_propensities_are_how_often_it_is_chosen(parts, in_two_camps):
    unseen = [str(n) for n in range(6)]
    pulls = {str(n): StatementPull(str(n), (n / 3, 0.4), 0.2, 5 * n, n, n < 2) for n in range(5)}
    found = [informative_choice(unseen, {"7": 1}, pulls, seed=n) for n in range(8_000)]
    chances = {one.statement: one.propensity for one in found}
    counted = Counter(one.statement for one in found)
    assert sum(chances.values()) == pytest.approx(1)
    for id_text, chance in chances.items():
        # Four standard deviations of a share among eight thousand.
        assert abs(counted[id_text] / 8_000 - chance) < 4 * (chance * (1 - chance) / 8_000) ** 0.5
    assert informative_choice([], {}, pulls, seed=1) is None


def test_the_latest_votes_count_before_the_map_knows_them(parts):
    unseen = ["0", "1"]
    # One asks along the first direction, one along the second; both are well known.
    pulls = {
        "0": StatementPull("0", (2.0, 0.0), 0.0, 500, 0),
        "1": StatementPull("1", (0.0, 2.0), 0.0, 500, 0),
    } | {f"x{n}": StatementPull(f"x{n}", (2.0, 0.0), 0.0, 500, 0) for n in range(9)}
    votes = {f"x{n}": 1 if n % 2 else -1 for n in range(9)}
    likeliest = max(
        (informative_choice(unseen, votes, pulls, seed=n) for n in range(50)), key=lambda one: one.propensity
    )
    assert (likeliest.statement, likeliest.because) == ("1", "informative")


def test_a_conversation_may_keep_to_the_formula_of_polis(api, parts, in_two_camps):
    address = f"/v1/conversations/{in_two_camps.id}"
    assert api.patch(address, json={"settings": {"routing": "other"}}).status_code == 422
    assert api.patch(address, json={"settings": {"routing": "polis"}}).json["settings"] == {"routing": "polis"}
    asked = [
        api.get(f"{address}/next-statement", query_string={"seed": n}, headers={"Participant": "new"}).json
        for n in range(40)
    ]
    assert len({one["statement"]["id"] for one in asked}) > 10
    assert {because for _, because in logged(parts, in_two_camps).values()} == {"priority"}
    # The map's own settings are as they were.
    redraw(parts.store, MapRequests(""), in_two_camps.number)
    assert api.get(f"{address}/group-map").json["settings"]["method"] == "classic"


def test_before_the_first_map_every_statement_is_new(ask, parts, conversation):
    asked = [ask(participant=f"p{n}", seed=n).json for n in range(40)]
    assert {one["statement"]["id"] for one in asked} == {"0", "1", "trees"}
    # All three draws are spread evenly where all statements are alike.
    assert {round(one["propensity"], 9) for one in asked} == {round(1 / 3, 9)}

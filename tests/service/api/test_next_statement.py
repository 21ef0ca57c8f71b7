from collections import Counter
from datetime import UTC, datetime

import pytest

from clustering.vocabulary import StatementId
from service.actions.next_statement import weighted_choice
from service.store.records import StatementRecord, StatementState


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


def test_the_same_seed_asks_the_same(ask):
    assert len({ask(seed=7).json["statement"]["id"] for _ in range(5)}) == 1
    assert len({ask(seed=n).json["statement"]["id"] for n in range(30)}) == 3
    answer = ask().json
    assert ask(seed=answer["seed"]).json == answer


def test_hidden_ones_are_never_asked(ask, api, conversation):
    api.patch(f"/v1/conversations/{conversation}/statements/0", json={"state": "hidden"})
    assert {ask(seed=n).json["statement"]["id"] for n in range(30)} == {"1", "trees"}


def test_without_a_participant(api, conversation):
    answer = api.get(f"/v1/conversations/{conversation}/next-statement")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "header Participant"


def statement(number):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return StatementRecord(number, StatementId(str(number)), "x", StatementState.VISIBLE, False, "", now)


def test_chosen_as_often_as_it_weighs():
    unseen = [statement(n) for n in range(3)]
    chosen = Counter(weighted_choice(unseen, {"0": 3.0, "1": 0.0}, seed=n).id for n in range(4_000))
    assert chosen["1"] == 0
    # Three to one; four thousand draws have a standard deviation of 0.7 % of them.
    assert abs(chosen["0"] / 4_000 - 0.75) < 0.03


def test_when_nothing_weighs_anything_all_are_alike():
    unseen = [statement(n) for n in range(2)]
    assert {weighted_choice(unseen, {"0": 0.0, "1": -1.0}, seed=n).id for n in range(50)} == {"0", "1"}
    assert weighted_choice([], {}, seed=1) is None

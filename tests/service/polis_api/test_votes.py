"""Votes in Polis's words and sign."""


def test_a_vote_is_cast_and_read_with_polis_sign(public, api, conversation):
    first = public.post("/api/v3/votes", json={"conversation_id": conversation, "tid": 0, "vote": -1})
    assert first.status_code == 200, first.json
    assert first.json["currentPid"] == 0
    assert first.json["nextComment"]["tid"] in {1, 2, 3, 4}
    token = {"Authorization": f"Bearer {first.json['auth']['token']}"}
    again = public.post(
        "/api/v3/votes", json={"conversation_id": conversation, "tid": 1, "vote": 1}, headers=token
    )
    assert (again.json["currentPid"], "auth" in again.json) == (0, False)
    mine = public.get(f"/api/v3/votes/me?conversation_id={conversation}", headers=token).json
    assert [(one["pid"], one["tid"], one["vote"]) for one in mine] == [(0, 0, -1), (0, 1, 1)]
    assert {name: type(value).__name__ for name, value in mine[0].items()} == {
        "pid": "int", "tid": "int", "vote": "int", "weight_x_32767": "int", "modified": "str",
        "conversation_id": "str",
    }  # fmt: skip
    # Here agree is +1: the same votes in our own words.
    begun = public.get(f"/api/v3/participationInit?conversation_id={conversation}", headers=token).json
    assert begun["ptpt"]["pid"] == 0
    assert begun["votes"] == mine
    counted = public.get(f"/v1/conversations/{conversation}/own-votes", headers=token).json["items"]
    assert [(one["statement"], one["vote"]) for one in counted] == [("0", 1), ("1", -1)]


def test_everything_seen_leaves_nothing_to_ask(public, conversation):
    headers = {}
    for tid in range(5):
        said = {"conversation_id": conversation, "tid": tid, "vote": 0}
        answer = public.post("/api/v3/votes", json=said, headers=headers).json
        if "auth" in answer:
            headers = {"Authorization": f"Bearer {answer['auth']['token']}"}
    assert answer["nextComment"] == {}
    left = public.get(f"/api/v3/nextComment?conversation_id={conversation}&without=0,1,2,3")
    assert left.json["tid"] == 4

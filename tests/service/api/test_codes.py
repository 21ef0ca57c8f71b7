"""One-time codes: made in the background, read once for the printer, redeemed once."""

import time

import pytest

from service.identity.codes import CodeError, codes_of_batch, value_of, written
from service.store import conversations

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def finished(api, conversation, batch):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        told = api.get(f"/v1/conversations/{conversation}/code-batches/{batch}").json
        if told["n_made"] == told["n_codes"]:
            return told
        time.sleep(0.02)
    raise AssertionError(told)


def ordered(api, conversation, n_codes):
    made = api.post(
        f"/v1/conversations/{conversation}/code-batches", json={"n_codes": n_codes, "label": "Post"}
    )
    assert made.status_code == 202
    finished(api, conversation, made.json["batch"])
    address = f"/v1/conversations/{conversation}/code-batches/{made.json['batch']}"
    lines = api.get(f"{address}/codes").get_data(as_text=True).split("\r\n")
    assert (lines[0], lines[-1], len(lines)) == ("code", "", n_codes + 2)
    return lines[1:-1], address


def test_a_batch_is_made_read_and_closed(api, public, conversation):
    letters, address = ordered(api, conversation, 2_345)
    assert len(set(letters)) == 2_345
    assert api.get(f"{address}/codes").headers["Cache-Control"] == "no-store"
    given = public.post(f"/v1/conversations/{conversation}/participant-tokens", json={"code": letters[7]})
    assert (given.status_code, given.json["level"]) == (201, "code")
    assert api.get(address).json["n_redeemed"] == 1
    assert api.post(f"{address}/closing", json={}).json["is_closed"] is True
    assert api.get(f"{address}/codes").status_code == 409
    again = public.post(f"/v1/conversations/{conversation}/participant-tokens", json={"code": letters[8]})
    assert again.status_code == 201
    listed = api.get(f"/v1/conversations/{conversation}/code-batches").json["items"]
    assert [(one["n_codes"], one["n_redeemed"]) for one in listed] == [(2_345, 2)]


def test_codes_are_not_kept_readably(api, parts, conversation):
    letters, _ = ordered(api, conversation, 20)
    with parts.store.engine.connect() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM codes").all())
    assert not [one for one in letters if one in kept or one.replace("-", "") in kept]


def test_a_code_works_once_and_only_where_it_belongs(api, public, conversation):
    letters, _ = ordered(api, conversation, 3)
    elsewhere = api.post("/v1/conversations", json={"question": "Another?"}).json["id"]

    def redeemed(code, where=conversation):
        return public.post(f"/v1/conversations/{where}/participant-tokens", json={"code": code})

    assert redeemed(letters[0], elsewhere).json["type"] == "/problems/code-refused"
    assert redeemed(letters[0]).status_code == 201
    assert "used already" in redeemed(letters[0]).json["detail"]
    sloppy = letters[1].lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert redeemed(f"  {sloppy} ").status_code == 201
    assert redeemed(written(12345)).json["type"] == "/problems/code-refused"
    for wrong in ("", "x", "0" * 14, letters[2][:-1], "\N{GRINNING FACE}" * 14, letters[2] * 3):
        assert redeemed(wrong).status_code in {403, 422}
    assert redeemed(letters[2]).status_code == 201


def test_no_code_is_used_up_where_it_is_not_enough(api, public, conversation):
    letters, address = ordered(api, conversation, 1)
    api.patch(f"/v1/conversations/{conversation}", json={"required_assurance": "verified"})
    tried = public.post(f"/v1/conversations/{conversation}/participant-tokens", json={"code": letters[0]})
    assert tried.json["type"] == "/problems/assurance-needed"
    assert api.get(address).json["n_redeemed"] == 0


def test_every_single_typing_error_and_swap_is_seen():
    # 37 is a prime larger than 32, and neither 32 nor 31 is a multiple of it: the check sees all of both.
    code = written(0x1234567890ABCDEF1).replace("-", "")
    for place in range(13):
        for other in ALPHABET:
            if other != code[place]:
                with pytest.raises(CodeError):
                    value_of(code[:place] + other + code[place + 1 :])
        swapped = code[:place] + code[place + 1 : place + 2] + code[place] + code[place + 2 :]
        if place < 12 and swapped != code:
            with pytest.raises(CodeError):
                value_of(swapped)


def test_codes_are_spread_over_all_their_bits(parts, conversation):
    found = conversations.find(parts.store, None, conversation)
    values = [value_of(one) for one in codes_of_batch(b"secret", found, 1, first=0, n_codes=4_000)]
    for bit in range(65):
        ones = sum(value >> bit & 1 for value in values)
        # Five standard deviations of a fair coin: one bit in a million would fall outside by chance.
        assert abs(ones - 2_000) < 5 * (4_000 * 0.25) ** 0.5
    others = set(codes_of_batch(b"secret", found, 2, first=0, n_codes=99))
    assert not others & set(map(written, values))
